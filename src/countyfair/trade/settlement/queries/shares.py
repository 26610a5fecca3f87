"""Shares of orders, as settlement needs them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.settlement.rules import ShareRow

JOINS = ("orders",)


def unearned(orders: Collection[UUID]) -> list[ShareRow]:
    """Shares not earned yet, of those of `orders` whose return window is over. For verbs of this room."""
    return rows(
        """
        SELECT s.id, s.order_id, s.county, s.line_id, s.beneficiary, s.owner, s.amount_fen,
               o.currency, s.refund_id, s.bill_id, s.fee_id
          FROM orders_share s JOIN orders_order o ON o.id = s.order_id
         WHERE s.order_id = ANY(%s::uuid[]) AND o.completed_at IS NOT NULL AND s.amount_fen <> 0
           AND NOT EXISTS (SELECT FROM settlement_earning e WHERE e.source = 'share:' || s.id)
         ORDER BY s.order_id, s.id""",
        [list(orders)],
        into=ShareRow,
    )
