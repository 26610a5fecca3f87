"""What money does to an order: paid in time, paid late, paid twice, not paid at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import advance, locked_all
from countyfair.trade.orders.actions.billing import bill_asking, take_more
from countyfair.trade.orders.actions.giving_back import give_back_all
from countyfair.trade.orders.events import Cancelled, Joined, Paid
from countyfair.trade.orders.models import Line, Order, Step
from countyfair.trade.orders.queries.caps import beyond_cap
from countyfair.trade.orders.rules.reasons import GONE, LATE, UNPAID
from countyfair.trade.payments.actions import ask_refund
from countyfair.trade.payments.actions import expire as expire_intents
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.stock import actions as stock


@dataclass(frozen=True, slots=True)
class Money:
    """A capture: the money of one intent, in escrow. `surplus`: it came a second time."""

    order: UUID
    intent: UUID
    capture: UUID
    amount_fen: int
    surplus: bool


@verb
def mark_paid(actor: Actor, *, captured: Sequence[Money]) -> int:
    """Let captured money do its work; answers how many orders became paid. Again, it changes nothing.

    In time or late, the stock is kept or taken again from the same lots; where it is gone, or the
    order was cancelled, all goes back to the buyer. Nothing is ever oversold.
    """
    orders = {order.id: order for order in locked_all(money.order for money in captured)}
    groups = {order.group_id for order in orders.values() if order.group_id}
    standing = promotions.hold_groups(actor, groups=groups) if groups else {}
    held = _holders(list(orders))
    late = [order.id for order in orders.values() if order.state == "cancelled"]
    with connection.cursor() as cursor:
        if late:
            cursor.execute("SELECT orders_lock_caps(%s::uuid[])", [late])
        cursor.execute(
            "SELECT stock_lock_holders(%s::text[])", [[key for keys in held.values() for key in keys]]
        )
    paid = 0
    for money in sorted(captured, key=lambda money: money.order):
        order = orders.get(money.order)
        if order is None:
            continue
        asked = bill_asking(money.intent, order) if order.intent != money.intent else None
        if order.intent != money.intent and asked is None:
            continue
        if money.surplus:
            _return_surplus(actor, money)
        elif asked is not None:
            take_more(actor, order, asked, money.capture, money.amount_fen)
        else:
            gathered, needed = standing.get(order.group_id, ("", 0)) if order.group_id else ("", 0)
            if _take(actor, order, held[order.id], gathered):
                paid += order.state == "paid"
                _fill(actor, order, needed)
    return paid


@verb
def expire_unpaid(actor: Actor, *, batch: int = 200) -> int:
    """Cancel orders whose time to pay is over; answers how many. Their stock expires by itself.

    An order whose money came in this moment is left alone: the payment's own news will find it.
    """
    due = list(
        Order.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(state="placed", pay_before__lte=now())
        .order_by("pay_before")[:batch]
    )
    closed = set(expire_intents(actor, intents=[order.intent for order in due]))
    expired = [order for order in due if order.intent in closed]
    for order in expired:
        advance(actor, order, "expire", reason=UNPAID)
        if order.discount_fen:
            promotions.give_back(actor, holder=str(order.id))
        announce(Cancelled(order.id, None, 0), county=order.county)
    return len(expired)


def _take(actor: Actor, order: Order, keys: Sequence[str], gathered: str) -> bool:
    """Whether this order keeps its money: paid, or gathering while its group is not full.

    Args:
        gathered: how its group stands, "" without one.
    """
    if order.state not in ("placed", "cancelled"):
        return False
    # A promotion that an order used was given back when it expired: its price is nobody's any more.
    # So were the packs that one buyer may have.
    open_still = order.state == "placed" or (
        not order.discount_fen and _ended_by(order) == "expire" and not beyond_cap(order.id)
    )
    if open_still and gathered != "failed" and stock.keep(actor, holders=keys) != "gone":
        if gathered == "gathering":
            advance(actor, order, "join")
            if order.group_id is not None:
                announce(Joined(order.id, order.group_id), county=order.county)
            return True
        advance(actor, order, "pay" if order.state == "placed" else "pay_late")
        announce(Paid(order.id, order.intent, order.total_fen), county=order.county)
        return True
    if order.state == "placed":
        advance(actor, order, "expire", reason=GONE)
        if order.discount_fen:
            promotions.give_back(actor, holder=str(order.id))
        stock.release(actor, holders=keys, reason="the rest of it is gone")
    refund, amount_fen = give_back_all(actor, order, LATE)
    if refund is not None:
        announce(Cancelled(order.id, refund, amount_fen), county=order.county)
    return False


def _fill(actor: Actor, order: Order, needed: int) -> None:
    """The last member of a group has paid: it is full. The group's row is locked."""
    if order.state == "gathering":
        waiting = Order.objects.filter(group_id=order.group_id, state="gathering").count()
        if waiting >= needed and order.group_id is not None:
            promotions.fill_group(actor, group=order.group_id)


def _return_surplus(actor: Actor, money: Money) -> None:
    ask_refund(
        actor, source=f"surplus:{money.capture}", intent=money.intent, capture=money.capture,
        amount_fen=money.amount_fen, reason="paid twice",
    )  # fmt: skip


def _ended_by(order: Order) -> str:
    return Step.objects.filter(order_id=order.id).order_by("-position").values_list("verb", flat=True)[0]


def _holders(orders: Sequence[UUID]) -> dict[UUID, list[str]]:
    keys: dict[UUID, list[str]] = {order: [] for order in orders}
    lines = Line.objects.filter(order_id__in=orders).order_by("order_id", "position")
    for order, line in lines.values_list("order_id", "id"):
        keys[order].append(str(line))
    return keys
