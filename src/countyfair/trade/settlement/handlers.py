"""What settlement does when orders announce something."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered
from countyfair.trade.orders.events import Charged, Completed, FeeKept, Refunded
from countyfair.trade.settlement.actions import release


def books(batch: Sequence[Delivered[Charged | Completed | FeeKept | Refunded]]) -> None:
    """Book what completed orders earned or were paid later, what refunds and fees took; again, nothing."""
    release(Actor.system("settlement.books"), orders=sorted({one.event.order for one in batch}))
