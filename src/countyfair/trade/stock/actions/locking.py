"""Locking a lot by hand; the hot paths lock theirs in SQL, in the same order."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Conflict, Missing
from countyfair.trade.stock.models import Lot, Supply


def locked_lot(lot: UUID) -> Lot:
    """The lot, its row locked until the end of the transaction.

    Raises:
        Missing: there is no such lot.
    """
    row = Lot.objects.select_for_update(no_key=True).filter(pk=lot).first()
    if row is None:
        raise Missing(_("There is no such lot."))
    return row


def weighed_lot(lot: UUID) -> Lot:
    """The same of a lot that was weighed.

    Raises:
        Missing: there is no such lot.
        Conflict: it is a harvest sold ahead, of which nothing lies there yet.
    """
    row = locked_lot(lot)
    if row.expected:
        raise Conflict(_("This harvest is expected only. Weigh it in, then allot it."), code="expected")
    return row


def lock_supplies(lot: UUID) -> None:
    """Lock the supplies above a lot before the lot itself: whoever draws on it waits."""
    above = Supply.objects.filter(pool_id__in=Lot.objects.filter(pk=lot).values("pool_id"))
    list(above.select_for_update(no_key=True).order_by("id").values_list("id"))
