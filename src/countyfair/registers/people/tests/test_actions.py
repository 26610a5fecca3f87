"""Every verb: what it does, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries, rules
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
    an_id_number,
    an_organisation,
)
from countyfair.registers.places.rules import PRESENT

pytestmark = pytest.mark.django_db

TABLES = (
    "user",
    "roleheld",
    "organisation",
    "household",
    "householdidentity",
    "consent",
    "householdread",
    "signin",
)


def everything() -> list[Any]:
    """All rows of the room, to show that a refusal left them alone."""
    return [
        scalar(f"SELECT coalesce(jsonb_agg(t ORDER BY t::text), '[]')::text FROM people_{name} t")
        for name in TABLES
    ]


def refused(kind: type[Refusal], act: Callable[[], object]) -> Refusal:
    before = everything()
    with pytest.raises(kind) as caught:
        act()
    assert everything() == before
    return caught.value


# --- Users


def test_the_same_phone_is_the_same_user_however_it_is_written() -> None:
    first = actions.register_user(SYSTEM, phone="199 0000 0001", name="样例·甲")
    assert actions.register_user(SYSTEM, phone="+86 19900000001") == first


def test_a_centre_registers_users_of_its_county_only() -> None:
    staff, buyer = an_actor("centre_staff"), an_actor()
    assert actions.register_user(staff, phone=a_phone(), place=VILLAGE)
    refused(Forbidden, lambda: actions.register_user(staff, phone=a_phone(), place=OTHER_COUNTY))
    refused(Forbidden, lambda: actions.register_user(staff, phone=a_phone()))
    refused(Forbidden, lambda: actions.register_user(buyer, phone=a_phone(), place=VILLAGE))


def test_an_id_or_a_phone_that_is_somebody_elses_is_a_conflict() -> None:
    phone, other = a_phone(), a_phone()
    user_id = actions.register_user(SYSTEM, phone=phone)
    refused(Conflict, lambda: actions.register_user(SYSTEM, phone=other, user_id=user_id))
    somebody = actions.register_user(SYSTEM, phone=other)
    refused(Conflict, lambda: actions.register_user(SYSTEM, phone=phone, user_id=somebody))
    refused(Invalid, lambda: actions.register_user(SYSTEM, phone="12"))


def test_only_the_person_themselves_changes_their_profile_and_password() -> None:
    me, somebody = an_actor(), an_actor("county_admin", place="")
    assert me.user_id is not None
    actions.set_profile(me, user_id=me.user_id, name=" 样例·乙 ", language="en")
    profile = queries.profile(me, user_id=me.user_id)
    assert (profile.name, profile.language, profile.has_password) == ("样例·乙", "en", False)
    actions.set_password(me, user_id=me.user_id, password="rice-black-sticky-9")
    assert queries.profile(me, user_id=me.user_id).has_password
    user_id = me.user_id
    refused(Forbidden, lambda: actions.set_profile(somebody, user_id=user_id, name="x"))
    refused(
        Forbidden, lambda: actions.set_password(somebody, user_id=user_id, password="rice-black-sticky-9")
    )
    refused(Invalid, lambda: actions.set_password(me, user_id=user_id, password="12345678"))
    refused(Invalid, lambda: actions.set_profile(me, user_id=user_id, name="长" * 81))
    with pytest.raises(Forbidden):
        queries.profile(somebody, user_id=user_id)


def test_a_known_second_factor_is_for_sample_users_only() -> None:
    real = actions.register_user(SYSTEM, phone="13800138000")
    with pytest.raises(Forbidden):
        actions.give_sample_second_factor(SYSTEM, user_id=real, secret="JBSWY3DPEHPK3PXP")
    with pytest.raises(Forbidden):
        actions.give_sample_second_factor(
            an_actor("county_admin"), user_id=a_user(), secret="JBSWY3DPEHPK3PXP"
        )
    sample = a_user()
    actions.give_sample_second_factor(SYSTEM, user_id=sample, secret="JBSWY3DPEHPK3PXP")
    assert queries.profile(SYSTEM, user_id=sample).second_factor
    assert scalar("SELECT count(*) FROM mfa_authenticator WHERE data::text LIKE '%%JBSWY3%%'") == 0


def test_an_erased_user_leaves_a_key_and_nothing_else() -> None:
    phone = a_phone()
    user_id = a_user(name="样例·忘", phone=phone)
    me, admin = queries.actor_of(user_id), an_actor("county_admin")
    role = a_role(user_id, "courier")
    refused(Conflict, lambda: actions.erase_user(me, user_id=user_id))
    actions.end_role(SYSTEM, role_id=role)
    refused(Forbidden, lambda: actions.erase_user(admin, user_id=user_id))
    actions.erase_user(me, user_id=user_id)
    kept = scalar("SELECT to_jsonb(u)::text FROM people_user u WHERE id = %s", [user_id])
    assert phone not in str(kept)
    assert "忘" not in str(kept)
    with pytest.raises(Missing):
        queries.actor_of(user_id)
    assert actions.register_user(SYSTEM, phone=phone) != user_id


# --- Roles


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


# --- Organisations


def test_an_organisation_is_registered_once_by_its_county() -> None:
    staff, stranger = an_actor("centre_staff"), an_actor("centre_staff", place=OTHER_COUNTY)
    key = actions.register_organisation(staff, place=TOWNSHIP, kind="firm", name="样例公司")
    again = actions.register_organisation(
        staff, place=TOWNSHIP, kind="firm", name="样例公司", organisation_id=key
    )
    assert again == key
    assert [row.name for row in queries.organisations(staff, county=COUNTY)] == ["样例公司"]
    refused(
        Conflict,
        lambda: actions.register_organisation(
            staff, place=TOWNSHIP, kind="firm", name="别的公司", organisation_id=key
        ),
    )
    refused(
        Forbidden,
        lambda: actions.register_organisation(staff, place=OTHER_COUNTY, kind="firm", name="样例公司"),
    )
    refused(
        Invalid, lambda: actions.register_organisation(staff, place=TOWNSHIP, kind="club", name="样例公司")
    )
    refused(Invalid, lambda: actions.register_organisation(SYSTEM, place="45", kind="firm", name="样例公司"))
    refused(Invalid, lambda: actions.register_organisation(staff, place=TOWNSHIP, kind="firm", name=" "))
    refused(Forbidden, lambda: actions.close_organisation(stranger, organisation_id=key))
    refused(Missing, lambda: actions.close_organisation(SYSTEM, organisation_id=uuid7()))
    actions.close_organisation(staff, organisation_id=key)
    assert queries.organisations(staff, county=COUNTY) == []
    assert queries.organisations_by_id([key])[key].closed_on == clock.today()


def test_an_organisation_stands_where_there_is_such_a_place() -> None:
    staff, other = an_actor("centre_staff"), an_actor("centre_staff", place=OTHER_COUNTY)

    def registered(actor: Actor, place: str) -> UUID:
        return actions.register_organisation(actor, place=place, kind="firm", name="样例公司")

    registered(staff, COUNTY + "999")  # where no divisions are loaded, nobody knows better
    for level, code in ((3, COUNTY), (4, TOWNSHIP)):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO places_division (id, codebook, year, code, level, parent, kind, name, short,"
                " common, pinyin, spelling, initials, grams, valid_from)"
                " VALUES (%s, %s, %s, %s, %s, %s, 'unit', '', '', '', '', '', '', '{}', 0)",
                [uuid7(), PRESENT.codebook, PRESENT.year, code, level, COUNTY[:4] if level == 3 else COUNTY],
            )
    for actor, place in ((staff, COUNTY + "999"), (other, OTHER_COUNTY)):
        with pytest.raises(Invalid) as refused:
            registered(actor, place)
        assert refused.value.field == "place"
    assert registered(staff, TOWNSHIP) != registered(staff, COUNTY)


# --- Households


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


# --- Consent and reading


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


# --- What is kept where


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
