"""What anybody may see of the fair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, listed, paged, shape
from countyfair.trade.catalog import queries as catalog
from countyfair.trade.catalog.queries import Card, ProductPage, fair
from countyfair.trade.payments.gateways import offered
from countyfair.trade.stock import queries as stock

routes = Routes()

Query = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
Month = Annotated[int, Field(ge=0, le=12, description="In season then; 0 for all.")]
Place = Annotated[str, Field(pattern=r"^([0-9]{9}|[0-9]{12})?$", description="A township or village.")]
Category = Annotated[str, Field(pattern=r"^[a-z_-]{0,30}$")]


@dataclass(frozen=True, slots=True)
class OnShelf:
    """What a county sells: its card, and how many packs of its first offer there are now."""

    goods: Card
    packs: int


@dataclass(frozen=True, slots=True)
class Left:
    """How many packs of an offer there are now."""

    offer: UUID
    packs: int


@dataclass(frozen=True, slots=True)
class Goods:
    """One product with its offers, and what is left of each."""

    product: ProductPage
    left: Sequence[Left]


@dataclass(frozen=True, slots=True)
class CountyOpen:
    """A county that sells."""

    code: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay; `by_hand` where cash is paid at a station."""

    name: str
    by_hand: bool


COUNTIES = listed("County", CountyOpen)
SHELF = paged("OnShelf", OnShelf)
FOUND = listed("OnShelf", OnShelf)
GOODS = shape("Goods", Goods, leaves=("shop_announces",))
WAYS = listed("WayToPay", Way)


@routes.reads("/counties", COUNTIES)
def counties(call: Call) -> Mapping[str, object]:
    """Counties that sell something."""
    return {"items": [CountyOpen(code) for code in fair.counties()]}


@routes.reads("/ways-to-pay", WAYS)
def ways_to_pay(call: Call) -> Mapping[str, object]:
    """Ways to pay that are offered now."""
    return {"items": [Way(way.name, way.by_hand) for way in offered()]}


@routes.reads("/counties/{county}/goods", SHELF)
def goods(
    call: Call,
    county: County,
    category: Category = "",
    month: Month = 0,
    place: Place = "",
    cursor: Cursor = "",
    limit: Limit = 24,
) -> Page[OnShelf]:
    """What a county sells now, the newest first."""
    rows = catalog.shelf(
        county=county,
        category=category,
        month=month,
        place=place,
        before=cursors.moment_and_key(cursor),
        limit=limit + 1,
    )
    return cursors.page(_with_left(rows), limit, lambda row: row.goods.cursor)


@routes.reads("/counties/{county}/search", FOUND)
def search(
    call: Call, county: County, q: Query, category: Category = "", limit: Limit = 48
) -> Mapping[str, object]:
    """Goods by name, in Chinese, pinyin, initials or English, the best first."""
    return {"items": _with_left(catalog.search(county=county, text=q, category=category, limit=limit))}


@routes.reads("/goods/{product}", GOODS)
def product(call: Call, product: UUID) -> Goods:
    """One product with its offers, and what is left of each."""
    page, left = stock.product_on_sale(product=product)
    return Goods(page, [Left(offer, packs) for offer, packs in left.items()])


def _with_left(rows: Sequence[Card]) -> list[OnShelf]:
    left = stock.availability([row.offer for row in rows]) if rows else {}
    return [OnShelf(row, left[row.offer]) for row in rows]
