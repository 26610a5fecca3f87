"""Organisations that run shops, or work with the county: registering, correcting, closing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Missing, Refusal
from countyfair.registers.people import actions, queries
from countyfair.registers.people.queries import OrganisationRow
from countyfair.surfaces import ui
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, after_name, by_key, leaf
from countyfair.surfaces.centre.words import ORGANISATION_KINDS
from countyfair.surfaces.ui.given import Given
from countyfair.trade.catalog.actions import close_operator


@page("people.read")
def organisations(desk: Desk) -> HttpResponse:
    """The county's organisations by name; with `closed`, those that are over too."""
    asked = Given(desk.request.GET)
    found = queries.organisations(
        desk.actor,
        county=desk.county,
        closed=bool(asked.text("closed")),
        text=asked.text("q"),
        after=after_name(desk.request),
        limit=ROWS + 1,
    )
    shown = leaf(desk.request, found, lambda row: by_key(row.name, row.id))
    return desk.show(
        "organisations",
        {"leaf": shown, "kinds": ORGANISATION_KINDS, "asked": desk.request.GET},
        codes=[row.place for row in shown.rows],
    )


@page("organisation.register")
def register(desk: Desk) -> HttpResponse:
    """Register an organisation."""

    def act(given: Given) -> HttpResponse:
        place = given.text("place") or desk.county
        once = ui.once(desk.request)
        if not place.startswith(desk.county):
            raise Invalid(_("Choose a place of this county."), field="place")
        actions.register_organisation(
            desk.actor,
            organisation_id=once,
            place=place,
            kind=given.text("kind"),
            name=given.text("name"),
            name_en=given.text("name_en"),
            registration_number=given.text("registration_number"),
        )
        return desk.go("organisations", said=_("The organisation is registered."))

    return desk.asks(lambda refusal: _registering(desk, None, refusal), act)


@page("organisation.register")
def change(desk: Desk, key: UUID) -> HttpResponse:
    """Correct an organisation's name or number."""
    row = _own(desk, key)

    def act(given: Given) -> HttpResponse:
        actions.change_organisation(
            desk.actor,
            organisation_id=key,
            name=given.text("name"),
            name_en=given.text("name_en"),
            registration_number=given.text("registration_number"),
        )
        return desk.go("organisations", said=_("Saved."))

    return desk.asks(lambda refusal: _registering(desk, row, refusal), act)


@page("organisation.register")
def close(desk: Desk, key: UUID) -> HttpResponse:
    """Ask, then close an organisation that runs no shop any more."""
    row = _own(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        return desk.show("organisation_close", {"organisation": row}, refusal=refusal)

    def act(_given: Given) -> HttpResponse:
        close_operator(desk.actor, organisation=key)
        return desk.go("organisations", said=_("The organisation is closed."))

    return desk.asks(show, act)


def _own(desk: Desk, key: UUID) -> OrganisationRow:
    row = queries.organisations_by_id([key]).get(key)
    if row is None or row.county != desk.county:
        raise Missing(_("There is no such thing in this county."))
    return row


def _registering(desk: Desk, row: OrganisationRow | None, refusal: Refusal | None = None) -> HttpResponse:
    stands = (
        {"name": row.name, "name_en": row.name_en, "registration_number": row.registration_number}
        if row
        else {}
    )
    return desk.show(
        "organisation_form",
        {
            "organisation": row,
            "typed": {**stands, **desk.request.POST.dict()},
            "once": desk.request.POST.get("once"),
            "kinds": list(ORGANISATION_KINDS.items()),
            "villages": villages.choices(desk.county, whole=True) if row is None else [],
        },
        refusal=refusal,
    )
