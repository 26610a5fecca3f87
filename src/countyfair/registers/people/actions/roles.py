"""Roles: given within the giver's reach, from a day until a day, never to oneself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import Organisation, RoleHeld, SignIn, User


@verb
def grant_role(
    actor: Actor,
    *,
    user_id: UUID,
    role: str,
    place: str | None = None,
    organisation: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
) -> UUID:
    """Give a user a role at a place ("" is the nation) or at an organisation, and return its key.

    Needs `role.grant` at the place or above it, in a role whose row in `rules.ROLES` gives this one.
    The same role at the same place, still held, is returned as it stands.

    Raises:
        Forbidden: out of the giver's reach, a role they do not give, or to themselves.
        Invalid: no such role, both or neither of place and organisation, the wrong one of them for this
            role, or dates the wrong way round.
        Missing: no such user or organisation.
    """
    place, county, reach = _where(place, organisation)
    if role not in rules.ROLES:
        raise Invalid(_("There is no such role."), field="role")
    if rules.ROLES[role].at_organisation and organisation is None:
        raise Invalid(_("A shop keeper works for an organisation: choose which."), field="organisation")
    if organisation is not None and not rules.ROLES[role].at_organisation:
        raise Invalid(
            _("This role is held at a place. For an organisation there is the shop keeper."), field="role"
        )
    _may_give(actor, role, user_id, reach)
    since = since or clock.today()
    if until is not None and until <= since:
        raise Invalid(_("A role ends after the day it begins."), field="until")
    if User.objects.select_for_update().filter(id=user_id, is_active=True).first() is None:
        raise Missing(_("There is no such user."))
    same = RoleHeld.objects.filter(
        Q(place=place) if organisation is None else Q(organisation_id=organisation)
    )
    standing = same.filter(user_id=user_id, role=role).exclude(until__lte=since)
    held = standing.values_list("id", flat=True).first()
    if held is not None:
        return held
    granted = RoleHeld.objects.create(
        id=uuid7(),
        user_id=user_id,
        role=role,
        place=place,
        organisation_id=organisation,
        county=county,
        since=since,
        until=until,
    )
    return granted.id


@verb
def end_role(actor: Actor, *, role_id: UUID) -> None:
    """End a role today, by whoever could have given it; its holder's next page no longer has its powers.

    Raises:
        Forbidden: out of the actor's reach.
        Missing: no such role.
    """
    held = RoleHeld.objects.select_for_update().filter(id=role_id).first()
    if held is None:
        raise Missing(_("There is no such role."))
    _may_give(actor, held.role, held.user_id, _where(held.place, held.organisation_id)[2])
    today = clock.today()
    if held.until is None or held.until > today:
        held.until = today
        held.save(update_fields=["until"])


@verb
def reset_second_factor(actor: Actor, *, user_id: UUID) -> None:
    """Take a lost second factor off a user, who sets up another at the next sign-in; all their sign-ins end.

    By whoever could have given every role the user holds.

    Raises:
        Forbidden: a role of theirs is out of the actor's reach, or they hold none.
    """
    held = list(RoleHeld.objects.filter(user_id=user_id).exclude(until__lte=clock.today()))
    if not held and not actor.everything:
        raise Forbidden(_("Your role does not allow this here."))
    for role in held:
        _may_give(actor, role.role, user_id, _where(role.place, role.organisation_id)[2])
    Authenticator.objects.filter(user_id=user_id).delete()
    SignIn.objects.filter(user_id=user_id).delete()


def _where(place: str | None, organisation: UUID | None) -> tuple[str | None, str, str]:
    """The trimmed place, the county, and the place at which the right to give the role is asked."""
    if place is not None and organisation is None:
        code = str(PlaceCode(place)) if place else ""
        return code, code[:6], code
    if organisation is None or place is not None:
        raise Invalid(_("A role is held either at a place or at an organisation."), field="place")
    found = Organisation.objects.filter(id=organisation).first()
    if found is None:
        raise Missing(_("There is no such organisation."))
    return None, found.county, found.place


def _may_give(actor: Actor, role: str, user_id: UUID, place: str) -> None:
    actor.require("role.grant", place=place)
    if actor.everything:
        return
    if actor.user_id == user_id:
        raise Forbidden(_("Nobody changes their own roles."))
    giving = (grant for grant in actor.grants if grant.reaches(place, None))
    if not any(role in rules.ROLES[grant.role].grants for grant in giving if grant.role in rules.ROLES):
        raise Forbidden(_("Your role does not give this one. Ask whoever stands above you."))
