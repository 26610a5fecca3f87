"""What becomes of the members of a group: all are served, or all get their money back."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import announce
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import advance, locked_all
from countyfair.trade.orders.actions.cancelling import undo
from countyfair.trade.orders.events import Paid
from countyfair.trade.orders.models import Order
from countyfair.trade.orders.rules.reasons import FELL_THROUGH


@verb
def settle_group(actor: Actor, *, group: UUID, outcome: str) -> int:
    """Serve the members of a full group, or give all of a failed one their money back; answers how many.

    Each order's state says whether it was done: again, nothing happens, and half done is not kept.

    Args:
        outcome: full or failed.
    """
    states = ["gathering"] if outcome == "full" else ["gathering", "placed"]
    waiting = Order.objects.filter(group_id=group, state__in=states).values_list("id", flat=True)
    settled = [order for order in locked_all(list(waiting)) if order.state in states]
    for order in settled:
        if outcome == "full":
            advance(actor, order, "gathered")
            announce(Paid(order.id, order.intent, order.total_fen), county=order.county)
        else:
            was = order.state
            advance(actor, order, "fall_through", reason=FELL_THROUGH)
            undo(actor, order, was, FELL_THROUGH, goods_are_back=True)
    return len(settled)
