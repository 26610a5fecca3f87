"""Households: numbered, registered within reach, never twice, erased."""

from __future__ import annotations

from typing import Any

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.registers.people import actions, queries
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    TOWNSHIP,
    VILLAGE,
    a_household,
    a_phone,
    a_user,
    an_actor,
    an_id_number,
)
from countyfair.registers.people.tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_households_are_numbered_by_county() -> None:
    labels = queries.household_labels([a_household(), a_household(), a_household(place=OTHER_VILLAGE)])
    numbers = sorted((label.county, label.number[:5]) for label in labels.values())
    assert numbers == [(COUNTY, "00001"), (COUNTY, "00002"), (OTHER_COUNTY, "00001")]


def test_an_agent_registers_households_of_the_station_s_village_only() -> None:
    agent = an_actor("station_agent", place=VILLAGE)

    def register(place: str, **more: Any) -> object:
        given: dict[str, Any] = {
            "head_name": "样例·农",
            "id_number": an_id_number(),
            "is_sample": True,
        } | more
        return actions.register_household(agent, place=place, **given)

    assert register(VILLAGE)
    refused(Forbidden, lambda: register(VILLAGE[:9] + "201"))
    refused(Forbidden, lambda: register(TOWNSHIP))
    refused(Forbidden, lambda: register(OTHER_VILLAGE))
    refused(Invalid, lambda: register(VILLAGE, head_name=" "))
    refused(Invalid, lambda: register(VILLAGE, id_number="123"))
    refused(Invalid, lambda: register(VILLAGE, agreed=["marriage"]))
    refused(Invalid, lambda: register(VILLAGE, bank_account="12"))
    refused(Missing, lambda: register(VILLAGE, user_id=uuid7()))


def test_a_second_registration_of_an_identity_is_refused_without_telling_whose_it_is() -> None:
    number = an_id_number()
    first = a_household(place=OTHER_VILLAGE, id_number=number, head_name="样例·隐")
    label = queries.household_labels([first])[first]
    refusal = refused(Conflict, lambda: a_household(id_number=number))
    told = f"{refusal.sentence} {refusal.details}"
    assert refusal.code == "household_registered"
    for secret in ("隐", label.number, OTHER_COUNTY, str(first), number):
        assert secret not in told


def test_the_same_registration_sent_again_gets_the_first_answer() -> None:
    other, number, phone = a_household(), an_id_number(), a_phone()
    from_device: dict[str, Any] = {
        "place": VILLAGE,
        "head_name": "样例·农",
        "id_number": number,
        "phone": phone,
        "is_sample": True,
    }
    first = actions.register_household(SYSTEM, **from_device)
    again = actions.register_household(SYSTEM, **from_device, household_id=first.id)
    assert again == first
    refused(Conflict, lambda: actions.register_household(SYSTEM, **from_device, household_id=other))
    changed = from_device | {"phone": a_phone()}
    refused(Conflict, lambda: actions.register_household(SYSTEM, **changed, household_id=first.id))


def test_an_erased_household_keeps_its_key_and_number_only() -> None:
    number, phone = an_id_number(), a_phone()
    user_id = a_user()
    household_id = a_household(user_id=user_id, id_number=number, phone=phone)
    staff, stranger = an_actor("centre_staff"), an_actor("county_admin", place=OTHER_COUNTY)
    refused(Forbidden, lambda: actions.erase_identity(staff, household_id=household_id))
    refused(Forbidden, lambda: actions.erase_identity(stranger, household_id=household_id))
    refused(Missing, lambda: actions.erase_identity(SYSTEM, household_id=user_id))
    before = queries.household_labels([household_id])[household_id]
    actions.erase_identity(queries.actor_of(user_id), household_id=household_id)
    assert queries.household_labels([household_id])[household_id] == before
    row = queries.household(staff, household_id=household_id)
    assert (row.head, row.erased, row.agreed, row.user_id) == ("", True, [], None)
    refused(
        Conflict,
        lambda: actions.read_household(
            staff, household_id=household_id, fields=["phone"], purpose="identify"
        ),
    )
    refused(
        Conflict,
        lambda: actions.record_consent(SYSTEM, household_id=household_id, purpose="payout", how="paper"),
    )
    assert a_household(id_number=number, phone=phone) != household_id
