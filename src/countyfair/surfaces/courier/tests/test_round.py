"""A courier sees what is out, opens one receiver at a time, and says what became of each parcel."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM
from countyfair.surfaces.courier import views
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.logistics.rules import MOST_TRIES
from countyfair.trade.orders import actions
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import pay, state
from countyfair.trade.orders.tests.test_returning import out

pytestmark = pytest.mark.django_db

ROUND = "/courier/"
SECRETS = ("样例·买家", "19900008888", "样例路")
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def fair() -> Fair:
    return a_fair()


@pytest.fixture
def courier() -> Client:
    return signed_in("courier")


def seen(client: Client, address: str) -> str:
    return client.get(address, headers=ENGLISH).content.decode()


def sent(client: Client, order: UUID, what: str, **form: str) -> tuple[int, str]:
    answer = client.post(f"{ROUND}{order}/{what}/", form, headers=ENGLISH)
    return answer.status_code, answer.content.decode()


def reads() -> object:
    return scalar("SELECT count(*) FROM orders_contactread")


def test_the_list_names_places_and_waybills_and_nobody(fair: Fair, courier: Client) -> None:
    assert "Nothing is out" in seen(courier, ROUND)
    first = out(fair)
    seen(courier, ROUND)
    with CaptureQueriesContext(connection) as one:
        page = seen(courier, ROUND)
    second = out(fair)
    with CaptureQueriesContext(connection) as two:
        page = seen(courier, ROUND)
    assert len(one) == len(two)
    for placed in (first, second):
        assert f"{ROUND}{placed.order}/" in page
    assert str(scalar("SELECT waybill FROM logistics_parcel LIMIT 1")) in page
    assert re.findall(r"<h3><a[^>]*></a>", page) == []  # no place is loaded here: its code stands for it
    assert [secret for secret in SECRETS if secret in page] == []
    assert reads() == 0


def test_a_long_round_says_how_many_there_are_and_goes_on(
    fair: Fair, courier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    orders = {str(out(fair).order) for _ in range(3)}
    page, met = seen(courier, ROUND), set()
    assert "Back to the top" not in page
    for on_page in (2, 1):
        here = {order for order in orders if f"{ROUND}{order}/" in page}
        assert (len(here), '<span class="number">3</span>' in page) == (on_page, True)
        met |= here
        further = re.search(r'<a[^>]*href="(/courier/\?after=[^"]+)"[^>]*rel="next"', page)
        page = seen(courier, further[1]) if further else page
    assert (met, further) == (orders, None)
    assert "Back to the top" in page
    for broken in ("x", "%00", str(uuid7())):
        assert seen(courier, f"{ROUND}?after={broken}").count("<article") == 2


def test_whom_to_call_is_opened_on_record(fair: Fair, courier: Client) -> None:
    order = out(fair).order
    page = seen(courier, f"{ROUND}{order}/")
    assert [secret for secret in SECRETS if secret in page] == []
    status, page = sent(courier, order, "call")
    assert (status, [secret for secret in SECRETS if secret not in page]) == (200, [])
    assert "tel:+8619900008888" in page
    assert (reads(), scalar("SELECT purpose FROM orders_contactread")) == (1, "deliver")
    assert [secret for secret in SECRETS if secret in seen(courier, f"{ROUND}{order}/")] == []
    assert courier.get(f"{ROUND}{order}/call/").status_code == 405


def test_delivered_wants_to_know_by_what(fair: Fair, courier: Client) -> None:
    placed = out(fair)
    for evidence in ("", "y" * 201):
        status, page = sent(courier, placed.order, "delivered", evidence=evidence)
        assert (status, 'id="e-evidence"' in page, state(placed)) == (422, True, "handed_over")
    assert sent(courier, placed.order, "delivered", evidence="signed")[0] == 302
    assert state(placed) == "delivered"
    assert str(placed.order) not in seen(courier, ROUND)
    assert sent(courier, placed.order, "delivered", evidence="signed")[0] == 404


def test_tried_in_vain_it_says_why_and_goes_along_again_but_not_for_ever(fair: Fair, courier: Client) -> None:
    placed = out(fair)
    for wrong in ({}, {"reason": "x"}, {"reason": "other"}):
        assert sent(courier, placed.order, "failed", **wrong)[0] == 422
    assert sent(courier, placed.order, "again")[0] == 409
    for tried in range(1, MOST_TRIES + 1):
        assert sent(courier, placed.order, "failed", reason="absent", note="门锁着")[0] == 302
        page = seen(courier, f"{ROUND}{placed.order}/")
        assert "Nobody was there · 门锁着" in page
        assert (f"{placed.order}/again/" in page) == (tried < MOST_TRIES)
        assert sent(courier, placed.order, "again")[0] == (302 if tried < MOST_TRIES else 409)
    assert state(placed) == "handed_over"


def test_what_goes_to_a_station_is_left_there(fair: Fair, courier: Client) -> None:
    placed = place(fair)
    pay(fair, placed)
    actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600)
    actions.hand_over(SYSTEM, order_id=placed.order)
    page = seen(courier, f"{ROUND}{placed.order}/")
    assert "样例村服务站" in page
    assert f"{placed.order}/call/" not in page
    for what in ("call", "delivered"):
        status, page = sent(courier, placed.order, what, evidence="signed")
        assert (status, [secret for secret in SECRETS if secret in page]) == (403, [])
    status, page = sent(courier, placed.order, "failed", reason="damaged")
    assert (status, "on its way to its station" in page) == (409, True)
    assert (reads(), state(placed)) == (0, "handed_over")
    assert sent(courier, placed.order, "arrived")[0] == 302
    assert scalar("SELECT state FROM logistics_parcel") == "arrived"
    assert str(placed.order) not in seen(courier, ROUND)
    assert sent(courier, out(fair).order, "arrived")[0] == 422


def test_another_county_s_courier_finds_nothing_and_who_carries_nothing_has_no_round(fair: Fair) -> None:
    order = out(fair).order
    stranger = signed_in("courier", place=OTHER_COUNTY)
    assert str(order) not in seen(stranger, ROUND)
    for what in ("call", "delivered", "failed", "again", "arrived"):
        assert sent(stranger, order, what, evidence="x", reason="absent")[0] == 404
        assert sent(signed_in("auditor"), order, what, evidence="x", reason="absent")[0] == 403
        assert Client().post(f"{ROUND}{order}/{what}/")["Location"].startswith("/account/sign-in/")
    assert signed_in("auditor").get(ROUND).status_code == 403
    assert reads() == 0
