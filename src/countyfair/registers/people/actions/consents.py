"""Consents: what a household agrees to, one purpose each, and takes back as easily."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.seal import seal, unseal
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import (
    Consent,
    ConsentEvidence,
    Household,
    HouseholdIdentity,
    HouseholdRead,
)

#: What evidence is sealed for, and why a reading of it was.
EVIDENCE = "consent.evidence"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A picture of the signed sheet (`picture`, WebP) or the household's own words (`sound`, AAC in MP4),
    drawn or encoded anew by who took it in."""

    kind: str
    data: bytes


@verb
def record_consent(
    actor: Actor,
    *,
    household_id: UUID,
    purpose: str,
    how: str,
    until: date | None = None,
    evidence: Evidence | None = None,
) -> UUID:
    """Record that a household agrees to a purpose, until the end of a day or until it withdraws.

    By the household itself, or with `household.register` at its place. A consent that stands
    already with the same end is returned as it is; evidence is added to it where it has none.

    Raises:
        Forbidden: neither.
        Invalid: no purpose that asks for consent, no such way, an end in the past, or evidence that is too
            large.
        Missing: no such household.
        Conflict: its identity was erased.
    """
    household = reached(actor, household_id)
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
    if standing is None:
        standing = Consent.objects.create(
            id=uuid7(),
            household=household,
            county=household.county,
            purpose=purpose,
            how=how,
            given_at=clock.now(),
            until=until,
        ).id
    if evidence is not None:
        _keep_evidence(household, standing, evidence)
    return standing


@verb
def open_evidence(actor: Actor, *, household_id: UUID, consent_id: UUID) -> Evidence:
    """What shows that a household agreed; each opening is on record.

    By the household itself, or with `household.identify` at its place.

    Raises:
        Missing: no such household, or nothing is kept of this consent of its.
        Forbidden: neither.
    """
    household = Household.objects.filter(id=household_id).first()
    if household is None:
        raise Missing(_("There is no such household."))
    if actor.user_id is None or actor.user_id != household.user_id:
        actor.require("household.identify", place=household.place)
    kept = ConsentEvidence.objects.filter(consent_id=consent_id, consent__household_id=household_id).first()
    if kept is None or not kept.sealed:
        raise Missing(_("Nothing is kept of this consent."))
    HouseholdRead.objects.create(
        id=uuid7(), household=household, county=household.county, purpose=EVIDENCE, fields=kept.kind,
        at=clock.now(),
    )  # fmt: skip
    return Evidence(kept.kind, base64.b64decode(unseal(kept.sealed, EVIDENCE)))


@verb
def withdraw_consent(actor: Actor, *, household_id: UUID, purpose: str) -> int:
    """Take back every consent of a household to a purpose; returns how many stood.

    Raises:
        Forbidden: neither the household itself nor `household.register` at its place.
        Missing: no such household.
    """
    reached(actor, household_id)
    return Consent.objects.filter(
        household_id=household_id, purpose=purpose, withdrawn_at__isnull=True
    ).update(withdrawn_at=clock.now())


def _keep_evidence(household: Household, consent: UUID, evidence: Evidence) -> None:
    """Sealed; what is there already stays."""
    if evidence.kind not in rules.EVIDENCE or not 0 < len(evidence.data) <= rules.LARGEST_EVIDENCE:
        raise Invalid(_("The picture or recording is too large to be kept. Make it anew."), field="evidence")
    made = ConsentEvidence(
        id=uuid7(), consent_id=consent, county=household.county, kind=evidence.kind,
        sealed=seal(base64.b64encode(evidence.data).decode(), EVIDENCE), kept_at=clock.now(),
    )  # fmt: skip
    ConsentEvidence.objects.bulk_create([made], ignore_conflicts=True)


def reached(actor: Actor, household_id: UUID) -> Household:
    """The household, locked, for itself or with `household.register` at its place.

    Raises:
        Missing: no such household.
        Forbidden: neither.
    """
    household = Household.objects.select_for_update().filter(id=household_id).first()
    if household is None:
        raise Missing(_("There is no such household."))
    if actor.user_id is None or actor.user_id != household.user_id:
        actor.require("household.register", place=household.place)
    return household
