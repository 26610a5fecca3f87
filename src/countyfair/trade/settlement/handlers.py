"""What settlement does when orders announce something."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered
from countyfair.trade.orders.events import Charged, Completed, Refunded
from countyfair.trade.settlement.actions import release


def books(batch: Sequence[Delivered[Charged | Completed | Refunded]]) -> None:
    """Book what completed orders earned, were paid later, and what refunds took back; again, nothing."""
    release(Actor.system("settlement.books"), orders=sorted({one.event.order for one in batch}))
