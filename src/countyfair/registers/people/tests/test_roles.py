"""Roles: given within a reach, taken back, of a time and a place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel import clock
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    VILLAGE,
    a_role,
    a_user,
    an_actor,
    an_organisation,
)
from countyfair.registers.people.tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_an_administrator_gives_roles_within_the_county_and_takes_them_back() -> None:
    admin, user_id = an_actor("county_admin"), a_user()
    role = actions.grant_role(admin, user_id=user_id, role="station_agent", place=VILLAGE)
    assert actions.grant_role(admin, user_id=user_id, role="station_agent", place=VILLAGE) == role
    assert queries.actor_of(user_id).may("stock.weigh_in", place=VILLAGE)
    actions.end_role(admin, role_id=role)
    assert queries.actor_of(user_id).grants == ()
    assert actions.grant_role(admin, user_id=user_id, role="station_agent", place=VILLAGE) != role


def test_nobody_gives_above_or_beside_their_reach() -> None:
    user_id = a_user()
    admin, agent, officer = (
        an_actor("county_admin"),
        an_actor("station_agent"),
        an_actor("programme_officer", place="45"),
    )
    refused(Forbidden, lambda: actions.grant_role(admin, user_id=user_id, role="courier", place="4502"))
    refused(Forbidden, lambda: actions.grant_role(admin, user_id=user_id, role="courier", place=""))
    refused(Forbidden, lambda: actions.grant_role(admin, user_id=user_id, role="courier", place=OTHER_COUNTY))
    refused(
        Forbidden, lambda: actions.grant_role(admin, user_id=user_id, role="programme_officer", place=COUNTY)
    )
    refused(
        Forbidden, lambda: actions.grant_role(agent, user_id=user_id, role="station_agent", place=VILLAGE)
    )
    refused(
        Forbidden, lambda: actions.grant_role(officer, user_id=user_id, role="centre_finance", place=COUNTY)
    )
    assert actions.grant_role(officer, user_id=user_id, role="county_admin", place=COUNTY)


def test_nobody_gives_themselves_a_role_or_ends_their_own() -> None:
    user_id = a_user()
    role = a_role(user_id, "county_admin")
    me = queries.actor_of(user_id)
    refused(Forbidden, lambda: actions.grant_role(me, user_id=user_id, role="centre_finance", place=COUNTY))
    refused(Forbidden, lambda: actions.end_role(me, role_id=role))


def test_a_role_is_asked_for_in_full() -> None:
    user_id, at = a_user(), an_organisation()
    day = clock.today()
    refused(Invalid, lambda: actions.grant_role(SYSTEM, user_id=user_id, role="emperor", place=COUNTY))
    refused(Invalid, lambda: actions.grant_role(SYSTEM, user_id=user_id, role="courier"))
    refused(
        Invalid,
        lambda: actions.grant_role(SYSTEM, user_id=user_id, role="courier", place=COUNTY, organisation=at),
    )
    refused(
        Invalid, lambda: actions.grant_role(SYSTEM, user_id=user_id, role="courier", place=COUNTY, until=day)
    )
    refused(Missing, lambda: actions.grant_role(SYSTEM, user_id=at, role="courier", place=COUNTY))
    refused(
        Missing, lambda: actions.grant_role(SYSTEM, user_id=user_id, role="courier", organisation=user_id)
    )
    refused(Missing, lambda: actions.end_role(SYSTEM, role_id=user_id))


def test_at_an_organisation_there_are_shop_keepers_and_nobody_else() -> None:
    user_id, at = a_user(), an_organisation()
    for role in set(rules.ROLES) - {"shop_keeper"}:
        with pytest.raises(Invalid):
            actions.grant_role(SYSTEM, user_id=user_id, role=role, organisation=at)
    refused(Invalid, lambda: actions.grant_role(SYSTEM, user_id=user_id, role="shop_keeper", place=COUNTY))
    admin = an_actor("county_admin")
    actions.grant_role(admin, user_id=user_id, role="shop_keeper", organisation=at)
    keeper = queries.actor_of(user_id)
    assert keeper.organisations("catalog.manage") == (at,)
    assert [power for power in rules.POWERS if keeper.may(power, place=COUNTY)] == []
    stranger, somebody = an_actor("county_admin", place=OTHER_COUNTY), a_user()
    refused(
        Forbidden,
        lambda: actions.grant_role(stranger, user_id=somebody, role="shop_keeper", organisation=at),
    )
    actions.close_organisation(SYSTEM, organisation_id=at)
    assert queries.actor_of(user_id).grants == ()


#: The worked example of GB 32100-2015.
CREDIT_CODE = "91350100M000100Y43"


def test_an_organisation_bears_its_registration_number_alone() -> None:
    staff, one, other = an_actor("centre_staff"), an_organisation(), an_organisation(name="样例二社")
    for wrong in ("91350100M000100Y44", "9135", "91350100I000100Y43"):
        with pytest.raises(Invalid):
            actions.change_organisation(
                staff, organisation_id=one, name="样例合作社", registration_number=wrong
            )
    actions.change_organisation(
        staff,
        organisation_id=one,
        name="样例茶社",
        name_en="Sample",
        registration_number="91350100m000100y43",
    )
    row = queries.organisations_by_id([one])[one]
    assert (row.name, row.name_en, row.registration_number) == ("样例茶社", "Sample", CREDIT_CODE)
    refused(
        Conflict,
        lambda: actions.change_organisation(
            staff, organisation_id=other, name="样例二社", registration_number=CREDIT_CODE
        ),
    )
    stranger = an_actor("centre_staff", place=OTHER_COUNTY)
    refused(Forbidden, lambda: actions.change_organisation(stranger, organisation_id=one, name="x"))
    refused(Invalid, lambda: actions.change_organisation(staff, organisation_id=one, name=" "))
    refused(Missing, lambda: actions.change_organisation(staff, organisation_id=uuid7(), name="x"))
    actions.close_organisation(staff, organisation_id=one)
    refused(Conflict, lambda: actions.change_organisation(staff, organisation_id=one, name="x"))


def test_a_role_holds_from_its_first_day_until_its_last() -> None:
    user_id = a_user()
    day = clock.today() + timedelta(days=3)
    actions.grant_role(
        SYSTEM, user_id=user_id, role="courier", place=COUNTY, since=day, until=day + timedelta(days=2)
    )
    for offset, holds in ((-1, False), (0, True), (1, True), (2, False)):
        with clock.at(clock.now() + timedelta(days=3 + offset)):
            assert queries.actor_of(user_id).may("logistics.scan", place=VILLAGE) is holds
