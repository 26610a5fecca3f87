"""Where people are reached: for the house itself, when it has news for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import rows


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
