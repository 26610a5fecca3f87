"""Keeping a lot from being sold, e.g. while it is recalled, and letting it be sold again."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.verbs import verb
from countyfair.trade.stock.actions.holding import release_reservations
from countyfair.trade.stock.actions.locking import lock_supplies, locked_lot, weighed_lot
from countyfair.trade.stock.events import Blocked
from countyfair.trade.stock.queries.lots import held_on


@verb
def block(actor: Actor, *, lot: UUID, by: str, reason: str) -> tuple[str, ...]:
    """Sell nothing of a lot any more; its pool sells on from the others. The same again changes nothing.

    What is held of it is set free, and `stock.blocked` names the holders, so that orders cancel and refund.
    What comes back to it later, or is counted in, stays unsold too.

    Args:
        by: the key of who blocks it; who unblocks it must name the same.

    Returns the holders that lost something now.

    Raises:
        Missing: no such lot.
        Forbidden: no `stock.block` where the lot was weighed.
        Conflict: somebody else blocks it already (code `blocked`).
    """
    lock_supplies(lot)
    row = weighed_lot(lot)
    actor.require("stock.block", place=row.place)
    if row.blocked_by == by:
        return ()
    if row.blocked_by:
        raise Conflict(_("This lot is blocked already."), code="blocked")
    row.blocked_by = by
    row.save(update_fields=["blocked_by"])
    held = held_on(lot)
    release_reservations([one.id for one in held], reason)
    holders = tuple(dict.fromkeys(one.holder for one in held))
    announce(Blocked(lot, holders, tuple(one.id for one in held)), county=row.county)
    return holders


@verb
def unblock(actor: Actor, *, lot: UUID, by: str) -> None:
    """Let what is left of a lot be sold again. A lot that is not blocked stays as it is.

    Raises:
        Missing, Forbidden: as `block`.
        Conflict: somebody else blocks it.
    """
    row = locked_lot(lot)
    actor.require("stock.block", place=row.place)
    if row.blocked_by and row.blocked_by != by:
        raise Conflict(_("This lot is blocked for another reason."), code="blocked")
    if row.blocked_by:
        row.blocked_by = ""
        row.save(update_fields=["blocked_by"])
