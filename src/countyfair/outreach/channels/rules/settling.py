"""Whether what a platform settled for an order is what it owed: pure decisions on sums.

`docs/channels.md` works an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.registers.ledger.rules import PostingLine, line

#: What a platform pays for an order, and what it takes back for its buyer; all else is its fees.
PAYS = ("sale", "subsidy")
TAKES_BACK = "refund"


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of a settlement that is not booked yet."""

    id: UUID
    key: str
    kind: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What a platform owes for an order, and what of it was booked before."""

    arrival: UUID
    number: str
    due_fen: int
    freight_fen: int
    platform_fen: int
    host_fen: int
    refunded_fen: int
    paid_before_fen: int
    back_before_fen: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What movements come to: paid for the order, taken back for its buyer (positive), kept as fees."""

    paid_fen: int
    back_fen: int
    fees_fen: int

    @property
    def gross_fen(self) -> int:
        return self.paid_fen - self.back_fen

    @property
    def net_fen(self) -> int:
        return self.gross_fen - self.fees_fen


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit: `kind` paid or refund, both sides, and the likely cause as a code."""

    kind: str
    reason: str
    ours_fen: int
    theirs_fen: int


def sums(moved: Sequence[Moved]) -> Sums:
    """Add movements up by what they are for."""
    paid = sum(one.amount_fen for one in moved if one.kind in PAYS)
    back = -sum(one.amount_fen for one in moved if one.kind == TAKES_BACK)
    fees = -sum(one.amount_fen for one in moved if one.kind not in (*PAYS, TAKES_BACK))
    return Sums(paid, back, fees)


def misfit(owed: Owed, came: Sums) -> Misfit | None:
    """What does not fit of an order once these movements are added to those booked; None where all does.

    A platform that settles only what was not refunded, without telling the refund, fits too.
    """
    paid, back = owed.paid_before_fen + came.paid_fen, owed.back_before_fen + came.back_fen
    if paid == owed.due_fen and back == owed.refunded_fen:
        return None
    if paid - back == owed.due_fen - owed.refunded_fen:
        return None
    if paid != owed.due_fen and back in (0, owed.refunded_fen):
        return Misfit("paid", _why(owed, paid), owed.due_fen, paid)
    reason = "not_told" if back < owed.refunded_fen else "not_known_here"
    return Misfit("refund", reason, owed.refunded_fen, back)


def _why(owed: Owed, paid: int) -> str:
    missing = owed.due_fen - paid
    if missing < 0:
        return "too_much"
    parts = {
        "subsidy": owed.platform_fen, "host": owed.host_fen, "freight": owed.freight_fen,
        "refund": owed.refunded_fen, "subsidy_and_host": owed.platform_fen + owed.host_fen,
    }  # fmt: skip
    return next((name for name, part in parts.items() if part and part == missing), "unknown")


def statement_lines(platform: str, booking: UUID, came: Sums) -> list[PostingLine]:
    """The entry of a booking: bank and fees against what the platform held. Empty where nothing moved."""
    reference = str(booking)
    amounts = (("bank", "", came.net_fen), ("channel_fees", platform, came.fees_fen),
               ("clearing", platform, -came.gross_fen))  # fmt: skip
    return [line(code, amount, owner=owner, reference=reference) for code, owner, amount in amounts if amount]
