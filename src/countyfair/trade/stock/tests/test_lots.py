"""Lots are listed for who reads stock where they grew or were weighed, by filter and page by page."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.queries import household_labels
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    VILLAGE,
    a_household,
    an_actor,
)
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.catalog.tests.factories import a_product
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.queries import LotRow
from countyfair.trade.stock.tests.factories import a_lot

pytestmark = pytest.mark.django_db

OTHER = "450225100201"


def keys(found: list[LotRow]) -> list[UUID]:
    return [row.id for row in found]


def test_a_lot_is_seen_from_its_village_its_station_and_above() -> None:
    household, station = a_household(place=VILLAGE), a_station(place=OTHER)
    lot = a_lot(household=household, station=station)
    for reader in (
        an_actor("centre_staff"),
        an_actor("auditor", place="45"),
        an_actor("station_agent", place=VILLAGE),
        an_agent(station),
    ):
        (row,) = queries.lots(reader, county=COUNTY)
        assert (row.id, row.household, row.station, row.place) == (lot, household, station, VILLAGE)
    strangers = (
        an_actor(),
        an_actor("courier"),
        an_actor("station_agent", place="450225100202"),
        an_actor("centre_staff", place=OTHER_COUNTY),
    )
    for stranger in strangers:
        assert queries.lots(stranger, county=COUNTY) == []
    assert queries.lots(SYSTEM, county=OTHER_COUNTY) == []


def test_filters_narrow_the_list() -> None:
    found = partial(queries.lots, an_actor("centre_staff"), county=COUNTY)
    first, second = a_household(place=VILLAGE), a_household(place=OTHER)
    rice, tea, station = a_product(), a_product(), a_station()
    lot, other = a_lot(household=first, product=rice, station=station), a_lot(household=second, product=tea)
    with clock.at(now() + timedelta(hours=2)):
        later = a_lot(household=second, product=rice)
    actions.write_off(SYSTEM, entry=uuid7(), lot=other, amount=10_000, reason="wet")
    number = queries.lot(SYSTEM, lot=lot).number
    assert keys(found()) == [later, other, lot]
    assert keys(found(number=number)) == [lot]
    assert keys(found(household_number=household_labels([first])[first].number)) == [lot]
    assert keys(found(household=second)) == [later, other]
    assert keys(found(product=tea)) == [other]
    assert keys(found(station=station)) == [lot]
    assert keys(found(since=now() + timedelta(hours=1))) == [later]
    assert keys(found(free_only=True)) == [later, lot]
    assert found(product=tea, free_only=True) == []


def test_pages_follow_without_gap_or_overlap_in_a_statement_each(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    staff, household, product = an_actor("centre_staff"), a_household(), a_product()
    with clock.at(now()):  # one moment for all, so that the key decides
        made = {a_lot(household=household, product=product) for _one in range(5)}
    seen: list[UUID] = []
    before = None
    with django_assert_num_queries(4):
        while found := queries.lots(staff, county=COUNTY, before=before, limit=2):
            seen += keys(found)
            before = (found[-1].weighed_at, found[-1].id)
    assert seen == sorted(made, reverse=True)
