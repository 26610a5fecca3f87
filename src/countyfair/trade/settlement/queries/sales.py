"""What a household was paid and why: each sale with everybody's part of what the buyer paid for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow

JOINS = ("orders", "catalog")

#: The order in which parts are shown: one's own first.
PARTS = ("mine", "neighbours", "station", "centre", "courier", "platform")


@dataclass(frozen=True, slots=True)
class Sale:
    """One line that was sold and completed, as far as it came from a household's lots.

    `amount` base units of its lots; `parts` are (whose, fen) of the whole line as it was placed, in the
    order of PARTS and none of zero: they sum to `gross_fen`, what the buyer paid for it. `line_amount` is
    what the whole line held.
    """

    id: UUID
    at: datetime
    order_number: str
    name_zh: str
    name_en: str
    category: str
    icon: str
    unit: str
    amount: int
    line_amount: int
    mine_fen: int
    gross_fen: int
    currency: str
    parts: tuple[tuple[str, int], ...]

    @property
    def mine_per(self) -> int | None:
        """What reached the household for 500 g, in fen; None for pieces."""
        return _per_jin(self.mine_fen, self.amount) if self.unit == "g" else None

    @property
    def paid_per(self) -> int | None:
        """What the buyer paid for 500 g, in fen; None for pieces."""
        return _per_jin(self.gross_fen, self.line_amount) if self.unit == "g" else None


def sales(actor: Actor, whose: HouseholdRow, *, since: datetime, limit: int = 60) -> list[Sale]:
    """A household's sales from a moment on, the latest first: by itself, or with `household.read`.

    Raises:
        Forbidden: neither.
    """
    people.require_household(actor, whose)
    params = {"county": whose.county, "owner": str(whose.id), "since": since, "limit": limit}
    return [_sale(row) for row in rows(_SALES, params, into=_Row)]


class _Row(NamedTuple):
    id: UUID
    at: datetime
    order_number: str
    name_zh: str
    name_en: str
    category: str
    icon: str
    unit: str
    amount: int
    line_amount: int
    mine_fen: int
    currency: str
    shares: str


def _sale(row: _Row) -> Sale:
    shares: dict[str, int] = json.loads(row.shares)
    of_households = shares.pop("household", 0)
    found = {"mine": row.mine_fen, "neighbours": of_households - row.mine_fen, **shares}
    parts = tuple((whose, found[whose]) for whose in PARTS if found.get(whose))
    return Sale(
        row.id, row.at, row.order_number, row.name_zh, row.name_en, row.category, row.icon, row.unit,
        row.amount, row.line_amount, row.mine_fen, sum(fen for _whose, fen in parts), row.currency, parts,
    )  # fmt: skip


def _per_jin(fen: int, grams: int) -> int | None:
    if not grams:
        return None
    return int((Decimal(fen) * 500 / grams).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


_SALES = """
SELECT l.id, max(e.earned_at), o.number, l.name_zh, l.name_en, l.category, d.icon, l.unit,
       sum(s.lot_amount)::bigint,
       coalesce((SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                  ORDER BY w.at DESC, w.id DESC LIMIT 1),
                l.quantity * l.content_amount)::bigint, sum(e.amount_fen)::bigint,
       e.currency,
       (SELECT json_object_agg(p.beneficiary, p.fen)::text
          FROM (SELECT q.beneficiary, sum(q.amount_fen) AS fen FROM orders_share q
                 WHERE q.order_id = o.id AND q.line_id = l.id AND q.refund_id IS NULL
                   AND q.claim_id IS NULL GROUP BY 1) p)
  FROM settlement_earning e
  JOIN orders_share s ON s.id = substr(e.source, 7)::uuid
  JOIN orders_order o ON o.id = s.order_id
  JOIN orders_line l ON l.id = s.line_id
  JOIN catalog_offer f ON f.id = l.offer_id
  JOIN catalog_product d ON d.id = f.product_id
 WHERE e.county = %(county)s AND e.beneficiary = 'household' AND e.owner = %(owner)s AND e.what = 'sale'
   AND e.earned_at >= %(since)s::timestamptz AND s.refund_id IS NULL AND s.claim_id IS NULL
 GROUP BY o.id, l.id, d.id, e.currency
 ORDER BY max(e.earned_at) DESC, l.id LIMIT %(limit)s::int
"""
