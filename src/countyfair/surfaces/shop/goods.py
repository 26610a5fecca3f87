"""A product page as it is shown: packs and what is left of them, the way from the province, who gets what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.utils.safestring import SafeString
from markupsafe import Markup

from countyfair.kernel.clock import now
from countyfair.registers.places.queries import Place
from countyfair.surfaces.shop.categories import Row, row_of
from countyfair.surfaces.shop.pictures import food_of, photo
from countyfair.surfaces.shop.promoted import NOTHING, Told
from countyfair.surfaces.shop.stalls import FEW, per_kilo
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import day, money, percent, quantity, said, short_moment
from countyfair.surfaces.ui.pictures import largest, recording, smallest
from countyfair.surfaces.ui.places import called
from countyfair.surfaces.ui.translation import gettext, spoken
from countyfair.trade.catalog.queries import OfferShown, ProductPage
from countyfair.trade.catalog.rules.certificates import KINDS

SIZES = "(min-width: 44rem) 50vw, 100vw"


@dataclass(frozen=True, slots=True)
class PackShown:
    """A pack to choose; `left` counts packs. One that cannot be had is `gone`.

    `content` is "" where the label says it already; `mark` names its brand. `opens` says from when it can
    be had, "" for now; `expected` is the day of the harvest that it is sold ahead of, "" for what lies there.
    `most_per_buyer`: one buyer may have so many packs in all.
    """

    offer: UUID
    label: str
    content: str
    price_fen: int
    currency: str
    per_kg_fen: int | None
    left: int
    opens: str = ""
    expected: str = ""
    mark: str = ""
    most_per_buyer: int | None = None

    @property
    def gone(self) -> bool:
        return self.left <= 0 or bool(self.opens)

    @property
    def few(self) -> bool:
        return not self.opens and 0 < self.left <= FEW


@dataclass(frozen=True, slots=True)
class MarkShown:
    """A brand's mark: `picture` is an address, "" without one; `on_all` packs or on some."""

    name: str
    picture: str
    width: int
    height: int
    on_all: bool


@dataclass(frozen=True, slots=True)
class CertificateShown:
    """What the goods are certified as; `picture` is an address, "" without one."""

    name: str
    number: str
    issuer: str
    until: date
    picture: str


@dataclass(frozen=True, slots=True)
class PriceShare:
    """Of a price, what reaches the household; `parts` name everyone's, `per_cent` is for the bar."""

    of_fen: int
    household_fen: int
    currency: str
    parts: tuple[tuple[str, str], ...]

    @property
    def per_cent(self) -> str:
        return f"{self.household_fen * 100 / self.of_fen:.1f}"


@dataclass(frozen=True, slots=True)
class Goods:
    """All that the page shows.

    `season` are the months in which it is ripe, `month` is this one; `way` are (name, address or "") from the
    province down; `tolerance` is how far weights may differ, in per cent, "" where nothing is weighed;
    `voices` are (address, words) of recordings; `told` is what takes something off their price.
    """

    id: UUID
    name: str
    county: str
    category: Row
    row_href: str
    origin: Markup
    stall_href: str
    stall_name: str
    food: str
    photos: tuple[SafeString, ...]
    packs: tuple[PackShown, ...]
    chosen: UUID | None
    most: int
    way: tuple[tuple[Markup, str], ...]
    season: tuple[int, ...]
    variety: str
    month: int
    share: PriceShare | None
    story: tuple[str, ...]
    tolerance: str
    voices: tuple[tuple[str, str], ...]
    marks: tuple[MarkShown, ...] = ()
    certificates: tuple[CertificateShown, ...] = ()
    told: Told = NOTHING

    def __hash__(self) -> int:
        """By its id: parts of the page are remembered by all of it and looked up with each visit."""
        return hash(self.id)

    @property
    def is_sold_out(self) -> bool:
        return self.chosen is None

    @property
    def image(self) -> SafeString | str:
        return self.photos[0] if self.photos else ""


def shown(
    page: ProductPage,
    left: Mapping[UUID, int],
    way: Sequence[Place],
    month: int,
    share: PriceShare | None,
    tolerance: Decimal | None = None,
    told: Told = NOTHING,
) -> Goods:
    """The page of a product; `left` counts packs by offer. The very same for the same values."""
    moment = now()
    stand = tuple((_enough(offer, left.get(offer.id, 0)), offer.is_open(moment)) for offer in page.offers)
    return _shown(spoken(), page, stand, tuple(way), month, share, tolerance, told)


def _enough(offer: OfferShown, left: int) -> int:
    """Packs left, counted no further than the page does: a sale out of plenty changes nothing on it."""
    return min(left, max(offer.most_per_order, FEW + 1))


@lru_cache(maxsize=1024)
def _shown(
    _language: str,
    page: ProductPage,
    stand: tuple[tuple[int, bool], ...],
    way: tuple[Place, ...],
    month: int,
    share: PriceShare | None,
    tolerance: Decimal | None,
    told: Told,
) -> Goods:
    """`stand`: by offer the packs left and whether it is open."""
    packs = tuple(
        _pack(offer, page.unit, left, is_open)
        for offer, (left, is_open) in zip(page.offers, stand, strict=True)
    )
    to_be_had = [pack for pack in packs if not pack.gone]
    most = {
        offer.id: min(offer.most_per_order, offer.most_per_buyer or 999, pack.left)
        for offer, pack in zip(page.offers, packs, strict=True)
    }
    return Goods(
        id=page.id,
        name=said(page.name_zh, page.name_en),
        county=page.county,
        category=row_of(page.category),
        row_href=f"{url('shop:goods')}?place={page.county}&category={page.category}",
        origin=Markup("·").join(called(place) for place in way[2:] or way[-1:]),
        stall_href=url("shop:stall", page.county, page.shop_slug),
        stall_name=said(page.shop_name_zh, page.shop_name_en),
        food=food_of(page.icon, page.category),
        photos=tuple(
            photo(one.digest, one.width, one.height, said(one.alt_zh, one.alt_en), sizes=SIZES, eager=at == 0)
            for at, one in enumerate(page.photos)
        ),
        packs=packs,
        chosen=to_be_had[0].offer if to_be_had else None,
        most=max([most[pack.offer] for pack in to_be_had], default=1),
        way=tuple((called(place, "" if place.level > 2 else place.name), _goods_of(place)) for place in way),
        season=tuple(page.season_months),
        variety=said(page.variety_zh, page.variety_en),
        month=month,
        share=share,
        story=tuple(line for line in said(page.story_zh, page.story_en).splitlines() if line.strip()),
        tolerance=percent(tolerance) if tolerance and _weighed(page) else "",
        voices=tuple((recording(one.digest), one.words) for one in page.voices),
        marks=_marks(page),
        certificates=tuple(
            CertificateShown(
                str(KINDS.get(one.kind, one.kind)), one.number, one.issuer, one.until,
                largest(one.digest, one.width) if one.digest else "",
            )
            for one in page.certificates
        ),
        told=told,
    )  # fmt: skip


def _marks(page: ProductPage) -> tuple[MarkShown, ...]:
    """The marks that its packs bear, each once."""
    borne = {offer.mark.brand: offer.mark for offer in page.offers if offer.mark}
    return tuple(
        MarkShown(
            said(mark.name_zh, mark.name_en),
            smallest(mark.digest, mark.width) if mark.digest else "",
            mark.width,
            mark.height,
            all(offer.mark and offer.mark.brand == mark.brand for offer in page.offers),
        )
        for mark in borne.values()
    )


def _weighed(page: ProductPage) -> bool:
    return any(offer.sold_by == "weight" for offer in page.offers)


def share_of(price_fen: int, currency: str, parts: Sequence[tuple[str, int]]) -> PriceShare:
    """`parts` are (beneficiary, fen), the household first; they sum to the price."""
    return _share_of(spoken(), price_fen, currency, tuple(parts))


@lru_cache(maxsize=1024)
def _share_of(
    _language: str, price_fen: int, currency: str, parts: tuple[tuple[str, int], ...]
) -> PriceShare:
    names = {
        "household": gettext("Household"),
        "station": gettext("Station"),
        "centre": gettext("County centre"),
        "platform": gettext("Platform"),
    }
    return PriceShare(
        price_fen,
        parts[0][1],
        currency,
        tuple((names.get(who, who), money(fen, currency)) for who, fen in parts if fen),
    )


def _pack(offer: OfferShown, unit: str, left: int, is_open: bool) -> PackShown:
    label, content = said(offer.label_zh, offer.label_en), quantity(offer.content_amount, unit)
    return PackShown(
        offer.id,
        label,
        "" if _bare(content) == _bare(label) else content,
        offer.price_fen,
        offer.currency,
        per_kilo(offer.price_fen, offer.content_amount, unit),
        left,
        "" if offer.opens_at is None or is_open else short_moment(offer.opens_at),
        day(offer.expected_on) if offer.expected_on else "",
        said(offer.mark.name_zh, offer.mark.name_en) if offer.mark else "",
        offer.most_per_buyer,
    )


def _bare(text: str) -> str:
    return text.replace("\u00a0", "").replace(" ", "")


def _goods_of(place: Place) -> str:
    """What else comes from there: from the county down a filter of the fair."""
    return f"{url('shop:goods')}?place={place.code}" if place.level in (3, 4) else ""
