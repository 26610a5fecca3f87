"""Organisations: co-operatives, firms, centre operators, public bodies."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import Organisation


@verb
def register_organisation(
    actor: Actor,
    *,
    place: str,
    kind: str,
    name: str,
    name_en: str = "",
    organisation_id: UUID | None = None,
) -> UUID:
    """Register an organisation at a place; needs `organisation.register` there.

    Raises:
        Forbidden: not at this place.
        Invalid: no name, no such kind, or a place above a county.
        Conflict: the id is another organisation's.
    """
    code = PlaceCode(place)
    actor.require("organisation.register", place=code)
    name = name.strip()
    if not name:
        raise Invalid(_("Give the organisation its registered name."), field="name")
    if kind not in rules.ORGANISATION_KINDS:
        raise Invalid(_("There is no such kind of organisation."), field="kind")
    if len(code) < 6:
        raise Invalid(_("An organisation stands in a county."), field="place")
    given = Organisation(
        id=organisation_id or uuid7(),
        county=code.county,
        place=str(code),
        kind=kind,
        name=name,
        name_en=name_en,
    )
    found = Organisation.objects.filter(id=given.id).first()
    if found is None:
        given.save(force_insert=True)
    elif (found.place, found.kind, found.name, found.name_en) != (
        given.place,
        given.kind,
        given.name,
        given.name_en,
    ):
        raise Conflict(_("This id belongs to another organisation."))
    return given.id


@verb
def close_organisation(actor: Actor, *, organisation_id: UUID) -> None:
    """Close an organisation today; its history stays. Needs `organisation.register` at its place."""
    found = Organisation.objects.select_for_update().filter(id=organisation_id).first()
    if found is None:
        raise Missing(_("There is no such organisation."))
    actor.require("organisation.register", place=found.place)
    if found.closed_on is None:
        found.closed_on = clock.today()
        found.save(update_fields=["closed_on"])
