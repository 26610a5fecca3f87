"""Harvest cycles: announced harvests sold ahead, closed, and allotted once they are weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from countyfair.kernel import money
from countyfair.kernel.quantity import LARGEST
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Money, Word, paged, shape
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.actions.allotting import Outcome
from countyfair.trade.orders.queries.ahead import AheadLine, lines_of_cycle
from countyfair.trade.stock import actions
from countyfair.trade.stock.actions.offering import Outlet
from countyfair.trade.stock.queries import cycles as reads
from countyfair.trade.stock.queries.cycles import Announced, CycleRow, Part

routes = Routes()


@dataclass(frozen=True, slots=True)
class CycleSeen:
    """A cycle in figures, and its packing list: each household's part of it."""

    cycle: CycleRow
    households: Sequence[Part]


ANNOUNCED = paged("HarvestToSellAhead", Announced)
CYCLES = paged("Cycle", CycleRow)
CYCLE = shape("CycleSeen", CycleSeen, leaves={"user"})
LINES = paged("LineAhead", AheadLine)
OUTCOME = shape("Allotted", Outcome)


class OutletWanted(Given):
    """An outlet, the UUID that its offer is to have, and how much of the harvest it may draw at most."""

    offer: UUID
    outlet: Word = "shop"
    cap: Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="Grams or pieces.")] | None = None


class CycleWanted(Given):
    """Announced harvests of one product, sold ahead in a pack; `id` is a UUID that the caller makes."""

    id: UUID
    harvests: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    pack: UUID
    price: Money
    outlets: Annotated[list[OutletWanted], Field(min_length=1, max_length=10)]
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime
    percent: Annotated[
        int, Field(strict=True, ge=1, le=100, description="So much of what is announced is sold ahead.")
    ] = 80
    most_per_order: Annotated[int, Field(strict=True, ge=1, le=999)] = 99


@routes.reads("/counties/{county}/announced-harvests", ANNOUNCED, scope="stock.read")
def announced_harvests(
    call: Call, county: County, product: UUID | None = None, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[Announced]:
    """Announced harvests that are not sold ahead yet, of a product or of all, the soonest first."""
    rows = reads.announced_harvests(
        call.actor, county=county, product=product, after=cursors.day_and_key(cursor), limit=limit + 1
    )
    return cursors.page(rows, limit, lambda row: (row.expected_on, row.id))


@routes.reads("/counties/{county}/cycles", CYCLES, scope="stock.read")
def cycles(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[CycleRow]:
    """A county's harvest cycles, the latest opened first."""
    rows = reads.cycles(call.actor, county=county, before=cursors.moment_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.opened_at, row.id))


@routes.reads("/counties/{county}/cycles/{cycle}", CYCLE, scope="stock.read")
def cycle(call: Call, county: County, cycle: UUID) -> CycleSeen:
    """One cycle: announced, ordered, brought and allotted, and each household's part."""
    return CycleSeen(_row(call, county, cycle), reads.parts_of(cycle))


_cycle = cycle


@routes.reads("/counties/{county}/cycles/{cycle}/lines", LINES, scope="orders.read")
def cycle_lines(
    call: Call, county: County, cycle: UUID, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[AheadLine]:
    """Lines that were promised some of a cycle, who came first before others. Needs `stock.read` too."""
    call.require("orders.read", county)
    _row(call, county, cycle)
    rows = lines_of_cycle(cycle, after=cursors.moment_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.held_at, row.line))


@routes.writes("/counties/{county}/cycles", CYCLE, scope="catalog.write", makes=True)
def open_cycle(call: Call, county: County, body: CycleWanted) -> CycleSeen:
    """Sell announced harvests ahead: buyers see when they are expected."""
    call.require("catalog.offer", county)
    actions.open_cycle(
        call.actor, cycle=body.id, harvests=body.harvests, pack=body.pack,
        price=money.Money(body.price.amount, body.price.currency),
        outlets=[Outlet(one.offer, one.outlet, one.cap) for one in body.outlets],
        opens_at=body.opens_at, closes_at=body.closes_at, percent=body.percent,
        most_per_order=body.most_per_order,
    )  # fmt: skip
    return _cycle(call, county, body.id)


@routes.writes("/counties/{county}/cycles/{cycle}/close", CYCLE, scope="catalog.write")
def close_cycle(call: Call, county: County, cycle: UUID) -> CycleSeen:
    """Close a cycle before its time; its households are told what to bring."""
    _row(call, county, cycle)
    actions.close_cycle(call.actor, cycle=cycle)
    return _cycle(call, county, cycle)


@routes.writes("/counties/{county}/cycles/{cycle}/allot", OUTCOME, scope="catalog.write")
def allot_cycle(call: Call, county: County, cycle: UUID) -> Outcome:
    """Give what was weighed to who ordered it; what is missing is paid back."""
    call.require("catalog.offer", county)
    _row(call, county, cycle)
    return orders.allot_cycle(call.actor, cycle=cycle)


def _row(call: Call, county: str, key: UUID) -> CycleRow:
    return belongs(county, lambda: reads.cycle(call.actor, cycle=key), lambda row: row.county)
