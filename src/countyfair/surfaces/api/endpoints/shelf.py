"""What stands beside a product or an offer: photos, recordings, caps, grades, marks, many offers at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api.endpoints.desk import PRODUCT, managed_product
from countyfair.surfaces.api.endpoints.offers import OFFER, offer
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, listed, shape
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries import OfferRow
from countyfair.trade.catalog.queries.bulk import BulkHead, bulk_change
from countyfair.trade.catalog.queries.desk import ProductSeen
from countyfair.trade.catalog.rules.bulk import Edit
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import SupplyRow, supplies

routes = Routes()

SUPPLIES = listed("Supply", SupplyRow)
BULK = shape("OffersChanged", BulkHead, leaves={"actor"})
Units = Annotated[int, Field(strict=True, ge=1, le=10**15, description="Grams or pieces.")]


class CapSaid(Given):
    """What an outlet may draw in all, null for no cap; `believed` is the cap that the caller saw."""

    cap: Units | None = None
    believed: Units | None = None


class GradesSaid(Given):
    """Which grades an offer draws on, and how much of each purchase is of one of them or a better one."""

    takes: Annotated[list[Word], Field(max_length=5)]
    blend_grade: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = ""
    blend_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 0


class MarkSaid(Given):
    """The brand whose mark an offer bears, null for none."""

    brand: UUID | None


class OfferSeen(Given):
    """An offer, and the version that the caller saw."""

    offer: UUID
    version: Annotated[int, Field(strict=True, ge=1, le=10**9)]


class WindowSaid(Given):
    """When offers open and close; null for no such end."""

    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None


class OffersEdited(Given):
    """One edit for many offers, all or none; `id` is a UUID that the caller makes."""

    id: UUID
    offers: Annotated[list[OfferSeen], Field(min_length=1, max_length=500)]
    percent: Annotated[
        Decimal | None,
        Field(ge=-1, le=10, max_digits=6, decimal_places=4, description="0.05 is five percent more."),
    ] = None
    window: WindowSaid | None = None
    take_down: bool = False


class Undone(Given):
    """The id of the change that takes another back; a UUID that the caller makes."""

    id: UUID


@routes.writes("/counties/{county}/products/{product}/withdraw", PRODUCT, scope="catalog.write")
def withdraw_product(call: Call, county: County, product: UUID) -> ProductSeen:
    """Take a product out of the catalogue."""
    managed_product(call, county, product)
    actions.withdraw_product(call.actor, product=product)
    return managed_product(call, county, product)


@routes.writes(
    "/counties/{county}/products/{product}/photos/{photo}",
    PRODUCT,
    scope="catalog.write",
    method="PUT",
    takes=LARGEST_FILE,
    makes=True,
)
def add_photo(
    call: Call,
    county: County,
    product: UUID,
    photo: UUID,
    data: bytes,
    alt_zh: Annotated[Text, Field(max_length=120)] = "",
    alt_en: Annotated[Text, Field(max_length=160)] = "",
) -> ProductSeen:
    """Add a photo to a product; `photo` is a UUID that the caller makes. It is drawn anew."""
    managed_product(call, county, product)
    actions.add_photo(call.actor, photo=photo, product=product, data=data, alt_zh=alt_zh, alt_en=alt_en)
    return managed_product(call, county, product)


@routes.writes(
    "/counties/{county}/products/{product}/photos/{photo}/withdraw", PRODUCT, scope="catalog.write"
)
def withdraw_photo(call: Call, county: County, product: UUID, photo: UUID) -> ProductSeen:
    """Show a photo no longer."""
    if photo not in {one.id for one in managed_product(call, county, product).photos}:
        raise Missing(_("There is no such photo."))
    actions.withdraw_photo(call.actor, photo=photo)
    return managed_product(call, county, product)


@routes.writes(
    "/counties/{county}/products/{product}/voices/{voice}/withdraw", PRODUCT, scope="catalog.write"
)
def withdraw_voice(call: Call, county: County, product: UUID, voice: UUID) -> ProductSeen:
    """Let buyers hear a recording no longer."""
    if voice not in {one.id for one in managed_product(call, county, product).voices}:
        raise Missing(_("There is no such recording."))
    actions.withdraw_voice(call.actor, voice=voice)
    return managed_product(call, county, product)


@routes.reads("/counties/{county}/supplies", SUPPLIES, scope="stock.read")
def county_supplies(call: Call, county: County, product: UUID | None = None) -> Mapping[str, object]:
    """What offers draw on which pools, with caps and grades."""
    return {"items": supplies(call.actor, county=county, product=product)}


@routes.writes("/counties/{county}/offers/{offer}/cap", OFFER, scope="catalog.write", method="PUT")
def set_cap(call: Call, county: County, offer: UUID, body: CapSaid) -> OfferRow:
    """Set what the outlet may draw; an offer that nothing feeds yet is fed."""
    row = _offer(call, county, offer)
    fed = {one.offer for one in supplies(call.actor, county=county, product=row.product)}
    if offer in fed:
        stock.change_cap(call.actor, offer=offer, cap=body.cap, believed=body.believed)
    else:
        stock.feed(call.actor, offer=offer, cap=body.cap)
    return _offer(call, county, offer)


@routes.writes("/counties/{county}/offers/{offer}/grades", OFFER, scope="catalog.write", method="PUT")
def set_grades(call: Call, county: County, offer: UUID, body: GradesSaid) -> OfferRow:
    """Say which grades an offer draws on, and how they are blended."""
    _offer(call, county, offer)
    stock.set_grades(
        call.actor, offer=offer, takes=body.takes, blend_grade=body.blend_grade,
        blend_percent=body.blend_percent,
    )  # fmt: skip
    return _offer(call, county, offer)


@routes.writes("/counties/{county}/offers/{offer}/brand", OFFER, scope="catalog.write", method="PUT")
def bear_brand(call: Call, county: County, offer: UUID, body: MarkSaid) -> OfferRow:
    """Let an offer bear a brand's mark, or none."""
    _offer(call, county, offer)
    stock.bear_brand(call.actor, offer=offer, brand=body.brand)
    return _offer(call, county, offer)


@routes.writes("/counties/{county}/offer-changes", BULK, scope="catalog.write", makes=True)
def edit_offers(call: Call, county: County, body: OffersEdited) -> BulkHead:
    """Change many offers at once from the versions that were seen: price, window, or off the shelf."""
    edit = Edit(body.percent, _window(body.window), body.take_down)
    seen = {one.offer: one.version for one in body.offers}
    actions.edit_offers(call.actor, change=body.id, county=county, seen=seen, edit=edit)
    return _change(call, county, body.id)


@routes.reads("/counties/{county}/offer-changes/{change}", BULK, scope="catalog.write")
def offer_change(call: Call, county: County, change: UUID) -> BulkHead:
    """What a change of many offers did."""
    return _change(call, county, change)


@routes.writes("/counties/{county}/offer-changes/{change}/undo", BULK, scope="catalog.write", makes=True)
def undo_offer_change(call: Call, county: County, change: UUID, body: Undone) -> BulkHead:
    """Give all of its offers their terms back, if nobody has changed them since."""
    _change(call, county, change)
    actions.undo_bulk(call.actor, change=change, undo=body.id)
    return _change(call, county, body.id)


_offer = offer


def _change(call: Call, county: str, key: UUID) -> BulkHead:
    return belongs(county, lambda: bulk_change(call.actor, change=key), lambda row: row.county)


def _window(said: WindowSaid | None) -> tuple[datetime | None, datetime | None] | None:
    return (said.opens_at, said.closes_at) if said else None
