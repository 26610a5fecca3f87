"""Lists of orders: who may read them, how they are narrowed, and that pages follow without gap or overlap."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM, an_actor
from countyfair.registers.stations.queries import station
from countyfair.registers.stations.tests.factories import a_station
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.queries.lists import OrderRow
from countyfair.trade.orders.tests.factories import CONTACT, FAR, NEAR, Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import packed, pay
from countyfair.trade.stock.actions import correct_and_release
from countyfair.trade.stock.queries import held_on

pytestmark = pytest.mark.django_db

GUEST = Actor.guest("sample")


def keys(found: list[OrderRow]) -> list[UUID]:
    return [row.id for row in found]


def picked_up_at(fair: Fair, goal: UUID) -> Placed:
    return actions.place_order(
        GUEST, order_id=uuid7(), county=fair.county, lines=((fair.stall.offer, 1),), contact=CONTACT,
        fulfilment="pickup", station=goal, gateway="counter", expected_total_fen=2980,
    )  # fmt: skip


def lost_to_a_shortfall(fair: Fair) -> Placed:
    """An order whose lot was counted again, and did not hold it."""
    placed = place(fair)
    line = str(queries.order(SYSTEM, order_id=placed.order).lines[0].id)
    lot = next(key for key in fair.stall.lots if line in {one.holder for one in held_on(key)})
    gone = correct_and_release(SYSTEM, entry=uuid7(), lot=lot, counted=0, reason="mice")
    actions.cancel_short(SYSTEM, lines=list(map(UUID, gone)))
    return placed


def test_a_member_s_orders_come_newest_first_page_by_page() -> None:
    fair, member = a_fair(), an_actor()
    placed = [place(fair, actor=member) for _one in range(3)]
    place(fair)
    with CaptureQueriesContext(connection) as said:
        first = queries.my_orders(member, limit=2)
    assert len(said) == 1
    rest = queries.my_orders(member, after=(first[-1].placed_at, first[-1].id), limit=2)
    assert keys(first + rest) == [one.order for one in reversed(placed)]
    assert queries.my_orders(GUEST) == queries.my_orders(an_actor()) == []


def test_a_row_says_what_it_is_where_it_goes_and_where_it_is_packed() -> None:
    fair = a_fair()
    place(fair, packs=2)
    staff = an_actor("centre_staff")
    with CaptureQueriesContext(connection) as said:
        (row,) = queries.orders_of(staff, county=fair.county)
    assert len(said) == 1
    at = station(fair.station)
    assert (row.state, row.fulfilment, row.total_fen, row.lines, row.packs) == (
        "placed",
        "pickup",
        5960,
        1,
        2,
    )
    assert (row.station_name, row.origin_name, row.origin_place) == (at.name, at.name, at.place)


def test_every_reader_sees_what_lies_within_reach_and_no_more() -> None:
    fair = a_fair()
    placed = place(fair)
    for reader in (an_actor("centre_staff"), an_actor("auditor", place="45"), fair.agent):
        assert keys(queries.orders_of(reader, county=fair.county)) == [placed.order]
    assert queries.orders_of(an_actor("station_agent", place=NEAR), county=fair.county) == []
    for stranger in (GUEST, an_actor(), an_actor("centre_staff", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            queries.orders_of(stranger, county=fair.county)
    assert queries.orders_of(an_actor("centre_staff", place=OTHER_COUNTY), county=OTHER_COUNTY) == []


def test_an_agent_sees_what_is_picked_up_here_and_not_what_is_sent_to_a_door_here() -> None:
    fair = a_fair()
    collected = picked_up_at(fair, a_station(place=NEAR, name="样例二站"))
    place(fair, pickup=False, destination=NEAR, expected_total_fen=3580)
    agent = an_actor("station_agent", place=NEAR)
    assert keys(queries.orders_of(agent, county=fair.county)) == [collected.order]


def test_filters_narrow_the_list() -> None:
    fair = a_fair()
    found = partial(queries.orders_of, an_actor("centre_staff"), county=fair.county)
    lost, unpaid, paid = lost_to_a_shortfall(fair), place(fair), place(fair)
    pay(fair, paid)
    far = place(fair, pickup=False, destination=FAR, expected_total_fen=4180)
    assert keys(found()) == [far.order, paid.order, unpaid.order, lost.order]
    assert keys(found(state="paid")) == [paid.order]
    assert keys(found(number=f" {paid.number} ")) == [paid.order]
    assert len(found(number=paid.number[:6])) == 4
    assert keys(found(place=FAR[:6])) == [far.order]
    assert len(found(place=station(fair.station).place)) == 4
    assert keys(found(short=True)) == [lost.order]
    assert found(short=True, state="placed") == found(state="nothing") == []


def test_days_narrow_the_list_from_the_one_until_before_the_other() -> None:
    fair = a_fair()
    found = partial(queries.orders_of, an_actor("centre_staff"), county=fair.county)
    first = place(fair)
    later = now() + timedelta(minutes=5)
    with clock.at(later):
        second = place(fair)
    assert keys(found(since=later)) == [second.order]
    assert keys(found(until=later)) == [first.order]
    assert found(since=later, until=later) == []


def test_pages_of_a_county_follow_without_gap_or_overlap() -> None:
    fair = a_fair()
    with clock.at(now()):  # one moment for all, so that the key decides
        placed = {place(fair).order for _one in range(5)}
    staff, after, seen = an_actor("centre_staff"), None, []
    while found := queries.orders_of(staff, county=fair.county, after=after, limit=2):
        seen += keys(found)
        after = (found[-1].placed_at, found[-1].id)
    assert seen == sorted(placed, reverse=True)


def test_promises_lead_to_their_orders() -> None:
    fair = a_fair()
    placed = place(fair)
    holders = [one.holder for lot in fair.stall.lots for one in held_on(lot)]
    asked = [*holders, "", "no key", str(uuid7())]
    found = queries.held_for(an_actor("centre_staff"), county=fair.county, holders=asked)
    assert list(found) == holders
    assert {(one.order, one.number) for one in found.values()} == {(placed.order, placed.number)}
    assert queries.held_for(SYSTEM, county=OTHER_COUNTY, holders=holders) == {}
    for stranger in (fair.agent, an_actor("centre_staff", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            queries.held_for(stranger, county=fair.county, holders=holders)


def test_the_day_in_numbers() -> None:
    fair = a_fair()
    staff, began = an_actor("centre_staff"), now() - timedelta(hours=1)
    lost_to_a_shortfall(fair)
    place(fair)
    for _one in range(2):
        pay(fair, place(fair))
    ready, sent_back = place(fair), place(fair)
    pay(fair, ready)
    packed(fair, ready)
    pay(fair, sent_back)
    actions.cancel(SYSTEM, order_id=sent_back.order, reason="twice")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_refund SET state = 'failed'")
    with CaptureQueriesContext(connection) as said:
        day = queries.today(staff, county=fair.county, since=began)
    assert len(said) == 1
    assert (day.unpaid, day.to_pack, day.to_hand_over) == (1, 2, 1)
    assert (day.shortfalls, day.lots, day.refunds_failed) == (1, 2, 1)
    tomorrow = queries.today(staff, county=fair.county, since=now() + timedelta(hours=1))
    assert (tomorrow.lots, tomorrow.shortfalls) == (0, 1)
    assert queries.today(staff, county=fair.county, since=now() + timedelta(days=8)).shortfalls == 0
    for stranger in (GUEST, fair.agent, an_actor("centre_staff", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            queries.today(stranger, county=fair.county, since=began)


def test_terms_are_listed_by_version_for_who_settles_or_sets_them() -> None:
    fair = a_fair()
    first = queries.terms_of(fair.county)
    assert first is not None
    actions.set_terms(
        SYSTEM, county=fair.county, household=first.household, station=first.station, centre=first.centre,
        platform=first.platform, return_window_days=9, believed=first.version,
    )  # fmt: skip
    stands, before = queries.terms_by_version(an_actor("centre_finance"), county=fair.county)
    assert (stands.version, stands.return_window_days, stands.until) == (before.version + 1, 9, None)
    assert before.until == stands.since
    assert queries.terms_by_version(an_actor("county_admin"), county=fair.county) == [stands, before]
    for stranger in (GUEST, fair.agent, an_actor("centre_finance", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            queries.terms_by_version(stranger, county=fair.county)
