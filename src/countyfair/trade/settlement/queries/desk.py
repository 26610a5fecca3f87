"""Settlement as the county's desk sees it: a batch with its payouts, and what the bank returned."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows, scalar
from countyfair.trade.settlement.queries.payouts import BatchRow, PayoutRow, batch

JOINS = ("people", "stations")


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """A batch and its payouts, by number."""

    batch: BatchRow
    payouts: tuple[PayoutRow, ...]


def batch_whole(actor: Actor, *, batch_id: UUID) -> BatchSeen:
    """One batch with its payouts, in two statements; needs `payout.read` in its county.

    Raises:
        Missing, Forbidden.
    """
    found = batch(actor, batch=batch_id)
    payouts = rows(
        """
        SELECT x.id, x.batch_id, x.number, x.beneficiary, x.owner, coalesce(h.number, s.name, ''),
               coalesce(h.place, s.place, ''), x.amount_fen, x.currency, x.state, x.bank_reference, x.reason,
               x.settled_at
          FROM settlement_payout x
          LEFT JOIN people_household h ON x.beneficiary = 'household' AND h.id::text = x.owner
          LEFT JOIN stations_station s ON x.beneficiary = 'station' AND s.id::text = x.owner
         WHERE x.batch_id = %s ORDER BY x.number""",
        [batch_id],
        into=PayoutRow,
    )
    return BatchSeen(found, tuple(payouts))


def returned_unpaid(actor: Actor, *, county: str) -> int:
    """How many payouts the bank returned that no later batch has taken up; needs `payout.read`.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("payout.read", place=county)
    found = scalar(
        "SELECT count(*) FROM settlement_earning WHERE county = %s AND what = 'returned' AND"
        " payout_id IS NULL",
        [county],
    )
    return int(str(found))
