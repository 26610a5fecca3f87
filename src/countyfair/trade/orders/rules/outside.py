"""Orders that come home from an outside platform: what they must say, and which lots they draw on.

What the buyer paid was agreed on the platform; nothing is priced here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.quote import SERVICE, Offered, QuotedLine
from countyfair.trade.stock.rules import Draw, LotState, allocate, available, drawable

#: At most so many orders come home in one transaction.
MOST_AT_ONCE = 1000
#: No line of a platform's order has more packs, or comes to more than a million yuan; more is a slip.
MOST_PACKS, MOST_FEN = 100_000, 100_000_000

#: `placed` now; `known` before, with the same content; `short`: its goods are not there;
#: `refused`: it could never be taken in as it is.
Outcome = Literal["placed", "known", "short", "refused"]


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """So many packs of an offer; `amount_fen` is what the platform owes for them all, before its fees."""

    offer: UUID
    packs: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A parcel that left before the order came home: its carrier and waybill, when, and when it arrived."""

    carrier: str
    waybill: str
    at: datetime
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutsideOrder:
    """An order that was paid on a platform. `order` is the id it gets here, `reference` its number there.

    `destination` is a place code, "" where the platform hides it; so may `contact` be None. `sent`: its goods
    have left already, None where they are ours to pack.
    """

    order: UUID
    reference: str
    lines: tuple[OutsideLine, ...]
    freight_fen: int
    placed_at: datetime
    paid_at: datetime
    contact: Contact | None = field(default=None, repr=False)
    destination: str = ""
    sent: Dispatched | None = None

    @property
    def total_fen(self) -> int:
        return self.freight_fen + sum(line.amount_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an order: its number here; `left` packs of each offer of which there is too little.

    `why` is a code where it was refused: `no_terms`, `unknown_offer`, `not_on_sale`, `service`, `weighed`,
    `currency`, `amount`, `other_content`.
    """

    order: UUID
    outcome: Outcome
    number: str = ""
    left: Mapping[UUID, int] = field(default_factory=dict)
    why: str = ""


def flaw(order: OutsideOrder, offers: Mapping[UUID, Offered], outlet: str) -> str:
    """Why this order cannot be taken in as it is, as a code; "" where it can."""
    amounts = [order.freight_fen, *(line.amount_fen for line in order.lines)]
    packs = [line.packs for line in order.lines]
    if not order.lines or order.total_fen <= 0 or min(amounts) < 0 or max(amounts) > MOST_FEN:
        return "amount"
    if min(packs) < 1 or max(packs) > MOST_PACKS:
        return "amount"
    for line in order.lines:
        offered = offers.get(line.offer)
        if offered is None or offered.outlet != outlet:
            return "unknown_offer"
        if offered.kind == SERVICE:
            return "service"
        if offered.sold_by == "weight":
            return "weighed"
        if offered.currency != "CNY":
            return "currency"
    return ""


def even(line: OutsideLine) -> list[tuple[int, int]]:
    """A line as (packs, fen each): two where its amount does not divide evenly, so that every fen is there.

    Three packs for 100.00 are one at 33.34 and two at 33.33.
    """
    each, rest = divmod(line.amount_fen, line.packs)
    return [part for part in ((rest, each + 1), (line.packs - rest, each)) if part[0]]


@dataclass(slots=True)
class Shelf:
    """What the lots of many offers have left while a batch of orders draws on them, the oldest first."""

    moment: datetime
    outlet: str
    _taken: dict[UUID, int] = field(default_factory=dict)
    _used: dict[UUID, int] = field(default_factory=dict)
    _at: dict[UUID, int] = field(default_factory=dict)
    _priced: dict[tuple[UUID, int], Offered] = field(default_factory=dict)

    def lines(
        self, order: OutsideOrder, offers: Mapping[UUID, Offered]
    ) -> list[QuotedLine] | dict[UUID, int]:
        """The order's lines with the lots they draw on; or, where it is short, what is left of each offer."""
        wanted: dict[UUID, int] = {}
        for line in order.lines:
            wanted[line.offer] = wanted.get(line.offer, 0) + line.packs
        before = (dict(self._taken), dict(self._used)) if len(wanted) > 1 else None
        drawn: dict[UUID, list[Draw]] = {}
        short: dict[UUID, int] = {}
        for offer, packs in wanted.items():
            left = self._left(offers[offer], packs)
            if packs > left:
                short[offer] = left
            elif not short:
                drawn[offer] = self._draw(offers[offer], packs)
        if not short:
            return list(self._lined(order, offers, drawn))
        if before is not None:
            self._taken, self._used = before
            self._at.clear()
        return short

    def _left(self, offered: Offered, packs: int) -> int:
        """Packs of an offer that are left; at least `packs` where there are, without counting on."""
        if offered.supply is None or not offered.on_sale(self.moment, self.outlet):
            return 0
        cap_left = None if offered.cap_left is None else offered.cap_left - self._used.get(offered.offer, 0)
        if offered.blend is not None:
            free = drawable(self._open(offered), offered.blend)
        else:
            free, needed = 0, packs * offered.content_amount
            for lot in offered.lots[self._at.get(offered.offer, 0) :]:
                free += max(0, lot.free - self._taken.get(lot.id, 0))
                if free >= needed:
                    break
        return available(free, cap_left, 0, offered.content_amount)

    def _open(self, offered: Offered) -> list[LotState]:
        return [
            replace(lot, free=lot.free - self._taken[lot.id]) if lot.id in self._taken else lot
            for lot in offered.lots
        ]

    def _draw(self, offered: Offered, packs: int) -> list[Draw]:
        amount = packs * offered.content_amount
        self._used[offered.offer] = self._used.get(offered.offer, 0) + amount
        if offered.blend is not None:
            draws = allocate(self._open(offered), amount, offered.blend)
            for draw in draws:
                self._taken[draw.lot.id] = self._taken.get(draw.lot.id, 0) + draw.amount
            return draws
        draws, at = [], self._at.get(offered.offer, 0)
        while amount:
            lot = offered.lots[at]
            part = min(amount, lot.free - self._taken.get(lot.id, 0))
            if part > 0:
                draws.append(Draw(lot, part))
                self._taken[lot.id] = self._taken.get(lot.id, 0) + part
                amount -= part
            if amount:
                at += 1
        self._at[offered.offer] = at
        return draws

    def _lined(
        self, order: OutsideOrder, offers: Mapping[UUID, Offered], drawn: Mapping[UUID, list[Draw]]
    ) -> Iterable[QuotedLine]:
        rest = {offer: list(draws) for offer, draws in drawn.items()}
        for line in order.lines:
            for packs, price_fen in even(line):
                offered = self._at_price(offers[line.offer], price_fen)
                draws = split_off(rest[line.offer], packs * offered.content_amount)
                yield QuotedLine(offered, packs, packs * price_fen, draws)

    def _at_price(self, offered: Offered, price_fen: int) -> Offered:
        key = (offered.offer, price_fen)
        found = self._priced.get(key)
        if found is None:
            found = self._priced[key] = replace(offered, price_fen=price_fen)
        return found


def split_off(draws: list[Draw], amount: int) -> tuple[Draw, ...]:
    """Take `amount` from the front of these draws."""
    taken: list[Draw] = []
    while amount:
        first = draws[0]
        if first.amount <= amount:
            taken.append(draws.pop(0))
            amount -= first.amount
        else:
            draws[0] = replace(first, amount=first.amount - amount)
            taken.append(replace(first, amount=amount))
            amount = 0
    return tuple(taken)


@dataclass(frozen=True, slots=True)
class Fee:
    """What a platform kept of an order, or gave back (negative), known there by `source`.

    `kind` is what for: commission, service_fee, promotion, host, freight_insurance, other.
    """

    source: str
    order: UUID
    kind: str
    amount_fen: int


def wanted_in_all(orders: Sequence[OutsideOrder]) -> list[tuple[UUID, int]]:
    """(offer, packs) of a whole batch, by offer."""
    sums: dict[UUID, int] = {}
    for order in orders:
        for line in order.lines:
            if 0 < line.packs <= MOST_PACKS:
                sums[line.offer] = sums.get(line.offer, 0) + line.packs
    return sorted(sums.items())
