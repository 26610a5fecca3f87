"""Regional brands of a county, and which shops may bear their marks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, paged, shape
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries import brands as kept
from countyfair.trade.catalog.queries.brands import BrandSeen, LicenceSeen
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE

routes = Routes()

BRANDS = paged("Brand", BrandSeen)
BRAND = shape("Brand", BrandSeen)
LICENCES = paged("BrandLicence", LicenceSeen, leaves={"withdrawn_by"})
LICENCE = shape("BrandLicence", LicenceSeen, leaves={"withdrawn_by"})


class BrandSaid(Given):
    """What a brand is called, and whose it is."""

    name_zh: Annotated[Text, Field(min_length=1, max_length=40)]
    name_en: Annotated[Text, Field(max_length=80)] = ""
    holder: Annotated[Text, Field(min_length=1, max_length=80)]


class BrandWanted(BrandSaid):
    """A new brand, borne from the grade `least` of a standard up; `id` is a UUID that the caller makes."""

    id: UUID
    standard: UUID
    least: Word


class LicenceWanted(Given):
    """A shop that may bear the mark, both days included; `id` is a UUID that the caller makes."""

    id: UUID
    shop: UUID
    number: Annotated[Text, Field(min_length=1, max_length=40)]
    since: date
    until: date


class LicenceWithdrawn(Given):
    """Why a shop may bear the mark no longer."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]


@routes.reads("/counties/{county}/brands", BRANDS, scope="catalog.read")
def brands(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[BrandSeen]:
    """Brands of a county by name, those that ended last: their standard, the lowest grade, their mark."""
    rows = kept.brands(call.actor, county=county, after=cursors.flag_name_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.ended_at is not None, row.name_zh, row.id))


@routes.reads("/counties/{county}/brands/{brand}", BRAND, scope="catalog.read")
def brand(call: Call, county: County, brand: UUID) -> BrandSeen:
    """One brand; its ETag goes into If-Match of a change."""
    return belongs(county, lambda: kept.brand(call.actor, brand=brand), lambda row: row.county)


_brand = brand


@routes.writes("/counties/{county}/brands", BRAND, scope="catalog.write", makes=True)
def add_brand(call: Call, county: County, body: BrandWanted) -> BrandSeen:
    """Enter a brand; its mark's picture is sent next."""
    actions.set_brand(
        call.actor, brand=body.id, county=county, name_zh=body.name_zh, name_en=body.name_en,
        holder=body.holder, standard=body.standard, least=body.least,
    )  # fmt: skip
    return _brand(call, county, body.id)


@routes.writes("/counties/{county}/brands/{brand}", BRAND, scope="catalog.write", method="PUT", versions=True)
def change_brand(call: Call, county: County, brand: UUID, body: BrandSaid) -> BrandSeen:
    """Say its next version; what was sold keeps the one before."""
    row = _brand(call, county, brand)
    actions.set_brand(
        call.actor, brand=brand, county=county, name_zh=body.name_zh, name_en=body.name_en,
        holder=body.holder, standard=row.standard, least=row.least, believed=call.version,
    )  # fmt: skip
    return _brand(call, county, brand)


@routes.writes(
    "/counties/{county}/brands/{brand}/mark",
    BRAND,
    scope="catalog.write",
    method="PUT",
    versions=True,
    takes=LARGEST_FILE,
)
def set_mark(call: Call, county: County, brand: UUID, data: bytes) -> BrandSeen:
    """Give a brand the picture of its mark, as its next version. It is drawn anew."""
    row = _brand(call, county, brand)
    actions.set_brand(
        call.actor, brand=brand, county=county, name_zh=row.name_zh, name_en=row.name_en, holder=row.holder,
        standard=row.standard, least=row.least, data=data, believed=call.version,
    )  # fmt: skip
    return _brand(call, county, brand)


@routes.writes("/counties/{county}/brands/{brand}/end", BRAND, scope="catalog.write")
def end_brand(call: Call, county: County, brand: UUID) -> BrandSeen:
    """Let nothing bear it any more; what was sold keeps it."""
    _brand(call, county, brand)
    actions.end_brand(call.actor, brand=brand)
    return _brand(call, county, brand)


@routes.reads("/counties/{county}/brand-licences", LICENCES, scope="catalog.read")
def brand_licences(
    call: Call, county: County, brand: UUID | None = None, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[LicenceSeen]:
    """Licences of shops to bear a brand's mark by their last day, those that are over last."""
    rows = kept.licences(
        call.actor, county=county, brand=brand, after=cursors.flag_day_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.state in ("withdrawn", "over"), row.until, row.id))


@routes.writes("/counties/{county}/brands/{brand}/licences", LICENCE, scope="catalog.write", makes=True)
def grant_licence(call: Call, county: County, brand: UUID, body: LicenceWanted) -> LicenceSeen:
    """License a shop to bear a brand's mark."""
    _brand(call, county, brand)
    actions.grant_licence(
        call.actor, licence=body.id, brand=brand, shop=body.shop, number=body.number, since=body.since,
        until=body.until,
    )  # fmt: skip
    return _licence(call, county, body.id)


@routes.writes("/counties/{county}/brand-licences/{licence}/withdraw", LICENCE, scope="catalog.write")
def withdraw_licence(call: Call, county: County, licence: UUID, body: LicenceWithdrawn) -> LicenceSeen:
    """Take a brand's mark off a shop at once."""
    _licence(call, county, licence)
    actions.withdraw_licence(call.actor, licence=licence, reason=body.reason)
    return _licence(call, county, licence)


def _licence(call: Call, county: str, key: UUID) -> LicenceSeen:
    found = kept.licences(call.actor, county=county, licence=key, limit=1)
    if not found:
        raise Missing(_("There is no such licence."))
    return found[0]
