"""Orders of a county, for its centre."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.rounds import CONTACT, DeliveredSaid
from countyfair.surfaces.api.endpoints.stations import PackAsked
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import County, Given, Money, Text, paged, shape
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Part
from countyfair.trade.orders.queries import OrderRow, OrderShown
from countyfair.trade.orders.rules.contact import Contact

routes = Routes()

State = Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")]
Reason = Annotated[Text, Field(min_length=1, max_length=200)]
ORDERS = paged("OrderInList", OrderRow)
#: Who receives it is opened to staff by a verb of its own, on record.
ORDER = shape("OrderAtDesk", OrderShown, leaves={"contact", "pickup_code"})


class CancelAsked(Given):
    """Why an order is called off."""

    reason: Reason


class CountyCancelAsked(CancelAsked):
    """Why an order is called off, and whether goods that were handed over are back."""

    goods_are_back: bool = False


class CountyPacked(PackAsked):
    """A packed parcel; lines that are lighter than the buyer accepted go out where they agreed to it."""

    lighter_agreed: bool = False


class CameBack(Given):
    """Why a parcel came back, and whether the goods are good: else they are written off."""

    reason: Reason
    goods_are_good: bool


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
def county_cancel(call: Call, county: County, order: UUID, body: CountyCancelAsked) -> OrderShown:
    """Call an order off for the county; what was paid goes back."""
    call.require("orders.cancel", county)
    county_order(call, county, order)
    actions.cancel(call.actor, order_id=order, reason=body.reason, goods_are_back=body.goods_are_back)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/refunds", ORDER, scope="orders.write", makes=True)
def refund(call: Call, county: County, order: UUID, body: RefundAsked) -> OrderShown:
    """Give back part of what was paid."""
    call.require("orders.refund", county)
    county_order(call, county, order)
    parts = [Part(one.line, one.amount.amount, one.quantity, one.restock) for one in body.parts]
    actions.refund(call.actor, order_id=order, refund_id=body.id, parts=parts, reason=body.reason)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/pack", ORDER, scope="orders.write")
def county_pack(call: Call, county: County, order: UUID, body: CountyPacked) -> OrderShown:
    """Pack an order at the centre."""
    county_order(call, county, order)
    weights = {one.line: one.amount_g for one in body.weights}
    actions.pack(
        call.actor, order_id=order, parcel=body.parcel, weight_g=body.weight_g, weights=weights,
        lighter_agreed=body.lighter_agreed,
    )  # fmt: skip
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/hand-over", ORDER, scope="orders.write")
def county_hand_over(call: Call, county: County, order: UUID) -> OrderShown:
    """Give a packed order to the carrier."""
    county_order(call, county, order)
    actions.hand_over(call.actor, order_id=order)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/deliver", ORDER, scope="orders.write")
def county_deliver(call: Call, county: County, order: UUID, body: DeliveredSaid) -> OrderShown:
    """Put on record that the buyer has the goods, and by what it is known."""
    county_order(call, county, order)
    actions.deliver(call.actor, order_id=order, evidence=body.evidence)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/again", ORDER, scope="orders.write")
def county_again(call: Call, county: County, order: UUID) -> OrderShown:
    """What was tried in vain goes out once more."""
    county_order(call, county, order)
    actions.send_out_again(call.actor, order_id=order)
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/returned", ORDER, scope="orders.write")
def county_returned(call: Call, county: County, order: UUID, body: CameBack) -> OrderShown:
    """What was tried in vain is back; the buyer gets all of the money."""
    call.require("orders.return", county)
    county_order(call, county, order)
    actions.return_to_sender(
        call.actor, order_id=order, reason=body.reason, goods_are_good=body.goods_are_good
    )
    return county_order(call, county, order)


@routes.writes("/counties/{county}/orders/{order}/receiver", CONTACT, scope="orders.write")
def open_receiver(call: Call, county: County, order: UUID) -> Contact:
    """Open who receives an order; it is put on record."""
    county_order(call, county, order)
    return actions.open_contact(call.actor, order_id=order, purpose="desk")
