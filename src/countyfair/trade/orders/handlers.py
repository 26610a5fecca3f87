"""What orders do when they hear of payments and of stock; wired in the deployment's wiring."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import parse_uuid
from countyfair.trade.orders.actions.cancelling import cancel_short
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.payments.events import PaymentCaptured, PaymentCapturedLate
from countyfair.trade.stock.events import Shortfall

#: As it came, in a deployment's wiring: `payments.captured` and `payments.captured_late`.
Captured = PaymentCaptured | PaymentCapturedLate


def on_captured(batch: Sequence[Delivered[Captured]]) -> None:
    """Money came: orders are paid, or it goes back."""
    money = []
    for one in batch:
        order = parse_uuid(one.event.reference)
        if order is not None:
            surplus = isinstance(one.event, PaymentCapturedLate) and one.event.was == "paid"
            money.append(Money(order, one.event.intent, one.event.capture, one.event.amount_fen, surplus))
    mark_paid(Actor.system("orders.on_captured"), captured=money)


def on_shortfall(batch: Sequence[Delivered[Shortfall]]) -> None:
    """A lot has less than it promised: the orders that lost it are cancelled and refunded."""
    lines: list[UUID] = []
    for one in batch:
        lines += [key for key in map(parse_uuid, one.event.holders) if key is not None]
    cancel_short(Actor.system("orders.on_shortfall"), lines=lines)
