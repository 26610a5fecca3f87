"""Offers of a county: put up, priced by version, capped, taken down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from countyfair.kernel import money
from countyfair.kernel.refusal import Conflict, Missing, Refusal
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, Given, Money, paged, shape, told
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog import queries
from countyfair.trade.catalog.queries import OfferRow
from countyfair.trade.catalog.rules.bulk import MOST_PER_BUYER
from countyfair.trade.stock.actions import offering

routes = Routes()

OFFER = shape("Offer", OfferRow)
OFFERS = paged("Offer", OfferRow)


class Terms(Given):
    """What an offer costs, when it is open, and how much of it one order takes, and one buyer in all."""

    price: Money
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    most_per_order: Annotated[int, Field(strict=True, ge=1, le=999)] = 99
    most_per_buyer: Annotated[int, Field(strict=True, ge=1, le=MOST_PER_BUYER)] | None = None


class OfferWanted(Terms):
    """An offer of a pack at an outlet; `id` is a UUID that the caller makes."""

    id: UUID
    pack: UUID
    outlet: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")] = "shop"
    cap: Annotated[int, Field(strict=True, ge=1, le=10**15)] | None = None


class Changed(Refusal):
    """Somebody changed it meanwhile: `details` shows what it is now and what was wanted."""

    status = 412
    code = "changed"


@routes.reads("/counties/{county}/offers", OFFERS, scope="catalog.read")
def offers(
    call: Call,
    county: County,
    state: Literal["", "draft", "on", "off"] = "",
    product: UUID | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[OfferRow]:
    """Offers of a county, the latest put up first."""
    call.require_or_keep("catalog.read", county)
    rows = queries.offers(
        call.actor, county=county, state=state, product=product,
        before=cursors.moment_if_any_and_key(cursor), limit=limit + 1,
    )  # fmt: skip
    return cursors.page(rows, limit, lambda row: (row.put_up_at or "", row.id))


@routes.reads("/counties/{county}/offers/{offer}", OFFER, scope="catalog.read")
def offer(call: Call, county: County, offer: UUID) -> OfferRow:
    """One offer; its ETag goes into If-Match of a change."""
    found = queries.offers(call.actor, county=county, offer=offer, limit=1)
    if not found:
        raise Missing(_("There is no such offer."))
    return found[0]


@routes.writes("/counties/{county}/offers", OFFER, scope="catalog.write", makes=True)
def put_up(call: Call, county: County, body: OfferWanted) -> OfferRow:
    """Put a pack on sale at an outlet, fed by its product's stock."""
    offering.put_up_and_feed(
        call.actor,
        pack=body.pack,
        price=_price(body),
        outlets=[offering.Outlet(body.id, body.outlet, body.cap)],
        opens_at=body.opens_at,
        closes_at=body.closes_at,
        most_per_order=body.most_per_order,
        most_per_buyer=body.most_per_buyer,
    )
    return offer(call, county, body.id)


@contextmanager
def _both_are_shown(call: Call, given: Mapping[str, Any]) -> Iterator[None]:
    """Whoever changes an older version is shown what stands now beside what they wanted."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code != "changed":
            raise
        stands = told(offer(call, given["county"], given["offer"]))
        wanted = given["body"].model_dump(mode="json")
        raise Changed(refusal.sentence, details={"current": stands, "wanted": wanted}) from refusal


@routes.writes(
    "/counties/{county}/offers/{offer}",
    OFFER,
    scope="catalog.write",
    method="PUT",
    versions=True,
    around=_both_are_shown,
)
def change_offer(call: Call, county: County, offer: UUID, body: Terms) -> OfferRow:
    """Change the terms of an offer from the version that was seen."""
    _own(call, county, offer)
    catalog.change_offer(
        call.actor,
        offer=offer,
        version=call.version,
        price=_price(body),
        opens_at=body.opens_at,
        closes_at=body.closes_at,
        most_per_order=body.most_per_order,
        most_per_buyer=body.most_per_buyer,
    )
    return _own(call, county, offer)


@routes.writes("/counties/{county}/offers/{offer}/take-down", OFFER, scope="catalog.write")
def take_down(call: Call, county: County, offer: UUID) -> OfferRow:
    """Take an offer off its shelf."""
    _own(call, county, offer)
    catalog.take_down(call.actor, offer=offer)
    return _own(call, county, offer)


_own = offer


def _price(body: Terms) -> money.Money:
    return money.Money(body.price.amount, body.price.currency)
