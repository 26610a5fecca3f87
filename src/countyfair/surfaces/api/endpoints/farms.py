"""A household's own: what it offers, makes ready, brings, and is paid. Who announces harvests acts for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from countyfair.kernel import money
from countyfair.kernel.clock import now, today
from countyfair.kernel.quantity import LARGEST, Quantity, Unit
from countyfair.kernel.refusal import Forbidden, Invalid, Missing
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdLabel, HouseholdRow
from countyfair.surfaces.api.endpoints.buying import buyer
from countyfair.surfaces.api.endpoints.payouts import STATEMENT
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Money, Text, listed, shape
from countyfair.surfaces.farmer.farm import household_for
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.catalog.rules.voices import LARGEST_FILE as LARGEST_RECORDING
from countyfair.trade.orders.actions import tick_box
from countyfair.trade.orders.queries.of_household import Box, boxes
from countyfair.trade.settlement import queries as settlement
from countyfair.trade.settlement.queries.sales import Sale, sales
from countyfair.trade.settlement.rules import Statement
from countyfair.trade.stock import actions
from countyfair.trade.stock.queries import harvests, weighing
from countyfair.trade.stock.queries.cycles import Bring, to_bring
from countyfair.trade.stock.queries.harvests import HarvestRow
from countyfair.trade.stock.queries.weighing import Weighable

routes = Routes()


@dataclass(frozen=True, slots=True)
class PartOfSale:
    """Whose part it is (mine, neighbours, station, centre, courier, platform), and how much."""

    whose: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class SaleShown:
    """A line that was sold, and everybody's part of it; they sum to its `gross`."""

    sale: Sale
    shares: Sequence[PartOfSale]


HOUSEHOLDS = listed("OwnHousehold", HouseholdLabel)
GROWN = listed("Grown", Weighable)
HARVESTS = listed("AnnouncedHarvest", HarvestRow)
HARVEST = shape("AnnouncedHarvest", HarvestRow)
BOXES = listed("Box", Box)
TO_BRING = listed("ToBring", Bring)
SALES = listed("SaleOfHousehold", SaleShown, leaves={"parts"})


class HarvestBegun(Given):
    """A harvest to announce; `id` is a UUID that the caller makes."""

    id: UUID
    product: UUID


class AmountSaid(Given):
    """How much it will be, and on which day it is there."""

    amount: Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="Grams or pieces.")]
    unit: Literal["g", "piece"]
    expected_on: date


class PriceSaid(Given):
    """What is asked for 500 g or a piece."""

    price: Money


class Ticked(Given):
    """Whether a box is made ready."""

    ready: bool


@routes.reads("/households", HOUSEHOLDS, scope="own.read")
def my_households(call: Call) -> Mapping[str, object]:
    """Households that I sign in for."""
    return {"items": people.households_of_user(_member(call))}


@routes.reads("/households/{household}/statement", STATEMENT, scope="own.read")
def my_statement(call: Call, household: UUID, since: AwareDatetime, before: AwareDatetime) -> Statement:
    """What my household was owed, earned and was paid between two moments."""
    found = [row for row in people.households_of_user(_member(call)) if row.id == household]
    if not found:
        raise Forbidden(_("This is no household of yours."))
    return settlement.statement(
        buyer(call), county=found[0].county, owner=str(household), since=since, before=before
    )


@routes.reads("/households/{household}/sales", SALES, scope="own.read")
def household_sales(
    call: Call, household: UUID, days: Annotated[int, Field(ge=1, le=366)] = 120
) -> Mapping[str, object]:
    """What was sold of a household's, the latest first, and everybody's part of it."""
    found = sales(call.actor, farm(call, household), since=now() - timedelta(days=days))
    return {"items": [SaleShown(one, [PartOfSale(*part) for part in one.parts]) for one in found]}


@routes.reads("/households/{household}/boxes", BOXES, scope="own.read")
def household_boxes(call: Call, household: UUID) -> Mapping[str, object]:
    """What a household has to make ready, the longest waiting first."""
    return {"items": boxes(call.actor, farm(call, household))}


@routes.writes("/households/{household}/boxes/{line}", BOXES, scope="own.write", method="PUT")
def tick(call: Call, household: UUID, line: UUID, body: Ticked) -> Mapping[str, object]:
    """Tick one box, or take the tick back."""
    whose = farm(call, household)
    tick_box(call.actor, household=household, line=line, ready=body.ready)
    return {"items": boxes(call.actor, whose)}


@routes.reads("/households/{household}/to-bring", TO_BRING, scope="own.read")
def household_to_bring(call: Call, household: UUID) -> Mapping[str, object]:
    """What was ordered ahead of a household's harvest, the soonest first."""
    return {"items": to_bring(call.actor, farm(call, household))}


@routes.reads("/households/{household}/goods", GROWN, scope="own.read")
def household_goods(call: Call, household: UUID) -> Mapping[str, object]:
    """What a household may announce, what is in season first."""
    return {"items": weighing.grown(call.actor, farm(call, household), month=today().month)}


@routes.reads("/households/{household}/harvests", HARVESTS, scope="own.read")
def household_harvests(call: Call, household: UUID) -> Mapping[str, object]:
    """What a household announced and did not take back, the latest first."""
    return {"items": harvests.harvests_of(call.actor, farm(call, household))}


@routes.reads("/households/{household}/harvests/{harvest}", HARVEST, scope="own.read")
def household_harvest(call: Call, household: UUID, harvest: UUID) -> HarvestRow:
    """One harvest of a household."""
    farm(call, household)
    row = harvests.harvest(call.actor, harvest=harvest)
    if row.household != household:
        raise Missing(_("There is no such harvest."))
    return row


_harvest = household_harvest


@routes.writes("/households/{household}/harvests", HARVEST, scope="own.write", makes=True)
def begin_harvest(call: Call, household: UUID, body: HarvestBegun) -> HarvestRow:
    """Begin to announce a harvest, without a picture; say its amount and price next."""
    farm(call, household)
    actions.begin_harvest(call.actor, harvest=body.id, household=household, product=body.product)
    return _harvest(call, household, body.id)


@routes.writes(
    "/households/{household}/goods/{product}/harvests/{harvest}",
    HARVEST,
    scope="own.write",
    method="PUT",
    takes=LARGEST_FILE,
    makes=True,
)
def begin_harvest_shown(call: Call, household: UUID, product: UUID, harvest: UUID, data: bytes) -> HarvestRow:
    """Begin to announce a harvest with a picture; `harvest` is a UUID that the caller makes."""
    farm(call, household)
    if not data:
        raise Invalid(_("Take a picture, or go on without one."), field="photo")
    actions.begin_harvest(call.actor, harvest=harvest, household=household, product=product, photo=data)
    return _harvest(call, household, harvest)


@routes.writes("/households/{household}/harvests/{harvest}/amount", HARVEST, scope="own.write", method="PUT")
def say_amount(call: Call, household: UUID, harvest: UUID, body: AmountSaid) -> HarvestRow:
    """Say how much a harvest will be, and on which day it is there."""
    _harvest(call, household, harvest)
    quantity = Quantity(body.amount, Unit(body.unit))
    actions.say_amount(call.actor, harvest=harvest, quantity=quantity, expected_on=body.expected_on)
    return _harvest(call, household, harvest)


@routes.writes("/households/{household}/harvests/{harvest}/announce", HARVEST, scope="own.write")
def announce_harvest(call: Call, household: UUID, harvest: UUID, body: PriceSaid) -> HarvestRow:
    """Announce a harvest at a price for 500 g or a piece."""
    _harvest(call, household, harvest)
    wished = money.Money(body.price.amount, body.price.currency)
    actions.announce_harvest(call.actor, harvest=harvest, wished=wished)
    return _harvest(call, household, harvest)


@routes.writes(
    "/households/{household}/harvests/{harvest}/voices/{voice}",
    HARVEST,
    scope="own.write",
    method="PUT",
    takes=LARGEST_RECORDING,
)
def tell_of_harvest(
    call: Call,
    household: UUID,
    harvest: UUID,
    voice: UUID,
    data: bytes,
    words: Annotated[Text, Field(max_length=300, description="What is said, for who does not hear.")] = "",
) -> HarvestRow:
    """Tell of a harvest aloud; `voice` is a UUID that the caller makes. It is encoded anew."""
    _harvest(call, household, harvest)
    actions.tell_of_harvest(call.actor, harvest=harvest, voice=voice, data=data, words=words)
    return _harvest(call, household, harvest)


@routes.writes("/households/{household}/harvests/{harvest}/withdraw", HARVEST, scope="own.write")
def withdraw_harvest(call: Call, household: UUID, harvest: UUID) -> HarvestRow:
    """Take an announcement back."""
    _harvest(call, household, harvest)
    actions.withdraw_harvest(call.actor, harvest=harvest)
    return _harvest(call, household, harvest)


def farm(call: Call, household: UUID) -> HouseholdRow:
    """A household whose page this caller opens: its own people, or who announces harvests at its place."""
    whose, _own = household_for(call.actor, household)
    return whose


def _member(call: Call) -> UUID:
    if call.actor.user_id is None:
        raise Invalid(_("Sign in first."))
    return call.actor.user_id
