"""What was tried in vain: noted with its place, sent out again, or taken back by who packed it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Forbidden, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders.actions.advancing import advance, locked, standing
from countyfair.trade.orders.actions.giving_back import give_back_all, shelve_all
from countyfair.trade.orders.events import Cancelled
from countyfair.trade.orders.models import Order
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.stock import actions as stock


@verb
def fail_delivery(actor: Actor, *, order_id: UUID, reason: str, note: str = "") -> None:
    """A parcel could not be given to its buyer: kept with the reason, at the place where it was tried.

    Args:
        reason: one of `logistics.rules.reasons.REASONS`; `note` is what was written beside it.

    Raises:
        Forbidden: no `logistics.scan` on its way.
        Missing, Conflict: no such order, its parcel is not on its way, or on its way to a station still.
        Invalid: no such reason.
    """
    order = locked(order_id)
    where = _stands(actor, order, "logistics.scan", likely=order.destination)
    for parcel in parcels_of([str(order_id)]):
        logistics.fail(actor, parcel=parcel.id, reason=reason, note=note, place=where)


@verb
def send_out_again(actor: Actor, *, order_id: UUID) -> None:
    """Let a parcel that was tried in vain ride once more; the tries are counted.

    Raises:
        Forbidden: no `orders.deliver` on its way.
        Missing, Conflict: no such order, its parcel has not failed, or was tried often enough.
    """
    order = locked(order_id)
    advance(actor, order, "send_out_again")
    where = _stands(actor, order, "orders.deliver", likely=order.origin_place)
    for parcel in parcels_of([str(order_id)]):
        logistics.send_out_again(actor, parcel=parcel.id, place=where)


@verb
def return_to_sender(actor: Actor, *, order_id: UUID, reason: str, goods_are_good: bool) -> None:
    """A parcel that was tried in vain is back where it was packed: all of the money goes back to the buyer.

    Args:
        goods_are_good: they lie on the shelf again; else they are written off, which needs
            `stock.write_off` where they were weighed.

    Raises:
        Forbidden: no `orders.return` where it was packed, or no power to write off.
        Missing, Conflict: no such order, or its parcel has not failed.
        Invalid: no reason.
    """
    order = locked(order_id)
    advance(actor, order, "return_to_sender", reason=reason)
    if not reason.strip():
        raise Invalid(_("Say why, in a few words."), field="reason")
    if order.discount_fen:
        promotions.give_back(actor, holder=str(order.id))
    _shelve(actor, order, reason.strip()[:200], goods_are_good)
    for parcel in parcels_of([str(order_id)]):
        logistics.take_back(actor, parcel=parcel.id, reason=reason.strip(), place=order.origin_place)
    refund, amount_fen = give_back_all(actor, order, reason)
    announce(Cancelled(order.id, refund, amount_fen), county=order.county)


def _shelve(actor: Actor, order: Order, reason: str, goods_are_good: bool) -> None:
    source = f"return:{order.id}"
    keys = shelve_all(actor, order, source, reason)
    if not goods_are_good:
        stock.write_off_returned(actor, holders=keys, source=source, reason=reason)


def _stands(actor: Actor, order: Order, power: str, *, likely: str) -> str:
    """Where the actor is: a place on the order's way where the power is theirs, the likely one before others.

    Raises:
        Forbidden: nowhere on it.
    """
    way = standing(actor, order).places.of("way")
    for place in sorted(way, key=lambda place: place != likely):
        if actor.may(power, place=place):
            return place
    raise Forbidden(_("Your role does not allow this for this order."))
