"""Reading the books: balances, an account's lines, the trial balance, and what proves them.

Amounts are signed whole minor units, debit positive: what the county owes is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.proofs import Proof, prove
from countyfair.kernel.rows import rows, scalar


@dataclass(frozen=True, slots=True)
class BookLine:
    """One posting of one account, with the sum of the account up to and including it."""

    entry: UUID
    booked_at: datetime
    what: str
    source: str
    reference: str
    amount_fen: int
    running_fen: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """All accounts of one code together: how many, their debits, their credits, and the difference."""

    code: str
    kind: str
    currency: str
    accounts: int
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class OwnerBalance:
    """What one owner's account holds."""

    owner: str
    amount_fen: int


def balance(
    *, county: str, code: str, owner: str = "", before: datetime | None = None, currency: str = "CNY"
) -> int:
    """What one account holds, of all that was booked for moments before `before` (default: ever).

    For rooms above, which decide who may see it; 0 for an account that was never opened.
    """
    found = scalar(
        "SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p JOIN ledger_account a"
        " ON a.id = p.account_id"
        " JOIN ledger_entry e ON e.id = p.entry_id WHERE a.county = %(county)s AND a.code = %(code)s"
        " AND a.owner = %(owner)s AND a.currency = %(currency)s"
        " AND (%(before)s::timestamptz IS NULL OR e.booked_at < %(before)s::timestamptz)",
        {"county": county, "code": code, "owner": owner, "currency": currency, "before": before},
    )
    return int(str(found))


def balances(
    *, county: str, code: str, before: datetime | None = None, currency: str = "CNY"
) -> list[OwnerBalance]:
    """What each owner's account of one code holds, by owner; accounts at zero are left out.

    For rooms above, which decide who may see it.
    """
    return rows(
        "SELECT a.owner, sum(p.amount_fen)::bigint FROM ledger_posting p JOIN ledger_account a ON"
        " a.id = p.account_id"
        " JOIN ledger_entry e ON e.id = p.entry_id WHERE a.county = %(county)s AND a.code = %(code)s"
        " AND a.currency = %(currency)s AND (%(before)s::timestamptz IS NULL OR e.booked_at <"
        " %(before)s::timestamptz)"
        " GROUP BY a.owner HAVING sum(p.amount_fen) <> 0 ORDER BY a.owner",
        {"county": county, "code": code, "currency": currency, "before": before},
        into=OwnerBalance,
    )


def lines(
    *,
    county: str,
    code: str,
    owner: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    currency: str = "CNY",
    limit: int = 2000,
) -> list[BookLine]:
    """An account's lines booked from `since` until before `before`, oldest first, with the running sum.

    The running sum starts with what was booked before `since`. For rooms above, which decide
    who may see it.
    """
    return rows(
        "SELECT * FROM (SELECT e.id, e.booked_at, e.what, e.source, p.reference, p.amount_fen,"
        " (sum(p.amount_fen) OVER (ORDER BY e.booked_at, e.id, p.id))::bigint FROM ledger_posting p"
        " JOIN ledger_account a ON a.id = p.account_id JOIN ledger_entry e ON e.id = p.entry_id"
        " WHERE a.county = %(county)s AND a.code = %(code)s AND a.owner = %(owner)s AND a.currency ="
        " %(currency)s"
        " AND (%(before)s::timestamptz IS NULL OR e.booked_at < %(before)s::timestamptz)"
        " ORDER BY e.booked_at, e.id, p.id) book"
        " WHERE %(since)s::timestamptz IS NULL OR booked_at >= %(since)s::timestamptz LIMIT %(limit)s::int",
        {
            "county": county,
            "code": code,
            "owner": owner,
            "currency": currency,
            "since": since,
            "before": before,
            "limit": limit,
        },
        into=BookLine,
    )


def book(
    actor: Actor,
    *,
    county: str,
    code: str,
    owner: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int = 2000,
) -> list[BookLine]:
    """`lines` for somebody who reads the books; needs `ledger.read` in the county.

    Raises:
        Forbidden: the actor may not read this county's books.
    """
    actor.require("ledger.read", place=county)
    return lines(county=county, code=code, owner=owner, since=since, before=before, limit=limit)


def trial_balance(actor: Actor, *, county: str, before: datetime | None = None) -> list[TrialRow]:
    """All accounts of a county by code; the differences of one currency sum to zero. Needs `ledger.read`.

    Raises:
        Forbidden: the actor may not read this county's books.
    """
    actor.require("ledger.read", place=county)
    return rows(
        "SELECT a.code, a.kind, a.currency, count(DISTINCT a.id), coalesce(sum(p.amount_fen) FILTER"
        " (WHERE p.amount_fen > 0), 0)::bigint, coalesce(-sum(p.amount_fen) FILTER (WHERE"
        " p.amount_fen < 0), 0)::bigint,"
        " sum(p.amount_fen)::bigint FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id"
        " JOIN ledger_entry e ON e.id = p.entry_id WHERE a.county = %(county)s"
        " AND (%(before)s::timestamptz IS NULL OR e.booked_at < %(before)s::timestamptz)"
        " GROUP BY a.code, a.kind, a.currency ORDER BY a.kind, a.code, a.currency",
        {"county": county, "before": before},
        into=TrialRow,
    )


#: name → (rows it speaks of, keys for which it fails)
_PROOFS: dict[str, tuple[str, str]] = {
    "ledger.every_entry_balances": (
        "SELECT count(*) FROM ledger_entry",
        """
        SELECT e.id::text FROM ledger_entry e
          LEFT JOIN (SELECT p.entry_id, a.currency, sum(p.amount_fen) AS total, count(*) AS lines
                       FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
                      GROUP BY p.entry_id, a.currency) s ON s.entry_id = e.id
         WHERE s.total IS DISTINCT FROM 0 OR s.lines < 2""",
    ),
    "ledger.every_county_balances": (
        "SELECT count(*) FROM ledger_posting",
        """
        SELECT a.county || ' ' || a.currency
          FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
         GROUP BY a.county, a.currency HAVING sum(p.amount_fen) <> 0""",
    ),
    "ledger.postings_stay_in_their_county": (
        "SELECT count(*) FROM ledger_posting",
        """
        SELECT p.id::text FROM ledger_posting p
          JOIN ledger_account a ON a.id = p.account_id JOIN ledger_entry e ON e.id = p.entry_id
         WHERE p.county <> e.county OR p.county <> a.county""",
    ),
}


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)
