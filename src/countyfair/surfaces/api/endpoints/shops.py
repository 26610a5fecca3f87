"""Shops and the organisations that run them: opened, changed, closed; and what one's own sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Invalid, Missing
from countyfair.registers.people import actions as people
from countyfair.registers.people import queries as known
from countyfair.registers.people.queries import OrganisationRow
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.desk import PlaceCode
from countyfair.surfaces.api.endpoints.stations import household_at, open_station
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, listed, paged, shape
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.queries import ShopRow, ShopSeen, shop_of_household, shop_whole
from countyfair.trade.orders.queries.sales import SoldLine, sold

routes = Routes()

Name = Annotated[Text, Field(min_length=1, max_length=80)]
English = Annotated[Text, Field(max_length=120)]
Number = Annotated[Text, Field(max_length=60)]
#: Other names by which buyers know a shop or its household, a comma between them.
Known = Annotated[Text, Field(max_length=80)]

SHOPS = listed("Shop", ShopRow)
SHOP = shape("ShopWhole", ShopSeen)
SALES = paged("LineSold", SoldLine)
ORGANISATIONS = paged("Organisation", OrganisationRow)
ORGANISATION = shape("Organisation", OrganisationRow)


class ShopSaid(Given):
    """What is said of a shop."""

    name_zh: Name
    name_en: English = ""
    known_as: Known = ""
    licence_number: Number = ""
    opened_on: date


class ShopWanted(Given):
    """A shop of an organisation or a household; `id` is a UUID that the caller makes."""

    id: UUID
    name_zh: Name
    name_en: English = ""
    known_as: Known = ""
    organisation: UUID | None = None
    household: UUID | None = None
    licence_number: Number = ""
    opened_on: date | None = None


class OwnShopWanted(Given):
    """A household's shop, and how it agreed to what; `id` is a UUID that the caller makes."""

    id: UUID
    name_zh: Name
    name_en: English = ""
    known_as: Known = ""
    licence_number: Number = ""
    agreed_how: Annotated[str, Field(pattern=r"^(paper|voice|screen)?$")] = ""
    background: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""
    background_how: Annotated[str, Field(pattern=r"^(paper|voice|screen)?$")] = ""


class BackgroundSaid(Given):
    """What its people did before, "" for no longer; and how they agreed that buyers see it."""

    background: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")]
    how: Annotated[str, Field(pattern=r"^(paper|voice|screen)?$")] = ""


class OrganisationSaid(Given):
    """What an organisation is called, and its unified social credit code."""

    name: Name
    name_en: English = ""
    registration_number: Number = ""


class OrganisationWanted(OrganisationSaid):
    """A new organisation; `id` is a UUID that the caller makes."""

    id: UUID
    kind: Word
    place: PlaceCode


@routes.reads("/counties/{county}/shops", SHOPS, scope="catalog.read")
def shops(call: Call, county: County) -> Mapping[str, object]:
    """Open shops of a county."""
    call.require("catalog.read", county)
    return {"items": queries.shops(county=county)}


@routes.reads("/counties/{county}/shops/{shop}", SHOP, scope="catalog.read")
def shop(call: Call, county: County, shop: UUID) -> ShopSeen:
    """One shop: who runs it, its licence number, what it has."""
    return belongs(county, lambda: shop_whole(call.actor, shop=shop), lambda row: row.county)


_shop = shop


@routes.writes("/counties/{county}/shops", SHOP, scope="catalog.write", makes=True)
def open_shop(call: Call, county: County, body: ShopWanted) -> ShopSeen:
    """Open a shop."""
    actions.open_shop(
        call.actor, shop=body.id, county=county, name_zh=body.name_zh, name_en=body.name_en,
        known_as=body.known_as, organisation=body.organisation, household=body.household,
        licence_number=body.licence_number, opened_on=body.opened_on,
    )  # fmt: skip
    return _shop(call, county, body.id)


@routes.writes("/counties/{county}/shops/{shop}", SHOP, scope="catalog.write", method="PUT")
def change_shop(call: Call, county: County, shop: UUID, body: ShopSaid) -> ShopSeen:
    """Say something else of a shop; what was sold keeps what it said then."""
    _shop(call, county, shop)
    actions.change_shop(
        call.actor, shop=shop, name_zh=body.name_zh, name_en=body.name_en,
        known_as=body.known_as, licence_number=body.licence_number, opened_on=body.opened_on,
    )  # fmt: skip
    return _shop(call, county, shop)


@routes.writes("/counties/{county}/shops/{shop}/close", SHOP, scope="catalog.write")
def close_shop(call: Call, county: County, shop: UUID) -> ShopSeen:
    """Close a shop that sells nothing any more."""
    _shop(call, county, shop)
    actions.close_shop(call.actor, shop=shop)
    return _shop(call, county, shop)


@routes.reads("/counties/{county}/sales", SALES, scope="orders.read")
def shop_sales(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[SoldLine]:
    """What the shops of one's own organisation sold, the newest first; nothing of who bought."""
    rows = sold(call.actor, county=county, before=cursors.two_keys(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.order, row.id))


@routes.reads("/stations/{station}/households/{household}/shop", SHOP, scope="catalog.read")
def household_shop(call: Call, station: UUID, household: UUID) -> ShopSeen:
    """The open shop that a household runs. Needs `stock.read` too."""
    return _run_by(call, station, household)


@routes.writes("/stations/{station}/households/{household}/shop", SHOP, scope="catalog.write", makes=True)
def open_household_shop(call: Call, station: UUID, household: UUID, body: OwnShopWanted) -> ShopSeen:
    """Open a household's shop with all that is said of it. Needs `household.write` too."""
    household_at(call, station, household)
    actions.open_household_shop(
        call.actor, shop=body.id, household=household, name_zh=body.name_zh, name_en=body.name_en,
        known_as=body.known_as, licence_number=body.licence_number, agreed_how=body.agreed_how,
        background=body.background, background_how=body.background_how,
    )  # fmt: skip
    return _run_by(call, station, household)


@routes.writes(
    "/stations/{station}/households/{household}/shop/background", SHOP, scope="catalog.write", method="PUT"
)
def tell_background(call: Call, station: UUID, household: UUID, body: BackgroundSaid) -> ShopSeen:
    """Let a household's stall tell what its people did before, or no longer. Needs `household.write` too."""
    row = _run_by(call, station, household)
    actions.tell_background(call.actor, shop=row.id, background=body.background, how=body.how)
    return _run_by(call, station, household)


@routes.reads("/counties/{county}/organisations", ORGANISATIONS, scope="county.read")
def organisations(
    call: Call,
    county: County,
    closed: bool = False,
    q: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[OrganisationRow]:
    """Organisations of a county by name; with `closed`, those that are over too."""
    call.require("people.read", county)
    rows = known.organisations(
        call.actor, county=county, closed=closed, text=q, after=cursors.name_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.name, row.id))


@routes.writes("/counties/{county}/organisations", ORGANISATION, scope="county.write", makes=True)
def register_organisation(call: Call, county: County, body: OrganisationWanted) -> OrganisationRow:
    """Register an organisation."""
    if not body.place.startswith(county):
        raise Invalid(_("Choose a place of this county."), field="place")
    people.register_organisation(
        call.actor, organisation_id=body.id, place=body.place, kind=body.kind, name=body.name,
        name_en=body.name_en, registration_number=body.registration_number,
    )  # fmt: skip
    return _organisation(county, body.id)


@routes.writes(
    "/counties/{county}/organisations/{organisation}", ORGANISATION, scope="county.write", method="PUT"
)
def change_organisation(
    call: Call, county: County, organisation: UUID, body: OrganisationSaid
) -> OrganisationRow:
    """Correct an organisation's name or number."""
    call.require("organisation.register", county)
    _organisation(county, organisation)
    people.change_organisation(
        call.actor, organisation_id=organisation, name=body.name, name_en=body.name_en,
        registration_number=body.registration_number,
    )  # fmt: skip
    return _organisation(county, organisation)


@routes.writes("/counties/{county}/organisations/{organisation}/close", ORGANISATION, scope="county.write")
def close_organisation(call: Call, county: County, organisation: UUID) -> OrganisationRow:
    """Close an organisation that runs no shop any more."""
    call.require("organisation.register", county)
    _organisation(county, organisation)
    actions.close_operator(call.actor, organisation=organisation)
    return _organisation(county, organisation)


def _run_by(call: Call, station: UUID, household: UUID) -> ShopSeen:
    call.actor.require("shop.open", place=open_station(station).place)
    row = shop_of_household(call.actor, household_at(call, station, household))
    if row is None:
        raise Missing(_("There is no such shop."))
    return row


def _organisation(county: str, key: UUID) -> OrganisationRow:
    row = known.organisations_by_id([key]).get(key)
    if row is None or row.county != county:
        raise Missing(_("There is no such thing in this county."))
    return row
