"""A row of the catalogue as a stall of the fair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from markupsafe import Markup

from countyfair.surfaces.shop.categories import row_of
from countyfair.surfaces.shop.pictures import food_of, photo
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said
from countyfair.trade.catalog import queries as catalog

#: From so few packs on, a stall says how many are left.
FEW = 10
SIZES = "(min-width: 44rem) 13rem, 50vw"


@dataclass(frozen=True, slots=True)
class Card:
    """What a stall shows. Prices in fen; `left` counts packs; `image` is markup, or "" without a photo.

    `mark` is the name of the brand whose mark it bears, "" for none.
    """

    href: str
    name: str
    pack: str
    price_fen: int
    currency: str
    per_kg_fen: int | None
    origin: Markup
    food: str
    cloth: str
    left: int
    image: SafeString | str = ""
    mark: str = ""

    @property
    def gone(self) -> bool:
        return self.left <= 0

    @property
    def few(self) -> bool:
        return 0 < self.left <= FEW


def card(row: catalog.Card, left: int, names: Mapping[str, Markup]) -> Card:
    """One stall. `names` are names of places by code; `left` counts packs of the cheapest offer."""
    name = said(row.name_zh, row.name_en)
    return Card(
        href=url("shop:product", row.product),
        name=name,
        pack=said(row.label_zh, row.label_en),
        price_fen=row.price_fen,
        currency=row.currency,
        per_kg_fen=per_kilo(row.price_fen, row.content_amount, row.unit),
        origin=origin(row.place, names),
        food=food_of(row.icon, row.category),
        cloth=row_of(row.category).cloth,
        left=left,
        image=photo(
            row.photo, row.photo_width, row.photo_width, said(row.photo_alt_zh, row.photo_alt_en), sizes=SIZES
        )
        if row.photo
        else "",
        mark=said(row.mark.name_zh, row.mark.name_en) if row.mark else "",
    )


def origin(place: str, names: Mapping[str, Markup]) -> Markup:
    """Township and village, as people say them; of a higher place its own name."""
    return Markup("·").join(names[code] for code in codes_of(place) if code in names)


def codes_of(place: str) -> tuple[str, ...]:
    """The codes whose names `origin` shows."""
    return (place[:9], place) if len(place) == 12 else (place,)


def per_kilo(price_fen: int, content_amount: int, unit: str) -> int | None:
    """What a kilogram costs at this pack's price, halves up; None for pieces and for a kilogram."""
    if unit != "g" or content_amount == 1000:
        return None
    return (price_fen * 2000 + content_amount) // (2 * content_amount)
