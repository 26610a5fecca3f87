"""The chart of accounts, and what makes a line and an entry: pure decisions on values.

Amounts are signed whole minor units: debit positive, credit negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["asset", "liability", "income", "expense"]
#: Whether an account of this code is somebody's: always, never, or either way.
Owned = Literal["always", "never", "either"]


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One kind of account that a county's books may hold. `what` says what lies on it."""

    code: str
    kind: Kind
    owned: Owned
    what: str


CHART: tuple[ChartLine, ...] = (
    ChartLine("bank", "asset", "never", "the county centre's bank account"),
    ChartLine(
        "clearing", "asset", "always", "taken by a payment provider and not yet banked; owner: the gateway"
    ),
    ChartLine("till", "asset", "always", "cash in a station's till; owner: the station's id"),
    ChartLine("escrow", "liability", "never", "paid by buyers and not yet earned; reference: the order's id"),
    ChartLine("refunds_due", "liability", "never", "granted to buyers and not yet given back"),
    ChartLine(
        "household_payable", "liability", "always", "owed to a household for what it sold; owner: its id"
    ),
    ChartLine("station_payable", "liability", "always", "owed to a station for its service; owner: its id"),
    ChartLine("centre_payable", "liability", "either", "owed to the county centre for its service"),
    ChartLine("courier_payable", "liability", "either", "owed to who carries the parcels"),
    ChartLine("payout_clearing", "liability", "never", "ordered from the bank and not yet confirmed by it"),
    ChartLine(
        "channel_fees",
        "liability",
        "always",
        "kept by an outside platform of what it took, until its statement is booked; owner: the platform",
    ),
    ChartLine("platform_income", "income", "either", "the platform's fee"),
    ChartLine(
        "provider_fees", "expense", "always", "kept by a payment provider of what it took; owner: the gateway"
    ),
    ChartLine("till_over", "income", "always", "counted in a till beyond the books; owner: the station's id"),
    ChartLine(
        "till_short", "expense", "always", "missing in a till against the books; owner: the station's id"
    ),
)

KINDS: dict[str, Kind] = {line.code: line.kind for line in CHART}
OWNED: dict[str, Owned] = {line.code: line.owned for line in CHART}

#: The account on which each kind of beneficiary of a sale is owed its share.
PAYABLE = {
    "household": "household_payable",
    "station": "station_payable",
    "centre": "centre_payable",
    "courier": "courier_payable",
    "platform": "platform_income",
    "channel": "channel_fees",
}


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One line to be booked: which account, how much (debit positive), for which thing (`reference`)."""

    account_code: str
    kind: Kind
    owner: str
    amount_fen: int
    reference: str = ""
    currency: str = "CNY"


def line(
    code: str, amount_fen: int, *, owner: str = "", reference: str = "", currency: str = "CNY"
) -> PostingLine:
    """A line on an account of the chart.

    Raises:
        KeyError: the chart has no such code.
    """
    return PostingLine(code, KINDS[code], owner, amount_fen, reference, currency)


def require_entry(lines: Sequence[PostingLine]) -> None:
    """Refuse what could never be booked; the database refuses it too, at commit.

    Raises:
        ValueError: fewer than two lines, an amount of zero, an account that is not in the
            chart, or debits and credits of a currency that differ.
    """
    if len(lines) < 2:
        raise ValueError("an entry has at least two lines")
    for one in lines:
        if not one.amount_fen:
            raise ValueError(f"a line of nothing on {one.account_code}")
        if KINDS.get(one.account_code) != one.kind:
            raise ValueError(f"the chart has no account {one.account_code!r} of kind {one.kind!r}")
        if OWNED[one.account_code] == ("never" if one.owner else "always"):
            raise ValueError(
                f"an account {one.account_code!r} with owner {one.owner!r} does not fit the chart"
            )
    for currency, total in sums(lines).items():
        if total:
            raise ValueError(f"debits and credits differ by {total} {currency}")


def sums(lines: Iterable[PostingLine]) -> dict[str, int]:
    """Σ of the signed amounts by currency."""
    totals: dict[str, int] = defaultdict(int)
    for one in lines:
        totals[one.currency] += one.amount_fen
    return dict(totals)
