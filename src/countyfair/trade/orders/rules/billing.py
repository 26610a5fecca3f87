"""What lines sold by weight come to once they are weighed: pure decisions on values.

The buyer pays an estimate with the order, for so many packs of about so many grams, and accepts that it
is billed at the packed weight within the tolerance of the county's terms. What is lighter goes back;
what is heavier is asked for afterwards, never beyond the tolerance. `docs/orders.md` works an example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import UUID

from countyfair.kernel.money import allocate
from countyfair.trade.orders.rules.shares import ShareOf
from countyfair.trade.stock.rules import Draw, LotState

#: Sums below this are given to the buyer rather than asked for: a payment costs everybody more.
LEAST_ASKED_FEN = 100
#: More than so many times what was ordered is a slip of the pen.
BELIEVED = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line as it was ordered, base units, what it cost so, and what it weighed when it was packed."""

    line: UUID
    ordered: int
    packed: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What a line comes to: `final_fen` in the end, `asked_fen` of it still to be paid for."""

    line: UUID
    billed: int
    final_fen: int
    asked_fen: int

    @property
    def sure_fen(self) -> int:
        """What the buyer has paid of it."""
        return self.final_fen - self.asked_fen


@dataclass(frozen=True, slots=True)
class Billed:
    """The lines of one order; `refund_fen` goes back now, or `asked_fen` is asked for."""

    lines: tuple[BilledLine, ...]
    refund_fen: int
    asked_fen: int


def most(ordered: int, tolerance: Decimal) -> int:
    """The heaviest that is billed, base units."""
    return int(ordered * (1 + tolerance))


def least(ordered: int, tolerance: Decimal) -> int:
    """The lightest that the buyer accepted, base units."""
    return math.ceil(ordered * (1 - tolerance))


def price_of(amount: int, price_fen: int, content: int) -> int:
    """The price of so many base units where `content` of them cost `price_fen`; halves to the even fen."""
    exact = Decimal(price_fen) * amount / content
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def most_fen(amount_fen: int, ordered: int, tolerance: Decimal) -> int:
    """The most that a line sold by weight may come to."""
    return max(amount_fen, price_of(most(ordered, tolerance), amount_fen, ordered))


def bill(weighed: Sequence[Weighed], tolerance: Decimal, *, may_ask: bool) -> Billed:
    """Bill the weighed lines of one order.

    What one line lacks pays for what another has too much of. What remains to be asked for is given
    away where it is little, or where nothing can be asked for afterwards (`may_ask`).
    """
    billed = [min(one.packed, most(one.ordered, tolerance)) for one in weighed]
    finals = [
        price_of(amount, one.amount_fen, one.ordered) if one.packed != one.ordered else one.amount_fen
        for one, amount in zip(weighed, billed, strict=True)
    ]
    more = [max(0, final - one.amount_fen) for one, final in zip(weighed, finals, strict=True)]
    net = sum(finals) - sum(one.amount_fen for one in weighed)
    over = allocate(net, more) if net > 0 else [0] * len(weighed)
    asks = may_ask and net >= LEAST_ASKED_FEN
    if not asks:
        finals = [final - part for final, part in zip(finals, over, strict=True)]
    lines = tuple(
        BilledLine(one.line, amount, final, part if asks else 0)
        for one, amount, final, part in zip(weighed, billed, finals, over, strict=True)
    )
    return Billed(lines, max(0, -net), net if asks else 0)


def lighter(draws: Sequence[Draw], by: int) -> list[Draw]:
    """The draws of a line without the last `by` base units, which stay in the last lots."""
    kept = []
    for draw in reversed(draws):
        cut = min(by, draw.amount)
        by -= cut
        if draw.amount > cut:
            kept.append(Draw(draw.lot, draw.amount - cut))
    return kept[::-1]


def corrections(now: Sequence[ShareOf], then: Sequence[ShareOf]) -> list[ShareOf]:
    """The rows that make the shares of a line `now` into those of `then`; none where nothing changes."""
    sums: dict[tuple[str, str, UUID | None, UUID | None], tuple[int, int]] = {}
    of_lot = {(row.beneficiary, row.owner, row.lot, row.discount): row for row in (*now, *then)}
    for rows, sign in ((now, -1), (then, 1)):
        for row in rows:
            key = (row.beneficiary, row.owner, row.lot, row.discount)
            amount, fen = sums.get(key, (0, 0))
            sums[key] = (amount + sign * row.lot_amount, fen + sign * row.amount_fen)
    return [
        replace(of_lot[key], lot_amount=amount, amount_fen=fen)
        for key, (amount, fen) in sums.items()
        if fen or amount
    ]


def draws_of(rows: Sequence[ShareOf]) -> list[Draw]:
    """What a line draws on, as its shares tell it: households' lots, and the stations that weighed them."""
    stations = {row.lot: UUID(row.owner) for row in rows if row.beneficiary == "station"}
    amounts: dict[UUID, int] = {}
    lots: dict[UUID, LotState] = {}
    for row in rows:
        if row.beneficiary == "household" and row.lot is not None:
            amounts[row.lot] = amounts.get(row.lot, 0) + row.lot_amount
            lots[row.lot] = LotState(
                row.lot, UUID(row.owner), stations.get(row.lot), date.min, 0, row.grade,
                row.standard_version, row.factor_milli,
            )  # fmt: skip
    return [Draw(lots[lot], amount) for lot, amount in amounts.items() if amount]
