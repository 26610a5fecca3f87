"""Consents: what a household agrees to, one purpose each, and takes back as easily."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import Consent, Household, HouseholdIdentity


@verb
def record_consent(
    actor: Actor, *, household_id: UUID, purpose: str, how: str, until: date | None = None
) -> UUID:
    """Record that a household agrees to a purpose, until the end of a day or until it withdraws.

    By the household itself, or with `household.register` at its place. A consent that stands
    already with the same end is returned as it is.

    Raises:
        Forbidden: neither.
        Invalid: no purpose that asks for consent, no such way, or an end in the past.
        Missing: no such household.
        Conflict: its identity was erased.
    """
    household = _reached(actor, household_id)
    if purpose not in rules.ASKED or how not in rules.HOW:
        raise Invalid(_("Choose what the household agreed to, and how."), field="purpose")
    if until is not None and until < clock.today():
        raise Invalid(_("A consent ends today at the earliest."), field="until")
    if HouseholdIdentity.objects.filter(household_id=household_id, erased_at__isnull=False).exists():
        raise Conflict(_("The identity of this household was erased. Register it anew."))
    standing = (
        Consent.objects.filter(
            household_id=household_id, purpose=purpose, withdrawn_at__isnull=True, until=until
        )
        .values_list("id", flat=True)
        .first()
    )
    if standing is not None:
        return standing
    return Consent.objects.create(
        id=uuid7(),
        household=household,
        county=household.county,
        purpose=purpose,
        how=how,
        given_at=clock.now(),
        until=until,
    ).id


@verb
def withdraw_consent(actor: Actor, *, household_id: UUID, purpose: str) -> int:
    """Take back every consent of a household to a purpose; returns how many stood.

    Raises:
        Forbidden: neither the household itself nor `household.register` at its place.
        Missing: no such household.
    """
    _reached(actor, household_id)
    return Consent.objects.filter(
        household_id=household_id, purpose=purpose, withdrawn_at__isnull=True
    ).update(withdrawn_at=clock.now())


def _reached(actor: Actor, household_id: UUID) -> Household:
    household = Household.objects.select_for_update().filter(id=household_id).first()
    if household is None:
        raise Missing(_("There is no such household."))
    if actor.user_id is None or actor.user_id != household.user_id:
        actor.require("household.register", place=household.place)
    return household
