"""A phone is linked to a household: who answers it comes in, who had it before does not, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries
from countyfair.registers.people.queries import actor_of, user_by_phone
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    VILLAGE,
    a_household,
    a_phone,
    a_user,
    an_actor,
)
from countyfair.surfaces.farmer.tests.test_agreeing import staff
from countyfair.surfaces.ui.tests.clients import client_of

pytestmark = pytest.mark.django_db


def test_who_answers_the_phone_comes_in_and_who_had_it_before_does_not() -> None:
    before = a_user()
    household = a_household(user_id=before)
    home, number = reverse("farmer:home", args=[household]), a_phone()
    earlier = client_of(before, second_factor=False)
    assert earlier.get(home).status_code == 200
    address = reverse("farmer:phone", args=[household])
    assert staff("station_agent", VILLAGE).post(address, {"phone": number}).headers["Location"] == home
    assert earlier.get(home).status_code in (302, 403), "its sign-in has ended"
    user = user_by_phone(number)
    assert user is not None
    assert not user.has_usable_password()
    assert not user.phone_verified, "only a code that was answered shows whose it is"
    assert client_of(user.id, second_factor=False).get(home).status_code == 200
    row = queries.household(SYSTEM, household_id=household)
    assert queries.phone_of(SYSTEM, row) == f"{number[3:6]}****{number[-4:]}"
    with pytest.raises(Forbidden):
        queries.household(actor_of(before), household_id=household)


def test_who_acts_for_a_household_finds_back_to_the_station_and_the_household_sees_no_such_way() -> None:
    owner = a_user()
    home = reverse("farmer:home", args=[a_household(user_id=owner)])
    back = f'href="{reverse("station:choose")}"'
    assert back in staff("station_agent", VILLAGE).get(home).content.decode()
    assert back not in client_of(owner, second_factor=False).get(home).content.decode()


def test_a_phone_that_somebody_has_already_is_theirs_and_nothing_is_made_twice() -> None:
    number = a_phone()
    user, household = a_user(phone=number), a_household()
    for _again in range(2):
        actions.link_phone(SYSTEM, household_id=household, phone=number)
    assert [one.id for one in queries.households_of_user(user)] == [household]
    assert scalar("SELECT count(*) FROM people_user WHERE phone = %s", [number]) == 1


def test_nothing_is_linked_without_consent_reach_or_a_number() -> None:
    silent, household = a_household(agreed=()), a_household()
    with pytest.raises(Invalid):
        actions.link_phone(SYSTEM, household_id=silent, phone=a_phone())
    with pytest.raises(Missing):
        actions.link_phone(SYSTEM, household_id=uuid7(), phone=a_phone())
    for other in (
        an_actor("station_agent", place=OTHER_COUNTY), an_actor("auditor"), an_actor("courier"), an_actor(),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            actions.link_phone(other, household_id=household, phone=a_phone())
    answer = staff("centre_staff", COUNTY).post(reverse("farmer:phone", args=[household]), {"phone": "12"})
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()
    assert queries.household(SYSTEM, household_id=household).user_id is None
