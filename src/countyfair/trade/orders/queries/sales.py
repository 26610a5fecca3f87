"""What an organisation's shops sold: its own lines of orders, and nothing of who bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import rows

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a paid order, as it was billed; `left_fen` after refunds. `order`: the key of its order."""

    id: UUID
    order: UUID
    number: str
    state: str
    placed_at: datetime
    shop_name: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    quantity: int
    amount_fen: int
    left_fen: int


def sold(
    actor: Actor, *, county: str, before: tuple[UUID, UUID] | None = None, limit: int = 50
) -> list[SoldLine]:
    """What shops sold whose operators the actor reads orders for, newest first; once it was paid.

    The newest is the one with the latest key, which is made as the buyer turns to paying: each
    shop's lines are read from the end of its own index, and no further than the page goes.

    Args:
        before: (order, id) of the last row of the page before.

    Raises:
        Forbidden: `orders.read` is held at no organisation.
    """
    own = actor.organisations("orders.read")
    if not own:
        raise Forbidden(_("You work for no shop here."), details={"power": "orders.read"})
    order, key = before or (None, None)
    return rows(
        _SOLD_BEFORE if before else _SOLD,
        {"county": county, "own": list(own), "order": order, "key": key, "limit": limit},
        into=SoldLine,
    )


# A shop at a time, so that each is read in the order of `line_shop`; the pages of all are then merged.
# The inner LIMIT 1 holds the planner to one look a line: else it walks the orders of everybody beside them.
_TEXT = """
SELECT f.line, f.id, f.number, f.state, f.placed_at, f.shop_name, f.name_zh, f.name_en, f.label_zh,
       f.label_en, f.quantity, f.amount_fen,
       coalesce((SELECT sum(s.amount_fen)::bigint FROM orders_share s
                  WHERE s.line_id = f.line AND s.order_id = f.id), 0)
  FROM (SELECT r.*
          FROM catalog_shop h
          CROSS JOIN LATERAL (
               SELECT l.id AS line, o.id, o.number, o.state, o.placed_at, l.shop_name, l.name_zh, l.name_en,
                      l.label_zh, l.label_en, l.quantity,
                      coalesce((SELECT b.billed_fen FROM orders_billline b WHERE b.line_id = l.id),
                               l.amount_fen) AS amount_fen
                 FROM orders_line l
                 CROSS JOIN LATERAL (
                      SELECT o.id, o.number, o.state, o.placed_at FROM orders_order o
                       WHERE o.id = l.order_id AND o.paid_at IS NOT NULL LIMIT 1) o
                WHERE l.shop_id = h.id{before}
                ORDER BY l.order_id DESC, l.id DESC LIMIT %(limit)s::int) r
         WHERE h.county = %(county)s AND h.organisation_id = ANY (%(own)s::uuid[])
         ORDER BY r.id DESC, r.line DESC LIMIT %(limit)s::int) f
 ORDER BY f.id DESC, f.line DESC
"""

_SOLD = _TEXT.format(before="")

_SOLD_BEFORE = _TEXT.format(before=" AND (l.order_id, l.id) < (%(order)s::uuid, %(key)s::uuid)")
