"""What an agent chooses from at the scales: what the household brought before comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_household
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.stock.actions import correct
from countyfair.trade.stock.queries.weighing import slip, weighable, weighed, weighed_here
from countyfair.trade.stock.tests.factories import a_lot

pytestmark = pytest.mark.django_db


def test_what_was_brought_before_stands_first_then_what_is_in_season() -> None:
    station = a_station()
    agent, at, household = an_agent(station), stations.station(station), a_household()
    shop = catalog.a_shop()
    ripe = catalog.a_product(shop=shop, said=catalog.facts(name_zh="甲", season_months=(11,)))
    unripe = catalog.a_product(shop=shop, said=catalog.facts(name_zh="乙", season_months=(5,)))
    brought = catalog.a_product(shop=shop, said=catalog.facts(name_zh="丙", season_months=(5,)))
    a_lot(product=brought, household=household, station=station)
    catalog.a_product(shop=shop, said=catalog.facts(name_zh="丁", kind="service", category="service"))
    found = weighable(agent, at, household=household, month=11)
    assert [row.id for row in found] == [brought, ripe, unripe]
    assert [row.in_season for row in found] == [False, True, False]
    assert weighed(agent, at, household=household, product=ripe, month=11).name_zh == "甲"
    assert weighable(agent, at, household=a_household(), month=11)[0].last_at is None


def test_only_who_weighs_there_sees_it_and_only_goods_of_the_county() -> None:
    station = a_station()
    at, household = stations.station(station), a_household()
    assert at.county == COUNTY
    with pytest.raises(Forbidden):
        weighable(Actor.guest("x"), at, household=household, month=1)
    with pytest.raises(Missing):
        weighed(an_agent(station), at, household=household, product=uuid7(), month=1)


def test_a_slip_keeps_what_was_weighed_and_says_what_was_corrected() -> None:
    station = a_station()
    agent, at = an_agent(station), stations.station(station)
    lot = a_lot(amount=40_000, station=station, household=a_household(head_name="样例·甲"))
    correct(SYSTEM, entry=uuid7(), lot=lot, counted=39_000, reason="wet sack")
    told = slip(agent, at, lot=lot)
    assert (told.amount, told.corrected, told.head) == (40_000, -1_000, "样***")
    assert weighed_here(agent, at, since=now() - timedelta(hours=1)) == [told]
    assert weighed_here(agent, at, since=now() + timedelta(hours=1)) == []
    with pytest.raises(Missing):
        slip(agent, at, lot=a_lot())
    with pytest.raises(Forbidden):
        slip(Actor.guest("x"), at, lot=lot)
