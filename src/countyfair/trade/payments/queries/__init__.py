"""Reading payments: intents, captures, refunds, notices that were refused, and what proves them.

Functions without an actor are for rooms above and for whoever holds an intent's id, which only
its payer was given; they carry nothing personal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.proofs import Proof, prove
from countyfair.kernel.rows import one, rows
from countyfair.registers.stations.queries import station as station_row

JOINS = ("ledger",)


@dataclass(frozen=True, slots=True)
class IntentRow:
    """A sum asked for. `state` is awaiting, paid, cancelled or expired."""

    id: UUID
    county: str
    reference: str
    gateway: str
    amount_fen: int
    currency: str
    state: str
    opened_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """Money received, and what of it was or is being given back."""

    id: UUID
    intent: UUID
    county: str
    reference: str
    gateway: str
    provider_key: str
    amount_fen: int
    refunded_fen: int
    currency: str
    station: UUID | None
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund. `state` is asked, done or failed; `last_error` says what the provider answered last."""

    id: UUID
    capture: UUID
    county: str
    reference: str
    gateway: str
    provider_key: str
    source: str
    amount_fen: int
    currency: str
    reason: str
    state: str
    attempts: int
    last_error: str
    station: UUID | None
    asked_at: datetime
    next_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notification and what became of it; `county` is "" where its intent is unknown."""

    id: UUID
    gateway: str
    provider_key: str
    intent: UUID | None
    county: str
    outcome: str
    received_at: datetime
    settled_at: datetime | None


_INTENT = """
SELECT id, county, reference, gateway, amount_fen, currency, state, opened_at, expires_at, closed_at
  FROM payments_intent"""

_CAPTURE = """
SELECT c.id, c.intent_id, c.county, i.reference, c.gateway, c.provider_key, c.amount_fen,
       (SELECT coalesce(sum(r.amount_fen), 0)::bigint FROM payments_refund r WHERE r.capture_id = c.id),
       c.currency, c.station_id, c.captured_at
  FROM payments_capture c JOIN payments_intent i ON i.id = c.intent_id"""

_REFUND = """
SELECT r.id, r.capture_id, r.county, i.reference, c.gateway, c.provider_key, r.source, r.amount_fen,
  r.currency,
       r.reason, r.state, r.attempts, r.last_error, r.station_id, r.asked_at, r.next_at, r.done_at
  FROM payments_refund r
  JOIN payments_capture c ON c.id = r.capture_id
  JOIN payments_intent i ON i.id = c.intent_id"""

_NOTICE = """
SELECT id, gateway, provider_key, intent_key, county, outcome, received_at, settled_at FROM payments_notice"""


def intent(intent: UUID) -> IntentRow:
    """One intent.

    Raises:
        Missing: there is none of this id.
    """
    missing = _("There is no such payment.")
    return one(f"{_INTENT} WHERE id = %s", [intent], into=IntentRow, missing=missing, keep_plan=True)


def intents_of(references: Collection[str]) -> list[IntentRow]:
    """Every intent opened for these references, oldest first."""
    return rows(
        f"{_INTENT} WHERE reference = ANY(%s::text[]) ORDER BY opened_at, id",
        [list(references)],
        into=IntentRow,
    )


def captures_of(references: Collection[str]) -> list[CaptureRow]:
    """Every capture for these references, oldest first."""
    return rows(
        f"{_CAPTURE} WHERE i.reference = ANY(%s::text[]) ORDER BY c.captured_at, c.id",
        [list(references)],
        into=CaptureRow,
    )


def refunds_of(references: Collection[str]) -> list[RefundRow]:
    """Every refund for these references, oldest first."""
    return rows(
        f"{_REFUND} WHERE i.reference = ANY(%s::text[]) ORDER BY r.asked_at, r.id",
        [list(references)],
        into=RefundRow,
    )


def refund(refund: UUID) -> RefundRow:
    """One refund.

    Raises:
        Missing: there is none of this id.
    """
    return one(f"{_REFUND} WHERE r.id = %s", [refund], into=RefundRow, missing=_("There is no such refund."))


def refunds(
    actor: Actor,
    *,
    county: str,
    state: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[RefundRow]:
    """A county's refunds, newest first, of one state or all; needs `payments.read`.

    Args:
        after: (asked_at, id) of the last row of the page before.

    Raises:
        Forbidden: the actor may not read this county's payments.
    """
    actor.require("payments.read", place=county)
    moment, key = after or (None, None)
    of_state = " AND r.state = %(state)s" if state else ""
    goes_on = " AND (r.asked_at, r.id) < (%(moment)s::timestamptz, %(key)s::uuid)" if after else ""
    return rows(
        f"{_REFUND} WHERE r.county = %(county)s{of_state}{goes_on}"
        " ORDER BY r.asked_at DESC, r.id DESC LIMIT %(limit)s::int",
        {"county": county, "state": state, "moment": moment, "key": key, "limit": limit},
        into=RefundRow,
    )


def cash_to_hand_back(actor: Actor, *, station: UUID, limit: int = 100) -> list[RefundRow]:
    """Refunds of cash that this station took and has still to hand back; needs `counter.refund` there.

    Raises:
        Forbidden, Missing: the actor has no counter there; there is no such station.
    """
    actor.require("counter.refund", place=station_row(station).place)
    return rows(
        f"{_REFUND} WHERE c.station_id = %s AND r.state = 'asked' ORDER BY r.asked_at LIMIT %s::int",
        [station, limit],
        into=RefundRow,
    )


def refused_notices(actor: Actor, *, county: str, limit: int = 100) -> list[NoticeRow]:
    """Notices that took no money and need a look, newest first; needs `payments.read` in the county.

    Forged ones, and ones whose intent is unknown, belong to no county: they are shown to whoever
    may read payments at all, without what was claimed in them.

    Raises:
        Forbidden: the actor may not read this county's payments.
    """
    actor.require("payments.read", place=county)
    return rows(
        f"{_NOTICE} WHERE county IN (%(county)s, '') AND outcome NOT IN ('waiting', 'captured',"
        f" 'late', 'surplus', 'repeated', 'refunded')"
        " ORDER BY received_at DESC LIMIT %(limit)s::int",
        {"county": county, "limit": limit},
        into=NoticeRow,
    )


_PROOFS: dict[str, tuple[str, str]] = {
    "payments.every_capture_is_booked": (
        "SELECT count(*) FROM payments_capture",
        """
        SELECT c.id::text FROM payments_capture c
        LEFT JOIN ledger_entry e ON e.source = 'capture:' || c.id
        LEFT JOIN ledger_posting p ON p.entry_id = e.id AND p.amount_fen = c.amount_fen
        WHERE p.id IS NULL""",
    ),
    "payments.every_refund_is_booked": (
        "SELECT count(*) FROM payments_refund",
        """
        SELECT r.id::text FROM payments_refund r
        LEFT JOIN ledger_entry asked ON asked.source = 'refund:' || r.id
        LEFT JOIN ledger_entry done ON done.source = 'refund-done:' || r.id
        WHERE asked.id IS NULL OR (done.id IS NOT NULL) <> (r.state = 'done')""",
    ),
    "payments.nothing_is_refunded_twice": (
        "SELECT count(*) FROM payments_capture",
        """
        SELECT c.id::text FROM payments_capture c
        JOIN (SELECT capture_id, sum(amount_fen) AS back FROM payments_refund GROUP BY capture_id) r
          ON r.capture_id = c.id
        WHERE r.back > c.amount_fen""",
    ),
    "payments.paid_is_what_was_captured": (
        "SELECT count(*) FROM payments_intent",
        """
        SELECT i.id::text FROM payments_intent i
        LEFT JOIN (SELECT intent_id, min(amount_fen) AS low, max(amount_fen) AS high
                     FROM payments_capture GROUP BY intent_id) c ON c.intent_id = i.id
        WHERE (i.state = 'paid') <> (c.intent_id IS NOT NULL)
           OR c.low <> i.amount_fen OR c.high <> i.amount_fen""",
    ),
    "payments.fees_of_bills_are_in_the_ledger": (
        "SELECT count(*) FROM payments_daybillline WHERE booked_fen <> 0",
        """
        SELECT coalesce(l.gateway, p.owner) FROM
          (SELECT county, gateway, sum(booked_fen) AS fen FROM payments_daybillline
            WHERE booked_fen <> 0 GROUP BY county, gateway) l
          FULL JOIN (SELECT a.county, a.owner, sum(p.amount_fen) AS fen
                       FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
                      WHERE a.code = 'provider_fees' GROUP BY a.county, a.owner) p
            ON p.county = l.county AND p.owner = l.gateway
         WHERE coalesce(l.fen, 0) <> coalesce(p.fen, 0)""",
    ),
    "payments.refunds_due_are_the_refunds_asked": (
        "SELECT count(*) FROM payments_refund WHERE state <> 'done'",
        """
        SELECT coalesce(due.county, asked.county) FROM
          (SELECT a.county, a.currency, -sum(p.amount_fen) AS fen
             FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
            WHERE a.code = 'refunds_due' GROUP BY a.county, a.currency) due
          FULL JOIN (SELECT county, currency, sum(amount_fen) AS fen FROM payments_refund
                      WHERE state <> 'done' GROUP BY county, currency) asked
            ON asked.county = due.county AND asked.currency = due.currency
         WHERE coalesce(due.fen, 0) <> coalesce(asked.fen, 0)""",
    ),
}


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)
