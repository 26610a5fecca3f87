"""People and roles: who works in the county, giving a role and ending it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Missing, Refusal, Sentence
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Correctable, Desk, page
from countyfair.surfaces.centre.given import Given

#: A county's roles stand on one page.
MOST = 1000


@page("people.read")
def people(desk: Desk) -> HttpResponse:
    """Every role held in the county, by place; with `ended`, those that are over too."""
    wanted = desk.request.GET.get("role", "")
    held = queries.roles_held(
        desk.actor, place=desk.county, ended=bool(desk.request.GET.get("ended")), limit=MOST
    )
    shown = [row for row in held if wanted in ("", row.role)]
    return desk.show(
        "people",
        {
            "held": shown,
            "roles": role_labels(),
            "asked": desk.request.GET,
            "people": colleagues(desk.actor, county=desk.county, keys=[row.granted_by for row in shown]),
            "me": desk.actor.user_id,
        },
        codes=[row.place for row in shown if row.place],
    )


@page("role.grant")
def grant(desk: Desk) -> HttpResponse:
    """Find somebody by phone, or register them, and give them a role."""
    if desk.request.method != "POST":
        return _granting(desk)
    given = Given(desk.request.POST)
    try:
        phone = given.text("phone", need=_("Enter a phone number, for example 138 0013 8000."))
        place = given.text("place") or desk.county
        since, until = given.day("since"), given.day("until")
        given.stop()
        if not place.startswith(desk.county):
            raise Invalid(_("Choose a place of this county."), field="place")
        user = _user(desk, phone, given)
        actions.grant_role(
            desk.actor, user_id=user, role=given.text("role"), place=place, since=since, until=until
        )
    except Correctable as refusal:
        return _granting(desk, refusal)
    return desk.go("people", said=_("The role is given."))


@page("role.grant")
def end(desk: Desk, key: UUID) -> HttpResponse:
    """Ask, then end a role today."""
    held = queries.roles_held(desk.actor, place=desk.county, ended=True, limit=MOST)
    row = next((one for one in held if one.id == key), None)
    if row is None:
        raise Missing(_("There is no such role in this county."))
    if desk.request.method == "POST":
        actions.end_role(desk.actor, role_id=key)
        return desk.go("people", said=_("The role has ended."))
    return desk.show("role_end", {"row": row, "roles": role_labels()}, codes=[row.place or desk.county])


def role_labels() -> dict[str, Sentence]:
    """Roles by key, as people read them."""
    return {name: role.label for name, role in rules.ROLES.items()}


def _user(desk: Desk, phone: str, given: Given) -> UUID:
    """Whoever answers the phone; registered when a name was given.

    Raises:
        Invalid: nobody does, and no name was given.
    """
    found = queries.find_user(desk.actor, phone=phone, place=desk.county)
    if found is not None:
        return found.id
    name = given.text("name")
    if not name:
        raise Invalid(
            _("Nobody signs in with this phone yet. Give their name to register them."), field="name"
        )
    return actions.register_user(desk.actor, phone=phone, name=name, place=desk.county)


def _granting(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    return desk.show(
        "role_grant",
        {
            "typed": desk.request.POST or desk.request.GET,
            "roles": [(name, role_labels()[name]) for name in _giveable(desk)],
            "villages": villages.choices(desk.county, whole=True),
        },
        refusal=refusal,
    )


def _giveable(desk: Desk) -> list[str]:
    """The roles that this person gives here."""
    given = {
        role
        for held in desk.actor.grants
        if held.reaches(desk.county, None) and held.role in rules.ROLES
        for role in rules.ROLES[held.role].grants
    }
    return [role for role in rules.ROLES if role in given]
