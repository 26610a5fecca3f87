"""What trace does when stock announces something."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered
from countyfair.trade.stock.events import TakenIn
from countyfair.trade.trace.actions import number_goods


def on_taken_in(batch: Sequence[Delivered[TakenIn]]) -> None:
    """A product whose first harvest was weighed gets its number; again, it changes nothing."""
    products = sorted({(one.county, one.event.product) for one in batch}, key=str)
    number_goods(Actor.system("trace.on_taken_in"), products=products)
