"""What programs do at the desk and the counter that the quick-start does not show."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE, a_household
from countyfair.surfaces.api.gate import MOST_FILE_BYTES
from countyfair.surfaces.api.tests.calling import Program, program, said
from countyfair.trade.catalog.actions import count_shelves
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.catalog.tests import factories
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, marked
from tests.faults.trade import drawn

pytestmark = pytest.mark.django_db

HERE = f"/counties/{COUNTY}"


@pytest.fixture
def fair() -> Fair:
    return a_fair()


@pytest.fixture
def staff() -> Program:
    return program("centre_staff")


def test_a_photo_is_the_body_and_is_drawn_anew_once(fair: Fair, staff: Program) -> None:
    photo, key = uuid7(), str(uuid7())
    path = f"{HERE}/products/{fair.stall.product}/photos/{photo}?alt_zh=样例"
    first = staff.send(path, drawn(), key=key)
    assert [one["id"] for one in said(first, 201)["photos"]] == [str(photo)]
    assert staff.send(path, drawn(), key=key).content == first.content
    assert said(staff.send(path, drawn() + b" ", key=key), 409)["code"] == "key_used"
    said(staff.post(f"{HERE}/products/{fair.stall.product}/photos/{photo}/withdraw"))
    assert said(staff.get(f"{HERE}/products/{fair.stall.product}"))["photos"] == []


def test_lists_and_searches_are_narrowed_by_what_goods_bear_and_told_in_numbers(
    fair: Fair, staff: Program
) -> None:
    product = fair.stall.product
    a_stall(fair.households, fair.station)
    brand, licence = marked(fair, fair.stall)
    factories.a_certificate(product)
    count_shelves(SYSTEM, counties=[COUNTY])

    told = said(staff.get(f"{HERE}/narrowing"))
    assert told["goods"] == 2
    assert told["certificates"] == [{"value": "organic", "goods": 1}]
    assert [(one["id"], one["goods"]) for one in told["brands"]] == [(str(brand), 1)]
    assert {one["value"]: one["goods"] for one in told["grades"]} == {"first": 1, "second": 1, "third": 1}
    month = today().month
    for narrowed in ("certificate=organic", f"brand={brand}", f"grade=second&month={month}"):
        for path in ("goods?", "search?q=糯米&"):
            found = said(staff.get(f"{HERE}/{path}{narrowed}"))["items"]
            assert [one["goods"]["product"] for one in found] == [str(product)]
        assert said(staff.get(f"{HERE}/narrowing?{narrowed}"))["goods"] == 1
    assert said(staff.get(f"{HERE}/goods?grade=special"))["items"] == []
    said(staff.get(f"{HERE}/goods?grade=off"), 422)

    said(staff.post(f"{HERE}/brand-licences/{licence}/withdraw", {"reason": "样例"}))
    assert said(staff.get(f"{HERE}/goods?brand={brand}"))["items"] == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"", 415), (b"<script>", 422), (b"x" * (LARGEST_FILE + 1), 413), (b"x" * (MOST_FILE_BYTES + 1), 413)],
    ids=["nothing", "no picture", "too large", "far too large"],
)
def test_what_is_no_picture_that_we_take_is_refused(
    fair: Fair, staff: Program, sent: bytes, status: int
) -> None:
    said(staff.send(f"{HERE}/products/{fair.stall.product}/photos/{uuid7()}", sent), status)
    assert said(staff.get(f"{HERE}/products/{fair.stall.product}"))["photos"] == []


def test_a_file_is_sent_as_a_file_and_nothing_else_is(fair: Fair, staff: Program) -> None:
    photo = f"{HERE}/products/{fair.stall.product}/photos/{uuid7()}"
    assert said(staff.put(photo, {"data": "x"}), 415)["code"] == "unsupported_media_type"
    said(staff.send(f"{HERE}/offers/{fair.stall.offer}/cap", b"x"), 400)


def test_tables_by_version_are_changed_from_the_version_that_was_seen(fair: Fair) -> None:
    admin = program("county_admin")
    seen = admin.get(f"{HERE}/freight")
    row = {"first_g": 1000, "first": {"amount": 700}, "further_g": 1000, "further": {"amount": 300}}
    assert admin.put(f"{HERE}/freight", {"rows": [row]}).status_code == 428
    changed = admin.put(f"{HERE}/freight", {"rows": [row]}, if_match=seen["ETag"])
    assert said(changed)["rows"][0]["first"] == {"amount": 700, "currency": "CNY"}
    assert said(admin.put(f"{HERE}/freight", {"rows": [row]}, if_match=seen["ETag"]), 409)["code"] == "stale"
    rates = {"household": "0.7", "station": "0.1", "centre": "0.1", "platform": "0.1"}
    terms = rates | {"weight_tolerance": "0.05", "return_window_days": 7, "claim_window_days": 14}
    assert said(admin.put(f"{HERE}/share-terms", terms, if_match='"v1"'))["version"] == 2
    words = {"title": "样例", "short": "样例 {number}", "long": "样例 {number}"}
    assert said(admin.put(f"{HERE}/wordings/order.nothing/en", words, if_match='"v0"'), 404)


def test_a_household_is_registered_and_opens_a_shop_at_the_counter(fair: Fair) -> None:
    assert fair.agent.user_id is not None
    agent = program(user=fair.agent.user_id)
    household = a_household(place=VILLAGE)
    shops = f"/stations/{fair.station}/households/{household}/shop"
    said(agent.get(shops), 404)
    opened = said(agent.post(shops, {"id": str(uuid7()), "name_zh": "样例小铺"}), 201)
    assert opened["household"] == str(household)
    unsaid = said(agent.put(f"{shops}/background", {"background": "veteran"}), 422)
    assert unsaid["errors"][0]["pointer"] == "#/background_how"
    told = said(agent.put(f"{shops}/background", {"background": "veteran", "how": "voice"}))
    assert told["background"] == "veteran"


def test_many_offers_change_at_once_and_back(fair: Fair, staff: Program) -> None:
    path = f"{HERE}/offers/{fair.stall.offer}"
    seen = said(staff.get(path))
    edit = {
        "id": str(uuid7()),
        "offers": [{"offer": seen["id"], "version": seen["version"]}],
        "percent": "0.1",
    }
    made = said(staff.post(f"{HERE}/offer-changes", edit), 201)
    assert made["offers"] == 1
    assert said(staff.get(path))["price"]["amount"] == round(seen["price"]["amount"] * 1.1)
    said(staff.post(f"{HERE}/offer-changes/{made['id']}/undo", {"id": str(uuid7())}), 201)
    assert said(staff.get(path))["price"] == seen["price"]
    again = edit | {"id": str(uuid7())}
    assert said(staff.post(f"{HERE}/offer-changes", again), 409)["code"] == "changed"


def test_an_announced_harvest_is_weighed_in_by_its_station(fair: Fair) -> None:
    assert fair.agent.user_id is not None
    agent, harvest = program(user=fair.agent.user_id), uuid7()
    mine = f"/households/{fair.households[0]}/harvests"
    said(agent.post(mine, {"id": str(harvest), "product": str(fair.stall.product)}), 201)
    amount = {"amount": 5000, "unit": "g", "expected_on": str(today() + timedelta(days=1))}
    said(agent.put(f"{mine}/{harvest}/amount", amount))
    assert said(agent.post(f"{mine}/{harvest}/announce", {"price": {"amount": 900}}))["state"] == "announced"
    coming = said(agent.get(f"/stations/{fair.station}/harvests"))["items"]
    assert [one["id"] for one in coming] == [str(harvest)]
    load = {"id": str(uuid7()), "amount": 4200, "unit": "g", "harvested_on": str(today())}
    said(agent.post(f"/stations/{fair.station}/harvests/{harvest}/lots", load), 201)
    assert said(agent.get(f"{mine}/{harvest}"))["brought"] == 4200


def test_a_household_acts_for_itself_alone(fair: Fair) -> None:
    user = program().user
    own = a_household(place=VILLAGE, user_id=user)
    mine = program(user=user)
    said(mine.get(f"/households/{own}/harvests"))
    said(mine.get(f"/households/{fair.households[0]}/harvests"), 403)
    body = {"id": str(uuid7()), "product": str(fair.stall.product)}
    said(mine.post(f"/households/{fair.households[0]}/harvests", body), 403)
    said(mine.post(f"/households/{own}/harvests", body), 201)


def test_a_recall_is_made_seen_and_lifted(fair: Fair, staff: Program) -> None:
    lot, recall = fair.stall.lots[0], str(uuid7())
    body = {"id": recall, "severity": "minor", "reason": "样例"}
    made = said(staff.post(f"{HERE}/lots/{lot}/recall", body), 201)
    assert (made["lot"], made["found"]) == (str(lot), 0)
    history = said(staff.get(f"{HERE}/lots/{lot}/history"))
    assert [UUID(one["id"]) for one in history["recalls"]] == [UUID(recall)]
    events = staff.get(f"{HERE}/lots/{lot}/events")
    assert events["Content-Type"] == "application/ld+json"
    assert b"EPCISDocument" in events.content
    assert said(staff.post(f"{HERE}/recalls/{recall}/lift", {"reason": "样例"}))["lifted_at"]


def test_ones_own_name_and_news(staff: Program) -> None:
    assert said(staff.put("/profile", {"name": "样例·乙", "language": "en"}))["name"] == "样例·乙"
    muted = {"muted": [{"topic": "orders", "channel": "sms"}]}
    assert said(staff.put("/news/muted", muted))["items"] == muted["muted"]
    assert said(staff.get("/news/muted"))["items"] == muted["muted"]
    said(staff.put("/news/muted", {"muted": [{"topic": "nothing", "channel": "sms"}]}), 422)
    assert said(staff.get("/news"))["next"] is None
