"""What lists show, to whom, and in how many statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people import actions, queries
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    TOWNSHIP,
    VILLAGE,
    a_household,
    a_phone,
    a_role,
    a_user,
    an_actor,
    an_organisation,
)

pytestmark = pytest.mark.django_db


def test_an_actor_is_read_in_one_statement_with_all_roles(django_assert_num_queries: Any) -> None:
    user_id, at = a_user(), an_organisation()
    a_role(user_id, "courier", place=TOWNSHIP)
    a_role(user_id, "shop_keeper", organisation=at)
    with django_assert_num_queries(1):
        actor = queries.actor_of(user_id)
    assert actor.may("logistics.scan", place=VILLAGE)
    assert not actor.may("logistics.scan", place=COUNTY)
    assert actor.may("catalog.manage", organisation=at)
    assert not actor.may("catalog.manage", place=VILLAGE)
    with pytest.raises(Missing):
        queries.actor_of(uuid7())


def test_a_list_of_households_shows_no_person_and_costs_one_statement() -> None:
    phone = a_phone()
    for _ in range(5):
        a_household(head_name="欧阳样例", agreed=("trade", "payout"))
    a_household(head_name="欧阳样例", phone=phone)
    staff = an_actor("centre_staff")
    with CaptureQueriesContext(connection) as asked:
        found = queries.households(staff, county=COUNTY, limit=5)
    assert len(asked) == 1
    assert [row.head for row in found] == ["欧***"] * 5
    assert found[0].agreed == ["payout", "trade"]
    rest = queries.households(staff, county=COUNTY, after=found[-1].number)
    assert len(rest) == 1
    assert queries.households(staff, county=COUNTY, phone=phone) == rest
    assert queries.households(staff, county=COUNTY, number="99") == []
    assert phone not in repr(rest)


def test_an_agent_sees_the_households_of_the_village_only() -> None:
    here, beside = a_household(), a_household(place=VILLAGE[:9] + "201")
    a_household(place=OTHER_VILLAGE)
    agent = an_actor("station_agent", place=VILLAGE)
    assert [row.id for row in queries.households(agent, county=COUNTY)] == [here]
    assert queries.households(agent, county=COUNTY, place=TOWNSHIP)[0].id == here
    for act in (
        lambda: queries.households(agent, county=OTHER_COUNTY),
        lambda: queries.households(agent, county=COUNTY, place=VILLAGE[:9] + "201"),
        lambda: queries.household(agent, household_id=beside),
        lambda: queries.consents_of(agent, household_id=beside),
        lambda: queries.reads_of(agent, county=COUNTY),
        lambda: queries.households(Actor.guest("x"), county=COUNTY),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Missing):
        queries.household(agent, household_id=uuid7())


def test_a_farmer_sees_their_own_household() -> None:
    user_id = a_user()
    household_id = a_household(user_id=user_id)
    me = queries.actor_of(user_id)
    assert queries.household(me, household_id=household_id).id == household_id
    assert [label.id for label in queries.households_of_user(user_id)] == [household_id]
    with pytest.raises(Forbidden):
        queries.reads_of(me, county=COUNTY)


def test_roles_are_listed_down_from_a_place_with_phones_masked() -> None:
    phone = a_phone()
    user_id, at = a_user(phone=phone, name="样例·站"), an_organisation(place=TOWNSHIP)
    a_role(user_id, "station_agent", place=VILLAGE)
    a_role(user_id, "shop_keeper", organisation=at)
    a_role(a_user(), "station_agent", place=OTHER_VILLAGE)
    admin = an_actor("county_admin")
    listed = [row for row in queries.roles_held(admin, county=COUNTY) if row.user_id == user_id]
    assert [(row.role, row.place, row.organisation_name) for row in listed] == [
        ("shop_keeper", None, "样例合作社"),
        ("station_agent", VILLAGE, ""),
    ]
    assert listed[0].phone == f"199****{phone[-4:]}"
    with pytest.raises(Forbidden):
        queries.roles_held(admin, county=OTHER_COUNTY)
    with pytest.raises(Forbidden):
        queries.roles_held(an_actor("station_agent"), county=COUNTY)


def test_roles_come_page_by_page_by_place_and_role() -> None:
    admin = an_actor("county_admin")
    for place, role in ((VILLAGE, "station_agent"), (TOWNSHIP, "courier"), (COUNTY, "courier")):
        for _again in range(2):
            a_role(a_user(), role, place=place)
    a_role(a_user(), "shop_keeper", organisation=an_organisation(place=TOWNSHIP))
    seen: list[queries.RoleRow] = []
    after = None
    while found := queries.roles_held(admin, county=COUNTY, after=after, limit=3):
        seen += found
        after = (found[-1].place or "", found[-1].role, found[-1].id)
    assert [(row.place, row.role) for row in seen] == [
        (None, "shop_keeper"),
        (COUNTY, "county_admin"),
        *[(COUNTY, "courier")] * 2,
        *[(TOWNSHIP, "courier")] * 2,
        *[(VILLAGE, "station_agent")] * 2,
    ]
    assert len({row.id for row in seen}) == 8
    couriers = queries.roles_held(admin, county=COUNTY, role="courier")
    assert [row.id for row in couriers] == [row.id for row in seen if row.role == "courier"]


def test_a_role_that_is_over_is_listed_only_on_request() -> None:
    admin, held = an_actor("county_admin"), a_role(a_user(), "courier")
    actions.end_role(SYSTEM, role_id=held)
    assert held not in [row.id for row in queries.roles_held(admin, county=COUNTY)]
    assert held in [row.id for row in queries.roles_held(admin, county=COUNTY, ended=True)]


def test_one_role_is_read_in_its_county() -> None:
    phone = a_phone()
    held = a_role(a_user(phone=phone), "courier", place=TOWNSHIP)
    row = queries.role_held(an_actor("county_admin"), role_id=held)
    assert (row.role, row.place, row.county, row.phone) == (
        "courier",
        TOWNSHIP,
        COUNTY,
        f"199****{phone[-4:]}",
    )
    for stranger in (an_actor("county_admin", place=OTHER_COUNTY), an_actor("station_agent"), an_actor()):
        with pytest.raises(Forbidden):
            queries.role_held(stranger, role_id=held)
    with pytest.raises(Missing):
        queries.role_held(SYSTEM, role_id=uuid7())


def test_colleagues_are_named_in_their_county_and_buyers_never() -> None:
    admin, courier, elsewhere = an_actor("county_admin"), a_user(name="样例·邮"), a_user(name="样例·远")
    above, buyer = a_user(name="样例·省"), a_user(name="样例·买")
    a_role(courier, "courier")
    a_role(above, "auditor", place="45")
    a_role(elsewhere, "courier", place=OTHER_COUNTY)
    keys = [f"user:{user}" for user in (courier, above, elsewhere, buyer)] + ["system:test", "guest:x"]
    named = {f"user:{courier}": "样例·邮", f"user:{above}": "样例·省"}
    assert colleagues(admin, county=COUNTY, keys=keys) == named
    assert colleagues(admin, county=COUNTY, keys=["system:test"]) == {}
    for stranger in (an_actor(), an_actor("county_admin", place=OTHER_COUNTY)):
        with pytest.raises(Forbidden):
            colleagues(stranger, county=COUNTY, keys=keys)


def test_staff_find_a_user_by_phone_to_give_them_a_role() -> None:
    phone = a_phone()
    user_id = a_user(phone=phone)
    found = queries.find_user(an_actor("county_admin"), phone=phone[3:], place=COUNTY)
    assert found is not None
    assert (found.id, found.phone) == (user_id, f"199****{phone[-4:]}")
    assert queries.find_user(SYSTEM, phone="13800138000", place=COUNTY) is None
    with pytest.raises(Forbidden):
        queries.find_user(an_actor("courier"), phone=phone, place=COUNTY)


def test_organisations_are_listed_to_those_who_work_in_the_county() -> None:
    an_organisation()
    assert len(queries.organisations(an_actor("auditor"), county=COUNTY)) == 1
    with pytest.raises(Forbidden):
        queries.organisations(an_actor("auditor"), county=OTHER_COUNTY)


def test_a_lost_second_factor_is_taken_off_by_whoever_could_give_the_roles() -> None:
    user_id = a_user()
    a_role(user_id, "station_agent", place=VILLAGE)
    actions.give_sample_second_factor(SYSTEM, user_id=user_id, secret="COUNTYFAIRSAMPLEONLYNEVERREAL234")
    for stranger in (
        an_actor("county_admin", place=OTHER_COUNTY),
        an_actor("centre_staff"),
        queries.actor_of(user_id),
    ):
        with pytest.raises(Forbidden):
            actions.reset_second_factor(stranger, user_id=user_id)
    with pytest.raises(Forbidden):
        actions.reset_second_factor(an_actor("county_admin"), user_id=a_user())
    assert queries.profile(SYSTEM, user_id=user_id).second_factor
    actions.reset_second_factor(an_actor("county_admin"), user_id=user_id)
    assert not queries.profile(SYSTEM, user_id=user_id).second_factor
