"""What was ordered ahead of a harvest: for its allotment, its desk, and its households' packing lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.rows import rows

JOINS = ("stock",)


@dataclass(frozen=True, slots=True)
class AheadLine:
    """A line sold ahead of a cycle, in packs; `state` is its order's. `held_at`: since when it is promised.

    `got` None: nothing is allotted to it, not yet or not any more.
    """

    line: UUID
    order: UUID
    number: str
    state: str
    label_zh: str
    label_en: str
    packs: int
    got: int | None
    refunded_fen: int
    held_at: datetime


def lines_of_cycle(
    cycle: UUID, *, after: tuple[datetime, UUID] | None = None, limit: int | None = None
) -> list[AheadLine]:
    """The lines that were promised some of a cycle, who came first before others. For who may see them.

    Args:
        after: (held_at, line) of the last row of the page before.
        limit: at most so many; None: all.
    """
    goes_on = " WHERE (h.held_at, l.id) > (%s::timestamptz, %s::uuid)" if after else ""
    return rows(
        f"{_LINES}{goes_on} ORDER BY h.held_at, l.id LIMIT %s::int",
        [cycle, *(after or ()), limit],
        into=AheadLine,
    )


_LINES = """
SELECT l.id, o.id, o.number, o.state, l.label_zh, l.label_en, l.quantity, a.packs,
       (SELECT coalesce(sum(r.amount_fen), 0)::bigint FROM orders_refundline r WHERE r.line_id = l.id),
       h.held_at
  FROM (SELECT r.holder, min(r.held_at) AS held_at
          FROM stock_cycle c
          JOIN stock_lot e ON e.pool_id = c.pool_id AND e.expected
          JOIN stock_reservation r ON r.lot_id = e.id AND r.state IN ('held', 'moved', 'released')
         WHERE c.id = %s::uuid GROUP BY r.holder) h
  JOIN orders_line l ON l.id = h.holder::uuid
  JOIN orders_order o ON o.id = l.order_id
  LEFT JOIN orders_allotment a ON a.line_id = l.id
"""
