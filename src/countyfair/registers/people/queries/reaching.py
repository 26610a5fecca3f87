"""Where people are reached: for the house itself, when it has news for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import column, rows
from countyfair.registers.people.rules import ROLES


@dataclass(frozen=True, slots=True)
class Reached:
    """A user's phone and e-mail, "" for none, and language, "" for none chosen."""

    id: UUID
    phone: str
    email: str
    language: str


def addresses_of(actor: Actor, *, users: Sequence[UUID]) -> list[Reached]:
    """The addresses of active users who answered a code at their phone; others are left out.

    Raises:
        Forbidden: anybody but the house itself.
    """
    if not actor.everything:
        raise Forbidden(_("Your role does not allow this here."))
    return rows(
        "SELECT id, CASE WHEN phone_verified THEN coalesce(phone, '') ELSE '' END, email, language"
        " FROM people_user WHERE id = ANY(%s::uuid[]) AND is_active",
        [list(users)],
        into=Reached,
    )


def holders_of(actor: Actor, *, power: str, county: str) -> list[UUID]:
    """The active users who hold a power today by a role of the county or above it, not of a part of it.

    Raises:
        Forbidden: anybody but the house itself.
    """
    if not actor.everything:
        raise Forbidden(_("Your role does not allow this here."))
    return column(
        "SELECT DISTINCT u.id FROM people_roleheld r JOIN people_user u ON u.id = r.user_id AND u.is_active"
        " WHERE r.role = ANY(%(roles)s::text[]) AND starts_with(%(county)s, r.place)"
        " AND r.since <= %(today)s::date AND (r.until IS NULL OR r.until > %(today)s::date)",
        {
            "roles": [name for name, role in ROLES.items() if power in role.powers],
            "county": county,
            "today": clock.today(),
        },
        of=UUID,
    )
