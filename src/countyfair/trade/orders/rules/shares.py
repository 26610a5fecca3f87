"""The table of shares: whose every fen of an order is, frozen when it is placed.

A line's money is split by the county's rates to household, station, centre and platform; the
household's part is split again over the lots that the line draws on, by amount times the factor of
the lot's grade, the station's by amount. The courier gets the freight. All splits give the remainder
to the largest remainders, so that the shares of an order sum to its total. `docs/orders.md` works an
example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from countyfair.kernel.money import allocate
from countyfair.trade.stock.rules import Draw

#: Who carries the county's own parcels: the owner of freight shares.
COUNTY_CARRIER = "county"


@dataclass(frozen=True, slots=True)
class Terms:
    """A county's rates, which sum to one, its return window, and how far weights may differ, by version."""

    version: int
    household: Decimal
    station: Decimal
    centre: Decimal
    platform: Decimal
    return_window_days: int
    weight_tolerance: Decimal = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class ShareOf:
    """One row of the table of shares. `owner` is a household's or station's id, a carrier, or ""

    `grade`, its factor in thousandths and the version of the standard it comes from are those of the
    lot; version 0 is a lot that no standard graded. `discount` names what was taken off the line, in the
    rows of who bears it.
    """

    beneficiary: str
    owner: str
    lot: UUID | None
    lot_amount: int
    amount_fen: int
    grade: str = ""
    factor_milli: int = 1000
    standard_version: int = 0
    discount: UUID | None = None


def line_shares(amount_fen: int, draws: Sequence[Draw], terms: Terms) -> list[ShareOf]:
    """The shares of one line. They sum to `amount_fen`; rows of nothing are left out.

    A lot that no station weighed leaves the station's part of its share to the centre.
    """
    rates = (terms.household, terms.station, terms.centre, terms.platform)
    household, station, centre, platform = allocate(amount_fen, rates)
    weights = [draw.amount for draw in draws]
    graded = [draw.amount * draw.lot.factor_milli for draw in draws]
    rows = [_of_household(draw, part) for draw, part in zip(draws, allocate(household, graded), strict=True)]
    for draw, part in zip(draws, allocate(station, weights), strict=True):
        if draw.lot.station is None:
            centre += part
        else:
            rows.append(ShareOf("station", str(draw.lot.station), draw.lot.id, draw.amount, part))
    rows.append(ShareOf("centre", "", None, 0, centre))
    rows.append(ShareOf("platform", "", None, 0, platform))
    return [row for row in rows if row.amount_fen]


def _of_household(draw: Draw, part: int) -> ShareOf:
    lot = draw.lot
    grade = lot.grade if lot.standard_version else ""
    return ShareOf(
        "household", str(lot.household), lot.id, draw.amount, part, grade, lot.factor_milli,
        lot.standard_version,
    )  # fmt: skip


def freight_shares(freight_fen: int) -> list[ShareOf]:
    """The courier's share of an order: the whole freight."""
    return [ShareOf("courier", COUNTY_CARRIER, None, 0, freight_fen)] if freight_fen else []


@dataclass(frozen=True, slots=True)
class Held:
    """What a row's beneficiary still holds of a line, after the refunds so far.

    Negative where somebody bore a refund that was more than theirs.
    """

    line: UUID | None
    share: ShareOf


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who alone bears a refund, as a beneficiary of shares and its key."""

    beneficiary: str
    owner: str


def left_of(held: Iterable[Held]) -> int:
    """What can still be given back of these rows: what they come to."""
    return sum(row.share.amount_fen for row in held)


def given_back(refund_fen: int, held: Sequence[Held]) -> list[Held]:
    """The counter-rows of a refund, in proportion to what each row still holds.

    They are negative, but for rows of who bears a discount: those get back the part that belongs to it.

    Raises:
        ValueError: the refund is more than is left.
    """
    _check(refund_fen, held)
    holds = [max(0, row.share.amount_fen) for row in held]
    bore = [max(0, -row.share.amount_fen) if row.share.discount else 0 for row in held]
    more = refund_fen * sum(bore) // left_of(held)
    taken = allocate(refund_fen + more, holds)
    returned = allocate(more, bore) if more else [0] * len(held)
    return [
        Held(row.line, _counter(row.share, back - part))
        for row, part, back in zip(held, taken, returned, strict=True)
        if part != back
    ]


def _counter(share: ShareOf, amount_fen: int) -> ShareOf:
    return ShareOf(
        share.beneficiary, share.owner, share.lot, 0, amount_fen, discount=share.discount
    )  # fmt: skip


def borne_by(bearer: Bearer, refund_fen: int, held: Sequence[Held]) -> list[Held]:
    """The one counter-row of a refund that its bearer carries alone: all others keep what they hold.

    Raises:
        ValueError: the refund is more than is left.
    """
    _check(refund_fen, held)
    return [Held(held[0].line, ShareOf(bearer.beneficiary, bearer.owner, None, 0, -refund_fen))]


def still_held(rows: Iterable[Held]) -> list[Held]:
    """Rows of shares and of refunds netted by line, beneficiary, owner and lot; none of nothing."""
    sums: dict[tuple[UUID | None, str, str, UUID | None, UUID | None], int] = {}
    for row in rows:
        share = row.share
        key = (row.line, share.beneficiary, share.owner, share.lot, share.discount)
        sums[key] = sums.get(key, 0) + share.amount_fen
    return [
        Held(line, ShareOf(beneficiary, owner, lot, 0, amount, discount=discount))
        for (line, beneficiary, owner, lot, discount), amount in sums.items()
        if amount
    ]


def _check(refund_fen: int, held: Sequence[Held]) -> None:
    if not 0 < refund_fen <= left_of(held):
        raise ValueError(f"cannot give back {refund_fen} of {left_of(held)}")
