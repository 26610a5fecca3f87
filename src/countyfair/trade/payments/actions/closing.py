"""Intents that will not be paid: cancelled, or past their time. Orders call these down."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.payments.models import Intent


@verb
def cancel_intent(actor: Actor, *, intent: UUID) -> None:
    """Stop asking for an intent; again, or for an expired one, changes nothing. For rooms above.

    Raises:
        Missing: there is no such intent.
        Conflict: it is paid; ask for a refund instead (`code` is `paid`).
    """
    known = Intent.objects.select_for_update(no_key=True).filter(id=intent).first()
    if known is None:
        raise Missing(_("There is no such payment."))
    if known.state == "paid":
        raise Conflict(_("This is paid already; it can be refunded instead."), code="paid")
    if known.state == "awaiting":
        Intent.objects.filter(id=intent).update(state="cancelled", closed_at=now())


@verb
def expire(actor: Actor, *, intents: Collection[UUID]) -> list[UUID]:
    """Close those of `intents` that still wait for money; answers which. For rooms above.

    What is left out of the answer was paid or closed meanwhile. Money that comes for an expired
    intent is still taken and announced as late.
    """
    due = [
        known.id
        for known in Intent.objects.select_for_update(no_key=True).filter(id__in=intents).order_by("id")
        if known.state == "awaiting"
    ]
    Intent.objects.filter(id__in=due).update(state="expired", closed_at=now())
    return due
