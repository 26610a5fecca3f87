"""An order as its buyer remembers it, and what its money must come to by sums of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.kernel.seal import link_token
from countyfair.trade.orders.actions import Placed

#: How an order is paid that stands in for claimed goods.
REPLACEMENT = "replacement"


@dataclass
class Bought:
    """An order, and the money of it as its buyer counts.

    `back_fen` is what was given back of it by a decision, `lighter_fen` what its goods weighed less, and
    `heavier_fen` what was asked for because they weighed more.
    """

    id: UUID
    intent: UUID
    total_fen: int
    gateway: str
    again: Callable[[], Placed]
    captures: list[str] = field(default_factory=list)
    back_fen: int = 0
    lighter_fen: int = 0
    heavier_fen: int = 0

    @property
    def token(self) -> str:
        return link_token(str(self.id), "order")

    def due_fen(self, state: str, *, paid_more: bool) -> int:
        """What its buyer has paid for good, once all news is heard."""
        if state in ("placed", "cancelled"):
            return 0
        more = self.heavier_fen if paid_more else 0
        return self.total_fen - self.lighter_fen + more - self.back_fen


@dataclass(frozen=True, slots=True)
class Kept:
    """What the books say of an order: how it stands, and the money that came less what went back."""

    order: UUID
    state: str
    paid_more: bool
    kept_fen: int


def kept() -> dict[UUID, Kept]:
    """All orders, as the books have them."""
    return {row.order: row for row in rows(_KEPT, into=Kept)}


_KEPT = """
SELECT o.id, o.state, coalesce(b.state = 'paid', false),
       coalesce((SELECT sum(c.amount_fen) FROM payments_capture c
                   JOIN payments_intent i ON i.id = c.intent_id
                  WHERE i.reference = o.id::text), 0)::bigint
     - coalesce((SELECT sum(r.amount_fen) FROM payments_refund r
                   JOIN payments_capture c ON c.id = r.capture_id
                   JOIN payments_intent i ON i.id = c.intent_id
                  WHERE i.reference = o.id::text), 0)::bigint
  FROM orders_order o LEFT JOIN orders_bill b ON b.order_id = o.id
"""
