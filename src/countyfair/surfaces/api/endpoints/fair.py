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
from countyfair.trade.catalog.rules.certificates import KINDS
from countyfair.trade.catalog.rules.facets import BANDS, BORNE_GRADES
from countyfair.trade.payments.gateways import offered
from countyfair.trade.stock import queries as stock

routes = Routes()

Query = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
Month = Annotated[int, Field(ge=0, le=12, description="In season then; 0 for all.")]
Township = Annotated[str, Field(pattern=r"^([0-9]{9})?$", description="A township.")]
Place = Annotated[str, Field(pattern=r"^([0-9]{9}|[0-9]{12})?$", description="A township or village.")]
Band = Annotated[
    int, Field(ge=0, le=len(BANDS), description="A band of a kilogram's price, from 1; 0 for all.")
]
Certificate = Annotated[
    str, Field(pattern=f"^({'|'.join(KINDS)})?$", description="Only what is certified so now.")
]
OfBrand = Annotated[UUID | None, Field(description="Only what bears this brand's mark now.")]
Grade = Annotated[
    str, Field(pattern=f"^({'|'.join(BORNE_GRADES)})?$", description="Only what is of this grade or better.")
]
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
class Step:
    """A value that a list can be narrowed to, and how many goods it leaves."""

    value: str
    goods: int


@dataclass(frozen=True, slots=True)
class BrandLeft:
    """A brand that goods of the list bear, and how many do."""

    id: UUID
    name_zh: str
    name_en: str
    goods: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How many goods a list has, and what each step that it can be narrowed by leaves of them."""

    goods: int
    categories: Sequence[Step]
    townships: Sequence[Step]
    months: Sequence[Step]
    bands: Sequence[Step]
    certificates: Sequence[Step]
    brands: Sequence[BrandLeft]
    grades: Sequence[Step]


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
NARROWING = shape("Narrowing", Narrowing)
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
    band: Band = 0,
    certificate: Certificate = "",
    brand: OfBrand = None,
    grade: Grade = "",
    cursor: Cursor = "",
    limit: Limit = 24,
) -> Page[OnShelf]:
    """What a county sells now, the newest first; narrowed as the pages do."""
    rows = catalog.shelf(
        county=county,
        category=category,
        month=month,
        place=place,
        band=band,
        certified=certificate,
        brand=brand,
        grade=grade,
        before=cursors.moment_and_key(cursor),
        limit=limit + 1,
    )
    return cursors.page(_with_left(rows), limit, lambda row: row.goods.cursor)


@routes.reads("/counties/{county}/search", FOUND)
def search(
    call: Call,
    county: County,
    q: Query,
    category: Category = "",
    month: Month = 0,
    place: Place = "",
    band: Band = 0,
    certificate: Certificate = "",
    brand: OfBrand = None,
    grade: Grade = "",
    limit: Limit = 48,
) -> Mapping[str, object]:
    """Goods by name, in Chinese, pinyin, initials or English, the best first; narrowed as the pages do."""
    rows = catalog.search(
        county=county, text=q, category=category, month=month, place=place, band=band,
        certified=certificate, brand=brand, grade=grade, limit=limit,
    )  # fmt: skip
    return {"items": _with_left(rows)}


@routes.reads("/counties/{county}/narrowing", NARROWING)
def narrowing(
    call: Call,
    county: County,
    category: Category = "",
    month: Month = 0,
    place: Township = "",
    band: Band = 0,
    certificate: Certificate = "",
    brand: OfBrand = None,
    grade: Grade = "",
) -> Narrowing:
    """How many goods a county's list has within these, and how many each further step leaves."""
    counts = catalog.shelf_counts(
        county=county, category=category, month=month, place=place, band=band,
        certified=certificate, brand=brand, grade=grade,
    )  # fmt: skip
    return Narrowing(
        counts.total,
        _steps(counts.categories),
        _steps(counts.townships),
        _steps(counts.months),
        _steps(counts.bands),
        _steps(counts.certificates),
        [
            BrandLeft(key, brand.name_zh, brand.name_en, brand.products)
            for key, brand in counts.brands.items()
        ],
        _steps(counts.grades),
    )


@routes.reads("/goods/{product}", GOODS)
def product(call: Call, product: UUID) -> Goods:
    """One product with its offers, and what is left of each."""
    page, left = stock.product_on_sale(product=product)
    return Goods(page, [Left(offer, packs) for offer, packs in left.items()])


def _steps(counts: Mapping[str, int] | Mapping[int, int]) -> list[Step]:
    return [Step(str(value), goods) for value, goods in counts.items()]


def _with_left(rows: Sequence[Card]) -> list[OnShelf]:
    left = stock.availability([row.offer for row in rows]) if rows else {}
    return [OnShelf(row, left[row.offer]) for row in rows]
