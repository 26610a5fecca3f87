"""A county's stations and their agents, refunds, and what banks said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Invalid
from countyfair.registers.stations import actions as points
from countyfair.registers.stations import queries
from countyfair.registers.stations.queries import AgentRow, StationRow
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.desk import PlaceCode
from countyfair.surfaces.api.endpoints.payouts import BATCH, batch
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Text, Word, listed, paged, shape
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as paid
from countyfair.trade.payments.queries import RefundRow
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement.actions.banking import BankSaid
from countyfair.trade.settlement.queries import BatchWhole

routes = Routes()

STATIONS = listed("Station", StationRow)
STATION = shape("Station", StationRow)
AGENTS = listed("Agent", AgentRow)
INSIDE = {"provider_key", "last_error"}
REFUNDS = paged("RefundInList", RefundRow, leaves=INSIDE)
REFUND = shape("RefundInList", RefundRow, leaves=INSIDE)
Short = Annotated[Text, Field(max_length=60)]


class StationWanted(Given):
    """A service point; `id` is a UUID that the caller makes."""

    id: UUID
    place: PlaceCode
    kind: Word
    name: Annotated[Text, Field(min_length=1, max_length=80)]
    name_en: Annotated[Text, Field(max_length=120)] = ""
    address: Annotated[Text, Field(max_length=200)] = ""
    phone: Annotated[Text, Field(max_length=20)] = ""
    hours: Short = ""


class BankAnswer(Given):
    """What the bank said of one payout, with its own reference or reason."""

    number: Annotated[Text, Field(min_length=1, max_length=40)]
    outcome: Literal["paid", "returned"]
    reference: Short = ""
    reason: Annotated[Text, Field(max_length=200)] = ""


class BankAnswers(Given):
    """Payouts that the bank spoke of; the others stay as they are."""

    results: Annotated[list[BankAnswer], Field(min_length=1, max_length=5000)]


@routes.reads("/counties/{county}/stations", STATIONS, scope="county.read")
def county_stations(call: Call, county: County, closed: bool = False) -> Mapping[str, object]:
    """Stations of a county by place; with `closed`, those that are over too."""
    call.require("station.read", county)
    return {"items": queries.stations(county=county, closed=closed)}


@routes.writes("/counties/{county}/stations", STATION, scope="county.write", makes=True)
def open_new_station(call: Call, county: County, body: StationWanted) -> StationRow:
    """Open a service point."""
    if not body.place.startswith(county):
        raise Invalid(_("Choose a place of this county."), field="place")
    points.open_station(
        call.actor, station_id=body.id, place=body.place, kind=body.kind, name=body.name,
        name_en=body.name_en, address=body.address, phone=body.phone, hours=body.hours,
    )  # fmt: skip
    return queries.station(body.id)


@routes.reads("/counties/{county}/stations/{station}/agents", AGENTS, scope="county.read")
def station_agents(call: Call, county: County, station: UUID) -> Mapping[str, object]:
    """Who works a station now."""
    belongs(county, lambda: queries.station(station), lambda row: row.county)
    return {"items": queries.agents(call.actor, station=station)}


@routes.reads("/counties/{county}/refunds", REFUNDS, scope="payout.read")
def refunds(
    call: Call,
    county: County,
    state: Literal["", "asked", "done", "failed"] = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[RefundRow]:
    """Refunds on their way to the provider, and those that failed, the latest first."""
    rows = paid.refunds(
        call.actor, county=county, state=state, after=cursors.moment_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.asked_at, row.id))


@routes.writes("/counties/{county}/refunds/{refund}/again", REFUND, scope="payout.write")
def retry_refund(call: Call, county: County, refund: UUID) -> RefundRow:
    """Ask the provider again for a refund that failed."""
    call.require("payments.manage", county)
    belongs(county, lambda: paid.refund(refund), lambda row: row.county)
    payments.retry_refund(call.actor, refund=refund)
    return paid.refund(refund)


@routes.writes("/counties/{county}/batches/{batch}/results", BATCH, scope="payout.write")
def record_results(call: Call, county: County, batch: UUID, body: BankAnswers) -> BatchWhole:
    """Keep what the bank said of payouts; what came back is owed again."""
    call.require("payout.confirm", county)
    _batch(call, county, batch)
    results = [BankSaid(one.number, one.outcome, one.reference, one.reason) for one in body.results]
    settlement.record_results(call.actor, batch=batch, results=results)
    return _batch(call, county, batch)


_batch = batch
