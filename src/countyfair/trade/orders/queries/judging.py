"""What a claim is judged by: its circumstances, what is left to give back, and who bears it by the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.rows import one, rows
from countyfair.trade.orders.rules.claims import (
    DEFAULT_BEARERS,
    BearerRow,
    Circumstances,
    due_fen,
    packing_evidence,
    proposed_bearer,
)

JOINS = ("logistics",)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim's circumstances, and what follows. `version` 0 is the house's own table.

    `packed_at` and `picked_up_at` are stations, None where there is none. What is left to give back is
    of `paid_line` of `paid_order`: the claim's own, unless that went out as a replacement of it.
    """

    kind: str
    noticed: str
    packing: str
    days: int
    version: int
    proposed: str
    due_fen: int
    left_fen: int
    freight_left_fen: int
    packed_at: UUID | None
    picked_up_at: UUID | None
    paid_order: UUID
    paid_line: UUID


@dataclass(frozen=True, slots=True)
class BearerTable:
    """A county's table of who bears claims; version 0 is the house's own."""

    version: int
    rows: tuple[BearerRow, ...]


def bearers_of(county: str) -> BearerTable:
    """The table that stands now. Anybody may know it."""
    found = rows(
        "SELECT version, kind, noticed, packing, days, bearer FROM orders_bearerrule"
        " WHERE county = %s AND until IS NULL ORDER BY position",
        [county],
        into=_Row,
    )
    if not found:
        return BearerTable(0, DEFAULT_BEARERS)
    table = (BearerRow(row.kind, row.noticed, row.packing, row.days, row.bearer) for row in found)
    return BearerTable(found[0].version, tuple(table))


def judged(claim: UUID) -> Judged:
    """What a claim comes to as things stand. For who has been let in to it.

    Raises:
        Missing: there is no such claim.
    """
    facts = one(_FACTS, [claim], into=_Facts, missing=_("There is no such claim."))
    table = bearers_of(facts.county)
    packing = packing_evidence(facts.billed, facts.packed, goods_g=facts.goods_g, parcel_g=facts.parcel_g)
    days = ((facts.asked_at or now()) - facts.delivered_at).days
    circumstances = Circumstances(facts.kind, facts.noticed, packing, days)
    return Judged(
        facts.kind,
        facts.noticed,
        packing,
        days,
        table.version,
        proposed_bearer(table.rows, circumstances),
        due_fen(facts.billed_fen, facts.packed or facts.billed, facts.amount, facts.left_fen),
        facts.left_fen,
        facts.freight_left_fen,
        facts.packed_at,
        facts.picked_up_at,
        facts.paid_order,
        facts.paid_line,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    version: int
    kind: str
    noticed: str
    packing: str
    days: int | None
    bearer: str


@dataclass(frozen=True, slots=True)
class _Facts:
    county: str
    kind: str
    noticed: str
    amount: int
    delivered_at: datetime
    asked_at: datetime | None
    billed_fen: int
    billed: int
    packed: int | None
    goods_g: int | None
    parcel_g: int | None
    left_fen: int
    freight_left_fen: int
    packed_at: UUID | None
    picked_up_at: UUID | None
    paid_order: UUID
    paid_line: UUID


_FACTS = """
SELECT c.county, c.kind, c.noticed, c.amount, c.delivered_at, c.asked_at,
       CASE WHEN r.id IS NULL THEN coalesce(b.billed_fen, l.amount_fen)
            ELSE coalesce(pb.billed_fen, p.amount_fen) * l.quantity / p.quantity END,
       coalesce(b.billed_amount, l.quantity * l.content_amount),
       (SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
         ORDER BY w.at DESC, w.id DESC LIMIT 1),
       (SELECT CASE WHEN bool_and(g.unit = 'g')
                    THEN sum(coalesce(w.billed_amount, coalesce(a.packs, g.quantity) * g.content_amount))
                END::bigint
          FROM orders_line g LEFT JOIN orders_billline w ON w.line_id = g.id
          LEFT JOIN orders_allotment a ON a.line_id = g.id WHERE g.order_id = o.id),
       (SELECT sum(p.weight_g)::bigint FROM logistics_parcel p WHERE p.reference = o.id::text),
       (SELECT coalesce(sum(s.amount_fen), 0)::bigint FROM orders_share s
         WHERE s.order_id = coalesce(r.paid_order_id, o.id) AND s.line_id = coalesce(r.paid_line_id, l.id)),
       (SELECT coalesce(sum(s.amount_fen), 0)::bigint FROM orders_share s
         WHERE s.order_id = coalesce(r.paid_order_id, o.id) AND s.line_id IS NULL),
       o.origin_id, o.station_id, coalesce(r.paid_order_id, o.id), coalesce(r.paid_line_id, l.id)
  FROM orders_claim c JOIN orders_line l ON l.id = c.line_id JOIN orders_order o ON o.id = c.order_id
  LEFT JOIN orders_billline b ON b.line_id = l.id
  LEFT JOIN orders_replacement r ON r.order_id = o.id
  LEFT JOIN orders_line p ON p.id = r.paid_line_id
  LEFT JOIN orders_billline pb ON pb.line_id = p.id
 WHERE c.id = %s
"""
