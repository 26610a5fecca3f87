"""Users: registered once, their own in their own hands, erased."""

from __future__ import annotations

import pytest

from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people import actions, queries
from countyfair.registers.people.tests.factories import (
    OTHER_COUNTY,
    SYSTEM,
    VILLAGE,
    a_phone,
    a_role,
    a_user,
    an_actor,
)
from countyfair.registers.people.tests.refusing import refused

pytestmark = pytest.mark.django_db


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
