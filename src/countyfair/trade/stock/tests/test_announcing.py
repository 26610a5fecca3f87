"""Announced harvests: said in steps, seen by the station, weighed in as lots that name them."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.actions import withdraw_consent
from countyfair.registers.people.tests.factories import (
    OTHER_VILLAGE,
    SYSTEM,
    VILLAGE,
    a_household,
    a_user,
    an_actor,
)
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.tests.factories import a_station
from countyfair.trade.catalog.tests.factories import a_product
from countyfair.trade.stock import actions
from countyfair.trade.stock.queries import harvests, weighing
from countyfair.trade.stock.rules import worth
from countyfair.trade.stock.tests.factories import a_harvest

pytestmark = pytest.mark.django_db


def kg(amount: int) -> Quantity:
    return Quantity(amount * 1000, Unit.GRAM)


def drawn() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(file, "JPEG")
    return file.getvalue()


def test_a_farmer_announces_in_three_steps_and_the_station_sees_it_coming(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    user = a_user()
    household = a_household(user_id=user)
    farmer = people.actor_of(user)
    product, made = a_product(), uuid7()
    for _again in range(2):
        actions.begin_harvest(farmer, harvest=made, household=household, product=product, photo=drawn())
        actions.say_amount(farmer, harvest=made, quantity=kg(3), expected_on=today())
    for _again in range(2):
        actions.announce_harvest(farmer, harvest=made, wished=Money(2000))
    at = stations.station(a_station(place=VILLAGE))
    agent = an_actor("station_agent", place=VILLAGE)
    (seen,) = harvests.coming(agent, at)
    assert (seen.id, seen.amount, seen.wished_fen, seen.household) == (made, 3000, 2000, household)
    assert list(tmp_path.rglob(f"{seen.photo}-320.webp"))
    assert worth(3000, 2000, "g") == 12_000
    assert scalar("SELECT count(*) FROM kernel_event WHERE name = 'stock.harvest_announced'") == 1


def test_a_load_weighed_in_names_the_harvest_and_a_second_load_adds_to_it() -> None:
    household, product = a_household(), a_product()
    made = a_harvest(household, product, jin=8)
    station = a_station(place=VILLAGE)
    agent = an_actor("station_agent", place=VILLAGE)
    first = uuid7()
    for lot, weight in ((first, kg(1)), (first, kg(1)), (uuid7(), kg(2))):
        actions.take_in_announced(
            agent, harvest=made, lot=lot, quantity=weight, harvested_on=today(), station=station
        )
    row = harvests.harvest(SYSTEM, harvest=made)
    assert (row.state, row.brought) == ("weighed", 3000)
    assert harvests.coming(agent, stations.station(station)) == []
    with pytest.raises(Conflict):
        actions.withdraw_harvest(SYSTEM, harvest=made)


def test_what_was_taken_back_is_not_weighed_in_as_announced() -> None:
    made = a_harvest(a_household(), a_product())
    actions.withdraw_harvest(SYSTEM, harvest=made)
    actions.withdraw_harvest(SYSTEM, harvest=made)
    with pytest.raises(Conflict):
        actions.take_in_announced(
            SYSTEM, harvest=made, lot=uuid7(), quantity=kg(1), harvested_on=today(), station=a_station()
        )
    assert scalar("SELECT count(*) FROM stock_lot") == 0


def test_nobody_else_announces_or_reads_for_a_household() -> None:
    household, product = a_household(user_id=a_user()), a_product()
    made = a_harvest(household, product)
    neighbour_user = a_user()
    a_household(user_id=neighbour_user)
    strangers = (
        people.actor_of(neighbour_user),
        an_actor("station_agent", place=OTHER_VILLAGE),
        an_actor("auditor"),
        Actor.guest("anybody"),
    )
    for stranger in strangers:
        with pytest.raises(Forbidden):
            actions.begin_harvest(stranger, harvest=uuid7(), household=household, product=product)
        with pytest.raises(Forbidden):
            actions.withdraw_harvest(stranger, harvest=made)
    for stranger in (strangers[0], strangers[1], strangers[3]):
        with pytest.raises(Forbidden):
            harvests.harvest(stranger, harvest=made)
        with pytest.raises(Forbidden):
            weighing.grown(stranger, people.household(SYSTEM, household_id=household), month=1)
    assert harvests.harvest(SYSTEM, harvest=made).state == "announced"


def test_nothing_is_announced_for_a_household_that_did_not_agree() -> None:
    household, product = a_household(), a_product()
    begun = uuid7()
    actions.begin_harvest(SYSTEM, harvest=begun, household=household, product=product)
    actions.say_amount(SYSTEM, harvest=begun, quantity=kg(1), expected_on=today())
    withdraw_consent(SYSTEM, household_id=household, purpose="trade")
    with pytest.raises(Invalid) as refused:
        actions.begin_harvest(SYSTEM, harvest=uuid7(), household=household, product=product)
    assert refused.value.code == "no_consent"
    with pytest.raises(Invalid):
        actions.announce_harvest(SYSTEM, harvest=begun, wished=Money(100))


@pytest.mark.parametrize(
    ("amount", "days", "field"),
    [(0, 0, "amount"), (200_000_000, 0, "amount"), (1, -1, "expected_on"), (1, 400, "expected_on")],
)
def test_what_cannot_be_is_told_at_its_field(amount: int, days: int, field: str) -> None:
    begun = uuid7()
    actions.begin_harvest(SYSTEM, harvest=begun, household=a_household(), product=a_product())
    with pytest.raises(Invalid) as refused:
        actions.say_amount(
            SYSTEM, harvest=begun, quantity=Quantity(amount, Unit.GRAM),
            expected_on=today() + timedelta(days=days),
        )  # fmt: skip
    assert refused.value.field == field
    with pytest.raises(Invalid):
        actions.announce_harvest(SYSTEM, harvest=begun, wished=Money(100))


def test_an_id_used_for_another_harvest_is_refused() -> None:
    household, product = a_household(), a_product()
    made = a_harvest(household, product)
    with pytest.raises(Conflict):
        actions.begin_harvest(SYSTEM, harvest=made, household=a_household(), product=product)
    with pytest.raises(Conflict):
        actions.announce_harvest(SYSTEM, harvest=made, wished=Money(1))
    with pytest.raises(Missing):
        actions.withdraw_harvest(SYSTEM, harvest=uuid7())
