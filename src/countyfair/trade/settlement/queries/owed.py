"""What is owed and not paid yet, by owner, and what came back from the bank."""

from __future__ import annotations

from dataclasses import dataclass

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows, scalar

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


def returned_unpaid(actor: Actor, *, county: str) -> int:
    """How many payouts the bank returned that no later batch has taken up; needs `payout.read`.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("payout.read", place=county)
    found = scalar(
        "SELECT count(*) FROM settlement_earning"
        " WHERE county = %s AND what = 'returned' AND payout_id IS NULL",
        [county],
    )
    return int(str(found))
