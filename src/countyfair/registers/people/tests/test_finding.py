"""Households are found at the counter by number, surname or phone, within reach only."""

from __future__ import annotations

import pytest

from countyfair.kernel.refusal import Forbidden
from countyfair.registers.people import queries
from countyfair.registers.people.queries.finding import find_households
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    TOWNSHIP,
    VILLAGE,
    a_household,
    a_phone,
    an_actor,
)

pytestmark = pytest.mark.django_db


def test_a_household_is_found_by_number_surname_or_phone() -> None:
    phone = a_phone()
    wanted = a_household(head_name="样例·甲", phone=phone)
    other = a_household(head_name="例·乙")
    number = queries.household(SYSTEM, household_id=wanted).number
    for text in (number, number[-4:], f" {number} ", phone, phone.removeprefix("+86"), "样", "样例"):
        found = [row.id for row in find_households(SYSTEM, place=VILLAGE, text=text)]
        assert wanted in found, text
    assert other not in [row.id for row in find_households(SYSTEM, place=VILLAGE, text="样")]
    assert find_households(SYSTEM, place=VILLAGE, text="%") == []
    assert find_households(SYSTEM, place=VILLAGE, text="9" * 300) == []
    assert {wanted, other} <= {row.id for row in find_households(SYSTEM, place=COUNTY)}


def test_an_agent_finds_the_households_of_the_own_place_only() -> None:
    a_household(place=OTHER_VILLAGE)
    mine = a_household(place=VILLAGE)
    agent = an_actor("station_agent", place=VILLAGE)
    assert [row.id for row in find_households(agent, place=VILLAGE)] == [mine]
    for place in (TOWNSHIP, COUNTY, OTHER_VILLAGE):
        with pytest.raises(Forbidden):
            find_households(agent, place=place)
