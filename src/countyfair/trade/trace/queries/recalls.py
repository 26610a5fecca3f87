"""Recalls, who is to be told of them, and how far that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows

JOINS = ("catalog", "stock", "orders", "people")


@dataclass(frozen=True, slots=True)
class RecallRow:
    """A recall with how many orders it found and how far their buyers were told.

    `left_amount` is what lies there of the lot, in its unit; `found_amount` what the orders had.
    """

    id: UUID
    county: str
    lot: UUID
    lot_number: str
    place: str
    name_zh: str
    name_en: str
    unit: str
    left_amount: int
    severity: str
    reason: str
    at: datetime
    actor: str
    lift_reason: str
    lifted_at: datetime | None
    found: int
    found_amount: int
    told: int
    waiting: int
    unsure: int
    unreachable: int
    dropped: int

    @property
    def is_open(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class TellingRow:
    """One order that had some of the lot."""

    id: UUID
    order: UUID
    order_number: str
    order_state: str
    amount: int
    state: str
    tries: int
    tried_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sold:
    """An order that has, or had until the recall, some of a lot. `amount` in base units."""

    order: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a message to a buyer says; `language` is "" for who has none on record.

    `was_sent`: some of the lot left for this order; else it is cancelled and refunded.
    """

    recall: UUID
    lot_number: str
    name_zh: str
    name_en: str
    severity: str
    reason: str
    order_number: str
    language: str
    was_sent: bool


def recalls(
    actor: Actor, *, county: str, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[RecallRow]:
    """A county's recalls, the latest first; needs `trace.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("trace.read", place=county)
    at, key = before or (None, None)
    return rows(
        f"{_RECALLS} WHERE r.county = %(county)s"
        " AND (%(at)s::timestamptz IS NULL OR (r.at, r.id) < (%(at)s::timestamptz, %(key)s::uuid))"
        " ORDER BY r.at DESC, r.id DESC LIMIT %(limit)s::int",
        {"county": county, "at": at, "key": key, "limit": limit},
        into=RecallRow,
    )


def recall(actor: Actor, *, recall: UUID) -> RecallRow:
    """One recall; needs `trace.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    found = one(f"{_RECALLS} WHERE r.id = %(recall)s::uuid", {"recall": recall}, into=RecallRow,
                missing=_("There is no such recall."))  # fmt: skip
    actor.require("trace.read", place=found.county)
    return found


def tellings(
    actor: Actor, *, recall_: RecallRow, state: str = "", after: UUID | None = None, limit: int = 50
) -> list[TellingRow]:
    """The orders of a recall by key, all or those in one state; needs `trace.read` in its county.

    Raises:
        Forbidden: no such power.
    """
    actor.require("trace.read", place=recall_.county)
    return rows(
        "SELECT t.id, t.order_id, o.number, o.state, t.amount, t.state, t.tries, t.tried_at"
        " FROM trace_telling t JOIN orders_order o ON o.id = t.order_id"
        " WHERE t.recall_id = %(recall)s::uuid AND (%(state)s = '' OR t.state = %(state)s)"
        " AND (%(after)s::uuid IS NULL OR t.order_id > %(after)s::uuid)"
        " ORDER BY t.order_id LIMIT %(limit)s::int",
        {"recall": recall_.id, "state": state, "after": after, "limit": limit},
        into=TellingRow,
    )


def sold_of(lot: UUID, released: Sequence[UUID]) -> list[Sold]:
    """The orders that were sent some of a lot and have it still, or held it until these lines were released.

    For the verb that recalls it, which has locked the lot.
    """
    return rows(_SOLD, {"lot": lot, "lines": list(released)}, into=Sold)


def told(telling: UUID) -> Told:
    """What the buyer of one order is told. For the verb that tells it."""
    return one(_TOLD, [telling], into=Told, missing=_("There is no such recall."))


_RECALLS = """
SELECT r.id, r.county, l.id, l.number, l.place, d.name_zh, d.name_en, l.unit, l.on_hand, r.severity, r.reason,
       r.at, r.actor, coalesce(f.reason, ''), f.at, t.found, t.found_amount, t.told, t.waiting, t.unsure,
       t.unreachable, t.dropped
  FROM trace_recall r
  JOIN stock_lot l ON l.id = r.lot_id
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  LEFT JOIN trace_lift f ON f.recall_id = r.id
  CROSS JOIN LATERAL (
       SELECT count(*) AS found, coalesce(sum(x.amount), 0)::bigint AS found_amount,
              count(*) FILTER (WHERE x.state = 'told') AS told,
              count(*) FILTER (WHERE x.state IN ('waiting', 'telling')) AS waiting,
              count(*) FILTER (WHERE x.state = 'unsure') AS unsure,
              count(*) FILTER (WHERE x.state = 'unreachable') AS unreachable,
              count(*) FILTER (WHERE x.state = 'dropped') AS dropped
         FROM trace_telling x WHERE x.recall_id = r.id) t
"""

_SOLD = """
SELECT n.order_id, sum(part.amount)::bigint
  FROM (SELECT r.holder, r.amount - r.taken_back AS amount
          FROM stock_movement m JOIN stock_reservation r ON r.id = m.reservation_id
         WHERE m.lot_id = %(lot)s::uuid AND m.kind = 'dispatch' AND r.state = 'dispatched'
           AND r.taken_back < r.amount
        UNION ALL
        SELECT r.holder, r.amount FROM stock_reservation r
         WHERE r.holder = ANY(%(lines)s::uuid[]::text[]) AND r.lot_id = %(lot)s::uuid) part
  JOIN orders_line n ON n.id = CASE WHEN part.holder ~ '^[0-9a-f-]{36}$' THEN part.holder::uuid END
 GROUP BY n.order_id ORDER BY n.order_id
"""

_TOLD = """
SELECT r.id, l.number, d.name_zh, d.name_en, r.severity, r.reason, o.number, coalesce(u.language, ''),
       EXISTS (SELECT FROM orders_line n
                 JOIN stock_reservation v ON v.holder = n.id::text AND v.lot_id = l.id
                WHERE n.order_id = o.id AND v.state = 'dispatched')
  FROM trace_telling t
  JOIN trace_recall r ON r.id = t.recall_id
  JOIN stock_lot l ON l.id = r.lot_id
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  JOIN orders_order o ON o.id = t.order_id
  LEFT JOIN people_user u ON u.id = o.buyer_id
 WHERE t.id = %s
"""
