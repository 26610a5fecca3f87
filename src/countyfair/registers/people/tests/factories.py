"""People for tests, made through the room's own verbs: plainly made up, numbers that are nobody's."""

from __future__ import annotations

import itertools
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.registers.people import actions, queries, rules

#: Real codes, so that place trees behave: Rongshui county, its town, a village; and a county elsewhere.
COUNTY = "450225"
TOWNSHIP = "450225100"
VILLAGE = "450225100200"
OTHER_COUNTY = "621227"
OTHER_VILLAGE = "621227100200"

SYSTEM = Actor.system("test")

_next = itertools.count(1)


def a_phone() -> str:
    """A sample phone number that no other call gave: +86 199 0000 xxxx."""
    return f"+861990000{next(_next) % 10000:04d}"


def an_id_number(serial: int | None = None) -> str:
    """An identity number with a check digit that cannot be right."""
    serial = next(_next) if serial is None else serial
    body = f"990225{1950 + serial // 1000 % 60}0101{serial % 1000:03d}"
    return body + next(digit for digit in "0123456789" if digit != rules.check_digit(body))


def a_user(*, name: str = "样例·甲", phone: str = "", verified: bool = True) -> UUID:
    return actions.register_user(
        SYSTEM, phone=phone or a_phone(), name=name, phone_verified=verified, is_sample=True
    )


def a_role(user_id: UUID, role: str, *, place: str | None = COUNTY, organisation: UUID | None = None) -> UUID:
    return actions.grant_role(
        SYSTEM, user_id=user_id, role=role, place=None if organisation else place, organisation=organisation
    )


def an_actor(role: str = "", *, place: str | None = COUNTY, organisation: UUID | None = None) -> Actor:
    """A new user's actor, holding one role at a place or organisation; without a role, a buyer."""
    user_id = a_user()
    if role:
        a_role(user_id, role, place=place, organisation=organisation)
    return queries.actor_of(user_id)


def an_organisation(*, place: str = COUNTY, kind: str = "cooperative", name: str = "样例合作社") -> UUID:
    return actions.register_organisation(SYSTEM, place=place, kind=kind, name=name)


def a_household(
    *,
    place: str = VILLAGE,
    user_id: UUID | None = None,
    agreed: tuple[str, ...] = rules.ASKED,
    id_number: str = "",
    head_name: str = "样例·农",
    phone: str = "",
) -> UUID:
    """A household that has agreed to everything it is asked about, unless told otherwise."""
    return actions.register_household(
        SYSTEM,
        place=place,
        head_name=head_name,
        id_number=id_number or an_id_number(),
        phone=phone or a_phone(),
        bank_account="6200000000000000",
        bank_name="样例银行",
        agreed=agreed,
        user_id=user_id,
        is_sample=True,
    ).id
