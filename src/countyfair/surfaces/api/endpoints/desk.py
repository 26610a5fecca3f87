"""Goods of a county, for its desk: products, packs, lots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from countyfair.kernel.quantity import LARGEST, Unit
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, listed, paged, shape
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.actions import ProductFacts
from countyfair.trade.catalog.queries import ManagedProduct
from countyfair.trade.catalog.queries.desk import ProductSeen, product_whole
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as lots_
from countyfair.trade.stock.queries import LotRow, MovementRow

routes = Routes()

Amount = Annotated[int, Field(strict=True, ge=0, le=LARGEST, description="Grams or pieces.")]
Reason = Annotated[Text, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
PlaceCode = Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]

PRODUCTS = paged("ProductInList", ManagedProduct)
PRODUCT = shape("Product", ProductSeen)
LOTS = paged("Lot", LotRow, leaves={"graded_by", "measured_json"})
LOT = shape("Lot", LotRow, leaves={"graded_by", "measured_json"})
MOVEMENTS = listed("Movement", MovementRow, leaves={"actor"})


class ProductWanted(Given):
    """What is said of a product; `place` is where it comes from."""

    code: Code
    name_zh: Annotated[Text, Field(min_length=1, max_length=120)]
    name_en: Annotated[Text, Field(max_length=120)] = ""
    category: Annotated[str, Field(pattern=r"^[a-z_-]{1,30}$")]
    place: PlaceCode
    unit: Literal["g", "piece"]
    kind: Literal["goods", "service"] = "goods"
    season_months: Annotated[list[Annotated[int, Field(strict=True, ge=1, le=12)]], Field(max_length=12)] = []
    story_zh: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    story_en: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")] = ""

    def facts(self) -> ProductFacts:
        said = self.model_dump(include={name for name in ProductWanted.model_fields if name != "id"})
        return ProductFacts(**{**said, "unit": Unit(self.unit), "season_months": tuple(self.season_months)})


class NewProduct(Given):
    """A new product of a shop; `id` is a UUID that the caller makes."""

    id: UUID
    shop: UUID
    facts: ProductWanted


class NewPack(Given):
    """A pack in which a product is sold: its content in grams or pieces."""

    id: UUID
    code: Code
    label_zh: Annotated[Text, Field(min_length=1, max_length=60)]
    label_en: Annotated[Text, Field(max_length=60)] = ""
    content_amount: Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
    sold_by: Literal["piece", "weight"] = "piece"
    tare_g: Annotated[int, Field(strict=True, ge=0, le=100_000)] = 0


class Counted(Given):
    """What was counted of a lot, and why it differs; `id` is a UUID that the caller makes."""

    id: UUID
    counted: Amount
    reason: Reason


class WrittenOff(Given):
    """What is lost of a lot, and why; `id` is a UUID that the caller makes."""

    id: UUID
    amount: Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
    reason: Reason


@routes.reads("/counties/{county}/products", PRODUCTS, scope="catalog.read")
def products(
    call: Call,
    county: County,
    shop: UUID | None = None,
    q: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[ManagedProduct]:
    """Products by code, those not on sale too."""
    call.require_or_keep("catalog.read", county)
    rows = queries.managed_products(
        call.actor, county=county, shop=shop, text=q, after=cursors.text(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.code,))


@routes.reads("/counties/{county}/products/{product}", PRODUCT, scope="catalog.read")
def managed_product(call: Call, county: County, product: UUID) -> ProductSeen:
    """One product with its packs, photos and offers."""
    return belongs(county, lambda: product_whole(call.actor, product=product), lambda row: row.county)


@routes.writes("/counties/{county}/products", PRODUCT, scope="catalog.write", makes=True)
def add_product(call: Call, county: County, body: NewProduct) -> ProductSeen:
    """Add a product to a shop."""
    catalog.add_product(call.actor, product=body.id, shop=body.shop, facts=body.facts.facts())
    return managed_product(call, county, body.id)


@routes.writes("/counties/{county}/products/{product}", PRODUCT, scope="catalog.write", method="PUT")
def change_product(call: Call, county: County, product: UUID, body: ProductWanted) -> ProductSeen:
    """Change what is said of a product."""
    managed_product(call, county, product)
    catalog.change_product(call.actor, product=product, facts=body.facts())
    return managed_product(call, county, product)


@routes.writes("/counties/{county}/products/{product}/packs", PRODUCT, scope="catalog.write", makes=True)
def add_pack(call: Call, county: County, product: UUID, body: NewPack) -> ProductSeen:
    """Add a pack to a product."""
    managed_product(call, county, product)
    catalog.add_pack(
        call.actor, pack=body.id, product=product, code=body.code, label_zh=body.label_zh,
        label_en=body.label_en, content_amount=body.content_amount, sold_by=body.sold_by, tare_g=body.tare_g,
    )  # fmt: skip
    return managed_product(call, county, product)


@routes.reads("/counties/{county}/lots", LOTS, scope="stock.read")
def lots(
    call: Call,
    county: County,
    household: UUID | None = None,
    product: UUID | None = None,
    free_only: bool = False,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[LotRow]:
    """Lots of a county, the latest weigh-in first."""
    call.require("stock.read", county)
    rows = lots_.lots(
        call.actor, county=county, household=household, product=product, free_only=free_only,
        before=cursors.moment_and_key(cursor), limit=limit + 1,
    )  # fmt: skip
    return cursors.page(rows, limit, lambda row: (row.weighed_at, row.id))


@routes.reads("/counties/{county}/lots/{lot}", LOT, scope="stock.read")
def lot(call: Call, county: County, lot: UUID) -> LotRow:
    """One lot: whose it is, where it comes from, what is left of it."""
    call.require("stock.read", county)
    return belongs(county, lambda: lots_.lot(call.actor, lot=lot), lambda row: row.county)


@routes.reads("/counties/{county}/lots/{lot}/movements", MOVEMENTS, scope="stock.read")
def movements(call: Call, county: County, lot: UUID) -> Mapping[str, object]:
    """What happened to a lot, as the journal says."""
    _lot(call, county, lot)
    return {"items": lots_.movements(call.actor, lot=lot)}


@routes.writes("/counties/{county}/lots/{lot}/corrections", LOT, scope="stock.write", makes=True)
def correct_lot(call: Call, county: County, lot: UUID, body: Counted) -> LotRow:
    """Set what lies there to what was counted."""
    _lot(call, county, lot)
    stock.correct(call.actor, entry=body.id, lot=lot, counted=body.counted, reason=body.reason)
    return _lot(call, county, lot)


@routes.writes("/counties/{county}/lots/{lot}/losses", LOT, scope="stock.write", makes=True)
def write_off_lot(call: Call, county: County, lot: UUID, body: WrittenOff) -> LotRow:
    """Write off what is lost of a lot."""
    _lot(call, county, lot)
    stock.write_off(call.actor, entry=body.id, lot=lot, amount=body.amount, reason=body.reason)
    return _lot(call, county, lot)


_lot = lot
