"""What a basket costs and which lots it would draw on: one quote, for the page and for the order.

Lines of one pool share it: what an earlier line draws is not there for a later one. A line that
cannot be served as wished carries its trouble and how many packs are left, and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from countyfair.trade.logistics.rules import Freight, FreightRule, Rate, freight, rates
from countyfair.trade.orders.rules.billing import most_fen
from countyfair.trade.promotions.rules.discounts import Discount, Priced, Terms, taken_off, why_not
from countyfair.trade.promotions.rules.refusing import refused
from countyfair.trade.stock.rules import Blend, Draw, LotState, allocate, available, drawable

#: The kind of a product that is booked for days instead of drawn from a harvest.
SERVICE = "service"


class Trouble(StrEnum):
    """Why a line cannot be ordered as it stands."""

    NOT_ON_SALE = "not_on_sale"
    SOLD_OUT = "sold_out"
    TOO_MANY = "too_many"
    BUYER_CAP = "buyer_cap"
    NEEDS_DAY = "needs_day"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as it stands now, with all that an order line freezes of it.

    `lots` are the free lots of its pool in the order in which they are to be drawn on; `cap_left`
    is what its outlet's cap still allows, None without a cap; `supply` None: nothing feeds it.
    `blend` is how what it draws must be blended, None where any lot of them will do. `expected_on`: it is
    sold ahead of a harvest then; its labels say so. `most_per_buyer`: so many packs go to one buyer in all
    since it was put up, or opened. `bundled`: a bundle may name it.
    """

    offer: UUID
    county: str
    version: int
    outlet: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    price_fen: int
    currency: str
    most_per_order: int
    shop: UUID
    shop_name: str
    product: UUID
    kind: str
    name_zh: str
    name_en: str
    category: str
    place: str
    unit: str
    icon: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    tare_g: int
    supply: UUID | None
    pool: UUID | None
    cap_left: int | None
    lots: tuple[LotState, ...]
    blend: Blend | None = None
    expected_on: date | None = None
    most_per_buyer: int | None = None
    put_up_at: datetime | None = None
    bundled: bool = False

    @property
    def weight_g(self) -> int:
        """Gross weight of one pack; of pieces only the tare is known, which then is the whole."""
        return self.tare_g + (self.content_amount if self.unit == "g" else 0)

    @property
    def capped_since(self) -> datetime | None:
        """From when on its cap for one buyer counts; None where it has none."""
        if self.put_up_at is None or self.opens_at is None:
            return self.put_up_at
        return max(self.put_up_at, self.opens_at)

    def on_sale(self, moment: datetime, outlet: str) -> bool:
        """Whether it is up at this outlet, and its window open."""
        opened = self.opens_at is None or self.opens_at <= moment
        closed = self.closes_at is not None and self.closes_at <= moment
        return self.state == "on" and self.outlet == outlet and opened and not closed


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """So many packs of one offer: what they cost and the lots they draw on, or what is wrong.

    `left` counts the packs that could be had, where the trouble is that there are too few. `amount_fen`
    is what the buyer pays: the price less its `discounts`.
    """

    offered: Offered
    quantity: int
    amount_fen: int
    draws: tuple[Draw, ...]
    trouble: Trouble | None = None
    left: int = 0
    discounts: tuple[Discount, ...] = ()

    @property
    def discount_fen(self) -> int:
        return sum(one.amount_fen for one in self.discounts)

    @property
    def gross_fen(self) -> int:
        """What it costs before anything is taken off."""
        return self.amount_fen + self.discount_fen


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole of a basket. Sums leave out lines in trouble.

    `rates` is what carriage would come to, each way and everywhere; `freight` is None until it is chosen.
    `more_fen` is what weighing may add at most, None where nothing is sold by weight.
    """

    lines: tuple[QuotedLine, ...]
    goods_fen: int
    weight_g: int
    freight: Freight | None = None
    rates: tuple[Rate, ...] = ()
    more_fen: int | None = None
    discount_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.goods_fen + (self.freight.amount_fen if self.freight else 0)

    @property
    def in_trouble(self) -> tuple[QuotedLine, ...]:
        return tuple(line for line in self.lines if line.trouble)


@dataclass(slots=True)
class _Pools:
    """What each lot has left while the lines of one quote draw on it."""

    taken: dict[UUID, int] = field(default_factory=dict)

    def left(self, offered: Offered) -> list[LotState]:
        taken = self.taken
        return [
            replace(lot, free=lot.free - taken[lot.id]) if lot.id in taken else lot for lot in offered.lots
        ]

    def draw(self, lots: Sequence[LotState], amount: int, blend: Blend | None) -> tuple[Draw, ...]:
        draws = allocate(lots, amount, blend)
        for draw in draws:
            self.taken[draw.lot.id] = self.taken.get(draw.lot.id, 0) + draw.amount
        return tuple(draws)


def quote(
    wanted: Sequence[tuple[Offered, int]], *, moment: datetime, outlet: str, days: Sequence[date] = ()
) -> Quote:
    """Price the goods and choose the lots; carriage is added by `with_freight`.

    Args:
        days: of a service, the days it is wanted for: each takes the same part of the quantity.
    """
    pools = _Pools()
    lines = tuple(_line(offered, quantity, pools, moment, outlet, days) for offered, quantity in wanted)
    good = [line for line in lines if not line.trouble]
    return Quote(
        lines,
        goods_fen=sum(line.amount_fen for line in good),
        weight_g=sum(line.offered.weight_g * line.quantity for line in good),
    )


def with_discounts(goods: Quote, promotions: Sequence[Terms], moment: datetime) -> Quote:
    """The same quote with what promotions take off its lines; carriage goes by the full price all the same.

    A bundle may take nothing off: it was not asked for, but found.

    Raises:
        Invalid: one of the others takes nothing off.
    """
    lines = [line for line in goods.lines if not line.trouble]
    priced = [Priced(line.offered.shop, line.offered.offer, line.quantity, line.gross_fen) for line in lines]
    for terms in promotions:
        why = None if terms.parts else why_not(priced, terms, moment)
        if why is not None:
            raise refused(terms, why)
    less = dict(zip((id(line) for line in lines), taken_off(priced, promotions), strict=True))
    found = tuple(_less(line, less.get(id(line), ())) for line in goods.lines)
    whole = sum(line.discount_fen for line in found)
    return replace(goods, lines=found, goods_fen=goods.goods_fen - whole, discount_fen=whole)


def _less(line: QuotedLine, discounts: tuple[Discount, ...]) -> QuotedLine:
    less = sum(one.amount_fen for one in discounts)
    return replace(line, amount_fen=line.amount_fen - less, discounts=discounts) if discounts else line


def with_rates(goods: Quote, rules: Sequence[FreightRule]) -> Quote:
    """The same quote with the carriage it would have, wherever it went."""
    found = rates(rules, weight_g=goods.weight_g, goods_fen=goods.goods_fen + goods.discount_fen)
    return replace(goods, rates=found)


def with_more(goods: Quote, tolerance: Decimal) -> Quote:
    """The same quote with what its lines may come to at most once they are weighed."""
    weighed = [line for line in goods.lines if line.offered.sold_by == "weight" and not line.trouble]
    if not weighed:
        return goods
    most = (
        most_fen(
            line.amount_fen,
            line.quantity * line.offered.content_amount,
            tolerance,
        )
        for line in weighed
    )
    return replace(goods, more_fen=sum(most) - sum(line.amount_fen for line in weighed))


def with_freight(goods: Quote, rules: Sequence[FreightRule], *, fulfilment: str, destination: str) -> Quote:
    """The same quote with its carriage.

    Raises:
        Invalid: nothing is sent to this destination.
    """
    price = freight(
        rules,
        fulfilment=fulfilment,
        destination=destination,
        weight_g=goods.weight_g,
        goods_fen=goods.goods_fen + goods.discount_fen,
    )
    return replace(goods, freight=price)


def _line(
    offered: Offered, quantity: int, pools: _Pools, moment: datetime, outlet: str, days: Sequence[date]
) -> QuotedLine:
    amount_fen = offered.price_fen * quantity
    if offered.supply is None or not offered.on_sale(moment, outlet):
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.NOT_ON_SALE)
    if offered.kind == SERVICE or days:
        return _booked(offered, quantity, days)
    left = pools.left(offered)
    packs = available(drawable(left, offered.blend), offered.cap_left, 0, offered.content_amount)
    if quantity > packs:
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.SOLD_OUT, packs)
    if trouble := _too_many(offered, quantity, quantity):
        return trouble
    draws = pools.draw(left, quantity * offered.content_amount, offered.blend)
    return QuotedLine(offered, quantity, amount_fen, draws)


def _too_many(offered: Offered, quantity: int, each: int) -> QuotedLine | None:
    """The line in trouble that is more than one order may take; what a buyer had before is not known here."""
    amount_fen = offered.price_fen * quantity
    if each > offered.most_per_order:
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.TOO_MANY, offered.most_per_order)
    if offered.most_per_buyer is not None and quantity > offered.most_per_buyer:
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.BUYER_CAP, offered.most_per_buyer)
    return None


def _booked(offered: Offered, quantity: int, days: Sequence[date]) -> QuotedLine:
    """A service on these days: the same part of each, all or none; see docs/services.md."""
    amount_fen = offered.price_fen * quantity
    if offered.kind != SERVICE or not days or quantity % len(days):
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.NEEDS_DAY)
    each = quantity // len(days)
    lots = {day: [lot for lot in offered.lots if lot.harvested_on == day] for day in days}
    packs = min(available(drawable(of_day), None, 0, offered.content_amount) for of_day in lots.values())
    if offered.cap_left is not None:
        packs = min(packs, max(0, offered.cap_left) // (offered.content_amount * len(days)))
    if each > packs:
        return QuotedLine(offered, quantity, amount_fen, (), Trouble.SOLD_OUT, packs)
    if trouble := _too_many(offered, quantity, each):
        return trouble
    draws = [draw for of_day in lots.values() for draw in allocate(of_day, each * offered.content_amount)]
    return QuotedLine(offered, quantity, amount_fen, tuple(draws))


def origin(lines: Iterable[QuotedLine], places: Mapping[UUID, str], county: str) -> tuple[UUID | None, str]:
    """The station that packs an order and its place: the one all its lots lie at, else the county centre."""
    stations = {draw.lot.station for line in lines for draw in line.draws}
    station = stations.pop() if len(stations) == 1 else None
    return (station, places[station]) if station is not None and station in places else (None, county)


def later_lots(wanted: Sequence[tuple[Offered, int]], start: int) -> list[tuple[Offered, int]]:
    """The same wishes, drawing on lots from the `start`-th on where those suffice.

    Many who want the last lots at once would all reach for the same one; who lost a round
    reaches elsewhere.
    """
    needed: dict[UUID | None, int] = {}
    for offered, quantity in wanted:
        needed[offered.pool] = needed.get(offered.pool, 0) + quantity * offered.content_amount
    moved = []
    for offered, quantity in wanted:
        skip = start % len(offered.lots) if offered.lots else 0
        rest = offered.lots[skip:]
        enough = drawable(rest, offered.blend) >= needed[offered.pool]
        moved.append((replace(offered, lots=rest) if enough else offered, quantity))
    return moved
