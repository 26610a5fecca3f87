"""A station's agent sees the orders of that station, in the place where they stand, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people.tests.factories import an_actor
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.queries import StationRow
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.logistics.actions import arrive
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.queries import at_counter, at_station
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import pay
from countyfair.trade.payments.actions import hand_back_cash

pytestmark = pytest.mark.django_db

OTHER = "450225100201"


def here(fair: Fair) -> StationRow:
    return stations.station(fair.station)


def work(fair: Fair, actor: Actor | None = None) -> at_counter.Work:
    return at_counter.work(
        actor or fair.agent, here(fair), since=now() - timedelta(hours=1), moment=now() + timedelta(minutes=1)
    )


def packed(fair: Fair, placed: Placed) -> str:
    pay(fair, placed)
    return actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600).pickup_code


def test_an_order_wanders_from_list_to_list() -> None:
    fair = a_fair()
    at, agent = here(fair), fair.agent
    placed = place(fair, packs=2)
    assert [one.id for one in at_counter.to_be_paid(agent, at, moment=now())] == [placed.order]
    assert (work(fair).to_be_paid, work(fair).lots, work(fair).till_fen) == (1, 2, 0)
    pay(fair, placed)
    (waiting,) = at_station.to_pack(agent, at)
    assert (waiting.number, waiting.lines[0].quantity, waiting.lines[0].category) == (
        placed.number,
        2,
        "grain",
    )
    assert (work(fair).to_pack, work(fair).to_be_paid, work(fair).till_fen) == (1, 0, placed.total_fen)
    code = actions.pack(agent, order_id=placed.order, parcel=uuid7(), weight_g=1100).pickup_code
    assert at_station.to_pack(agent, at) == at_station.to_hand_over(agent, at) == []
    (lying,) = at_station.to_hand_out(agent, at)
    assert (lying.weight_g, lying.parcel_state, code in repr(lying)) == (1100, "packed", False)
    assert [one.id for one in at_station.by_pickup_code(agent, at, code=code)] == [placed.order]
    assert at_station.by_pickup_code(agent, at, code="") == []
    actions.deliver(agent, order_id=placed.order, code=code)
    assert at_station.to_hand_out(agent, at) == []
    assert at_station.order_at(agent, at, order_id=placed.order).state == "delivered"


def test_a_parcel_for_another_station_rides_and_arrives() -> None:
    fair = a_fair()
    goal = a_station(place=OTHER, name="样例二站")
    agent, at = an_agent(goal), stations.station(goal)
    placed = actions.place_order(
        Actor.guest("sample"), order_id=uuid7(), county=fair.county, lines=((fair.stall.offer, 1),),
        contact=CONTACT, fulfilment="pickup", gateway="counter", expected_total_fen=2980, station=goal,
    )  # fmt: skip
    code = packed(fair, placed)
    assert [one.id for one in at_station.to_hand_over(fair.agent, here(fair))] == [placed.order]
    assert at_station.to_hand_out(fair.agent, here(fair)) == at_station.coming(agent, at) == []
    actions.hand_over(fair.agent, order_id=placed.order)
    assert [one.id for one in at_station.coming(agent, at)] == [placed.order]
    assert at_station.by_pickup_code(agent, at, code=code) == []
    (parcel,) = parcels_of([str(placed.order)])
    arrive(agent, parcel=parcel.id, station=goal)
    assert [one.id for one in at_station.by_pickup_code(agent, at, code=code)] == [placed.order]
    assert at_station.by_pickup_code(fair.agent, here(fair), code=code) == []
    assert at_station.coming(agent, at) == []


def test_what_goes_to_a_door_is_listed_until_it_is_delivered() -> None:
    fair = a_fair()
    at = here(fair)
    placed = place(fair, pickup=False, expected_total_fen=3580)
    packed(fair, placed)
    actions.hand_over(fair.agent, order_id=placed.order)
    assert [one.id for one in at_station.to_the_door(fair.agent, at)] == [placed.order]
    actions.deliver(fair.agent, order_id=placed.order, evidence="signed")
    assert at_station.to_the_door(fair.agent, at) == []


def test_cash_is_found_by_number_and_owed_back() -> None:
    fair = a_fair()
    at = here(fair)
    placed = place(fair)
    spoken = placed.number.replace("-", " ")
    assert at_counter.payable_by_number(fair.agent, at, number=spoken).intent == placed.intent
    for nonsense in ("", "x" * 300, "261123-00000000-0"):
        with pytest.raises(Missing):
            at_counter.payable_by_number(fair.agent, at, number=nonsense)
    pay(fair, placed)
    assert at_counter.payable(fair.agent, at, order_id=placed.order).cash_station == fair.station
    actions.cancel(Actor.guest("sample"), order_id=placed.order, token=placed.token)
    (owed,) = at_counter.cash_back(fair.agent, at)
    assert (owed.number, owed.amount_fen, work(fair).refunds_fen) == (placed.number, 2980, 2980)
    assert at_counter.cash_back(fair.agent, at, number=spoken) == [owed]
    hand_back_cash(fair.agent, refund=owed.id, station=fair.station)
    assert at_counter.cash_back(fair.agent, at) == []
    assert at_counter.cash_back(fair.agent, at, refund=owed.id)[0].state == "done"


def test_what_is_paid_on_line_is_not_the_counters() -> None:
    fair = a_fair()
    placed = place(fair, gateway="sandbox")
    with pytest.raises(Missing):
        at_counter.payable(fair.agent, here(fair), order_id=placed.order)
    assert work(fair).to_be_paid == 0


def test_agents_of_other_places_and_auditors_see_nothing() -> None:
    fair = a_fair()
    placed = place(fair)
    packed(fair, placed)
    at = here(fair)
    for actor in (Actor.guest("x"), an_actor("auditor"), an_actor("station_agent", place=OTHER)):
        for ask in (at_station.to_pack, at_station.to_hand_over, at_station.to_hand_out, at_station.coming,
                    at_station.to_the_door, at_counter.cash_back):  # fmt: skip
            with pytest.raises(Forbidden):
                ask(actor, at)
        with pytest.raises(Forbidden):
            work(fair, actor)
        with pytest.raises(Forbidden):
            at_station.order_at(actor, at, order_id=placed.order)
        with pytest.raises(Forbidden):
            at_station.by_pickup_code(actor, at, code="123456")
        with pytest.raises(Forbidden):
            at_counter.payable(actor, at, order_id=placed.order)


def test_an_order_of_other_stations_is_not_there() -> None:
    fair = a_fair()
    placed = place(fair)
    elsewhere = a_station(place=OTHER, name="样例二站")
    agent = an_agent(elsewhere)
    with pytest.raises(Missing):
        at_station.order_at(agent, stations.station(elsewhere), order_id=placed.order)


def test_lists_cost_one_statement_whatever_their_length() -> None:
    fair = a_fair()
    for _ in range(3):
        pay(fair, place(fair))
    at = here(fair)
    with CaptureQueriesContext(connection) as asked:
        assert len(at_station.to_pack(fair.agent, at)) == 3
        assert work(fair).to_pack == 3
    assert len(asked) == 3  # the list, the station, the numbers
