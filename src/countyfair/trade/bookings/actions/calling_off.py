"""Calling a booking off, by the rule that was frozen with it, and closing those that nobody redeemed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.bookings.models import Booking
from countyfair.trade.bookings.queries import booking_of, overdue
from countyfair.trade.bookings.rules import GRACE_DAYS, part
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as ordered
from countyfair.trade.orders.queries import OrderShown

#: Said in the journal of the order; shown to its buyer in their language.
CALLED_OFF, NO_SHOW = "called off by the guest", "nobody came"


@verb
def call_off(actor: Actor, *, order_id: UUID, token: str = "") -> int:
    """Call a booking off as its buyer; answers how many fen go back. Called off already, nothing happens.

    What comes back is what its rule says for today, and its places are free again. Not paid yet, nothing
    was asked: it just ends.

    Args:
        token: of the order's link, for a buyer without log-in.

    Raises:
        Forbidden: not its buyer.
        Missing: no such order, or it is no booking.
        Conflict: nothing comes back any more (code `too_late`), or it is redeemed or over.
    """
    kept = _locked(order_id)
    order = ordered.order(actor, order_id=order_id, token=token)
    if not order.is_buyer:
        raise Forbidden(_("Your role does not allow this for this order."))
    if kept.ended == "called_off" or order.state == "cancelled":
        return 0
    row = booking_of(order)
    if order.state == "placed":
        percent = 100
    elif row is None or not row.is_open:
        raise Conflict(_("This booking was redeemed, or is over."), code="over")
    else:
        percent = row.rule.percent_back((row.first_on - today()).days)
    if not percent:
        raise Conflict(
            _("By its rule nothing comes back any more, so the place stays yours."), code="too_late"
        )
    return _end(kept, order, "called_off", percent, CALLED_OFF)


@verb
def close_no_shows(actor: Actor, *, batch: int = 50) -> int:
    """Close bookings that nobody redeemed some days after they were over; answers how many.

    Phones that were without a line have had that time to send what they redeemed.
    """
    due = overdue(before=today() - timedelta(days=GRACE_DAYS), limit=batch)
    closed = 0
    for kept in Booking.objects.select_for_update(no_key=True).filter(order_id__in=due).order_by("order_id"):
        order = ordered.order(actor, order_id=kept.order_id)
        if order.state == "paid" and not kept.ended:
            _end(kept, order, "no_show", kept.no_show_percent, NO_SHOW)
            closed += 1
    return closed


def _locked(order_id: UUID) -> Booking:
    kept = Booking.objects.select_for_update(no_key=True).filter(order_id=order_id).first()
    if kept is None:
        raise Missing(_("There is no such booking."))
    return kept


def _end(kept: Booking, order: OrderShown, how: str, percent: int, reason: str) -> int:
    """End a booking, give back so many per cent of it; its places too where it is called off in time."""
    house, amount_fen = Actor.system(f"bookings.{how}"), part(order.total_fen, percent)
    kept.ended, kept.ended_at = how, now()
    kept.save(update_fields=["ended", "ended_at"])
    if percent == 100 and how == "called_off":
        orders.cancel(house, order_id=kept.order_id, reason=reason)
        return amount_fen if order.state != "placed" else 0
    orders.serve(house, order_id=kept.order_id, reason=reason)
    if amount_fen:
        back = how == "called_off"
        parts = [
            orders.Part(line.id, amount_fen, quantity=line.quantity if back else 0, restock=back)
            for line in order.lines[:1]
        ]
        orders.refund(house, order_id=kept.order_id, refund_id=uuid7(), parts=parts, reason=reason)
    return amount_fen
