"""What promotions take off the lines of an order: pure decisions on values.

Money is fen. What a promotion takes off is split over its lines in proportion to what each still
costs, the remainder to the largest remainders, so that the parts sum exactly. `docs/promotions.md`
prints the table below and works an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from countyfair.kernel.money import allocate, round_half_even

#: No pack is ever sold for less: what is given away is no sale.
LEAST_A_PACK_FEN = 1


@dataclass(frozen=True, slots=True)
class StackRow:
    """One row of the table of rules.

    `order`: what comes first is taken off first, and later ones count from what is left. `most`: so many
    of the kind at once in one order. `alone`: nothing else is taken off where it is.
    """

    kind: str
    order: int
    most: int
    alone: bool


#: The version of the table, frozen with everything that was taken off by it.
STACKING_VERSION = 3
STACKING: tuple[StackRow, ...] = (
    StackRow("group", 1, 1, alone=True),
    StackRow("bundle", 2, 20, alone=False),
    StackRow("coupon", 3, 1, alone=False),
)


def stack_row(kind: str) -> StackRow:
    """What the table says of a kind."""
    return next(row for row in STACKING if row.kind == kind)


class Bearer(StrEnum):
    """Who bears what is taken off."""

    HOUSEHOLD = "household"
    STATION = "station"
    CENTRE = "centre"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Terms:
    """A promotion as it stands, with what an order freezes of it. Of `percent` and `off_fen` one is 0.

    Of a bundle, `parts` are the offers and packs of one set, which cost `bundle_fen` together.
    """

    id: UUID
    version: int
    county: str
    shop: UUID | None
    kind: str
    name_zh: str
    name_en: str
    code: str
    bearer: str
    percent: int
    off_fen: int
    least_fen: int
    most_fen: int | None
    opens_at: datetime
    closes_at: datetime
    ended_at: datetime | None
    used_up: bool
    offer: UUID | None = None
    group_fen: int | None = None
    bundle_fen: int | None = None
    parts: tuple[tuple[UUID, int], ...] = ()

    def counts_for(self, line: Priced) -> bool:
        """Whether it takes something off this line."""
        return line.offer == self.offer if self.offer else self.shop in (None, line.shop)

    def is_open(self, moment: datetime) -> bool:
        """Whether it counts at this moment."""
        return self.ended_at is None and self.opens_at <= moment < self.closes_at


@dataclass(frozen=True, slots=True)
class Priced:
    """A line before anything is taken off: so many packs of one shop's offer for so much."""

    shop: UUID
    offer: UUID
    packs: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Discount:
    """What one promotion takes off one line."""

    promotion: UUID
    version: int
    kind: str
    name_zh: str
    name_en: str
    bearer: str
    amount_fen: int


class WhyNot(StrEnum):
    """Why a promotion takes nothing off."""

    NOT_OPEN = "not_open"
    USED_UP = "used_up"
    OTHER_SHOP = "other_shop"
    TOO_LITTLE = "too_little"


def why_not(lines: Sequence[Priced], terms: Terms, moment: datetime) -> WhyNot | None:
    """The first reason for which it takes nothing off these lines; None where it does."""
    mine = [line for line in lines if terms.counts_for(line)]
    if not terms.is_open(moment):
        return WhyNot.NOT_OPEN
    if terms.used_up:
        return WhyNot.USED_UP
    if not mine:
        return WhyNot.OTHER_SHOP
    if sum(line.amount_fen for line in mine) < terms.least_fen:
        return WhyNot.TOO_LITTLE
    return None


def taken_off(lines: Sequence[Priced], promotions: Sequence[Terms]) -> list[tuple[Discount, ...]]:
    """What promotions take off each line, in the order of the lines; `()` where nothing.

    Args:
        promotions: those for which `why_not` answered None, no more of a kind than `STACKING` allows.

    Raises:
        ValueError: more of a kind than may be together.
    """
    rows = {row.kind: row for row in STACKING}
    for row in STACKING:
        of_kind = sum(one.kind == row.kind for one in promotions)
        if of_kind > row.most or (row.alone and 0 < of_kind < len(promotions)):
            raise ValueError(f"at most {row.most} of {row.kind} in one order, {row.alone=}")
    left, free = [line.amount_fen for line in lines], [line.packs for line in lines]
    found: list[list[Discount]] = [[] for _line in lines]
    for terms in sorted(promotions, key=lambda one: (rows[one.kind].order, -_saving(lines, one), one.id)):
        parts = _bundled(lines, left, free, terms) if terms.parts else _parts(lines, left, terms)
        for at, part in enumerate(parts):
            if part:
                left[at] -= part
                found[at].append(
                    Discount(
                        terms.id, terms.version, terms.kind, terms.name_zh, terms.name_en, terms.bearer, part
                    )
                )
    return [tuple(one) for one in found]


def _saving(lines: Sequence[Priced], terms: Terms) -> int:
    """What one set of a bundle costs less than its packs alone; 0 of other kinds."""
    if terms.bundle_fen is None:
        return 0
    alone = {line.offer: line.amount_fen // line.packs for line in lines}
    return sum(alone.get(offer, 0) * packs for offer, packs in terms.parts) - terms.bundle_fen


def _bundled(lines: Sequence[Priced], left: Sequence[int], free: list[int], terms: Terms) -> list[int]:
    """What a bundle takes off each line, for as many whole sets as packs are left that no other bundle took.

    Args:
        free: packs of each line that no bundle took yet; those of its sets are taken off here.
    """
    at = {line.offer: number for number, line in enumerate(lines)}
    saving = _saving(lines, terms)
    sets = min((free[at[offer]] // packs if offer in at else 0 for offer, packs in terms.parts), default=0)
    if not sets or saving <= 0:
        return [0] * len(lines)
    room = [0] * len(lines)
    for offer, packs in terms.parts:
        line = lines[at[offer]]
        room[at[offer]] = sets * packs * (line.amount_fen // line.packs - LEAST_A_PACK_FEN)
        free[at[offer]] -= sets * packs
    return allocate(min(sets * saving, sum(room)), room)


def _parts(lines: Sequence[Priced], left: Sequence[int], terms: Terms) -> list[int]:
    """What one promotion takes off each line, none below a fen a pack."""
    mine = [terms.counts_for(line) for line in lines]
    room = [
        max(0, fen - line.packs * LEAST_A_PACK_FEN) if counts else 0
        for line, fen, counts in zip(lines, left, mine, strict=True)
    ]
    costs = sum(fen for fen, counts in zip(left, mine, strict=True) if counts)
    wanted = min(_wanted(lines, mine, costs, terms), sum(room))
    return allocate(wanted, room) if wanted else [0] * len(lines)


def _wanted(lines: Sequence[Priced], mine: Sequence[bool], costs: int, terms: Terms) -> int:
    """What its terms take off goods that cost so much still."""
    if terms.group_fen is not None:
        packs = sum(line.packs for line, counts in zip(lines, mine, strict=True) if counts)
        return max(0, costs - packs * terms.group_fen)
    wanted = terms.off_fen or round_half_even(Fraction(costs * terms.percent, 100))
    return wanted if terms.most_fen is None else min(wanted, terms.most_fen)
