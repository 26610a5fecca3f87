"""Orders of a county, for its centre."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Money, Text, paged, shape
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Part
from countyfair.trade.orders.queries import OrderRow, OrderShown

routes = Routes()

State = Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")]
Reason = Annotated[Text, Field(min_length=1, max_length=200)]
ORDERS = paged("OrderInList", OrderRow)
#: Who receives it is opened to staff by a verb of its own, on record.
ORDER = shape("OrderAtDesk", OrderShown, leaves={"contact", "pickup_code"})


class CancelAsked(Given):
    """Why an order is called off."""

    reason: Reason


class PartAsked(Given):
    """An amount to give back: for a line, with so many packs back on the shelf, or without one."""

    line: UUID | None = None
    amount: Money
    quantity: Annotated[int, Field(strict=True, ge=0, le=999)] = 0
    restock: bool = False


class RefundAsked(Given):
    """What goes back to the buyer; `id` is a UUID that the caller makes."""

    id: UUID
    parts: Annotated[list[PartAsked], Field(min_length=1, max_length=100)]
    reason: Reason


@routes.reads("/counties/{county}/orders", ORDERS, scope="orders.read")
def orders(
    call: Call,
    county: County,
    state: State = "",
    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{0,40}$")] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[OrderRow]:
    """Orders of a county, the newest first."""
    call.require("orders.read", county)
    rows = queries.orders_of(
        call.actor, county=county, state=state, number=number, since=since, until=until,
        after=cursors.moment_and_key(cursor), limit=limit + 1,
    )  # fmt: skip
    return cursors.page(rows, limit, lambda row: (row.placed_at, row.id))


@routes.reads("/counties/{county}/orders/{order}", ORDER, scope="orders.read")
def county_order(call: Call, county: County, order: UUID) -> OrderShown:
    """One order, whole but for its buyer's name, phone and address."""
    call.require("orders.read", county)
    return belongs(county, lambda: queries.order(call.actor, order_id=order), lambda row: row.county)


@routes.writes("/counties/{county}/orders/{order}/cancel", ORDER, scope="orders.write")
def county_cancel(call: Call, county: County, order: UUID, body: CancelAsked) -> OrderShown:
    """Call an order off for the county; what was paid goes back."""
    call.require("orders.cancel", county)
    county_order(call, county, order)
    actions.cancel(call.actor, order_id=order, reason=body.reason)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/refunds", ORDER, scope="orders.write", makes=True)
def refund(call: Call, county: County, order: UUID, body: RefundAsked) -> OrderShown:
    """Give back part of what was paid."""
    call.require("orders.refund", county)
    county_order(call, county, order)
    parts = [Part(one.line, one.amount.amount, one.quantity, one.restock) for one in body.parts]
    actions.refund(call.actor, order_id=order, refund_id=body.id, parts=parts, reason=body.reason)
    return county_order(call, county, order)
