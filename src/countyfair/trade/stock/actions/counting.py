"""Counter-entries: a lot was counted again, or part of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import announce
from countyfair.kernel.quantity import LARGEST
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.stock.actions.holding import release_reservations
from countyfair.trade.stock.actions.locking import lock_supplies, weighed_lot
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.events import Corrected, Shortfall
from countyfair.trade.stock.models import Lot, Movement, Reservation
from countyfair.trade.stock.queries.lots import held_on
from countyfair.trade.stock.rules import HeldAmount, give_up


@verb
def correct(actor: Actor, *, entry: UUID, lot: UUID, counted: int, reason: str) -> int:
    """Set what lies there to what was counted, by a counter-entry. Returns the difference.

    Args:
        entry: an id made by whoever counts; the same again changes nothing.
        counted: base units that really lie there, with what is held for others.

    Raises:
        Forbidden: no `stock.correct` where the lot was weighed.
        Missing: no such lot.
        Invalid: no reason, or a number that cannot be.
        Conflict: less than is held for others; `details["held"]` lists (holder, amount).
    """
    row = _counted(actor, lot, counted, reason)
    if (before := _entered(f"correct:{entry}", lot)) is not None:
        return before
    if counted < row.reserved:
        raise Conflict(
            _(
                "%(held)d units of this lot are promised to buyers. Cancel those orders first, or correct and"
                " release them."
            )
            % {"held": row.reserved},
            code="held",
            details={"reserved": row.reserved, "held": [(one.holder, one.amount) for one in held_on(lot)]},
        )
    return _enter(row, entry, counted, reason)


@verb
def correct_and_release(
    actor: Actor, *, entry: UUID, lot: UUID, counted: int, reason: str
) -> tuple[str, ...]:
    """Correct a lot below what it holds: the youngest promises go, and their holders are told.

    Unpaid reservations go before paid ones, late ones before early ones, whole ones only, until
    what is left is covered. `stock.shortfall` names the holders, so that orders cancel and refund.
    Returns the holders that lost something.

    Raises:
        As `correct`, without the Conflict.
    """
    lock_supplies(lot)
    row = _counted(actor, lot, counted, reason)
    if _entered(f"correct:{entry}", lot) is not None:
        return ()
    held = [
        HeldAmount(one.id, one.holder, one.amount, one.expires_at is None, one.held_at)
        for one in held_on(lot)
    ]
    lost = give_up(held, row.reserved - counted)
    if lost:
        release_reservations([one.id for one in lost], reason)
        holders = tuple(dict.fromkeys(one.holder for one in lost))
        announce(Shortfall(lot, holders, tuple(one.id for one in lost)), county=row.county)
    _enter(row, entry, counted, reason)
    return tuple(dict.fromkeys(one.holder for one in lost))


@verb
def write_off(actor: Actor, *, entry: UUID, lot: UUID, amount: int, reason: str) -> None:
    """Take spoilt or lost goods off a lot. The same entry again changes nothing.

    Raises:
        Forbidden: no `stock.write_off` where the lot was weighed.
        Missing, Invalid: as `correct`.
        Conflict: more than the lot has free, or the entry was used otherwise.
    """
    row = weighed_lot(lot)
    actor.require("stock.write_off", place=row.place)
    _need_reason(reason)
    if not 0 < amount <= LARGEST:
        raise Invalid(_("The quantity must be more than zero and not absurdly large."), field="amount")
    before = _entered(f"write_off:{entry}", lot)
    if before is not None:
        if before != -amount:
            raise Conflict(_("This was entered before with other figures."))
        return
    source = f"write_off:{entry}"
    append("write_off", lot=lot, county=row.county, on_hand=-amount, source=source, reason=reason)
    announce(Corrected(lot, -amount, reason), county=row.county)


@verb
def write_off_returned(actor: Actor, *, holders: Sequence[str], source: str, reason: str) -> int:
    """Write off what a return just put back into its lots, because nobody can sell it again.

    Args:
        holders: whose goods came back; source: the key of the return, as `take_back` was given it.

    Returns how many base units that were; 0 the second time.

    Raises:
        Forbidden: no `stock.write_off` where one of the lots was weighed.
        Invalid: no reason.
    """
    _need_reason(reason)
    promises = Reservation.objects.filter(holder__in=list(holders)).values_list("id", flat=True)
    sources = [f"take_back:{source}/{promise}" for promise in promises]
    written = 0
    for back in Movement.objects.filter(source__in=sources).order_by("lot_id", "id"):
        row = weighed_lot(back.lot_id)
        if not actor.may("stock.write_off", place=row.place):
            raise Forbidden(_("Only the county centre writes goods off. Keep them apart and call it."))
        if _entered(f"write_off:{back.source}", row.id) is not None:
            continue
        amount = back.on_hand_delta
        append("write_off", lot=row.id, county=row.county, on_hand=-amount,
               source=f"write_off:{back.source}", reason=reason)  # fmt: skip
        announce(Corrected(row.id, -amount, reason), county=row.county)
        written += amount
    return written


def _counted(actor: Actor, lot: UUID, counted: int, reason: str) -> Lot:
    row = weighed_lot(lot)
    actor.require("stock.correct", place=row.place)
    _need_reason(reason)
    if not 0 <= counted <= LARGEST:
        raise Invalid(_("Write what was counted: zero or more."), field="counted")
    return row


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Say why, in a few words."), field="reason")
    if len(reason) > 200:
        raise Invalid(_("Say it in at most 200 characters."), field="reason")


def _entered(source: str, lot: UUID) -> int | None:
    """What an entry moved before, or None when it is new."""
    before = Movement.objects.filter(source=source).first()
    if before is None:
        return None
    if before.lot_id != lot:
        raise Conflict(_("This was entered before for another lot."))
    return before.on_hand_delta


def _enter(row: Lot, entry: UUID, counted: int, reason: str) -> int:
    delta = counted - row.on_hand
    if delta == 0:
        return 0
    append("correct", lot=row.id, county=row.county, on_hand=delta, source=f"correct:{entry}", reason=reason)
    announce(Corrected(row.id, delta, reason), county=row.county)
    return delta
