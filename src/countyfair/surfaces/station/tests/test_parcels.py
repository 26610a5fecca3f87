"""A parcel is given to whoever says its code, or on what was shown; guessing codes ends soon."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.surfaces.station.tests.conftest import OTHER, Counter, signed_in, state
from countyfair.surfaces.station.tries import MOST
from countyfair.trade.orders import actions
from countyfair.trade.orders.tests.factories import CONTACT, Fair
from countyfair.trade.orders.tests.test_life import pay


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_buyers_code_finds_the_parcel_and_gives_it(counter: Counter) -> None:
    placed, code = counter.packed()
    status, shown = counter.post("parcels", code=f" {code[:3]} {code[3:]} ")
    assert (status, placed.number in shown) == (200, True)
    address = (302, counter.link("order", placed.order))
    assert counter.post("give", placed.order, code=code) == address
    assert counter.post("give", placed.order, code=code) == address
    assert state(placed) == "delivered"
    assert scalar("SELECT count(*) FROM logistics_scan WHERE kind = 'delivered'") == 1
    assert "No parcel waits" in counter.get("parcels")[1]


def test_a_wrong_code_gives_nothing_and_a_few_lock_the_door(counter: Counter) -> None:
    placed, code = counter.packed()
    for nothing in ("", "x", "   "):
        assert counter.post("parcels", code=nothing)[0] == 422
    for _try in range(MOST - 1):
        status, shown = counter.post("parcels", code=wrong(code))
        assert (status, wrong(code) in shown) == (422, True)
    assert counter.post("give", placed.order, code=wrong(code))[0] == 422
    for page in (("parcels",), ("give", placed.order)):
        status, shown = counter.post(*page, code=code)
        assert (status, "Wait ten minutes" in shown) == (429, True)
    assert state(placed) == "packed"
    cache.clear()  # ten minutes later
    assert counter.post("give", placed.order, code=code)[0] == 302
    assert state(placed) == "delivered"


def test_without_a_code_it_is_written_down_what_was_shown(counter: Counter) -> None:
    placed, _code = counter.packed()
    status, shown = counter.post("give", placed.order)
    assert (status, "Write the code" in shown) == (422, True)
    status, shown = counter.post("give", placed.order, evidence="y" * 201)
    assert (status, "too long" in shown) == (422, True)
    assert counter.post("give", placed.order, evidence="identity card")[0] == 302
    assert state(placed) == "delivered"
    assert scalar("SELECT evidence FROM logistics_scan WHERE kind = 'delivered'") == "identity card"


def test_a_parcel_for_the_door_wants_evidence(counter: Counter) -> None:
    placed, _code = counter.packed(pickup=False, expected_total_fen=3580)
    actions.hand_over(counter.fair.agent, order_id=placed.order)
    assert placed.number in counter.get("parcels")[1]
    assert counter.post("give", placed.order, code="123456")[0] == 422
    assert counter.post("give", placed.order, evidence="signed")[0] == 302
    assert state(placed) == "delivered"


@pytest.fixture
def goal(counter: Counter) -> tuple[Counter, actions.Placed, str]:
    """A second station, and a parcel that rides to it."""
    station = a_station(place=OTHER, name="样例二站")
    agent = an_agent(station)
    there = Counter(Fair(counter.fair.county, station, agent, (), counter.fair.stall), signed_in(agent))
    placed = actions.place_order(
        Actor.guest("sample"), order_id=uuid7(), county=counter.fair.county,
        lines=((counter.fair.stall.offer, 1),), contact=CONTACT, fulfilment="pickup", gateway="counter",
        expected_total_fen=2980, station=station,
    )  # fmt: skip
    pay(counter.fair, placed)
    _placed, code = counter.packed(placed)
    actions.hand_over(counter.fair.agent, order_id=placed.order)
    return there, placed, code


def test_it_arrives_is_tried_in_vain_and_given_after_all(
    counter: Counter, goal: tuple[Counter, actions.Placed, str]
) -> None:
    there, placed, code = goal
    assert there.link("arrived", placed.order) in there.get("parcels")[1]
    assert there.post("parcels", code=code)[0] == 422
    for _pressed in range(2):
        assert there.post("arrived", placed.order) == (302, there.link("parcels"))
    assert scalar("SELECT count(*) FROM logistics_scan WHERE kind = 'arrived'") == 1
    status, shown = there.post("failed", placed.order, reason="other", note="")
    assert (status, "Say what happened" in shown) == (422, True)
    assert there.post("failed", placed.order)[0] == 422
    for _pressed in range(2):
        assert there.post("failed", placed.order, reason="uncollected", note="twice")[0] == 302
    assert scalar("SELECT evidence FROM logistics_scan WHERE kind = 'failed'") == "#uncollected twice"
    assert "could not be given" in there.get("order", placed.order)[1]
    assert "Tried in vain" in there.get("parcels")[1]
    assert there.post("parcels", code=code)[0] == 200
    assert there.post("give", placed.order, code=code)[0] == 302
    assert state(placed) == "delivered"


def test_the_station_that_packed_it_does_not_give_it_out(
    counter: Counter, goal: tuple[Counter, actions.Placed, str]
) -> None:
    there, placed, code = goal
    for name in ("give", "arrived", "failed"):
        assert counter.post(name, placed.order, code=code, reason="uncollected")[0] == 404
    assert there.post("label", placed.order)[0] == 403 or there.get("label", placed.order)[0] == 404
    assert state(placed) == "handed_over"


def test_what_was_tried_in_vain_goes_out_again_or_comes_back(counter: Counter) -> None:
    placed, _code = counter.packed(pickup=False, expected_total_fen=3580)
    actions.hand_over(counter.fair.agent, order_id=placed.order)
    assert counter.link("again", placed.order) not in counter.get("order", placed.order)[1]
    assert counter.post("again", placed.order)[0] == 409
    assert counter.post("returned", placed.order, fate="good", reason="x")[0] == 409
    assert counter.post("failed", placed.order, reason="absent")[0] == 302
    page = counter.get("order", placed.order)[1]
    assert counter.link("again", placed.order) in page
    assert counter.link("returned", placed.order) in page
    assert counter.post("again", placed.order)[0] == 302
    assert counter.post("failed", placed.order, reason="refused")[0] == 302
    asked = counter.get("returned", placed.order)[1]
    assert 'value="spoilt"' not in asked  # an agent does not write goods off
    assert counter.post("returned", placed.order, fate="spoilt", reason="wet")[0] == 403
    assert counter.post("returned", placed.order, fate="", reason="")[0] == 422
    assert counter.post("returned", placed.order, fate="good", reason="refused")[0] == 302
    assert state(placed) == "cancelled"
    assert scalar("SELECT sum(on_hand)::bigint FROM stock_lot") == 20_000
    assert scalar("SELECT count(*) FROM logistics_scan WHERE kind = 'failed'") == 2


def test_only_the_station_that_packed_it_takes_it_back(
    counter: Counter, goal: tuple[Counter, actions.Placed, str]
) -> None:
    there, placed, code = goal
    assert there.post("arrived", placed.order)[0] == 302
    assert there.post("failed", placed.order, reason="uncollected")[0] == 302
    assert there.link("returned", placed.order) not in there.get("order", placed.order)[1]
    for name in ("again", "returned"):
        assert there.post(name, placed.order, fate="good", reason="x")[0] == 404
    assert counter.link("returned", placed.order) in counter.get("order", placed.order)[1]
    assert counter.post("again", placed.order)[0] == 302
    assert there.post("arrived", placed.order)[0] == 302
    assert there.post("give", placed.order, code=code)[0] == 302
    assert state(placed) == "delivered"
