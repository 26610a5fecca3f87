"""How a household signs in: by a phone of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.registers.people import queries
from countyfair.registers.people.actions import link_phone
from countyfair.surfaces.farmer.farm import Farm, agreed
from countyfair.surfaces.ui.given import Given


@agreed
def phone(farm: Farm) -> HttpResponse:
    """Which phone signs in for the household, and the form for another."""
    if not farm.sent:
        return _phone(farm)
    given = Given(farm.request.POST)
    try:
        number = given.text("phone", most=30, need=_("Write the number of the phone."))
        given.stop()
        link_phone(farm.actor, household_id=farm.id, phone=number)
    except Invalid as refusal:
        return _phone(farm, refusal)
    return farm.go("home", said=_("Who has this phone signs in with it from now on."))


def _phone(farm: Farm, refusal: Invalid | None = None) -> HttpResponse:
    number = queries.phone_of(farm.actor, farm.household)
    return farm.show("phone", {"number": number}, refusal=refusal)
