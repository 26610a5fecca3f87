"""What else a station's agent does: announced harvests, papers, what comes back, cash and the till."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.clock import now
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Missing
from countyfair.registers.stations import actions as tills
from countyfair.registers.stations import queries
from countyfair.registers.stations.queries import CountRow, StationRow
from countyfair.surfaces.api.endpoints.farms import HARVESTS
from countyfair.surfaces.api.endpoints.orders import CameBack
from countyfair.surfaces.api.endpoints.stations import (
    ORDER,
    ORDERS,
    SLIP,
    Amount,
    Measure,
    MeasureKey,
    open_station,
)
from countyfair.surfaces.api.endpoints.trace import Kind, Words
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Money, Text, listed, shape
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import at_counter, at_station
from countyfair.trade.orders.queries.at_counter import CashBack
from countyfair.trade.orders.queries.at_station import StationOrder
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import harvests, weighing
from countyfair.trade.stock.queries.weighing import Slip
from countyfair.trade.trace import actions as trace

routes = Routes()


@dataclass(frozen=True, slots=True)
class TillShown:
    """What the books say lies in a till, and the counts before."""

    expected_fen: int
    counts: tuple[CountRow, ...]


CASH_BACK = listed("CashBack", CashBack)
HANDED_BACK = shape("CashBack", CashBack)
TILL = shape("Till", TillShown)


class Brought(Given):
    """A load of an announced harvest on the scales; `id` becomes the lot's.

    `heard`: whoever weighs it listened to what the household recorded, and buyers may hear it.
    """

    id: UUID
    amount: Amount
    unit: Literal["g", "piece"]
    harvested_on: date
    grade: Annotated[Text, Field(max_length=20)] = ""
    measured: Annotated[dict[MeasureKey, Measure], Field(max_length=30)] = {}
    heard: bool = False


class CountAsked(Given):
    """A count of the till; `id` is a UUID that the caller makes."""

    id: UUID
    counted: Money
    banked: Money = Money(amount=0)
    reason: Annotated[Text, Field(max_length=200)] = ""


@routes.reads("/stations/{station}/harvests", HARVESTS, scope="stock.write")
def harvests_coming(call: Call, station: UUID) -> Mapping[str, object]:
    """What households announced and have not brought, the soonest first."""
    return {"items": harvests.coming(call.actor, open_station(station))}


@routes.writes("/stations/{station}/harvests/{harvest}/lots", SLIP, scope="stock.write", makes=True)
def weigh_coming(call: Call, station: UUID, harvest: UUID, body: Brought) -> Slip:
    """Weigh in what was announced, all of it or a load."""
    at = open_station(station)
    harvests.announced(call.actor, at, harvest=harvest)
    stock.take_in_announced(
        call.actor, harvest=harvest, lot=body.id, quantity=Quantity(body.amount, Unit(body.unit)),
        harvested_on=body.harvested_on, station=at.id, grade=body.grade, measured=body.measured,
        heard=body.heard,
    )  # fmt: skip
    return weighing.slip(call.actor, at, lot=body.id)


@routes.writes(
    "/stations/{station}/lots/{lot}/notes/{note}",
    scope="trace.write",
    method="PUT",
    takes=LARGEST_FILE,
)
def note_at_station_with_paper(
    call: Call,
    station: UUID,
    lot: UUID,
    note: UUID,
    data: bytes,
    kind: Kind,
    on: date,
    words: Words = "",
    laboratory: Words = "",
    passed: bool | None = None,
) -> None:
    """Note something of a lot weighed here, with the paper that proves it. Needs `stock.read` too."""
    weighing.slip(call.actor, open_station(station), lot=lot)
    trace.note(
        call.actor, note=note, lot=lot, kind=kind, on=on, words=words, laboratory=laboratory, passed=passed,
        paper=data,
    )  # fmt: skip


@routes.writes("/stations/{station}/orders/{order}/again", ORDER, scope="orders.write")
def again(call: Call, station: UUID, order: UUID) -> StationOrder:
    """What was tried in vain and lies here again goes out once more."""
    at = open_station(station)
    _packed_here(call, at, order)
    actions.send_out_again(call.actor, order_id=order)
    return at_station.order_at(call.actor, at, order_id=order)


@routes.writes("/stations/{station}/orders/{order}/returned", ORDER, scope="orders.write")
def returned(call: Call, station: UUID, order: UUID, body: CameBack) -> StationOrder:
    """What was tried in vain is back where it was packed; the buyer gets all of the money."""
    at = open_station(station)
    _packed_here(call, at, order)
    actions.return_to_sender(
        call.actor, order_id=order, reason=body.reason, goods_are_good=body.goods_are_good
    )
    return at_station.order_at(call.actor, at, order_id=order)


@routes.reads("/stations/{station}/refunds", CASH_BACK, scope="till.write")
def cash_owed_back(
    call: Call,
    station: UUID,
    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,40}$")] = "",
) -> Mapping[str, object]:
    """Cash to hand back: what this station took, or by number what any station of the county took."""
    return {"items": at_counter.cash_back(call.actor, open_station(station), number=number)}


@routes.writes("/stations/{station}/refunds/{refund}/hand-back", HANDED_BACK, scope="till.write")
def hand_back(call: Call, station: UUID, refund: UUID) -> CashBack:
    """Cash was handed back out of this till."""
    at = open_station(station)
    _owed(call, at, refund)
    payments.hand_back_cash(call.actor, refund=refund, station=at.id)
    return _owed(call, at, refund)


@routes.reads("/stations/{station}/to-be-paid", ORDERS, scope="till.write")
def to_be_paid(call: Call, station: UUID) -> Mapping[str, object]:
    """Orders that wait for cash at this counter."""
    return {"items": at_counter.to_be_paid(call.actor, open_station(station), moment=now())}


@routes.writes("/stations/{station}/orders/{order}/cash", ORDER, scope="till.write")
def take_cash(call: Call, station: UUID, order: UUID) -> StationOrder:
    """The buyer paid in cash: the whole sum lies in the till."""
    at = open_station(station)
    row = at_counter.payable(call.actor, at, order_id=order)
    payments.take_cash(call.actor, intent=row.intent, station=at.id)
    return at_counter.payable(call.actor, at, order_id=order)


@routes.reads("/stations/{station}/till", TILL, scope="till.write")
def till(call: Call, station: UUID) -> TillShown:
    """What the books say lies in the till, and the last counts."""
    found = queries.till(call.actor, station=station, limit=14)
    return TillShown(found.expected_fen, found.counts)


@routes.writes("/stations/{station}/till/counts", TILL, scope="till.write", makes=True)
def count_till(call: Call, station: UUID, body: CountAsked) -> TillShown:
    """Count the till; what is taken to the bank is taken out of it."""
    tills.count_till(
        call.actor, count_id=body.id, station=station, counted_fen=body.counted.amount,
        banked_fen=body.banked.amount, reason=body.reason,
    )  # fmt: skip
    return till(call, station)


def _owed(call: Call, at: StationRow, refund: UUID) -> CashBack:
    found = at_counter.cash_back(call.actor, at, refund=refund)
    if not found:
        raise Missing(_("There is no such money to hand back in this county."))
    return found[0]


def _packed_here(call: Call, at: StationRow, order: UUID) -> None:
    row = at_station.order_at(call.actor, at, order_id=order)
    if row.origin != at.id and (row.origin is not None or at.kind != "centre"):
        raise Missing(_("This parcel was packed at another station."))
