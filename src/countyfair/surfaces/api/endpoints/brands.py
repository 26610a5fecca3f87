"""Regional brands of a county, and which shops may bear their marks."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, listed
from countyfair.trade.catalog.queries import brands as kept
from countyfair.trade.catalog.queries.brands import BrandSeen, LicenceSeen

routes = Routes()

BRANDS = listed("Brand", BrandSeen)
LICENCES = listed("BrandLicence", LicenceSeen, leaves={"withdrawn_by"})


@routes.reads("/counties/{county}/brands", BRANDS, scope="catalog.read")
def brands(call: Call, county: County) -> Mapping[str, object]:
    """Brands of a county: their standard, the lowest grade that may bear them, their mark."""
    return {"items": kept.brands(call.actor, county=county)}


@routes.reads("/counties/{county}/brand-licences", LICENCES, scope="catalog.read")
def brand_licences(call: Call, county: County, brand: UUID | None = None) -> Mapping[str, object]:
    """Licences of shops to bear a brand's mark, those that hold first, by their last day."""
    return {"items": kept.licences(call.actor, county=county, brand=brand)}
