"""What promotions took off an order: asked only where something was."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.orders.queries.shown import OrderShown


@dataclass(frozen=True, slots=True)
class TakenOff:
    """What one promotion took off one line, frozen: by which versions of itself and of the table of rules.

    `line` is a position; `bearer` is household, station, centre or platform.
    """

    line: int
    promotion: UUID
    promotion_version: int
    stacking_version: int
    kind: str
    name_zh: str
    name_en: str
    bearer: str
    amount_fen: int


def taken_off(order: OrderShown) -> list[TakenOff]:
    """What was taken off the lines of an order that the reader has opened; no statement where nothing was."""
    if not any(line.discount_fen for line in order.lines):
        return []
    return rows(
        """
        SELECT l.position, d.promotion_id, d.promotion_version, d.stacking_version, d.kind, d.name_zh,
               d.name_en, d.bearer, d.amount_fen
          FROM orders_linediscount d JOIN orders_line l ON l.id = d.line_id
         WHERE d.order_id = %s ORDER BY l.position, d.id""",
        [order.id],
        into=TakenOff,
    )
