"""What a household has to make ready: its own lots in orders that are paid, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class Box:
    """A line of a paid order, as far as it comes from this household's lots.

    `amount` base units of its own lots, in packs of `content_amount`; `ready` once the household ticked it.
    """

    line: UUID
    order_number: str
    paid_at: datetime
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    category: str
    icon: str
    unit: str
    content_amount: int
    amount: int
    ready: bool

    @property
    def packs(self) -> int:
        """Packs that its part fills, a begun one counted."""
        return -(-self.amount // self.content_amount)


def boxes(actor: Actor, whose: HouseholdRow, *, limit: int = 200) -> list[Box]:
    """What a household has to make ready, the longest waiting first: its own, or with `household.read`.

    Raises:
        Forbidden: neither.
    """
    people.require_household(actor, whose)
    return rows(
        _BOXES,
        {"county": whose.county, "household": whose.id, "owner": str(whose.id), "line": None, "limit": limit},
        into=Box,
    )


def box(whose: HouseholdRow, *, line: UUID) -> Box | None:
    """One of them, for verbs of this room, which have asked who acts; None when it is not its own."""
    params = {
        "county": whose.county, "household": whose.id, "owner": str(whose.id), "line": line, "limit": 1,
    }  # fmt: skip
    return next(iter(rows(_BOXES, params, into=Box)), None)


#: What a refund gave back is not packed any more, and what is sold ahead not before it is allotted.
_BOXES = """
SELECT l.id, o.number, o.paid_at, l.name_zh, l.name_en, l.label_zh, l.label_en, l.category, d.icon, l.unit,
       l.content_amount, sum(s.lot_amount)::bigint,
       EXISTS (SELECT FROM orders_tick t WHERE t.line_id = l.id AND t.household_id = %(household)s::uuid)
  FROM orders_order o
  JOIN orders_share s ON s.order_id = o.id
  JOIN orders_line l ON l.id = s.line_id
  JOIN catalog_offer f ON f.id = l.offer_id
  JOIN catalog_product d ON d.id = f.product_id
 WHERE o.county = %(county)s AND o.state = 'paid' AND s.beneficiary = 'household' AND s.owner = %(owner)s
   AND s.refund_id IS NULL AND s.lot_id IS NOT NULL AND l.kind = 'goods'
   AND (%(line)s::uuid IS NULL OR l.id = %(line)s::uuid)
   AND (l.expected_on IS NULL OR EXISTS (SELECT FROM orders_allotment a WHERE a.line_id = l.id))
   AND l.quantity > (SELECT coalesce(sum(r.quantity), 0) FROM orders_refundline r WHERE r.line_id = l.id)
 GROUP BY o.id, l.id, d.id HAVING sum(s.lot_amount) > 0
 ORDER BY o.paid_at, o.id, l.position LIMIT %(limit)s::int
"""
