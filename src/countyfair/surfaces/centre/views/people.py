"""People and roles: who works in the county, giving a role and ending it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Refusal, Sentence
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_key, by_key, leaf
from countyfair.surfaces.ui.given import Given


@page("people.read")
def people(desk: Desk) -> HttpResponse:
    """The roles held in the county, by place; with `ended`, those that are over too."""
    asked = Given(desk.request.GET)
    held = queries.roles_held(
        desk.actor, county=desk.county, role=asked.text("role"), ended=bool(asked.text("ended")),
        after=_after(desk), limit=ROWS + 1,
    )  # fmt: skip
    shown = leaf(desk.request, held, lambda row: by_key(row.place or "", row.role, row.id))
    return desk.show(
        "people",
        {
            "leaf": shown,
            "roles": role_labels(),
            "asked": desk.request.GET,
            "people": colleagues(desk.actor, county=desk.county, keys=[row.granted_by for row in shown.rows]),
            "me": desk.actor.user_id,
        },
        codes=[row.place for row in shown.rows if row.place],
    )


@page("role.grant")
def grant(desk: Desk) -> HttpResponse:
    """Find somebody by phone, or register them, and give them a role."""

    def act(given: Given) -> HttpResponse:
        phone = given.text("phone", need=_("Enter a phone number, for example 138 0013 8000."))
        place = given.text("place") or desk.county
        since, until = given.day("since"), given.day("until")
        given.stop()
        if not place.startswith(desk.county):
            raise Invalid(_("Choose a place of this county."), field="place")
        role, organisation = given.text("role"), given.key("organisation")
        given.stop()
        if role in rules.ROLES and not rules.ROLES[role].at_organisation:
            organisation = None
        _check_organisation(desk, organisation)
        user = _user(desk, phone, given)
        actions.grant_role(
            desk.actor,
            user_id=user,
            role=role,
            place=None if organisation else place,
            organisation=organisation,
            since=since,
            until=until,
        )
        return desk.go("people", said=_("The role is given."))

    return desk.asks(lambda refusal: _granting(desk, refusal), act)


@page("role.grant")
def end(desk: Desk, key: UUID) -> HttpResponse:
    """Ask, then end a role today."""
    row = desk.own(lambda: queries.role_held(desk.actor, role_id=key), lambda found: found.county)
    if desk.request.method == "POST":
        actions.end_role(desk.actor, role_id=key)
        return desk.go("people", said=_("The role has ended."))
    return desk.show("role_end", {"row": row, "roles": role_labels()}, codes=[row.place or desk.county])


def _after(desk: Desk) -> queries.AfterRole | None:
    said = after_key(desk.request, 3)
    return (said[0], said[1], UUID(said[2])) if said else None


def role_labels() -> dict[str, Sentence]:
    """Roles by key, as people read them."""
    return {name: role.label for name, role in rules.ROLES.items()}


def _check_organisation(desk: Desk, key: UUID | None) -> None:
    """Refuse an organisation that is not this county's, or closed."""
    if key is None:
        return
    found = queries.organisations_by_id([key]).get(key)
    if found is None or found.county != desk.county or found.closed_on is not None:
        raise Invalid(_("Choose an organisation of this county."), field="organisation")


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
            "organisations": [
                (row.id, row.name) for row in queries.organisations(desk.actor, county=desk.county)
            ],
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
