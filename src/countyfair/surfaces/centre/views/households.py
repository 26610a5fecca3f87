"""Households: found by number, village or phone; registered; their consents; their identity, on record."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Forbidden, Invalid, Refusal, Sentence
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.registers.people.queries.files import household_file
from countyfair.surfaces import ui
from countyfair.surfaces.centre import villages
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.pages import ROWS, leaf
from countyfair.surfaces.centre.words import CONSENT_WAYS, EVIDENCE, IDENTITY, OPENINGS
from countyfair.surfaces.ui.given import Correctable, Given


@page("household.read")
def households(desk: Desk) -> HttpResponse:
    """Households by number, names masked; filters: number, village, phone (exact)."""
    asked = Given(desk.request.GET)
    refusal: Refusal | None = None
    phone = ""
    try:
        phone = rules.phone(asked.text("phone")) if asked.text("phone") else ""
    except Invalid as error:
        refusal = error
    found = (
        queries.households(
            desk.actor,
            county=desk.county,
            number=asked.text("q"),
            place=_place(desk, asked.text("place")),
            phone=phone,
            after=asked.text("after"),
            limit=ROWS + 1,
        )
        if refusal is None
        else []
    )
    return desk.show(
        "households",
        {
            "leaf": leaf(desk.request, found, lambda row: row.number),
            "asked": desk.request.GET,
            "purposes": purpose_labels(),
            "villages": villages.choices(desk.county),
        },
        codes=[row.place for row in found],
        refusal=refusal,
    )


@page("household.read")
def household(desk: Desk, key: UUID) -> HttpResponse:
    """One household: what it agreed to, who opened its identity."""
    return _household(desk, key)


@page("household.register")
def register(desk: Desk) -> HttpResponse:
    """Register a household with its sealed identity and what it agreed to."""

    def act(given: Given) -> HttpResponse:
        place = given.text("place", need=_("Choose the village."))
        once = ui.once(desk.request)
        given.stop()
        made = actions.register_household(
            desk.actor,
            place=_place(desk, place),
            head_name=given.text("head_name"),
            id_number=given.text("id_number"),
            phone=given.text("phone"),
            bank_account=given.text("bank_account"),
            bank_name=given.text("bank_name", most=80),
            agreed=given.many("agreed"),
            how=given.text("how") or "paper",
            household_id=once,
        )
        return desk.go(
            "household", made.id, said=_("Household %(number)s is registered.") % {"number": made.number}
        )

    return desk.asks(lambda refusal: _registering(desk, refusal), act)


@page("household.register")
def consent(desk: Desk, key: UUID) -> HttpResponse:
    """Put on record what a household agrees to."""
    _own(desk, key)

    def act(given: Given) -> HttpResponse:
        until = given.day("until")
        given.stop()
        actions.record_consent(
            desk.actor, household_id=key, purpose=given.text("purpose"), how=given.text("how"), until=until
        )
        return desk.go("household", key, said=_("The consent is on record."))

    return desk.asks(lambda refusal: _household(desk, key, refusal=refusal), act)


@page("household.register")
def withdraw(desk: Desk, key: UUID) -> HttpResponse:
    """Take a consent back, on the household's word."""
    _own(desk, key)
    purpose = Given(desk.request.POST).text("purpose")
    actions.withdraw_consent(desk.actor, household_id=key, purpose=purpose)
    return desk.go("household", key, said=_("The consent is withdrawn."))


@page("household.read", "household.identify", "audit.read")
def identity(desk: Desk, key: UUID) -> HttpResponse:
    """Open a household's identity for a purpose; the opening is on record. The answer is kept nowhere."""
    _own(desk, key)
    purpose = desk.request.POST.get("purpose", "")
    known = rules.PURPOSES.get(purpose)
    try:
        opened = actions.read_household(
            desk.actor,
            household_id=key,
            fields=known.fields if known else (),
            purpose=purpose if known else "",
        )
    except Correctable as refusal:
        return _household(desk, key, refusal=refusal)
    except Forbidden as refusal:
        if refusal.code != "no_consent":
            raise
        return _household(desk, key, refusal=refusal)
    return desk.show(
        "identity",
        {
            "opened": opened,
            "fields": [
                (IDENTITY[name], opened.fields[name]) for name in rules.FIELDS if name in opened.fields
            ],
            "purpose": purpose_labels()[purpose],
        },
        codes=[opened.place],
    )


def purpose_labels() -> dict[str, Sentence]:
    """Purposes by key, as people read them."""
    return {name: purpose.label for name, purpose in rules.PURPOSES.items()}


def _own(desk: Desk, key: UUID) -> queries.HouseholdRow:
    return desk.own(lambda: queries.household(desk.actor, household_id=key), lambda row: row.county)


def _place(desk: Desk, place: str) -> str:
    """The place when it lies in this county.

    Raises:
        Invalid: it lies elsewhere.
    """
    if place and not place.startswith(desk.county):
        raise Invalid(_("Choose a place of this county."), field="place")
    return place


def _household(desk: Desk, key: UUID, *, refusal: Refusal | None = None) -> HttpResponse:
    found = desk.own(lambda: household_file(desk.actor, household_id=key), lambda file: file.household.county)
    row, consents, reads = found.household, found.consents, found.reads
    named = [consent.taken_by for consent in consents] + [read.actor for read in reads]
    return desk.show(
        "household",
        {
            "household": row,
            "consents": consents,
            "reads": reads,
            "people": colleagues(desk.actor, county=desk.county, keys=named),
            "purposes": {**purpose_labels(), **OPENINGS},
            "evidence": EVIDENCE,
            "identifies": desk.actor.may("household.identify", place=row.place),
            "asked": [(name, rules.PURPOSES[name].label) for name in rules.ASKED],
            "ways": CONSENT_WAYS,
            "fields": {**IDENTITY, **EVIDENCE},
            "openable": [
                (name, purpose.label)
                for name, purpose in rules.PURPOSES.items()
                if purpose.fields and desk.actor.may(purpose.power, place=row.place)
            ],
            "typed": desk.request.POST,
        },
        codes=[row.place],
        refusal=refusal,
    )


def _registering(desk: Desk, refusal: Refusal | None = None) -> HttpResponse:
    return desk.show(
        "household_new",
        {
            "typed": desk.request.POST,
            "agreed": desk.request.POST.getlist("agreed"),
            "once": desk.request.POST.get("once"),
            "villages": villages.choices(desk.county),
            "asked": [(name, rules.PURPOSES[name].label) for name in rules.ASKED],
            "ways": list(CONSENT_WAYS.items()),
        },
        refusal=refusal,
    )
