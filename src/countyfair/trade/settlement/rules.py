"""How earnings become entries and payments, and what the bank's file looks like: pure decisions on values.

`docs/settlement.md` works an example.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from countyfair.registers.ledger.rules import PAYABLE, PostingLine, line

#: Whom a batch may pay. The platform's fee is income and paid to nobody.
PAID = ("household", "station", "centre", "courier")

#: From which states of a payout the bank may say what. A bank may return what it had called paid.
BANK_MOVES: dict[tuple[str, str], str] = {
    ("sent", "paid"): "paid",
    ("sent", "returned"): "returned",
    ("paid", "returned"): "returned",
}


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A frozen share of a completed order that has not been earned yet. Negative where a refund took back."""

    id: UUID
    order: UUID
    county: str
    line: UUID | None
    beneficiary: str
    owner: str
    amount_fen: int
    currency: str
    refund: UUID | None
    bill: UUID | None = None
    fee: UUID | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Shares that are booked together, under one source."""

    source: str
    what: str
    order: UUID
    county: str
    shares: tuple[ShareRow, ...]


def releases(shares: Iterable[ShareRow]) -> list[Release]:
    """Group shares into entries: an order's own with all that changed before, then each later change."""
    groups: dict[tuple[UUID, str, UUID], list[ShareRow]] = {}
    rows = list(shares)
    released = {share.order for share in rows if not (share.refund or share.bill or share.fee)}
    for share in rows:
        what, key = "release", share.order
        if share.order not in released:
            what, key = _later(share)
        groups.setdefault((share.order, what, key), []).append(share)
    return [
        Release(f"{what}:{key}", what, order, group[0].county, tuple(group))
        for (order, what, key), group in groups.items()
    ]


def _later(share: ShareRow) -> tuple[str, UUID]:
    """What a share is booked as that came after its order was earned."""
    if share.refund:
        return "takeback", share.refund
    return ("fee", share.fee) if share.fee else ("charge", share.bill or share.order)


def release_lines(release: Release) -> list[PostingLine]:
    """Escrow against what each beneficiary is owed; the lines sum to zero. Empty where all cancels out."""
    sums: dict[tuple[str, str, str], int] = {}
    for share in release.shares:
        key = (share.beneficiary, share.owner, share.currency)
        sums[key] = sums.get(key, 0) + share.amount_fen
    totals: dict[str, int] = {}
    lines = []
    for (beneficiary, owner, currency), amount in sorted(sums.items()):
        if amount:
            lines.append(_line(PAYABLE[beneficiary], -amount, owner, release.order, currency))
            totals[currency] = totals.get(currency, 0) + amount
    escrow = [_line("escrow", total, "", release.order, cur) for cur, total in totals.items() if total]
    return [*escrow, *lines]


def payout_lines(
    beneficiary: str, owner: str, amount_fen: int, currency: str, payout: UUID, move: str
) -> list[PostingLine]:
    """The entry of one step of a payout: `send`, `paid`, `returned`, or `paid_returned`."""
    payable = (PAYABLE[beneficiary], owner)
    debit, credit = {
        "send": (payable, ("payout_clearing", "")),
        "paid": (("payout_clearing", ""), ("bank", "")),
        "returned": (("payout_clearing", ""), payable),
        "paid_returned": (("bank", ""), payable),
    }[move]
    reference = str(payout)
    return [
        line(debit[0], amount_fen, owner=debit[1], reference=reference, currency=currency),
        line(credit[0], -amount_fen, owner=credit[1], reference=reference, currency=currency),
    ]


def _line(code: str, amount_fen: int, owner: str, order: UUID, currency: str) -> PostingLine:
    return line(code, amount_fen, owner=owner, reference=str(order), currency=currency)


# --- The bank's file ---------------------------------------------------------------------------

#: Serial number, payout number, account name, account, bank, yuan, currency, purpose.
COLUMNS = ("序号", "流水号", "收款户名", "收款账号", "开户银行", "金额(元)", "币种", "附言")
ENCODING = "gb18030"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class BankRow:
    """One transfer. Never kept: it is made from sealed fields when the file is written."""

    number: str
    name: str
    account: str
    bank: str
    amount_fen: int
    currency: str


def bank_csv(rows: Sequence[BankRow], *, batch: str) -> bytes:
    """The file: CSV in GB18030, CRLF, a head, a row a transfer, a last row with count and sum.

    A cell that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for serial, row in enumerate(rows, 1):
        cells = (row.number, row.name, row.account, row.bank, yuan(row.amount_fen), row.currency, batch)
        writer.writerow([serial, *(plain_cell(cell) for cell in cells)])
    writer.writerow(
        ["合计", len(rows), "", "", "", yuan(sum(row.amount_fen for row in rows)), "", plain_cell(batch)]
    )
    return out.getvalue().encode(ENCODING)


def plain_cell(text: str) -> str:
    """`text` on one line, made safe against being run as a formula."""
    one_line = " ".join(text.split())
    return f"'{one_line}" if text.startswith(_FORMULA) or one_line.startswith(_FORMULA) else one_line


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two decimals, as banks read it."""
    return str(Decimal(amount_fen).scaleb(-2).quantize(Decimal("0.01")))


# --- Statements --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One thing that changed what is owed: a sale, a refund, a payout (negative), or one that came back.

    `gross_fen` is what the buyer paid for the whole line; `quantity` packs of `label`; `amount` base
    units of this owner's own lot in it, where the share is of a lot; `grade` that lot's by its standard
    and `factor_milli` what it counts for, "" and 1000 where none graded it. `reason`
    is a claim's, of `orders.rules.reasons`: what somebody typed for a refund is not told here.
    `discount_fen` is what this owner bears of a promotion: `amount_fen` is less by it.
    """

    at: datetime
    what: str
    reference: str
    product_zh: str
    product_en: str
    label_zh: str
    label_en: str
    quantity: int
    amount: int
    unit: str
    gross_fen: int
    amount_fen: int
    grade: str = ""
    factor_milli: int = 1000
    reason: str = ""
    discount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """What one beneficiary was owed, earned and was paid. `booked_fen` is what the ledger says at its end.

    `name` is a household's number or a station's name, `place` where it stands.
    """

    county: str
    beneficiary: str
    owner: str
    currency: str
    since: datetime
    before: datetime
    opening_fen: int
    lines: tuple[StatementLine, ...]
    booked_fen: int
    name: str = ""
    place: str = ""

    def total(self, *whats: str) -> int:
        """The sum of the lines of these kinds."""
        return sum(row.amount_fen for row in self.lines if row.what in whats)

    @property
    def closing_fen(self) -> int:
        """Opening and lines added up."""
        return self.opening_fen + sum(row.amount_fen for row in self.lines)

    @property
    def adds_up(self) -> bool:
        """Whether that is what the ledger says."""
        return self.closing_fen == self.booked_fen
