"""What a buyer does: basket, quote, order, paying, calling off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import County, Given, Money, Text, paged, shape
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries import OrderRow, OrderShown
from countyfair.trade.orders.rules import quote as rules
from countyfair.trade.orders.rules.contact import LONGEST_GREETING, Contact, Gift
from countyfair.trade.payments import actions as payments

routes = Routes()

Packs = Annotated[int, Field(strict=True, ge=1, le=999)]
#: The token that opens an order to whoever ordered it as a guest.
LinkToken = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")]
Destination = Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})?$", description="A place code.")]
CouponCode = Annotated[str, Field(max_length=40, description="The code of a coupon, empty for none.")]


@dataclass(frozen=True, slots=True)
class LineQuoted:
    """A line as it would be sold now; `trouble` says why it cannot, `left` how many packs there are then."""

    offer: UUID
    county: str
    product: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    quantity: int
    price_fen: int
    amount_fen: int
    currency: str
    trouble: str | None
    left: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """What lines would cost; `freight` is null until it is said where they go.

    `discount` is what a coupon takes off; lines and `goods` are without it.
    """

    lines: Sequence[LineQuoted]
    goods_fen: int
    discount_fen: int
    freight_fen: int | None
    total_fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Where an order is paid: the provider's page, null where cash is paid at a station."""

    state: str
    address: str | None


QUOTE = shape("Quote", Quoted)
PLACED = shape("Placed", actions.Placed, leaves={"asked"})
ORDER = shape("Order", OrderShown, leaves={"captures", "repayments", "provider_key", "actor", "evidence"})
ORDERS = paged("OrderInList", OrderRow)
PAYMENT = shape("Payment", Payment)


class LineWanted(Given):
    """So many packs of an offer."""

    offer: UUID
    quantity: Packs


class InBasket(Given):
    """How many packs of an offer are to lie in the basket; 0 takes it out."""

    quantity: Annotated[int, Field(strict=True, ge=0, le=999)]


class QuoteAsked(Given):
    """What lines of one county would cost."""

    county: County
    lines: Annotated[list[LineWanted], Field(min_length=1, max_length=100)]
    fulfilment: Literal["", "delivery", "pickup"] = ""
    destination: Destination = ""
    station: UUID | None = None
    coupon: CouponCode = ""
    group: UUID | None = None
    days: Annotated[list[date], Field(max_length=31, description="Of a service: the days it is for.")] = []


class GiftTo(Given):
    """Who gets it as a gift, without prices: personal, kept sealed. A phone, if given, hears of it."""

    name: Annotated[Text, Field(max_length=80)]
    phone: Annotated[Text, Field(max_length=40)] = ""
    greeting: Annotated[Text, Field(max_length=LONGEST_GREETING)] = ""


class Receiver(Given):
    """Who receives it: personal, kept sealed. Of a gift, name and phone are the buyer's."""

    name: Annotated[Text, Field(max_length=80)]
    phone: Annotated[Text, Field(max_length=40)]
    address: Text = ""
    note: Text = ""
    gift: GiftTo | None = None


class OrderWanted(Given):
    """An order; `id` is a UUID that the caller makes, and `expected_total` what its quote said."""

    id: UUID
    county: County
    lines: Annotated[list[LineWanted], Field(min_length=1, max_length=100)]
    contact: Receiver
    fulfilment: Literal["delivery", "pickup"]
    destination: Destination = ""
    station: UUID | None = None
    gateway: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,30}$")]
    coupon: CouponCode = ""
    group: Annotated[UUID | None, Field(description="The group that it joins with its only pack.")] = None
    expected_total: Money


@routes.reads("/baskets/{basket}", QUOTE, scope="own.read", guests=True)
def basket(call: Call, basket: UUID) -> Quoted:
    """What lies in a basket: a guest's by its id, a member's whatever the id."""
    return _quoted(queries.basket(call.actor, basket=basket))


@contextmanager
def _offer_is_there(call: Call, given: Mapping[str, Any]) -> Iterator[None]:
    """That an offer is not there shows when the write is committed."""
    try:
        yield
    except IntegrityError as error:
        raise Missing(_("This is not offered any more.")) from error


@routes.writes(
    "/baskets/{basket}/lines/{offer}",
    scope="own.write",
    guests=True,
    method="PUT",
    around=_offer_is_there,
)
def set_line(call: Call, basket: UUID, offer: UUID, body: InBasket) -> None:
    """Let there be so many packs of an offer in the basket."""
    actions.set_quantity(_shopper(call, basket), basket=basket, offer=offer, quantity=body.quantity)


@routes.writes("/quotes", QUOTE, scope="own.read", guests=True)
def quote(call: Call, body: QuoteAsked) -> Quoted:
    """What lines would cost, with freight once it is said where they go. Nothing is held."""
    found = queries.quote(
        call.actor,
        county=body.county,
        lines=[(line.offer, line.quantity) for line in body.lines],
        fulfilment=body.fulfilment,
        destination=body.destination,
        station=body.station,
        coupon=body.coupon,
        group=body.group,
        days=body.days,
    )
    return _quoted(found)


@routes.writes("/orders", PLACED, scope="own.write", guests=True, makes=True)
def place_order(call: Call, body: OrderWanted) -> actions.Placed:
    """Place an order. `token` opens it to a guest; keep it."""
    return actions.place_order(
        call.actor,
        order_id=body.id,
        county=body.county,
        lines=[(line.offer, line.quantity) for line in body.lines],
        contact=_contact(body.contact),
        fulfilment=body.fulfilment,
        destination=body.destination,
        station=body.station,
        gateway=body.gateway,
        expected_total_fen=body.expected_total.amount,
        coupon=body.coupon,
        group=body.group,
    )


def _contact(said: Receiver) -> Contact:
    gift = Gift(said.gift.name, said.gift.phone, said.gift.greeting) if said.gift else None
    return Contact(said.name, said.phone, said.address, said.note, gift)


@routes.reads("/orders", ORDERS, scope="own.read")
def my_orders(call: Call, cursor: Cursor = "", limit: Limit = 20) -> Page[OrderRow]:
    """My orders, the newest first."""
    rows = queries.my_orders(call.actor, after=cursors.moment_and_key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.placed_at, row.id))


@routes.reads("/orders/{order}", ORDER, scope="own.read", guests=True)
def order(call: Call, order: UUID, token: LinkToken = "") -> OrderShown:
    """One order of mine, or with its token that of a guest."""
    return queries.order(buyer(call), order_id=order, token=token)


@routes.reads("/orders/{order}/payment", PAYMENT, scope="own.read", guests=True)
def payment(call: Call, order: UUID, token: LinkToken = "") -> Payment:
    """Where this order is paid."""
    row = queries.order(buyer(call), order_id=order, token=token)
    if row.intent_state != "awaiting":
        return Payment(row.intent_state, None)
    page = url("shop:order_by_link", order, token) if token else url("shop:order", order)
    address = payments.payment_link(
        row.intent,
        back=absolute(f"{page}?back=1"),
        notify=absolute(url("payments:notify", row.gateway)),
        subject=row.number,
    )
    return Payment(row.intent_state, address)


class OwnCancelAsked(Given):
    """Calling an order off."""

    token: LinkToken = ""


@routes.writes("/orders/{order}/cancel", ORDER, scope="own.write", guests=True)
def cancel(call: Call, order: UUID, body: OwnCancelAsked) -> OrderShown:
    """Call an order of mine off; what was paid goes back."""
    actor = buyer(call)
    actions.cancel(actor, order_id=order, token=body.token)
    return queries.order(actor, order_id=order, token=body.token)


def _quoted(found: rules.Quote) -> Quoted:
    lines = [
        LineQuoted(
            line.offered.offer,
            line.offered.county,
            line.offered.product,
            line.offered.name_zh,
            line.offered.name_en,
            line.offered.label_zh,
            line.offered.label_en,
            line.quantity,
            line.offered.price_fen,
            line.amount_fen,
            line.offered.currency,
            str(line.trouble) if line.trouble else None,
            line.left,
        )
        for line in found.lines
    ]
    freight = found.freight.amount_fen if found.freight else None
    return Quoted(lines, found.goods_fen, found.discount_fen, freight, found.total_fen)


def _shopper(call: Call, basket: UUID) -> Actor:
    return call.actor if call.actor.user_id else Actor.guest(basket.hex)


def buyer(call: Call) -> Actor:
    """The person without their roles: what is one's own stays apart from what one works on."""
    return Actor(call.actor.key, call.actor.user_id)
