"""What a station's agent does: weigh in, pack, hand over, hand out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.clock import today
from countyfair.kernel.quantity import LARGEST, Quantity, Unit
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow
from countyfair.registers.people.queries.finding import find_households
from countyfair.registers.stations import queries
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Text, listed, shape
from countyfair.surfaces.station.point import day_began
from countyfair.surfaces.station.tries import count_wrong, require_tries
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import at_station
from countyfair.trade.orders.queries.at_station import StationOrder
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import weighing
from countyfair.trade.stock.queries.weighing import Slip, Weighable

routes = Routes()

Amount = Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="Grams or pieces.")]


#: What a product's standard asks for, by its key, and what was measured.
MeasureKey = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
Measure = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=12, decimal_places=3)]


STATIONS = listed("Station", StationRow)
HOUSEHOLDS = listed("HouseholdNear", HouseholdRow, leaves={"user_id"})
WEIGHABLE = listed("Weighable", Weighable)
SLIP = shape("Slip", Slip, leaves={"measured_json"})
SLIPS = listed("Slip", Slip, leaves={"measured_json"})
ORDER = shape("StationOrder", StationOrder)
ORDERS = listed("StationOrder", StationOrder)


class Harvest(Given):
    """A harvest on the scales; `id` becomes the lot's."""

    id: UUID
    household: UUID
    product: UUID
    amount: Amount
    unit: Literal["g", "piece"]
    harvested_on: date
    field: Annotated[Text, Field(max_length=60)] = ""
    grade: Annotated[Text, Field(max_length=20)] = ""
    measured: Annotated[dict[MeasureKey, Measure], Field(max_length=30)] = {}


class LineWeighed(Given):
    """What was really packed of a line sold by weight."""

    line: UUID
    amount_g: Amount


class PackAsked(Given):
    """A packed parcel; `parcel` is a UUID that the caller makes."""

    parcel: UUID
    weight_g: Amount
    weights: Annotated[list[LineWeighed], Field(max_length=100)] = []


class HandOutAsked(Given):
    """To the buyer by the code they say, or by what they showed or signed."""

    code: Annotated[str, Field(pattern=r"^[0-9]{0,6}$")] = ""
    evidence: Annotated[Text, Field(max_length=200)] = ""


class FailAsked(Given):
    """Why a parcel could not be given."""

    reason: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
    note: Annotated[Text, Field(max_length=200)] = ""


@routes.reads("/stations", STATIONS, scope="stock.read")
def my_stations(call: Call) -> Mapping[str, object]:
    """Open stations at which I work."""
    return {"items": queries.stations_at(call.actor, power="station.read")}


@routes.reads("/stations/{station}/households", HOUSEHOLDS, scope="stock.write")
def households_near(
    call: Call, station: UUID, q: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
) -> Mapping[str, object]:
    """Households of the station's place, by number or name."""
    at = open_station(station)
    return {"items": find_households(call.actor, place=at.place, text=q, limit=60)}


@routes.reads("/stations/{station}/households/{household}/products", WEIGHABLE, scope="stock.write")
def weighable(call: Call, station: UUID, household: UUID) -> Mapping[str, object]:
    """What a household may have weighed in here."""
    found = weighing.weighable(call.actor, open_station(station), household=household, month=today().month)
    return {"items": found}


@routes.writes("/stations/{station}/lots", SLIP, scope="stock.write", makes=True)
def weigh_in(call: Call, station: UUID, body: Harvest) -> Slip:
    """Take a harvest in: it becomes a lot, and the answer is its slip."""
    at = open_station(station)
    stock.take_in(
        call.actor, lot=body.id, household=body.household, product=body.product,
        quantity=Quantity(body.amount, Unit(body.unit)), harvested_on=body.harvested_on, station=at.id,
        field=body.field, grade=body.grade, measured=body.measured,
    )  # fmt: skip
    return weighing.slip(call.actor, at, lot=body.id)


@routes.reads("/stations/{station}/lots", SLIPS, scope="stock.read")
def weighed_today(call: Call, station: UUID) -> Mapping[str, object]:
    """What was weighed in here today."""
    return {"items": weighing.weighed_here(call.actor, open_station(station), since=day_began())}


@routes.reads("/stations/{station}/to-pack", ORDERS, scope="orders.write")
def to_pack(call: Call, station: UUID) -> Mapping[str, object]:
    """Paid orders that this station packs, the longest waiting first."""
    return {"items": at_station.to_pack(call.actor, open_station(station))}


@routes.reads("/stations/{station}/to-hand-over", ORDERS, scope="orders.write")
def to_hand_over(call: Call, station: UUID) -> Mapping[str, object]:
    """Packed orders that leave with the next round."""
    return {"items": at_station.to_hand_over(call.actor, open_station(station))}


@routes.reads("/stations/{station}/to-hand-out", ORDERS, scope="orders.write")
def to_hand_out(call: Call, station: UUID) -> Mapping[str, object]:
    """What lies here for its buyers."""
    return {"items": at_station.to_hand_out(call.actor, open_station(station))}


@routes.reads("/stations/{station}/orders/{order}", ORDER, scope="orders.write")
def station_order(call: Call, station: UUID, order: UUID) -> StationOrder:
    """One order that has to do with this station."""
    return at_station.order_at(call.actor, open_station(station), order_id=order)


@routes.writes("/stations/{station}/orders/{order}/pack", ORDER, scope="orders.write")
def pack(call: Call, station: UUID, order: UUID, body: PackAsked) -> StationOrder:
    """An order is in its parcel, weighed."""
    at = open_station(station)
    at_station.order_at(call.actor, at, order_id=order)
    weights = {one.line: one.amount_g for one in body.weights}
    actions.pack(call.actor, order_id=order, parcel=body.parcel, weight_g=body.weight_g, weights=weights)
    return at_station.order_at(call.actor, at, order_id=order)


@routes.writes("/stations/{station}/orders/{order}/hand-over", ORDER, scope="orders.write")
def hand_over(call: Call, station: UUID, order: UUID) -> StationOrder:
    """The round took the parcel."""
    at = open_station(station)
    at_station.order_at(call.actor, at, order_id=order)
    actions.hand_over(call.actor, order_id=order)
    return at_station.order_at(call.actor, at, order_id=order)


@routes.writes("/stations/{station}/orders/{order}/arrived", ORDER, scope="orders.write")
def arrived(call: Call, station: UUID, order: UUID) -> StationOrder:
    """The round brought the parcel here."""
    at = open_station(station)
    row = at_station.order_at(call.actor, at, order_id=order)
    logistics.arrive(call.actor, parcel=_parcel(row, at), station=at.id)
    return at_station.order_at(call.actor, at, order_id=order)


@contextmanager
def _code_is_not_guessed(call: Call, given: Mapping[str, Any]) -> Iterator[None]:
    """Wrong pick-up codes are counted, as on the page, outside what is taken back with them."""
    if given["body"].code:
        require_tries(given["station"])
    try:
        yield
    except Invalid as refusal:
        if refusal.field == "code" and given["body"].code:
            count_wrong(given["station"])
        raise


@routes.writes(
    "/stations/{station}/orders/{order}/hand-out", ORDER, scope="orders.write", around=_code_is_not_guessed
)
def hand_out(call: Call, station: UUID, order: UUID, body: HandOutAsked) -> StationOrder:
    """The buyer took the parcel: by its code, or by what they showed or signed."""
    at = open_station(station)
    row = at_station.order_at(call.actor, at, order_id=order)
    if row.fulfilment == "pickup":
        _parcel(row, at)
    actions.deliver(call.actor, order_id=order, code=body.code, evidence=body.evidence)
    return at_station.order_at(call.actor, at, order_id=order)


@routes.writes("/stations/{station}/orders/{order}/failed", ORDER, scope="orders.write")
def failed(call: Call, station: UUID, order: UUID, body: FailAsked) -> StationOrder:
    """The parcel could not be given."""
    at = open_station(station)
    row = at_station.order_at(call.actor, at, order_id=order)
    if row.parcel is None or (row.fulfilment == "pickup" and row.station != at.id):
        raise Missing(_("This parcel goes to another station."))
    logistics.fail(call.actor, parcel=row.parcel, reason=body.reason, note=body.note, place=at.place)
    return at_station.order_at(call.actor, at, order_id=order)


def open_station(station: UUID) -> StationRow:
    """A station that is open.

    Raises:
        Missing: there is none, or it is closed.
    """
    at = queries.station(station)
    if not at.is_open:
        raise Missing(_("This station is closed."))
    return at


def household_at(call: Call, station: UUID, household: UUID) -> HouseholdRow:
    """A household of the station's county.

    Raises:
        Missing: none there, or its identity was erased.
    """
    row = people.household(call.actor, household_id=household)
    if row.county != open_station(station).county or row.erased:
        raise Missing(_("There is no such household here."))
    return row


def _parcel(row: StationOrder, at: StationRow) -> UUID:
    if row.parcel is None or row.station != at.id:
        raise Missing(_("This parcel goes to another station."))
    return row.parcel
