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
    """A line of a paid order, as it was frozen; `left_fen` after refunds. `order`: the key of its order."""

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
    actor: Actor, *, county: str, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[SoldLine]:
    """What shops sold whose operators the actor reads orders for, newest first; once it was paid.

    Args:
        before: (placed_at, id) of the last row of the page before.

    Raises:
        Forbidden: `orders.read` is held at no organisation.
    """
    own = actor.organisations("orders.read")
    if not own:
        raise Forbidden(_("You work for no shop here."), details={"power": "orders.read"})
    at, key = before or (None, None)
    return rows(
        _SOLD,
        {"county": county, "own": list(own), "at": at, "key": key, "limit": limit},
        into=SoldLine,
    )


_SOLD = """
SELECT l.id, o.id, o.number, o.state, o.placed_at, l.shop_name, l.name_zh, l.name_en, l.label_zh, l.label_en,
       l.quantity, l.amount_fen,
       coalesce((SELECT sum(s.amount_fen)::bigint FROM orders_share s
                  WHERE s.line_id = l.id AND s.order_id = o.id), 0)
  FROM orders_order o
  JOIN orders_line l ON l.order_id = o.id
  JOIN catalog_shop h ON h.id = l.shop_id
 WHERE o.county = %(county)s AND o.paid_at IS NOT NULL AND h.organisation_id = ANY (%(own)s::uuid[])
   AND (%(at)s::timestamptz IS NULL OR (o.placed_at, l.id) < (%(at)s::timestamptz, %(key)s::uuid))
 ORDER BY o.placed_at DESC, l.id DESC LIMIT %(limit)s::int
"""
