"""Tokens as their person sees them, and as they open a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import rows
from countyfair.registers.access import rules


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in the list of its person; `ending` are the last four signs of its text."""

    id: UUID
    name: str
    ending: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is and what it may do."""

    token: UUID
    user: UUID
    scopes: list[str]
    with_factor: bool
    used_at: datetime | None


def tokens(actor: Actor) -> list[TokenRow]:
    """One's own tokens that still open something, the newest first; one statement.

    Raises:
        Forbidden: the actor is nobody who signs in.
    """
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    return rows(
        "SELECT id, name, ending, scopes, made_at, expires_at, used_at FROM access_token"
        " WHERE user_id = %s::uuid AND revoked_at IS NULL AND expires_at > %s ORDER BY made_at DESC, id DESC",
        [actor.user_id, now()],
        into=TokenRow,
    )


def bearer(secret: str) -> Bearer | None:
    """What a token's text opens; None when it is unknown, revoked or over. One statement."""
    found = rows(
        "SELECT id, user_id, scopes, with_factor, used_at FROM access_token"
        " WHERE digest = %s AND revoked_at IS NULL AND expires_at > %s",
        [rules.digest(secret), now()],
        into=Bearer,
    )
    return found[0] if found else None
