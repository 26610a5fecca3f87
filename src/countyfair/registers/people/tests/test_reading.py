"""Consent and reading: what opens a household, what the log says of it, what is kept where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Invalid, Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    SYSTEM,
    VILLAGE,
    a_household,
    a_phone,
    a_user,
    an_actor,
    an_id_number,
)
from countyfair.registers.people.tests.refusing import refused

pytestmark = pytest.mark.django_db


def test_a_household_is_opened_for_a_purpose_it_agreed_to_and_the_opening_is_logged() -> None:
    phone = a_phone()
    household_id = a_household(agreed=("trade",), head_name="样例·农", phone=phone)
    agent = an_actor("station_agent", place=VILLAGE)
    opened = actions.read_household(
        agent, household_id=household_id, fields=["phone", "head_name"], purpose="trade"
    )
    assert dict(opened.fields) == {"head_name": "样例·农", "phone": phone}
    log = queries.reads_of(an_actor("auditor"), county=COUNTY, household_id=household_id)
    assert [(row.actor, row.purpose, row.fields) for row in log] == [(agent.key, "trade", "head_name,phone")]


def test_without_consent_nothing_is_opened_and_nothing_logged() -> None:
    household_id = a_household(agreed=())
    agent = an_actor("station_agent", place=VILLAGE)

    def read() -> object:
        return actions.read_household(agent, household_id=household_id, fields=["phone"], purpose="trade")

    assert refused(Forbidden, read).code == "no_consent"
    actions.record_consent(agent, household_id=household_id, purpose="payout", how="paper")
    refused(Forbidden, read)  # agreeing to one purpose is not agreeing to another
    actions.record_consent(
        agent, household_id=household_id, purpose="trade", how="voice", until=clock.today()
    )
    assert read()
    with clock.at(clock.now() + timedelta(days=2)):
        refused(Forbidden, read)
    actions.withdraw_consent(agent, household_id=household_id, purpose="trade")
    refused(Forbidden, read)


@pytest.mark.parametrize(
    ("role", "place", "fields", "purpose", "kind"),
    [
        ("station_agent", OTHER_COUNTY, ["phone"], "trade", Forbidden),
        ("station_agent", VILLAGE, ["bank_account"], "payout", Forbidden),
        ("station_agent", VILLAGE, ["id_number"], "identify", Forbidden),
        ("centre_finance", COUNTY, ["phone"], "payout", Invalid),
        ("centre_staff", COUNTY, ["bank_account"], "trade", Invalid),
        ("centre_staff", COUNTY, [], "trade", Invalid),
        ("centre_staff", COUNTY, ["phone"], "curiosity", Invalid),
        ("auditor", COUNTY, ["phone"], "audit", Invalid),
        ("courier", COUNTY, ["phone"], "trade", Forbidden),
        ("", COUNTY, ["phone"], "trade", Forbidden),
        ("", COUNTY, ["phone"], "own", Forbidden),
        ("county_admin", COUNTY, ["phone"], "own", Forbidden),
    ],
)
def test_the_wrong_reader_or_purpose_opens_nothing(
    role: str, place: str, fields: list[str], purpose: str, kind: type[Refusal]
) -> None:
    household_id, actor = a_household(), an_actor(role, place=place)
    refused(
        kind, lambda: actions.read_household(actor, household_id=household_id, fields=fields, purpose=purpose)
    )


def test_a_household_opens_its_own_record_on_record() -> None:
    user_id = a_user()
    household_id = a_household(user_id=user_id, agreed=())
    me = queries.actor_of(user_id)
    opened = actions.read_household(me, household_id=household_id, fields=["bank_account"], purpose="own")
    assert opened.fields == {"bank_account": "6200000000000000"}
    assert [row.purpose for row in queries.reads_of(me, county=COUNTY, household_id=household_id)] == ["own"]


def test_a_payout_opens_many_households_in_one_statement_and_says_which_stay_closed(
    django_assert_num_queries: Any,
) -> None:
    agreed = [a_household() for _ in range(3)]
    silent, erased = a_household(agreed=()), a_household()
    actions.erase_identity(SYSTEM, household_id=erased)
    finance = an_actor("centre_finance")
    with django_assert_num_queries(
        4
    ):  # BEGIN (a savepoint in tests) and its end, the actor, and the one statement
        opened = actions.read_households(
            finance,
            household_ids=[*agreed, silent, erased],
            fields=["head_name", "bank_account"],
            purpose="payout",
        )
    closed = {household.id: household.closed for household in opened}
    assert closed == {**dict.fromkeys(agreed, ""), silent: "no_consent", erased: "erased"}
    assert all(household.fields.get("bank_account", "") == "" for household in opened if household.closed)
    logged = queries.reads_of(an_actor("auditor"), county=COUNTY)
    assert {row.household_id for row in logged} == set(agreed)


def test_one_household_out_of_reach_opens_none() -> None:
    here, there = a_household(), a_household(place=OTHER_VILLAGE)
    finance = an_actor("centre_finance")
    refused(
        Forbidden,
        lambda: actions.read_households(
            finance, household_ids=[here, there], fields=["bank_account"], purpose="payout"
        ),
    )
    refused(
        Missing,
        lambda: actions.read_household(
            finance, household_id=finance.user_id or here, fields=["bank_account"], purpose="payout"
        ),
    )


def test_consents_are_recorded_and_withdrawn_by_those_near_the_household() -> None:
    user_id = a_user()
    household_id = a_household(user_id=user_id, agreed=())
    me, stranger = queries.actor_of(user_id), an_actor("station_agent", place=OTHER_VILLAGE)
    refused(
        Forbidden,
        lambda: actions.record_consent(stranger, household_id=household_id, purpose="trade", how="paper"),
    )
    refused(Forbidden, lambda: actions.withdraw_consent(stranger, household_id=household_id, purpose="trade"))
    refused(
        Invalid, lambda: actions.record_consent(me, household_id=household_id, purpose="audit", how="paper")
    )
    refused(
        Invalid,
        lambda: actions.record_consent(
            me,
            household_id=household_id,
            purpose="trade",
            how="paper",
            until=clock.today() - timedelta(days=1),
        ),
    )
    refused(Missing, lambda: actions.record_consent(me, household_id=user_id, purpose="trade", how="paper"))
    first = actions.record_consent(me, household_id=household_id, purpose="trade", how="screen")
    assert actions.record_consent(me, household_id=household_id, purpose="trade", how="screen") == first
    assert actions.withdraw_consent(me, household_id=household_id, purpose="trade") == 1
    (row,) = queries.consents_of(me, household_id=household_id)
    assert (row.purpose, row.how, row.taken_by, row.withdrawn_at is None) == (
        "trade",
        "screen",
        me.key,
        False,
    )


def test_the_read_log_cannot_be_changed() -> None:
    household_id = a_household()
    actions.read_household(SYSTEM, household_id=household_id, fields=["phone"], purpose="trade")
    for statement in ("UPDATE people_householdread SET purpose = 'x'", "DELETE FROM people_householdread"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_neither_tables_nor_the_log_of_changes_hold_a_household_s_identity_in_the_clear() -> None:
    planted: dict[str, Any] = {"head_name": "样例·珊瑚", "phone": a_phone(), "id_number": an_id_number()}
    user_phone = a_phone()
    user_id = a_user(name="样例·琥珀", phone=user_phone)
    household_id = a_household(user_id=user_id, **planted)
    actions.set_profile(SYSTEM, user_id=user_id, name="样例·玛瑙")
    actions.read_household(SYSTEM, household_id=household_id, fields=["phone"], purpose="trade")
    actions.erase_identity(SYSTEM, household_id=household_id)
    log = str(scalar("SELECT jsonb_agg(c)::text FROM kernel_change c"))
    assert '"head_name"' in log
    assert '"name"' in log
    for value in (*planted.values(), "珊瑚", "琥珀", "玛瑙", user_phone, "6200000000000000"):
        assert value not in log
    other = a_household(head_name="样例·珊瑚", id_number=planted["id_number"])
    stored = str(
        scalar("SELECT to_jsonb(i)::text FROM people_householdidentity i WHERE household_id = %s", [other])
    )
    for value in ("珊瑚", planted["id_number"], "6200000000000000"):
        assert value not in stored


def test_a_change_names_who_made_it() -> None:
    admin = an_actor("county_admin")
    role = actions.grant_role(admin, user_id=a_user(), role="courier", place=COUNTY)
    assert scalar("SELECT actor FROM kernel_change WHERE row_key = %s", [str(role)]) == admin.key
    assert scalar("SELECT granted_by FROM people_roleheld WHERE id = %s", [role]) == admin.key


def test_a_guest_registers_nobody() -> None:
    refused(Forbidden, lambda: actions.register_user(Actor.guest("basket"), phone=a_phone(), place=COUNTY))
    assert "own" not in rules.PURPOSES
