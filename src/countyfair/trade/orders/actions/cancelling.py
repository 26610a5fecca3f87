"""Calling an order off: its stock goes back on the shelf, its money to the buyer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders.actions.advancing import (
    advance,
    advance_all,
    holders,
    holders_of,
    locked,
    locked_all,
    standing,
)
from countyfair.trade.orders.actions.giving_back import give_back_all, give_back_all_of, shelve_all
from countyfair.trade.orders.events import Cancelled
from countyfair.trade.orders.models import Line, Order
from countyfair.trade.orders.rules.reasons import SHORT
from countyfair.trade.payments.actions import cancel_intent
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.stock import actions as stock


@verb
def cancel(
    actor: Actor, *, order_id: UUID, token: str = "", reason: str = "", goods_are_back: bool = True
) -> None:
    """Cancel an order: by its buyer until it is packed, by the centre, with a reason, until it is delivered.

    Unpaid, it only gives its stock back; paid, all of it is refunded. Cancelled already, nothing happens.

    Args:
        token: of the order's link, for a buyer without log-in.
        reason: why; needed of anybody but the buyer.
        goods_are_back: of what was handed over already: whether it lies on the shelf again.

    Raises:
        Forbidden: neither its buyer nor `orders.cancel` in the county.
        Missing: no such order.
        Invalid: no reason.
        Conflict: it has gone too far; `details["state"]` says how far.
    """
    order = locked(order_id)
    who = standing(actor, order, token)
    if order.state == "cancelled" and (who.is_buyer or actor.may("orders.cancel", place=order.county)):
        return
    was = order.state
    advance(actor, order, "cancel", token=token, reason=reason)
    if not who.is_buyer and not reason.strip():
        raise Invalid(_("Say why, in a few words."), field="reason")
    undo(actor, order, was, reason, goods_are_back)


@verb
def cancel_short(actor: Actor, *, lines: Sequence[UUID], reason: str = SHORT) -> int:
    """Cancel the orders that own these lines, because their goods are not there; answers how many.

    For the house itself, when a lot was counted below what it held or may not be sold any more. What
    has left stock by now stays as it is.
    """
    short = Line.objects.filter(id__in=lines).values_list("order_id", flat=True)
    ours = ("placed", "gathering", "paid", "packed")
    return call_off(actor, [order for order in locked_all(set(short)) if order.state in ours], reason)


def call_off(actor: Actor, orders: Sequence[Order], reason: str) -> int:
    """Cancel many locked orders that have not left the house; answers how many.

    In a number of statements that does not grow with them, but for those that are not paid, that had a
    coupon, or whose parcel is packed.

    Raises:
        Forbidden, Conflict: one of them cannot be cancelled by this actor, or now.
    """
    if not orders:
        return 0
    was = {order.id: order.state for order in orders}
    advance_all(actor, orders, "cancel", reason=reason)
    for order in orders:
        if order.discount_fen:
            promotions.give_back(actor, holder=str(order.id))
    stock.release(actor, holders=holders_of(orders), reason=reason[:200])
    origin = {str(order.id): order.origin_place for order in orders}
    for parcel in parcels_of(list(origin)):
        logistics.send_back(actor, parcel=parcel.id, reason=reason, place=origin[parcel.reference])
    paid = [order for order in orders if was[order.id] != "placed" or not _stop_asking(actor, order)]
    back = give_back_all_of(actor, paid, reason)
    said = [(order, *back.get(order.id, (None, 0))) for order in orders]
    by_county: dict[str, list[Cancelled]] = {}
    for order, refund, amount_fen in said:
        by_county.setdefault(order.county, []).append(Cancelled(order.id, refund, amount_fen))
    for county, events in by_county.items():
        announce(*events, county=county)
    return len(orders)


def undo(actor: Actor, order: Order, was: str, reason: str, goods_are_back: bool) -> None:
    """Give back the stock and the money of a locked order that was just cancelled, and say so."""
    if order.discount_fen:
        promotions.give_back(actor, holder=str(order.id))
    if was == "handed_over":
        if goods_are_back:
            shelve_all(actor, order, f"cancel:{order.id}")
    else:
        stock.release(actor, holders=holders(order), reason=reason[:200])
    for parcel in parcels_of([str(order.id)]):
        logistics.send_back(actor, parcel=parcel.id, reason=reason, place=order.origin_place)
    refund, amount_fen = None, 0
    if was != "placed" or not _stop_asking(actor, order):
        refund, amount_fen = give_back_all(actor, order, reason)
    announce(Cancelled(order.id, refund, amount_fen), county=order.county)


def _stop_asking(actor: Actor, order: Order) -> bool:
    """Whether the payment is no longer asked for; False when it was paid this moment."""
    try:
        cancel_intent(actor, intent=order.intent)
    except Conflict:
        return False
    return True
