"""Orders from outside platforms: which are here, and what hangs on them. For verbs of this room and above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.rows import column, rows, scalar


@dataclass(frozen=True, slots=True)
class KnownOutside:
    """An order that came home: its number here, and the fingerprint of its goods and money."""

    order: UUID
    reference: str
    number: str
    content: str


def known_outside(
    county: str, seller: str, orders: Sequence[UUID], references: Sequence[str]
) -> list[KnownOutside]:
    """Those of a county that bear one of these ids, or one of these numbers at this seller."""
    return rows(
        """
        SELECT o.id, coalesce(x.reference, ''), o.number, o.content
          FROM orders_order o LEFT JOIN orders_outside x ON x.order_id = o.id
         WHERE o.id = ANY (%(orders)s::uuid[])
         UNION
        SELECT o.id, x.reference, o.number, o.content
          FROM orders_outside x JOIN orders_order o ON o.id = x.order_id
         WHERE x.county = %(county)s AND x.seller = %(seller)s
           AND x.reference = ANY (%(references)s::text[])""",
        {"county": county, "seller": seller, "orders": list(orders), "references": list(references)},
        into=KnownOutside,
    )


def numbers_taken(county: str, numbers: Sequence[str]) -> set[str]:
    """Those of these order numbers that the county has used."""
    sql = "SELECT number FROM orders_order WHERE county = %s AND number = ANY (%s::text[])"
    return set(column(sql, [county, list(numbers)], of=str))


@dataclass(frozen=True, slots=True)
class OutsideStanding:
    """Where an order from outside stands: its state here, when its statement came, what was kept of it."""

    order: UUID
    outlet: str
    seller: str
    reference: str
    number: str
    state: str
    total_fen: int
    refunded_fen: int
    fees_fen: int
    settled_at: datetime | None


def outside_standing(orders: Sequence[UUID]) -> dict[UUID, OutsideStanding]:
    """These orders from outside as they stand; those that are none are left out."""
    found = rows(
        """
        SELECT o.id, o.outlet, x.seller, x.reference, o.number, o.state, o.total_fen,
               coalesce(back.fen, 0)::bigint, coalesce(kept.fen, 0)::bigint, x.settled_at
          FROM orders_outside x JOIN orders_order o ON o.id = x.order_id
          LEFT JOIN LATERAL (SELECT sum(r.amount_fen) AS fen FROM orders_refund r
                              WHERE r.order_id = o.id) back ON true
          LEFT JOIN LATERAL (SELECT sum(f.amount_fen) AS fen FROM orders_channelfee f
                              WHERE f.order_id = o.id) kept ON true
         WHERE x.order_id = ANY (%s::uuid[])""",
        [list(orders)],
        into=OutsideStanding,
    )
    return {row.order: row for row in found}


def weight_of(order: UUID) -> int:
    """What the goods of an order weigh, in grams; at least one, where they are counted in pieces."""
    sql = (
        "SELECT greatest(1, coalesce(sum(l.quantity * l.content_amount), 0))::bigint"
        " FROM orders_line l WHERE l.order_id = %s AND l.unit = 'g'"
    )
    return int(str(scalar(sql, [order])))
