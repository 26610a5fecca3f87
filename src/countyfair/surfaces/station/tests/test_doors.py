"""Who may open which page of a station, and what a page costs."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.registers.stations.actions import close_station
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.surfaces.station.tests.conftest import OTHER, Counter, signed_in
from countyfair.surfaces.station.urls import urlpatterns
from countyfair.trade.orders.tests.factories import Fair, place
from countyfair.trade.orders.tests.test_claims import answer, asked, delivered
from countyfair.trade.stock.tests.factories import a_harvest

#: Session, user with roles, station, and what the page itself asks.
MOST_STATEMENTS = 6
JOURNALS = ("stock_movement", "orders_step", "payments_capture", "stations_tillcount", "logistics_scan")


def written() -> list[object]:
    """How many rows each journal holds."""
    return [scalar(f"SELECT count(*) FROM {table}") for table in JOURNALS]


def every_page(counter: Counter, order: UUID, refund: UUID, lot: UUID) -> dict[str, str]:
    """The address of each page of the station, by name."""
    known = {
        "station": counter.fair.station, "order": order, "refund": refund, "lot": lot,
        "household": counter.fair.households[0], "product": counter.fair.stall.product,
        "claim": an_awaited_claim(counter.fair),
        "harvest": a_harvest(counter.fair.households[0], counter.fair.stall.product),
    }  # fmt: skip
    found = {}
    for pattern in urlpatterns:
        named = {name: known[name] for name in pattern.pattern.converters}
        found[str(pattern.name)] = reverse(f"station:{pattern.name}", kwargs=named)
    return found


def an_awaited_claim(fair: Fair) -> UUID:
    """One whose goods are to come back here."""
    claim = asked(delivered(fair))
    answer(claim, goods_back=True)
    return claim


@pytest.fixture
def pages(counter: Counter) -> dict[str, str]:
    placed, _code = counter.packed()
    counter.paid(), place(counter.fair), counter.packed()
    return every_page(counter, placed.order, uuid7(), counter.fair.stall.lots[0])


def test_a_page_costs_at_most_six_statements(counter: Counter, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as asked:
            answer = counter.client.get(address)
        wanted = {"choose": 302, "hand_back": 404, "pack": 302, "arrived": 302, "label": 302,
                  "parcel_slip": 302, "agree": 302, "again": 302, "returned": 302,
                  "shop_background": 302}  # fmt: skip
        assert answer.status_code == wanted.get(name, 200), (name, answer.content.decode()[:2000])
        assert len(asked) <= MOST_STATEMENTS, (name, [q["sql"][:80] for q in asked])
        assert answer.status_code != 200 or answer.headers["Cache-Control"] == "no-store"


def test_who_does_not_work_there_gets_no_further(pages: dict[str, str], strangers: list[Client]) -> None:
    before = written()
    for client in strangers:
        for name, address in pages.items():
            if name == "choose":
                continue
            till_is_read = name == "till" and client is strangers[1]
            read = name in {"lots", "slip"} and client is strangers[1]
            assert client.get(address).status_code == (200 if till_is_read or read else 403), name
            answer = client.post(address, {"once": str(uuid7()), "counted": "1", "reason": "x"})
            assert answer.status_code in ({403, 200} if read else {403}), name
    assert written() == before


def test_guests_are_led_to_sign_in_and_staff_to_their_second_factor(
    counter: Counter, pages: dict[str, str]
) -> None:
    half = signed_in(counter.fair.agent, second_factor=False)
    before = written()
    for address in pages.values():
        assert Client().post(address).headers["Location"].startswith("/account/sign-in/")
        assert half.post(address).headers["Location"].startswith("/account/second-factor/")
    assert written() == before


def test_another_stations_things_are_not_there(counter: Counter, pages: dict[str, str]) -> None:
    """The centre's staff reach every station; an address that mixes two of them leads nowhere."""
    elsewhere = a_station(place=OTHER, name="样例二站")
    staff = signed_in(an_actor("centre_staff"))
    before = written()
    for name in ("slip", "pack", "order", "label", "arrived", "give", "failed"):
        address = pages[name].replace(str(counter.fair.station), str(elsewhere))
        assert staff.get(address).status_code == 404, name
        assert staff.post(address, {"once": str(uuid7()), "weight": "500"}).status_code == 404, name
    assert written() == before


def test_what_comes_back_is_taken_in_by_packs(counter: Counter) -> None:
    claim = an_awaited_claim(counter.fair)
    address = counter.link("claim", claim)
    assert counter.client.post(address, {"good_packs": "2"}).status_code == 422
    assert counter.client.post(address, {"good_packs": "1"}).status_code == 302
    assert scalar("SELECT state FROM orders_claim WHERE id = %s", [claim]) == "done"
    assert scalar("SELECT count(*) FROM stock_movement WHERE kind = 'take_back'") == 1
    assert counter.client.get(address).status_code == 404


def test_an_agent_of_one_station_goes_straight_there(counter: Counter) -> None:
    answer = counter.client.get("/station/")
    assert answer.headers["Location"] == counter.link("today")
    a_station(place=OTHER, name="样例二站")
    staff = signed_in(an_actor("centre_staff"))
    shown = staff.get("/station/").content.decode()
    assert "样例村服务站" in shown
    assert "样例二站" in shown
    found = staff.get("/station/", {"q": "二站"}).content.decode()
    assert "样例村服务站" not in found
    assert "No station of this name" in staff.get("/station/", {"q": "<b>"}).content.decode()
    assert signed_in(an_actor("auditor")).get("/station/").status_code == 403


def test_a_closed_station_has_no_counter(counter: Counter) -> None:
    closed = a_station(place=OTHER, name="样例二站")
    an_agent(closed)
    close_station(SYSTEM, station=closed)
    staff = signed_in(an_actor("centre_staff"))
    assert staff.get(reverse("station:today", args=[closed])).status_code == 404
    assert staff.get(reverse("station:today", args=[uuid7()])).status_code == 404


def test_a_courier_sees_what_a_courier_does(counter: Counter) -> None:
    courier = signed_in(an_actor("courier", place=counter.at.place))
    shown = courier.get(counter.link("today")).content.decode()
    assert counter.link("parcels") in shown
    for name in ("weigh", "pack_list", "round", "cash", "refunds", "till", "lots"):
        assert counter.link(name) not in shown
        assert courier.get(counter.link(name)).status_code == 403


def test_today_says_how_much_there_is_to_do(counter: Counter) -> None:
    place(counter.fair)
    counter.paid()
    counter.packed()
    status, shown = counter.get("today")
    assert status == 200
    assert shown.count('class="tile-count"') == 3  # to pack, to give out, to be paid
    assert "¥59.60" in shown
    assert "2 harvests" in shown
