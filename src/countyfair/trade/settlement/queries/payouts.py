"""What is owed, batches, and their payouts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.trade.settlement.queries.statements import lines_where
from countyfair.trade.settlement.rules import StatementLine

JOINS = ("people", "stations")


@dataclass(frozen=True, slots=True)
class Owed:
    """What one owner has not been paid yet. Negative: to be made up for by what comes. `name` is what
    a household or station is known by."""

    beneficiary: str
    owner: str
    name: str
    place: str
    earnings: int
    amount_fen: int
    currency: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with the number and sum of its payouts, and how many the bank returned or has not answered."""

    id: UUID
    county: str
    number: str
    whom: str
    state: str
    until: datetime
    prepared_at: datetime
    prepared_by: str
    sent_at: datetime | None
    sent_by: str
    file_digest: str
    payouts: int
    amount_fen: int
    unanswered: int
    returned: int


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout. `name` and `place` are what its owner is known by."""

    id: UUID
    batch: UUID
    number: str
    beneficiary: str
    owner: str
    name: str
    place: str
    amount_fen: int
    currency: str
    state: str
    bank_reference: str
    reason: str
    settled_at: datetime | None


_BATCH = """
SELECT b.id, b.county, b.number, b.whom, b.state, b.until, b.prepared_at, b.prepared_by, b.sent_at, b.sent_by,
       b.file_digest, count(p.id), coalesce(sum(p.amount_fen), 0)::bigint,
       count(p.id) FILTER (WHERE p.state IN ('prepared', 'sent')),
       count(p.id) FILTER (WHERE p.state = 'returned')
  FROM settlement_batch b LEFT JOIN settlement_payout p ON p.batch_id = b.id"""


def owed(actor: Actor, *, county: str, whom: str = "household") -> list[Owed]:
    """What is unpaid in a county, the largest sum first; needs `payout.read`.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("payout.read", place=county)
    return rows(
        """
        SELECT x.beneficiary, x.owner, coalesce(h.number, s.name, ''), coalesce(h.place, s.place, ''),
               x.earnings, x.amount_fen, x.currency
          FROM (SELECT beneficiary, owner, currency, count(*) AS earnings,
                       sum(amount_fen)::bigint AS amount_fen
                  FROM settlement_earning
                 WHERE county = %s AND beneficiary = %s AND payout_id IS NULL
                 GROUP BY beneficiary, owner, currency) x
          LEFT JOIN people_household h ON h.id = CASE WHEN x.beneficiary = 'household' THEN x.owner::uuid END
          LEFT JOIN stations_station s ON s.id = CASE WHEN x.beneficiary = 'station' THEN x.owner::uuid END
         ORDER BY x.amount_fen DESC, x.owner""",
        [county, whom],
        into=Owed,
    )


def batches(actor: Actor, *, county: str, limit: int = 50) -> list[BatchRow]:
    """A county's batches, newest first; needs `payout.read`.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("payout.read", place=county)
    return rows(
        f"{_BATCH} WHERE b.county = %s GROUP BY b.id ORDER BY b.prepared_at DESC, b.id DESC LIMIT %s::int",
        [county, limit],
        into=BatchRow,
    )


def batch(actor: Actor, *, batch: UUID) -> BatchRow:
    """One batch; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    missing = _("There is no such batch.")
    found = one(f"{_BATCH} WHERE b.id = %s GROUP BY b.id", [batch], into=BatchRow, missing=missing)
    actor.require("payout.read", place=found.county)
    return found


def payouts(actor: Actor, *, batch: UUID) -> list[PayoutRow]:
    """The payouts of a batch, by number; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    _authorised(actor, batch)
    return rows(
        """
        SELECT x.id, x.batch_id, x.number, x.beneficiary, x.owner, coalesce(h.number, s.name, ''),
               coalesce(h.place, s.place, ''), x.amount_fen, x.currency, x.state, x.bank_reference, x.reason,
               x.settled_at
          FROM settlement_payout x
          LEFT JOIN people_household h ON h.id = CASE WHEN x.beneficiary = 'household' THEN x.owner::uuid END
          LEFT JOIN stations_station s ON s.id = CASE WHEN x.beneficiary = 'station' THEN x.owner::uuid END
         WHERE x.batch_id = %s ORDER BY x.number""",
        [batch],
        into=PayoutRow,
    )


def payout_statement(actor: Actor, *, batch: UUID, number: str) -> list[StatementLine]:
    """What a payout pays for: lines that sum to it; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    _authorised(actor, batch)
    return lines_where(
        "e.payout_id = (SELECT id FROM settlement_payout WHERE batch_id = %(batch)s AND number = %(number)s)",
        {"batch": batch, "number": number},
    )


def _authorised(actor: Actor, key: UUID) -> None:
    batch(actor, batch=key)
