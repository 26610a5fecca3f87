"""Batches and their payouts."""

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


@dataclass(frozen=True, slots=True)
class BatchWhole:
    """A batch and its payouts, by number."""

    batch: BatchRow
    payouts: tuple[PayoutRow, ...]


def batches(
    actor: Actor,
    *,
    county: str,
    returned: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[BatchRow]:
    """A county's batches, newest first; needs `payout.read`.

    Args:
        returned: only those with payouts that the bank returned.
        after: (prepared_at, id) of the last row of the page before.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("payout.read", place=county)
    moment, key = after or (None, None)
    wanted = ["k.county = %(county)s", *([_RETURNED] if returned else []), *([_GOES_ON] if after else [])]
    params = {"county": county, "moment": moment, "key": key, "limit": limit}
    return rows(_BATCHES.format(batch=_SOME.format(where=" AND ".join(wanted))), params, into=BatchRow)


def batch(actor: Actor, *, batch: UUID) -> BatchRow:
    """One batch; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    one_of_all = _BATCHES.format(batch="SELECT * FROM settlement_batch WHERE id = %(batch)s")
    found = one(one_of_all, {"batch": batch}, into=BatchRow, missing=_("There is no such batch."))
    actor.require("payout.read", place=found.county)
    return found


def batch_whole(actor: Actor, *, batch_id: UUID) -> BatchWhole:
    """One batch with its payouts, in two statements; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    return BatchWhole(batch(actor, batch=batch_id), tuple(rows(_PAYOUTS, [batch_id], into=PayoutRow)))


def payouts(actor: Actor, *, batch: UUID) -> list[PayoutRow]:
    """The payouts of a batch, by number; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    return list(batch_whole(actor, batch_id=batch).payouts)


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


#: The page is cut out before anything is counted.
_SOME = """SELECT k.* FROM settlement_batch k WHERE {where}
         ORDER BY k.prepared_at DESC, k.id DESC LIMIT %(limit)s::int"""
_RETURNED = "EXISTS (SELECT FROM settlement_payout r WHERE r.batch_id = k.id AND r.state = 'returned')"
_GOES_ON = "(k.prepared_at, k.id) < (%(moment)s::timestamptz, %(key)s::uuid)"

_BATCHES = """
SELECT b.id, b.county, b.number, b.whom, b.state, b.until, b.prepared_at, b.prepared_by, b.sent_at, b.sent_by,
       b.file_digest, p.payouts, p.amount_fen, p.unanswered, p.returned
  FROM ({batch}) b
  CROSS JOIN LATERAL (SELECT count(*) AS payouts, coalesce(sum(amount_fen), 0)::bigint AS amount_fen,
                             count(*) FILTER (WHERE state IN ('prepared', 'sent')) AS unanswered,
                             count(*) FILTER (WHERE state = 'returned') AS returned
                        FROM settlement_payout WHERE batch_id = b.id) p
 ORDER BY b.prepared_at DESC, b.id DESC
"""

_PAYOUTS = """
SELECT x.id, x.batch_id, x.number, x.beneficiary, x.owner, coalesce(h.number, s.name, ''),
       coalesce(h.place, s.place, ''), x.amount_fen, x.currency, x.state, x.bank_reference, x.reason,
       x.settled_at
  FROM settlement_payout x
  LEFT JOIN people_household h ON h.id = CASE WHEN x.beneficiary = 'household' THEN x.owner::uuid END
  LEFT JOIN stations_station s ON s.id = CASE WHEN x.beneficiary = 'station' THEN x.owner::uuid END
 WHERE x.batch_id = %s ORDER BY x.number
"""
