"""The group that an order waits for, as its buyer sees it, and the address at which others find it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.surfaces.ui.environment import absolute, url
from countyfair.trade.orders.queries import OrderShown
from countyfair.trade.promotions.queries import group_of


@dataclass(frozen=True, slots=True)
class OfOrder:
    """A group that gathers: `joined` of `needed` places are taken. `address` is its link to share."""

    joined: int
    needed: int
    closes_at: datetime
    address: str


def of_order(order: OrderShown) -> OfOrder | None:
    """The group that an order waits for; only then something is asked, one statement."""
    if order.state != "gathering":
        return None
    seen = group_of(holder=str(order.id))
    if seen is None:
        return None
    return OfOrder(seen.joined, seen.needed, seen.closes_at, address(seen.id))


def address(group: UUID) -> str:
    """The whole address of a group's page, to share."""
    return absolute(url("shop:group", group))
