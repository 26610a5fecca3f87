"""What every address of the API keeps to: who calls, problems, limits, keys, versions, cursors."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.access import queries as access
from countyfair.registers.people import actions as people
from countyfair.registers.people import queries
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM
from countyfair.surfaces.api import limits
from countyfair.surfaces.api.calls import FILE
from countyfair.surfaces.api.tests.calling import guest, program, said
from countyfair.trade.orders.tests.factories import Fair, a_fair, place

pytestmark = pytest.mark.django_db

Counting = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_a_problem_is_told_in_the_readers_language() -> None:
    zh = guest().get("/orders", accept_language="zh-CN")
    en = guest().get("/orders", accept_language="en")
    for answer in (zh, en):
        assert answer["Content-Type"] == "application/problem+json"
        told = said(answer, 401)
        assert {"type", "title", "status", "code", "detail", "instance"} <= set(told)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "令牌" in said(zh, 401)["detail"]
    assert "token" in said(en, 401)["detail"]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "get", 404), ("/counties", "delete", 405), ("/orders/x", "get", 422), ("/", "get", 404)],
)
def test_what_there_is_not_is_a_problem_too(path: str, method: str, status: int) -> None:
    answer = getattr(Client(raise_request_exception=False), method)(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    if status == 405:
        assert "GET" in answer["Allow"]


def test_bodies_are_json_and_small() -> None:
    caller = program()
    headers = {"authorization": f"Bearer {caller.secret}", "idempotency-key": "k"}
    form = Client().post("/api/v1/quotes", {"a": 1}, headers=headers)
    assert form.status_code == 415
    large = Client().post("/api/v1/quotes", "x" * 1_000_001, content_type="application/json", headers=headers)
    assert large.status_code == 413
    broken = Client().post("/api/v1/quotes", "{", content_type="application/json", headers=headers)
    assert broken.status_code == 400
    for answer in (form, large, broken):
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("length", "status"),
    [("ten", 400), ("-1", 400), ("²", 400), ("9" * 5000, 413)],
    ids=["word", "sign", "square", "endless"],
)
@pytest.mark.parametrize("kind", ["application/json", FILE])
def test_a_length_is_a_number(kind: str, length: str, status: int) -> None:
    path = f"/api/v1/counties/{COUNTY}/products/{uuid7()}/photos/{uuid7()}"
    client = Client(raise_request_exception=False, CONTENT_LENGTH=length)
    answer = client.generic("PUT", path, b"", content_type=kind)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_what_cannot_be_used_is_named_by_its_place(fair: Fair) -> None:
    body = {"county": COUNTY, "lines": [{"offer": str(fair.stall.offer), "quantity": 0}], "more": 1}
    told = said(guest().post("/quotes", body, accept_language="en"), 422)
    assert {"#/lines/0/quantity", "#/more"} == {error["pointer"] for error in told["errors"]}
    assert all(error["detail"] for error in told["errors"])
    query = said(guest().get(f"/counties/{COUNTY}/goods?limit=0"), 422)
    assert [error["parameter"] for error in query["errors"]] == ["limit"]


def test_a_fault_is_a_problem_and_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> list[str]:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("countyfair.surfaces.api.endpoints.fair.fair.counties", breaks)
    answer = guest().get("/counties")
    assert said(answer, 500)["code"] == "internal_server_error"
    assert "secret" not in answer.content.decode()


def test_a_wrong_revoked_or_orphaned_token_opens_nothing() -> None:
    caller = program()
    said(caller.get("/orders"))
    for wrong in ("cf_wrong", "wrong", "cf_é"):
        told = Client().get("/api/v1/orders", headers={"authorization": f"Bearer {wrong}"})
        assert told.status_code == 401
    # on addresses for guests, too: a wrong token is no guest
    assert Client().get("/api/v1/counties", headers={"authorization": "Bearer no"}).status_code == 401
    assert caller.user is not None
    people.erase_user(queries.actor_of(caller.user), user_id=caller.user)
    said(caller.get("/orders"), 401)


def test_a_token_needs_the_scope_and_its_person_the_power(fair: Fair) -> None:
    narrow = program("centre_staff", "catalog.read")
    said(narrow.get(f"/counties/{COUNTY}/products"))
    told = said(narrow.get(f"/counties/{COUNTY}/lots"), 403)
    assert (told["code"], told["details"]) == ("scope", {"scope": "stock.read"})
    buyer = program()
    said(buyer.get(f"/counties/{COUNTY}/lots"), 403)
    away = program("centre_staff", place=OTHER_COUNTY)
    said(away.get(f"/counties/{COUNTY}/lots"), 403)
    without_factor = program("centre_staff", with_factor=False)
    said(without_factor.get(f"/counties/{COUNTY}/lots"), 403)
    said(program("centre_staff").get(f"/counties/{COUNTY}/lots"))


def test_a_role_that_ends_ends_for_the_token_at_once(fair: Fair) -> None:
    caller = program("centre_staff")
    said(caller.get(f"/counties/{COUNTY}/lots"))
    held = queries.roles_held(SYSTEM, county=COUNTY, user_id=caller.user)
    people.end_role(SYSTEM, role_id=held[0].id)
    said(caller.get(f"/counties/{COUNTY}/lots"), 403)


def test_the_second_editor_is_shown_both_versions(fair: Fair) -> None:
    staff = program("centre_staff")
    path = f"/counties/{COUNTY}/offers/{fair.stall.offer}"
    seen = staff.get(path)
    tag = seen["ETag"]
    first = staff.put(path, {"price": {"amount": 3100}}, if_match=tag)
    assert said(first)["price"] == {"amount": 3100, "currency": "CNY"}
    assert first["ETag"] != tag
    told = said(staff.put(path, {"price": {"amount": 2500}}, if_match=tag), 412)
    assert told["details"]["current"]["price"]["amount"] == 3100
    assert told["details"]["wanted"]["price"]["amount"] == 2500
    assert said(staff.get(path))["price"]["amount"] == 3100
    assert said(staff.put(path, {"price": {"amount": 2500}}), 428)["code"] == "precondition_required"
    said(staff.put(path, {"price": {"amount": 2500}}, if_match=first["ETag"]))


def test_the_same_key_gets_the_first_answer_byte_for_byte(fair: Fair) -> None:
    body = {
        "id": str(uuid7()), "county": COUNTY, "lines": [{"offer": str(fair.stall.offer), "quantity": 2}],
        "contact": {"name": "样例·买家", "phone": "19900008888"}, "fulfilment": "pickup",
        "station": str(fair.station), "gateway": "counter", "expected_total": {"amount": 5960},
    }  # fmt: skip
    first = guest().post("/orders", body, key="one")
    again = guest().post("/orders", body, key="one")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, again.content)
    other = guest().post("/orders", body | {"id": str(uuid7())}, key="one")
    assert said(other, 409)["code"] == "key_used"
    assert scalar("SELECT count(*) FROM orders_order") == 1
    member = program()
    said(member.post("/orders", body | {"id": str(uuid7())}, key="one"), 201)
    missing = Client().post("/api/v1/quotes", "{}", content_type="application/json")
    assert missing.status_code in (400, 422)


def test_a_list_goes_on_where_it_ended_though_rows_were_added(fair: Fair) -> None:
    caller = program()
    assert caller.user is not None
    buyer = queries.actor_of(caller.user)
    numbers = []
    for day in range(5):
        with at(now() + timedelta(minutes=day)):
            numbers.append(place(fair, actor=buyer).number)
    first = said(caller.get("/orders?limit=2"))
    with at(now() + timedelta(minutes=9)):
        place(fair, actor=buyer)
    second = said(caller.get(f"/orders?limit=2&cursor={first['next']}"))
    third = said(caller.get(f"/orders?limit=2&cursor={second['next']}"))
    seen = [row["number"] for page in (first, second, third) for row in page["items"]]
    assert seen == numbers[::-1]
    assert third["next"] is None
    for wrong in ("x", "W10", "WyJhIiwiYiJd", "%00", "bnVsbA"):
        told = said(caller.get(f"/orders?cursor={wrong}"), 422)
        assert told["errors"][0]["pointer"] == "#/cursor" or "cursor" in str(told["errors"])


def test_who_asks_too_much_waits_and_is_told_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_TOKEN", 3)
    caller, other = program(), program()
    left = []
    with at(now().replace(second=5)):
        for _ in range(3):
            answer = caller.get("/orders")
            left.append(answer["RateLimit"])
        assert left[-1] == '"minute";r=0;t=55'
        refused = caller.get("/orders")
        assert said(refused, 429)["code"] == "too_many_requests"
        assert refused["Retry-After"] == "55"
        assert refused["RateLimit-Policy"] == '"minute";q=3;w=60'
        limits.forget()  # another process counts on from what this one took
        said(caller.get("/orders"), 429)
        said(other.get("/orders"))
    with at(now().replace(second=5) + timedelta(minutes=1)):
        said(caller.get("/orders"))


def test_guessing_tokens_uses_up_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 50)
    codes = [
        Client().get("/api/v1/orders", headers={"authorization": f"Bearer cf_{guess}"}).status_code
        for guess in range(4)
    ]
    assert codes == [401, 401, 429, 429]


def test_a_tokens_use_is_noted_now_and_then() -> None:
    caller = program()
    caller.get("/orders")
    assert caller.user is not None
    noted = uses(caller.user)
    assert noted[0] is not None
    caller.get("/orders")
    assert uses(caller.user) == noted


def uses(user: UUID) -> list[datetime | None]:
    return [row.used_at for row in access.tokens(queries.actor_of(user))]


def test_a_request_costs_what_its_page_costs(fair: Fair, django_assert_num_queries: Counting) -> None:
    caller = program("centre_staff")
    caller.get("/orders")
    with django_assert_num_queries(3):  # the token, its person, the orders: as the page
        caller.get("/orders")
    guest().get("/counties")
    with django_assert_num_queries(1):
        guest().get(f"/goods/{fair.stall.product}")


def test_answers_are_json_with_money_and_moments(fair: Fair) -> None:
    goods = said(guest().get(f"/counties/{COUNTY}/goods"))["items"][0]
    assert goods["goods"]["price"] == {"amount": 2980, "currency": "CNY"}
    assert goods["goods"]["listed_at"].endswith("Z")
    assert goods["packs"] == 40
    assert json.loads(guest().get("/openapi.json").content)["openapi"] == "3.1.0"
