"""The register of households: looked up, entered, their identity opened on record, what they agree to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Invalid
from countyfair.registers.people import actions as people
from countyfair.registers.people import queries as register
from countyfair.registers.people.actions import OpenedHousehold
from countyfair.registers.people.queries import HouseholdRow
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.desk import PlaceCode
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, paged, shape

routes = Routes()

Short = Annotated[Text, Field(max_length=60)]

HOUSEHOLDS = paged("Household", HouseholdRow, leaves={"user_id"})
HOUSEHOLD = shape("Household", HouseholdRow, leaves={"user_id"})
OPENED = shape("OpenedHousehold", OpenedHousehold)


class Opening(Given):
    """Which fields of a household's identity are opened, and for what: each opening is on record."""

    purpose: Literal["trade", "statement", "payout", "identify", "audit"]
    fields: Annotated[
        list[Literal["head_name", "id_number", "phone", "bank_account", "bank_name"]],
        Field(min_length=1, max_length=5),
    ]


class Agreed(Given):
    """What a household agreed to, and how it said so."""

    purpose: Literal["trade", "statement", "payout"]
    how: Literal["paper", "voice", "screen"]
    until: date | None = None


class HouseholdWanted(Given):
    """A household with its identity, which is kept sealed; `id` is a UUID that the caller makes."""

    id: UUID
    place: PlaceCode
    head_name: Annotated[Text, Field(min_length=1, max_length=60)]
    id_number: Annotated[Text, Field(min_length=1, max_length=30)]
    phone: Annotated[Text, Field(max_length=30)] = ""
    bank_account: Short = ""
    bank_name: Annotated[Text, Field(max_length=80)] = ""
    agreed: Annotated[list[Word], Field(max_length=10)] = []
    how: Literal["paper", "voice", "screen"] = "paper"


class ConsentWithdrawn(Given):
    """To what a household agrees no longer."""

    purpose: Word


@routes.reads("/counties/{county}/households", HOUSEHOLDS, scope="household.read")
def households(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[HouseholdRow]:
    """The register of households by number; names are masked."""
    call.require("household.read", county)
    rows = register.households(call.actor, county=county, after=cursors.text(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.number,))


@routes.reads("/counties/{county}/households/{household}", HOUSEHOLD, scope="household.read")
def household(call: Call, county: County, household: UUID) -> HouseholdRow:
    """One household; its name is masked."""
    return belongs(
        county, lambda: register.household(call.actor, household_id=household), lambda row: row.county
    )


@routes.writes("/counties/{county}/households/{household}/open", OPENED, scope="household.read")
def open_household(call: Call, county: County, household: UUID, body: Opening) -> OpenedHousehold:
    """Open fields of a household's identity for a purpose, on record."""
    _household(call, county, household)
    return people.read_household(
        call.actor, household_id=household, fields=frozenset(body.fields), purpose=body.purpose
    )


@routes.writes(
    "/counties/{county}/households/{household}/consents", HOUSEHOLD, scope="household.write", makes=True
)
def consent(call: Call, county: County, household: UUID, body: Agreed) -> HouseholdRow:
    """Record what a household agreed to."""
    _household(call, county, household)
    people.record_consent(
        call.actor, household_id=household, purpose=body.purpose, how=body.how, until=body.until
    )
    return _household(call, county, household)


_household = household


@routes.writes("/counties/{county}/households", HOUSEHOLD, scope="household.write", makes=True)
def register_household(call: Call, county: County, body: HouseholdWanted) -> HouseholdRow:
    """Register a household in its village, with what it agreed to."""
    if not body.place.startswith(county):
        raise Invalid(_("Choose a place of this county."), field="place")
    people.register_household(
        call.actor, household_id=body.id, place=body.place, head_name=body.head_name,
        id_number=body.id_number, phone=body.phone, bank_account=body.bank_account,
        bank_name=body.bank_name, agreed=body.agreed, how=body.how,
    )  # fmt: skip
    return _household(call, county, body.id)


@routes.writes(
    "/counties/{county}/households/{household}/consents/withdraw", HOUSEHOLD, scope="household.write"
)
def withdraw_consent(call: Call, county: County, household: UUID, body: ConsentWithdrawn) -> HouseholdRow:
    """Take a consent back, on the household's word."""
    _household(call, county, household)
    people.withdraw_consent(call.actor, household_id=household, purpose=body.purpose)
    return _household(call, county, household)
