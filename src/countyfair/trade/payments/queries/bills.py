"""Providers' bills of a day: what of ours they speak of, what they left out, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.rows import rows
from countyfair.trade.payments.gateways.shape import Billed


@dataclass(frozen=True, slots=True)
class Ours:
    """A payment or refund as it is known here. `there` False: it was asked for, and is not done here."""

    kind: str
    key: str
    county: str
    amount_fen: int
    at: datetime | None
    there: bool


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill, as far as it is a county's: waiting, read or none; what was taken, given back and kept."""

    gateway: str
    day: date
    state: str
    tries: int
    last_error: str
    read_at: datetime | None
    lines: int
    paid_fen: int
    back_fen: int
    fees_fen: int
    gaps: int

    @property
    def stays_fen(self) -> int:
        """What the provider owes for the day."""
        return self.paid_fen - self.back_fen - self.fees_fen


@dataclass(frozen=True, slots=True)
class GapRow:
    """A difference to a bill; `county` "" where it is of none."""

    id: UUID
    gateway: str
    day: date
    county: str
    kind: str
    key: str
    what: str
    reason: str
    ours_fen: int
    theirs_fen: int
    found_at: datetime
    ended_at: datetime | None
    ended_by: str
    note: str


def ours_of_bill(gateway: str, billed: Sequence[Billed]) -> dict[tuple[str, str], Ours]:
    """What the lines of a bill are here, by (kind, key); strangers are left out."""
    payments = [one for one in billed if one.kind == "payment"]
    refunds = [refund for one in billed if one.kind == "refund" and (refund := parse_uuid(one.key))]
    numbers = {one.number: one.key for one in payments if one.number is not None}
    asked = rows(_ASKED, [gateway, list(numbers)], into=_Asked)
    found = {
        ("payment", key): Ours("payment", key, row.county, row.amount_fen, None, there=False)
        for row in asked
        if (key := numbers[row.id])
    }
    taken = rows(_TAKEN, [gateway, [one.key for one in payments]], into=Ours)
    back = rows(_BACK, [gateway, refunds], into=Ours)
    return found | {(row.kind, row.key): row for row in (*taken, *back)}


def unbilled(gateway: str, since: datetime, until: datetime) -> list[Ours]:
    """What was taken or given back by a gateway in a span, of which no bill of any day speaks."""
    named = {"gateway": gateway, "since": since, "until": until}
    return rows(_UNBILLED, named, into=Ours)


def bills(actor: Actor, *, county: str, limit: int = 60) -> list[BillRow]:
    """The latest bills of all gateways, as far as they are a county's; needs `payments.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("payments.read", place=county)
    return rows(_BILLS, {"county": county, "limit": limit}, into=BillRow)


def gaps(actor: Actor, *, county: str, ended: bool = False, limit: int = 100) -> list[GapRow]:
    """Differences to bills that are a county's or of none, the latest first; needs `payments.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("payments.read", place=county)
    return rows(_GAPS, {"county": county, "ended": ended, "limit": limit}, into=GapRow)


@dataclass(frozen=True, slots=True)
class _Asked:
    id: UUID
    county: str
    amount_fen: int


_ASKED = """
SELECT id, county, amount_fen FROM payments_intent WHERE gateway = %s AND id = ANY (%s::uuid[])
"""
_TAKEN = """
SELECT 'payment', provider_key, county, amount_fen, captured_at, true FROM payments_capture
 WHERE gateway = %s AND provider_key = ANY (%s::text[])
"""
_BACK = """
SELECT 'refund', r.id::text, r.county, r.amount_fen, r.done_at, r.state = 'done'
  FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id
 WHERE c.gateway = %s AND r.id = ANY (%s::uuid[])
"""
_UNBILLED = """
SELECT x.kind, x.key, x.county, x.amount_fen, x.at, true
  FROM (SELECT 'payment' AS kind, c.provider_key AS key, c.county, c.amount_fen, c.captured_at AS at
          FROM payments_capture c
         WHERE c.gateway = %(gateway)s AND c.captured_at >= %(since)s AND c.captured_at < %(until)s
        UNION ALL
        SELECT 'refund', r.id::text, r.county, r.amount_fen, r.done_at
          FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id
         WHERE c.gateway = %(gateway)s AND r.state = 'done'
           AND r.done_at >= %(since)s AND r.done_at < %(until)s) x
 WHERE NOT EXISTS (SELECT FROM payments_daybillline l
                    WHERE l.gateway = %(gateway)s AND l.kind = x.kind AND l.key = x.key)
 ORDER BY x.at, x.key
"""
_BILLS = """
SELECT b.gateway, b.day, b.state, b.tries, b.last_error, b.read_at, l.lines, l.paid, l.back, l.fees, g.gaps
  FROM payments_daybill b
 CROSS JOIN LATERAL (
       SELECT count(*)::int AS lines,
              coalesce(sum(amount_fen) FILTER (WHERE kind = 'payment'), 0)::bigint AS paid,
              coalesce(sum(amount_fen) FILTER (WHERE kind = 'refund'), 0)::bigint AS back,
              coalesce(sum(fee_fen), 0)::bigint AS fees
         FROM payments_daybillline x WHERE x.bill_id = b.id AND x.county = %(county)s) l
 CROSS JOIN LATERAL (
       SELECT count(*)::int AS gaps FROM payments_daybillgap x
        WHERE x.gateway = b.gateway AND x.day = b.day AND x.county IN (%(county)s, '')
          AND x.ended_at IS NULL) g
 ORDER BY b.day DESC, b.gateway LIMIT %(limit)s::int
"""
_GAPS = """
SELECT id, gateway, day, county, kind, key, what, reason, ours_fen, theirs_fen, found_at, ended_at, ended_by,
       note
  FROM payments_daybillgap
 WHERE county IN (%(county)s, '') AND (ended_at IS NOT NULL) = %(ended)s::boolean
 ORDER BY found_at DESC, id DESC LIMIT %(limit)s::int
"""
