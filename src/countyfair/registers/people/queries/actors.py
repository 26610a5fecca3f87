"""Who acts: a user with what their roles let them do, in one statement."""

from __future__ import annotations

import json
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.refusal import Missing
from countyfair.registers.people import rules
from countyfair.registers.people.models import User

_KNOWN = """
SELECT u.*, (
    SELECT jsonb_agg(jsonb_build_array(r.role, r.place, r.organisation_id))::text FROM people_roleheld r
     WHERE r.user_id = u.id AND r.since <= %(today)s::date AND (r.until IS NULL OR r.until > %(today)s::date)
) AS held
  FROM people_user u WHERE u.id = %(user)s::uuid AND u.is_active
"""


def known_user(user_id: UUID) -> User | None:
    """An active user with the grants of the roles held today; every signed-in request reads it, once."""
    user = next(iter(User.objects.raw(_KNOWN, {"user": user_id, "today": clock.today()})), None)
    if user is not None:
        user.grants = tuple(_grant(*held) for held in json.loads(getattr(user, "held", None) or "[]"))
    return user


def actor_of(user_id: UUID) -> Actor:
    """The user as an actor, one statement.

    Raises:
        Missing: no such user, or an erased one.
    """
    user = known_user(user_id)
    if user is None:
        raise Missing(_("There is no such user."))
    return user.actor


def user_by_phone(phone: str) -> User | None:
    """Whoever signs in with this number (E.164). For sign-in only: staff look people up by `find_user`."""
    return User.objects.filter(phone=phone, is_active=True).first()


def _grant(role: str, place: str | None, organisation: str | None) -> Grant:
    return Grant(role, rules.powers_of(role), place, UUID(organisation) if organisation else None)
