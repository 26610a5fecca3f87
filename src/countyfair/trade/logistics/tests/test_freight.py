"""What a parcel costs, by the longest matching destination; the table changes by version only."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.ids import uuid7
from countyfair.kernel.numbers import is_whole
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Stale
from countyfair.registers.people.rules import POWERS
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM, VILLAGE, an_actor
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.logistics import actions, queries, rules
from countyfair.trade.logistics.rules import FreightRule, freight, rates

NEXT_VILLAGE = "450225100201"
EXAMPLE = Path(__file__).parents[5] / "docs" / "freight.md"


def table_of(name: str) -> list[list[str]]:
    """The cells of a table of the worked example, below its heading."""
    text = EXAMPLE.read_text(encoding="utf-8").split(f"## {name}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def number(cell: str) -> int:
    return int(re.sub(r"[^\d]", "", cell))


def the_table() -> list[FreightRule]:
    return [
        FreightRule(
            "" if where == "everywhere" else where, how, number(first_g), number(first_fen),
            number(further_g), number(further_fen), None if free == "never" else number(free),
            refused == "yes", 1,
        )
        for how, where, first_g, first_fen, further_g, further_fen, free, refused in table_of("A table")
    ]  # fmt: skip


@pytest.mark.parametrize("row", table_of("What parcels cost"), ids=lambda row: row[1] + " " + row[2])
def test_the_worked_example_holds(row: list[str]) -> None:
    how, where, weight, goods, price = row[:5]
    if price == "refused":
        with pytest.raises(Invalid):
            freight(
                the_table(),
                fulfilment=how,
                destination=where,
                weight_g=number(weight),
                goods_fen=number(goods),
            )
    else:
        found = freight(
            the_table(), fulfilment=how, destination=where, weight_g=number(weight), goods_fen=number(goods)
        )
        assert found.amount_fen == number(price)


def test_picking_up_is_free_where_no_rule_says_otherwise() -> None:
    found = freight([], fulfilment="pickup", destination="450225100200", weight_g=5000, goods_fen=1)
    assert (found.amount_fen, found.version) == (0, 0)
    with pytest.raises(Invalid):
        freight([], fulfilment="delivery", destination="450225100200", weight_g=5000, goods_fen=1)


CODES = ["", "45", "4502", "450225", "450225100", "44", "4403", "440305"]
PRICES = st.integers(0, 5000)
WAYS = st.sampled_from(["delivery", "pickup"])
TABLES = st.dictionaries(
    st.tuples(WAYS, st.sampled_from(CODES)),
    st.tuples(PRICES, PRICES, st.none() | PRICES, st.booleans()),
    max_size=8,
)


@given(TABLES, WAYS, st.sampled_from(["450225100201", "450226", "440305", "110101"]), PRICES, PRICES)
def test_the_rate_of_the_longest_destination_is_what_a_parcel_costs(
    table: dict[tuple[str, str], tuple[int, int, int | None, bool]],
    way: str,
    place: str,
    weight_g: int,
    goods_fen: int,
) -> None:
    rules = [
        FreightRule(code, how, 1000, first, 500, further, free, refused, 1)
        for (how, code), (first, further, free, refused) in table.items()
    ]
    known = rates(rules, weight_g=weight_g, goods_fen=goods_fen)
    reaching = [one for one in known if one.fulfilment == way and place.startswith(one.destination)]
    rate = max(reaching, key=lambda one: len(one.destination))
    try:
        price = freight(
            rules, fulfilment=way, destination=place, weight_g=weight_g, goods_fen=goods_fen
        ).amount_fen
    except Invalid:
        assert rate.amount_fen is None
    else:
        assert rate.amount_fen == price


def test_one_wrong_digit_of_a_waybill_shows() -> None:
    waybill = rules.waybill("450225", uuid7())
    assert rules.is_waybill(waybill)
    for position in range(2, len(waybill)):
        wrong = str((int(waybill[position]) + 1) % 10)
        assert not rules.is_waybill(waybill[:position] + wrong + waybill[position + 1 :])
    assert not is_whole("")


@pytest.mark.django_db
def test_a_new_table_stands_from_now_on_and_the_old_one_stays_on_record() -> None:
    table = [FreightRule("", "delivery", 1000, 800, 1000, 200, None, False, 0)]
    assert actions.set_freight(SYSTEM, county=COUNTY, table=table) == 1
    dearer = [FreightRule("", "delivery", 1000, 900, 1000, 200, None, False, 0)]
    assert actions.set_freight(SYSTEM, county=COUNTY, table=dearer, believed=1) == 2
    assert [row.first_fen for row in queries.freight_table(COUNTY)] == [900]
    with pytest.raises(Stale):
        actions.set_freight(SYSTEM, county=COUNTY, table=table, believed=1)
    with pytest.raises(Forbidden):
        actions.set_freight(an_actor("station_agent"), county=COUNTY, table=table, believed=2)
    with pytest.raises(Invalid):
        actions.set_freight(SYSTEM, county=COUNTY, table=table * 2, believed=2)


def a_parcel(*, station: UUID | None = None, destination: str = "110101") -> actions.Packed:
    return actions.pack_parcel(
        SYSTEM, parcel=uuid7(), county=COUNTY, reference="sample", weight_g=900, destination=destination,
        station=station, place=COUNTY,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_parcel_may_fail_and_ride_again_but_arrives_once() -> None:
    parcel = a_parcel()
    actions.hand_over(SYSTEM, parcel=parcel.id)
    actions.fail(SYSTEM, parcel=parcel.id, reason="absent", place=COUNTY)
    with pytest.raises(Conflict):
        actions.hand_over(SYSTEM, parcel=parcel.id)
    assert actions.send_out_again(SYSTEM, parcel=parcel.id, place=COUNTY) == 1
    actions.deliver(SYSTEM, parcel=parcel.id, evidence="signed")
    with pytest.raises(Conflict):
        actions.send_out_again(SYSTEM, parcel=parcel.id, place=COUNTY)
    ways = ["packed", "handed_over", "failed", "handed_over", "delivered"]
    assert [scan.kind for scan in queries.scans_of([parcel.id])] == ways
    assert [proof.name for proof in queries.proofs() if proof.broken] == []


@pytest.mark.django_db
def test_a_parcel_is_tried_three_times_and_then_comes_back() -> None:
    parcel = a_parcel()
    actions.hand_over(SYSTEM, parcel=parcel.id)
    with pytest.raises(Conflict):
        actions.take_back(SYSTEM, parcel=parcel.id, reason="early", place=COUNTY)
    for tried in range(1, rules.MOST_TRIES + 1):
        actions.fail(SYSTEM, parcel=parcel.id, reason="absent", place=COUNTY)
        if tried < rules.MOST_TRIES:
            assert actions.send_out_again(SYSTEM, parcel=parcel.id, place=COUNTY) == tried
    with pytest.raises(Conflict) as refused:
        actions.send_out_again(SYSTEM, parcel=parcel.id, place=COUNTY)
    assert (refused.value.code, refused.value.details) == ("tries", {"tried": rules.MOST_TRIES})
    actions.take_back(SYSTEM, parcel=parcel.id, reason="nobody in", place=COUNTY)
    assert queries.scans_of([parcel.id])[-1].kind == "returned"


@pytest.mark.django_db
def test_who_scans_stands_where_the_parcel_comes_by() -> None:
    station, elsewhere = a_station(place=VILLAGE), a_station(place=NEXT_VILLAGE, name="样例二站")
    agent, neighbour = an_agent(station), an_agent(elsewhere)
    parcel = a_parcel(station=station, destination=VILLAGE)
    actions.hand_over(SYSTEM, parcel=parcel.id)
    with pytest.raises(Invalid):
        actions.arrive(neighbour, parcel=parcel.id, station=elsewhere)
    for actor in (neighbour, an_actor("auditor"), an_actor("courier", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            actions.arrive(actor, parcel=parcel.id, station=station)
        with pytest.raises(Forbidden):
            actions.fail(actor, parcel=parcel.id, reason="uncollected", place=VILLAGE)
    with pytest.raises(Invalid) as refused:
        actions.fail(neighbour, parcel=parcel.id, reason="uncollected", place=NEXT_VILLAGE)
    assert refused.value.field == "place"
    with pytest.raises(Forbidden):
        actions.fail(agent, parcel=parcel.id, reason="uncollected", place="")
    assert [scan.kind for scan in queries.scans_of([parcel.id])] == ["packed", "handed_over"]
    with pytest.raises(Conflict) as early:
        actions.fail(agent, parcel=parcel.id, reason="damaged", place=VILLAGE)
    assert early.value.code == "on_its_way"
    actions.arrive(agent, parcel=parcel.id, station=station)
    actions.fail(agent, parcel=parcel.id, reason="uncollected", place=VILLAGE)
    assert queries.scans_of([parcel.id])[-1].place == VILLAGE


@pytest.mark.parametrize(
    ("place", "is_on_it"),
    [
        ("450225100200", True), ("450225100", True), ("450225", True), ("450225101", True),
        ("450225101300", True), ("450225102", False), ("450225100201", False), ("621227", False),
        ("4502", False), ("", False),
    ],
)  # fmt: skip
def test_the_way_is_both_ends_what_lies_above_them_and_the_destination(place: str, is_on_it: bool) -> None:
    if is_on_it:
        rules.check_way(place, origin="450225100200", destination="450225101")
    else:
        with pytest.raises(Invalid):
            rules.check_way(place, origin="450225100200", destination="450225101")


def test_every_power_of_a_parcel_s_life_is_somebody_s() -> None:
    asked = {move.power for move in rules.LIFE if move.power}
    assert asked == {"logistics.scan"} <= POWERS
    states = {"packed", *(move.after for move in rules.LIFE)}
    assert all(set(move.before) <= states - {"delivered", "returned"} for move in rules.LIFE)


@pytest.mark.django_db
def test_a_parcel_that_is_not_where_its_last_scan_says_shows() -> None:
    a_parcel()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE logistics_parcel SET state = 'delivered'")
    assert [proof.name for proof in queries.proofs() if proof.broken]
