"""Stations open where they may, agents work them, and a till is counted against the books."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.registers.ledger import queries as ledger
from countyfair.registers.ledger.actions import post
from countyfair.registers.ledger.rules import line
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM, a_user, an_actor
from countyfair.registers.stations import actions, queries
from countyfair.registers.stations.tests.factories import a_station, an_agent

pytestmark = pytest.mark.django_db

NEXT_VILLAGE = "450225100201"
OTHER_TOWNSHIP = "450225101200"


def cash(station: object, amount_fen: int) -> None:
    """So much taken into a till."""
    lines = [line("till", amount_fen, owner=str(station)), line("escrow", -amount_fen)]
    post(SYSTEM, county=COUNTY, source=f"test:{uuid7()}", what="test", booked_at=now(), lines=lines)


def test_only_who_manages_the_county_opens_a_station_there() -> None:
    staff = an_actor("centre_staff")
    station = actions.open_station(staff, place=NEXT_VILLAGE, kind="village", name="样例站")
    assert queries.station(station).code.startswith(NEXT_VILLAGE)
    with pytest.raises(Forbidden):
        actions.open_station(
            an_actor("centre_staff", place=OTHER_COUNTY), place=NEXT_VILLAGE, kind="village", name="样例站"
        )
    with pytest.raises(Invalid):
        actions.open_station(staff, place=COUNTY, kind="village", name="样例站")


def test_the_same_key_opens_one_station() -> None:
    key = uuid7()
    for _pressed in range(2):
        actions.open_station(SYSTEM, station_id=key, place=NEXT_VILLAGE, kind="village", name="样例站")
    (row,) = queries.stations(county=COUNTY)
    for text in (row.name[1:3], row.code, row.code.lower()):
        assert queries.stations(county=COUNTY, text=text) == [row]
    for text in ("%", "_", "nowhere"):
        assert queries.stations(county=COUNTY, text=text) == []
    with pytest.raises(Conflict):
        actions.open_station(SYSTEM, station_id=key, place=NEXT_VILLAGE, kind="village", name="别的")


def test_an_agent_has_the_powers_of_the_place_as_long_as_they_work_there() -> None:
    station, user = a_station(), a_user()
    actions.appoint_agent(SYSTEM, station=station, user=user)
    assert people.actor_of(user).may("stock.weigh_in", place=queries.station(station).place)
    with CaptureQueriesContext(connection) as said:
        assert [row.id for row in queries.stations_of(user)] == [station]
    assert len(said) == 1
    actions.dismiss_agent(SYSTEM, station=station, user=user)
    assert queries.stations_of(user) == []
    assert not people.actor_of(user).may("stock.weigh_in", place=queries.station(station).place)


def test_the_nearest_station_comes_first() -> None:
    far = a_station(place=OTHER_TOWNSHIP)
    near = a_station(place=NEXT_VILLAGE)
    here = a_station()
    assert [row.id for row in queries.pickup_near("450225100200")] == [here, near, far]


def test_only_open_stations_of_the_county_are_offered_to_pick_up_at() -> None:
    here, closed = a_station(), a_station(place=NEXT_VILLAGE)
    actions.close_station(SYSTEM, station=closed)
    assert [point.id for point in queries.pickup_points(county=COUNTY)] == [here]
    assert queries.pickup_points(county=OTHER_COUNTY) == []


def test_a_till_that_agrees_is_counted_and_banked() -> None:
    station = a_station()
    agent = an_agent(station)
    cash(station, 5000)
    counted = actions.count_till(agent, count_id=uuid7(), station=station, counted_fen=5000, banked_fen=4000)
    assert (counted.difference_fen, counted.left_fen) == (0, 1000)
    assert queries.till(agent, station=station).expected_fen == 1000
    assert ledger.balance(county=COUNTY, code="bank") == 4000


@pytest.mark.parametrize(("counted_fen", "code"), [(4900, "till_short"), (5100, "till_over")])
def test_a_difference_wants_a_reason_and_is_booked(counted_fen: int, code: str) -> None:
    station, key = a_station(), uuid7()
    agent = an_agent(station)
    cash(station, 5000)
    with pytest.raises(Invalid) as refused:
        actions.count_till(agent, count_id=key, station=station, counted_fen=counted_fen)
    assert refused.value.details["expected_fen"] == 5000
    for _pressed in range(2):
        actions.count_till(agent, count_id=key, station=station, counted_fen=counted_fen, reason="change")
    assert queries.till(agent, station=station).expected_fen == counted_fen
    assert ledger.balance(county=COUNTY, code=code, owner=str(station)) == 5000 - counted_fen


def test_nobody_counts_another_station_s_till() -> None:
    station = a_station()
    stranger = an_agent(a_station(place=NEXT_VILLAGE))
    with pytest.raises(Forbidden):
        actions.count_till(stranger, count_id=uuid7(), station=station, counted_fen=0)
    with pytest.raises(Forbidden):
        queries.till(stranger, station=station)


def test_a_station_closes_with_an_empty_till_only() -> None:
    station = a_station()
    agent = an_agent(station)
    cash(station, 100)
    with pytest.raises(Conflict):
        actions.close_station(SYSTEM, station=station)
    actions.count_till(agent, count_id=uuid7(), station=station, counted_fen=100, banked_fen=100)
    actions.close_station(SYSTEM, station=station)
    assert queries.pickup_near("450225100200") == []
    assert agent.user_id is not None
    assert queries.stations_of(agent.user_id) == []
