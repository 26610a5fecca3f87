"""Which lots an amount is drawn from, what an outlet may show, and what the database's refusals mean."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Conflict, Refusal, SoldOut, Stale

#: A harvest is weighed within this many days; older dates are slips of the pen.
OLDEST_HARVEST_DAYS = 730
#: No household brings more at once than a hundred tonnes, or as many pieces; more is a slip of the pen.
LARGEST_HARVEST = 100_000_000

#: From which states a harvest may be led to which; `docs/stock.md`.
HARVEST_LIFE: dict[str, frozenset[str]] = {
    "draft": frozenset({"announced", "withdrawn"}),
    "announced": frozenset({"weighed", "withdrawn"}),
    "weighed": frozenset({"weighed"}),
    "withdrawn": frozenset(),
}
#: A price is wished for so many base units: a jin, as villages trade, or a piece.
WISHED_PER = {"g": 500, "piece": 1}
#: How the name of a pool begins whose harvest is sold ahead.
SOLD_AHEAD = "ahead:"
#: No household wishes for more than a hundred thousand yuan a jin; more is a slip of the pen.
HIGHEST_WISH_FEN = 10_000_000
#: A harvest is announced at most so many days before it is there.
FARTHEST_HARVEST_DAYS = 366

#: Days of a service are opened at most so many at once, with so many places each, so many days ahead.
MOST_DAYS, MOST_PLACES, FARTHEST_DAY = 62, 999, 366


@dataclass(frozen=True, slots=True)
class LotState:
    """What a lot has free (base units), and whose it is.

    `grade`, `standard_version` and `factor_milli` are frozen at its weigh-in; a lot that no standard
    graded has version 0 and counts by its weight alone.
    """

    id: UUID
    household: UUID
    station: UUID | None
    harvested_on: date
    free: int
    grade: str = ""
    standard_version: int = 0
    factor_milli: int = 1000


@dataclass(frozen=True, slots=True)
class Blend:
    """Of what is drawn, `percent` per cent at least (1 to 100) are of these grades."""

    grades: frozenset[str]
    percent: int

    def is_fine(self, lot: LotState) -> bool:
        return lot.standard_version > 0 and lot.grade in self.grades

    def needs(self, amount: int) -> int:
        """Base units of the fine grades that `amount` must have, rounded up."""
        return -(-amount * self.percent // 100)


@dataclass(frozen=True, slots=True)
class Draw:
    """So much of one lot."""

    lot: LotState
    amount: int


def allocate(lots: Sequence[LotState], amount: int, blend: Blend | None = None) -> list[Draw]:
    """Draw `amount` from the oldest harvest first; lots of one day by id. See docs/stock.md.

    With a blend its share comes from the fine grades, the rest from the others while they last, then
    from the fine ones again: each time the oldest first.

    Raises:
        SoldOut: the lots have less; `details["left"]` says how much they can give.
    """
    in_order = sorted(lots, key=lambda lot: (lot.harvested_on, lot.id))
    if blend is None:
        return _drawn(in_order, amount)
    if amount > (left := drawable(lots, blend)):
        raise SoldOut(_("There is not that much left."), details={"left": left})
    fine = [lot for lot in in_order if blend.is_fine(lot)]
    plain = [lot for lot in in_order if not blend.is_fine(lot)]
    rest = min(amount - blend.needs(amount), sum(lot.free for lot in plain))
    draws = [*_drawn(fine, amount - rest), *_drawn(plain, rest)]
    return sorted(draws, key=lambda draw: (draw.lot.harvested_on, draw.lot.id))


def drawable(lots: Iterable[LotState], blend: Blend | None = None) -> int:
    """The most that these lots can give: all that is free, or as much as their fine grades can carry."""
    if blend is None:
        return sum(lot.free for lot in lots)
    fine = plain = 0
    for lot in lots:
        if blend.is_fine(lot):
            fine += lot.free
        else:
            plain += lot.free
    return min(fine + plain, fine * 100 // blend.percent)


def _drawn(in_order: Sequence[LotState], amount: int) -> list[Draw]:
    draws: list[Draw] = []
    remaining = amount
    for lot in in_order:
        part = min(remaining, lot.free)
        if part > 0:
            draws.append(Draw(lot, part))
            remaining -= part
    if remaining > 0:
        raise SoldOut(_("There is not that much left."), details={"left": amount - remaining})
    return draws


def allocate_in_turn(lots: Sequence[LotState], wants: Sequence[int]) -> list[list[Draw]]:
    """Draw each of these amounts in turn, the oldest harvest first: what one takes, a later one lacks.

    Raises:
        SoldOut: the lots have less than all want together.
    """
    here = UUID(int=0)
    return allocate_lines([(here, amount) for amount in wants], {here: lots})


def allocate_lines(
    wants: Sequence[tuple[UUID, int]], lots: Mapping[UUID, Sequence[LotState]]
) -> list[list[Draw]]:
    """Draw for several lines, (pool, amount) each: what one line takes, a later one of its pool lacks.

    Raises:
        SoldOut: a pool has less than its lines want; `details` tell the line and what is left for it.
    """
    taken: dict[UUID, int] = defaultdict(int)
    lines: list[list[Draw]] = []
    for number, (pool, amount) in enumerate(wants):
        free = [replace(lot, free=lot.free - taken[lot.id]) for lot in lots.get(pool, ())]
        try:
            draws = allocate(free, amount)
        except SoldOut as refusal:
            raise SoldOut(refusal.sentence, details={"line": number, **refusal.details}) from None
        for draw in draws:
            taken[draw.lot.id] += draw.amount
        lines.append(draws)
    return lines


def available(free: int, cap: int | None, used: int, content: int) -> int:
    """Whole packs of `content` units that an outlet may sell: what is free, within what its cap leaves."""
    left = free if cap is None else min(free, cap - used)
    return max(0, left) // content


def worth(amount: int, wished_fen: int, unit: str) -> int:
    """What a harvest brings at the price wished for, in fen, halves to even."""
    return round(Fraction(amount * wished_fen, WISHED_PER[unit]))


def in_jin(amount: int, unit: str) -> str:
    """An amount as villages say it: `12.5斤`, or `40个`."""
    return f"{amount / WISHED_PER['g']:g}斤" if unit == "g" else f"{amount}个"


def lot_number(lot: UUID, harvested_on: date) -> str:
    """What is written on the sack: the harvest day and 40 bits of the lot's id, e.g. `261123-5K2QHXAB`.

    It needs no counter, so that a device can print it with the line down.
    """
    tail = base64.b32encode(hashlib.sha256(lot.bytes).digest()[:5]).decode()
    return f"{harvested_on:%y%m%d}-{tail}"


def content_key(actor: str, *parts: object) -> str:
    """A digest of who entered what (64 hex digits): equal for a repeat, different for anything else."""
    return hashlib.sha256(json.dumps([actor, *map(str, parts)]).encode()).hexdigest()


def refusal_of(error: DatabaseError) -> Refusal | None:
    """The refusal behind an error of the stock functions or constraints; None when it is another error.

    `CF001` is SoldOut with `details["short"] = {supply id: units left}`, `CF002` is Stale, the rest Conflict.
    """
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    diagnosis = getattr(cause, "diag", None)
    if state == "CF001":
        told = json.loads(getattr(diagnosis, "message_detail", None) or "[]")
        short = {UUID(one["supply"]): one["left"] for one in told}
        return SoldOut(_("Somebody else has bought the last of it."), details={"short": short})
    if state == "CF002":
        return Stale(_("The stock has just changed. Please try again."))
    if state == "CF004":
        return Conflict(_("It is sold ahead: its harvest is not weighed and allotted yet."), code="expected")
    if state == "CF003":
        return Conflict(_("This is not held any more, or was entered before in another way."))
    sentences = {
        "lot_never_oversold": _("The lot has less than that free."),
        "supply_within_cap": _("That would go past the cap of this outlet."),
        "reservation_taken_back": _("More comes back than was sent."),
    }
    name = getattr(diagnosis, "constraint_name", None) or ""
    return Conflict(sentences[name], code=name) if name in sentences else None


@dataclass(frozen=True, slots=True)
class HeldAmount:
    """A reservation on a lot, as a shortfall looks at it."""

    id: UUID
    holder: str
    amount: int
    paid: bool
    held_at: datetime


def give_up(held: Iterable[HeldAmount], shortfall: int) -> list[HeldAmount]:
    """The reservations that go when a lot has `shortfall` units less than it holds. See docs/stock.md.

    Whole ones: the unpaid before the paid, among those the latest first, until it is covered.
    """
    latest_first = sorted(held, key=lambda one: (one.held_at, one.id), reverse=True)
    given: list[HeldAmount] = []
    covered = 0
    for one in sorted(latest_first, key=lambda one: one.paid):
        if covered >= shortfall:
            break
        given.append(one)
        covered += one.amount
    return given


@dataclass(frozen=True, slots=True)
class Promise:
    """So many whole packs sold ahead to one holder; `content` is what a pack holds, base units."""

    holder: str
    packs: int
    content: int
    held_at: datetime

    @property
    def amount(self) -> int:
        return self.packs * self.content


def allot(promises: Iterable[Promise], brought: int) -> dict[str, int]:
    """How many packs of its promise each holder gets of what was brought (base units). See docs/stock.md.

    Everybody the whole packs of their proportional share; what is left over, a pack each to the largest
    remainders, ties to who came first, as far as packs fit. So nobody is below the whole packs of their
    share, nor more than one above, and where there is enough everybody gets all.
    """
    in_order = sorted(promises, key=lambda one: (one.held_at, one.holder))
    wanted = sum(one.amount for one in in_order)
    if wanted <= brought:
        return {one.holder: one.packs for one in in_order}
    exact = {one.holder: Fraction(brought * one.packs, wanted) for one in in_order}
    got = {holder: int(share) for holder, share in exact.items()}
    left = brought - sum(got[one.holder] * one.content for one in in_order)
    for one in sorted(in_order, key=lambda one: got[one.holder] - exact[one.holder]):
        if one.content <= left and got[one.holder] < exact[one.holder]:
            got[one.holder] += 1
            left -= one.content
    return got
