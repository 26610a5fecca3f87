"""Organisations: co-operatives, firms, centre operators, public bodies."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.place_code import PlaceCode
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import Organisation, RoleHeld
from countyfair.registers.places.queries import may_stand


@verb
def register_organisation(
    actor: Actor,
    *,
    place: str,
    kind: str,
    name: str,
    name_en: str = "",
    registration_number: str = "",
    organisation_id: UUID | None = None,
) -> UUID:
    """Register an organisation at a place; needs `organisation.register` there.

    Args:
        registration_number: its unified social credit code, "" where it has none.

    Raises:
        Forbidden: not at this place.
        Invalid: no name, no such kind, no such number, a place above a county, or none that there is.
        Conflict: the id is another organisation's, or the number is registered already.
    """
    code = PlaceCode(place)
    actor.require("organisation.register", place=code)
    name, name_en = _names(name, name_en)
    number = rules.credit_code(registration_number) if registration_number.strip() else ""
    if kind not in rules.ORGANISATION_KINDS:
        raise Invalid(_("There is no such kind of organisation."), field="kind")
    if len(code) < 6:
        raise Invalid(_("An organisation stands in a county."), field="place")
    if not may_stand(code):
        raise Invalid(_("No such place. Choose it from the list."), field="place")
    given = Organisation(
        id=organisation_id or uuid7(),
        county=code.county,
        place=str(code),
        kind=kind,
        name=name,
        name_en=name_en,
        registration_number=number,
    )
    found = Organisation.objects.filter(id=given.id).first()
    if found is None:
        _refuse_known(number, given.id)
        given.save(force_insert=True)
    elif _said(found) != _said(given):
        raise Conflict(_("This id belongs to another organisation."))
    return given.id


@verb
def change_organisation(
    actor: Actor, *, organisation_id: UUID, name: str, name_en: str = "", registration_number: str = ""
) -> None:
    """Correct the name or the registration number of an organisation; its kind and place stay.

    Raises:
        Forbidden: no `organisation.register` at its place.
        Missing: no such organisation.
        Invalid: no name, or no such number.
        Conflict: it is closed, or the number is another's.
    """
    found = _locked(actor, organisation_id)
    if found.closed_on is not None:
        raise Conflict(_("This organisation is closed."))
    found.name, found.name_en = _names(name, name_en)
    number = rules.credit_code(registration_number) if registration_number.strip() else ""
    _refuse_known(number, found.id)
    found.registration_number = number
    found.save(update_fields=["name", "name_en", "registration_number"])


@verb
def close_organisation(actor: Actor, *, organisation_id: UUID) -> None:
    """Close an organisation today, and end the roles held at it; its history stays.

    Rooms above, which know what hangs on it, call this.

    Raises:
        Forbidden: no `organisation.register` at its place.
        Missing: no such organisation.
    """
    found = _locked(actor, organisation_id)
    if found.closed_on is not None:
        return
    today = clock.today()
    found.closed_on = today
    found.save(update_fields=["closed_on"])
    held = RoleHeld.objects.filter(organisation_id=found.id)
    held.filter(Q(until__isnull=True) | Q(until__gt=today)).update(until=today)


@verb
def hold_organisation(actor: Actor, *, organisation_id: UUID) -> None:
    """Keep an organisation as it stands until the calling verb is done; nothing where there is none.

    Whoever hangs something on it, or closes it because nothing hangs on it, holds it first and
    looks then. It changes nothing, and so needs no power of its own.
    """
    Organisation.objects.select_for_update(no_key=True).filter(id=organisation_id).first()


def _locked(actor: Actor, organisation_id: UUID) -> Organisation:
    found = Organisation.objects.select_for_update().filter(id=organisation_id).first()
    if found is None:
        raise Missing(_("There is no such organisation."))
    actor.require("organisation.register", place=found.place)
    return found


def _names(name: str, name_en: str) -> tuple[str, str]:
    name, name_en = name.strip(), name_en.strip()
    if not name or len(name) > 120:
        raise Invalid(_("Give the organisation its registered name."), field="name")
    if len(name_en) > 160:
        raise Invalid(_("This name is too long: at most 160 characters."), field="name_en")
    return name, name_en


def _refuse_known(number: str, organisation_id: UUID) -> None:
    """Refuse a number that another organisation bears; the database keeps it so."""
    if (
        number
        and Organisation.objects.filter(registration_number=number).exclude(id=organisation_id).exists()
    ):
        raise Conflict(_("Another organisation has this registration number."), field="registration_number")


def _said(row: Organisation) -> tuple[str, ...]:
    return (row.place, row.kind, row.name, row.name_en, row.registration_number)
