"""A quote as the basket and the checkout show it: by county, with what is wrong said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from countyfair.kernel.refusal import Sentence
from countyfair.surfaces.shop.pictures import food_of
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import money, said
from countyfair.surfaces.ui.translation import gettext
from countyfair.trade.logistics.rules import NOT_SENT
from countyfair.trade.orders.rules.quote import Quote, QuotedLine, Trouble
from countyfair.trade.promotions.queries import BundleSeen
from countyfair.trade.promotions.rules.bundling import lacking


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One kind of pack in the basket; `trouble` is "" when it can be had as wished."""

    offer: str
    href: str
    name: str
    pack: str
    food: str
    quantity: int
    most: int
    price_fen: int
    amount_fen: int
    currency: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A bundle of which one pack is missing in the basket: `goods` and `pack` name it."""

    bundle: str
    name: str
    goods: str
    pack: str
    bundle_fen: int


@dataclass(frozen=True, slots=True)
class CountyBasket:
    """What one county would send: an order of its own. `ready`: nothing stands in its way.

    `less` is what bundles take off its lines, which stand at their full price; `begun` are those that lack
    one pack.
    """

    county: str
    name: str
    lines: tuple[BasketLine, ...]
    goods_fen: int
    less: tuple[tuple[str, int], ...] = ()
    begun: tuple[Begun, ...] = ()

    @property
    def ready(self) -> bool:
        return not any(line.trouble for line in self.lines)


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order comes to; `freight_fen` is None before the destination is known.

    `more_fen`: what weighing may add at most; None where nothing is sold by weight. `less` is what each
    promotion takes off the lines, which stand at their full price.
    """

    lines: tuple[tuple[str, str, int, int], ...]
    freight_fen: int | None
    total_fen: int
    currency: str
    more_fen: int | None
    less: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """What an order would come to at these destinations, `to` is "way:code" each, "" for none chosen yet.

    `kind` tells what stands around the figures: "asked" before carriage is known, "known", "refused" where
    nothing is sent. `freight` ("" where none is known) and `total` are as they are shown.
    """

    to: str
    kind: str
    expected_fen: int
    freight: str
    total: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The total of every destination, and for each kind among them a bill to put the figures in."""

    all: tuple[Total, ...]
    kinds: tuple[tuple[str, Bill, Sentence], ...]


def baskets(quote: Quote, names: Mapping[str, str], bundles: Sequence[BundleSeen] = ()) -> list[CountyBasket]:
    """The parts of a basket by county, in the order in which each county came in.

    Args:
        names: by county.
        bundles: those that name some of its lines.
    """
    parts: dict[str, list[QuotedLine]] = {}
    for line in quote.lines:
        parts.setdefault(line.offered.county, []).append(line)
    return [
        replace(county_basket(county, names.get(county, county), lines), begun=_begun(lines, bundles))
        for county, lines in parts.items()
    ]


def county_basket(county: str, name: str, lines: Iterable[QuotedLine]) -> CountyBasket:
    """One county's part."""
    found = list(lines)
    goods = sum(line.amount_fen for line in found if not line.trouble)
    return CountyBasket(county, name, tuple(_line(line) for line in found), goods, _less(found))


def _begun(lines: Sequence[QuotedLine], bundles: Sequence[BundleSeen]) -> tuple[Begun, ...]:
    have = {line.offered.offer: line.quantity for line in lines}
    found = []
    for seen in bundles:
        short = lacking([(part.offer, part.packs) for part in seen.parts], have)
        if seen.saves and sum(short.values()) == 1:
            part = next(one for one in seen.parts if one.offer in short)
            goods, pack = said(part.name_zh, part.name_en), said(part.label_zh, part.label_en)
            name = said(seen.name_zh, seen.name_en)
            found.append(Begun(str(seen.id), name, goods, pack, seen.bundle_fen))
    return tuple(found)


def bill(quote: Quote) -> Bill:
    """The lines of a quote as rows of a bill."""
    return _bill(quote, quote.freight.amount_fen if quote.freight else None)


def totals(quote: Quote, drawn: Bill) -> Totals:
    """What carriage to every destination may come to, for a page that can show any of them.

    Args:
        drawn: the bill that the page shows, of whose kind no other is needed.
    """
    places: dict[int | None, list[str]] = {}
    for rate in quote.rates:
        places.setdefault(rate.amount_fen, []).append(f"{rate.fulfilment}:{rate.destination}")
    found = [_total("", "asked", drawn, quote.goods_fen, None)]
    found += [
        _total(" ".join(to), "refused" if fen is None else "known", drawn, quote.goods_fen, fen)
        for fen, to in places.items()
    ]
    there = "asked" if drawn.freight_fen is None else "known"
    kinds = sorted({one.kind for one in found} - {there})
    return Totals(
        tuple(found),
        tuple(
            (
                kind,
                replace(drawn, freight_fen=0 if kind == "known" else None),
                NOT_SENT if kind == "refused" else "",
            )
            for kind in kinds
        ),
    )


def _total(to: str, kind: str, drawn: Bill, goods_fen: int, freight_fen: int | None) -> Total:
    total_fen, freight = goods_fen + (freight_fen or 0), ""
    if freight_fen is not None:
        freight = money(freight_fen, drawn.currency) if freight_fen else gettext("free")
    return Total(to, kind, total_fen, freight, money(total_fen, drawn.currency))


def _bill(quote: Quote, freight_fen: int | None) -> Bill:
    return Bill(
        tuple(
            (_name(line), said(line.offered.label_zh, line.offered.label_en), line.quantity, line.gross_fen)
            for line in quote.lines
        ),
        freight_fen,
        quote.goods_fen + (freight_fen or 0),
        quote.lines[0].offered.currency if quote.lines else "CNY",
        quote.more_fen,
        _less(quote.lines) if quote.discount_fen else (),
    )


def _less(lines: Iterable[QuotedLine]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for line in lines:
        for one in line.discounts:
            name = said(one.name_zh, one.name_en)
            sums[name] = sums.get(name, 0) + one.amount_fen
    return tuple(sums.items())


def _line(line: QuotedLine) -> BasketLine:
    offered = line.offered
    return BasketLine(
        offer=str(offered.offer),
        href=url("shop:product", offered.product),
        name=_name(line),
        pack=said(offered.label_zh, offered.label_en),
        food=food_of(offered.icon, offered.category),
        quantity=line.quantity,
        most=min(offered.most_per_order, offered.most_per_buyer or offered.most_per_order),
        price_fen=offered.price_fen,
        amount_fen=line.gross_fen,
        currency=offered.currency,
        trouble=trouble_of(line),
    )


def trouble_of(line: QuotedLine) -> str:
    """What is wrong with a line, as a person would say it; "" when nothing is."""
    return trouble_words(line.trouble, line.left) if line.trouble else ""


def trouble_words(trouble: Trouble, left: int) -> str:
    """What is wrong with goods of which `left` packs could be had."""
    match trouble:
        case Trouble.NOT_ON_SALE:
            return gettext("No longer on sale")
        case Trouble.NEEDS_DAY:
            return gettext("Booked for a day, on its own page")
        case Trouble.TOO_MANY:
            return ngettext("At most %(count)s pack an order", "At most %(count)s packs an order", left) % {
                "count": left
            }
        case Trouble.BUYER_CAP:
            return capped(left)
        case Trouble.SOLD_OUT if left:
            return ngettext("Only %(count)s pack left", "Only %(count)s packs left", left) % {"count": left}
        case _:
            return gettext("Sold out")


def capped(most: int) -> str:
    """How many packs one buyer may have."""
    return ngettext("At most %(count)s pack a buyer", "At most %(count)s packs a buyer", most) % {
        "count": most
    }


def _name(line: QuotedLine) -> str:
    return said(line.offered.name_zh, line.offered.name_en)
