"""Services by the day: booked and called off by who comes, opened and redeemed by who hosts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Missing
from countyfair.surfaces.api.endpoints.buying import PLACED, LinkToken, Packs, buyer
from countyfair.surfaces.api.endpoints.farms import farm
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Money, Text, Word, listed, shape
from countyfair.trade.bookings import actions, queries
from countyfair.trade.bookings.queries import BookingRow
from countyfair.trade.bookings.rules import MOST_DAYS, Rule, code_of, part
from countyfair.trade.orders import queries as orders
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.stock.actions import open_days as set_days
from countyfair.trade.stock.queries.services import ServiceDay, ServiceRow, service_days, services_of

routes = Routes()

#: A calendar answers for so many days at once.
SPAN_DAYS = 62


@dataclass(frozen=True, slots=True)
class FreeDay:
    """How many places of a day are free."""

    day: date
    free: int


@dataclass(frozen=True, slots=True)
class Tier:
    """Called off so many days before or earlier, so many per cent come back."""

    days: int
    percent: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking: its days, how it may be called off, and what that gives back today.

    `code` is what its host redeems: its buyer's, "" for others and once it is not open.
    """

    order: UUID
    number: str
    state: str
    product: UUID
    name_zh: str
    name_en: str
    first_on: date
    days: int
    places: int
    ended: str
    rule: Sequence[Tier]
    back_fen: int
    code: str


FREE = listed("FreeDay", FreeDay)
RULE = listed("CallingOff", Tier)
BOOKED = shape("Booked", Booked)
SERVICES = listed("Service", ServiceRow)
DAYS = listed("ServiceDay", ServiceDay)
GUESTS = listed("Guest", BookingRow, leaves={"code_hash", "tiers"})
REDEEMED = shape("Redeemed", actions.Redeemed)


class Visitor(Given):
    """Who comes: personal, kept sealed."""

    name: Annotated[Text, Field(max_length=80)]
    phone: Annotated[Text, Field(max_length=40)]


class BookingWanted(Given):
    """So many places of a service on each of some days; `id` is a UUID that the caller makes."""

    id: UUID
    offer: UUID
    first_on: date
    days: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)] = 1
    places: Packs = 1
    contact: Visitor
    gateway: Word
    expected_total: Money


class CallingOffAsked(Given):
    """Calling a booking off; `token` is that of the order's link, for a guest."""

    token: LinkToken = ""


class DaysOpened(Given):
    """So many places on each of these days, booked ones included; 0 closes them."""

    days: Annotated[list[date], Field(min_length=1, max_length=SPAN_DAYS)]
    places: Annotated[int, Field(strict=True, ge=0, le=999)]


class TierSaid(Given):
    """Called off so many days before or earlier, so many per cent come back."""

    days: Annotated[int, Field(strict=True, ge=1, le=366)]
    percent: Annotated[int, Field(strict=True, ge=1, le=100)]


class RuleSaid(Given):
    """By which rule bookings may be called off; `no_show_percent` comes back of one that nobody redeemed."""

    tiers: Annotated[list[TierSaid], Field(min_length=1, max_length=5)]
    no_show_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 0


class CodeShown(Given):
    """A guest's code, and when it was redeemed without a line; `id` is a UUID that the phone makes."""

    id: UUID
    code: Annotated[Text, Field(min_length=1, max_length=40)]
    at: AwareDatetime | None = None


@routes.reads("/goods/{product}/days", FREE)
def free_days(call: Call, product: UUID, since: date | None = None) -> Mapping[str, object]:
    """Days of a service that were opened, from a day on, and how many places are free."""
    found = _days(product, since)
    return {"items": [FreeDay(row.day, row.free) for row in found]}


@routes.reads("/goods/{product}/calling-off", RULE)
def calling_off(call: Call, product: UUID) -> Mapping[str, object]:
    """By which rule bookings of a service made now may be called off."""
    return {"items": _tiers(queries.rule_of(product))}


@routes.writes("/bookings", PLACED, scope="own.write", guests=True, makes=True)
def book(call: Call, body: BookingWanted) -> Placed:
    """Book a service, all of the days or none. `token` opens the order to a guest; keep it."""
    return actions.book(
        call.actor, order_id=body.id, offer=body.offer, first_on=body.first_on, days=body.days,
        places=body.places, contact=Contact(body.contact.name, body.contact.phone), gateway=body.gateway,
        expected_total_fen=body.expected_total.amount,
    )  # fmt: skip


@routes.reads("/orders/{order}/booking", BOOKED, scope="own.read", guests=True)
def booking(call: Call, order: UUID, token: LinkToken = "") -> Booked:
    """The booking of an order of mine, with the code that its host redeems."""
    row = orders.order(buyer(call), order_id=order, token=token)
    found = queries.booking_of(row) if row.is_buyer else None
    if found is None:
        raise Missing(_("There is no such booking."))
    percent = found.rule.percent_back((found.first_on - today()).days) if found.is_open else 0
    return Booked(
        found.order, found.number, found.order_state, found.product, found.name_zh, found.name_en,
        found.first_on, found.days, found.places, found.ended, _tiers(found.rule),
        part(row.total_fen, percent) if percent else 0, code_of(order) if found.is_open else "",
    )  # fmt: skip


@routes.writes("/orders/{order}/call-off", BOOKED, scope="own.write", guests=True)
def call_off(call: Call, order: UUID, body: CallingOffAsked) -> Booked:
    """Call a booking off; what its rule says comes back."""
    actions.call_off(buyer(call), order_id=order, token=body.token)
    return booking(call, order, body.token)


@routes.reads("/households/{household}/services", SERVICES, scope="own.read")
def services(call: Call, household: UUID) -> Mapping[str, object]:
    """Services that a household offers."""
    return {"items": services_of(call.actor, farm(call, household), today=today())}


@routes.reads("/households/{household}/services/{product}/days", DAYS, scope="own.read")
def hosted_days(
    call: Call, household: UUID, product: UUID, since: date | None = None
) -> Mapping[str, object]:
    """Days of a household's service: places opened, booked and free."""
    _hosted(call, household, product)
    return {"items": _days(product, since)}


@routes.writes("/households/{household}/services/{product}/days", DAYS, scope="own.write", method="PUT")
def open_days(call: Call, household: UUID, product: UUID, body: DaysOpened) -> Mapping[str, object]:
    """Say how many places these days have in all; what is booked stays."""
    _hosted(call, household, product)
    set_days(call.actor, household=household, product=product, days=body.days, places=body.places)
    return {"items": _days(product, min(body.days))}


@routes.writes(
    "/households/{household}/services/{product}/calling-off", RULE, scope="own.write", method="PUT"
)
def set_calling_off(call: Call, household: UUID, product: UUID, body: RuleSaid) -> Mapping[str, object]:
    """Let bookings made from now on be called off by this rule."""
    _hosted(call, household, product)
    rule = Rule(tuple((one.days, one.percent) for one in body.tiers), body.no_show_percent)
    actions.set_rule(call.actor, household=household, product=product, rule=rule)
    return {"items": _tiers(queries.rule_of(product))}


@routes.reads("/households/{household}/guests", GUESTS, scope="own.read")
def guests(call: Call, household: UUID) -> Mapping[str, object]:
    """Paid bookings that end today or later, the next first; nothing of who comes."""
    return {"items": queries.bookings_of(call.actor, farm(call, household), since=today())}


@routes.writes("/households/{household}/redemptions", REDEEMED, scope="own.write")
def redeem(call: Call, household: UUID, body: CodeShown) -> actions.Redeemed:
    """Redeem a guest's code, once, whenever the phone has a line again."""
    farm(call, household)
    return actions.redeem(call.actor, redemption=body.id, household=household, code=body.code, at=body.at)


def _hosted(call: Call, household: UUID, product: UUID) -> None:
    rows = services_of(call.actor, farm(call, household), today=today())
    if product not in {row.id for row in rows}:
        raise Missing(_("There is no such service any more."))


def _days(product: UUID, since: date | None) -> list[ServiceDay]:
    first = max(today(), since) if since else today()
    until = date.max if first > date.max - timedelta(days=SPAN_DAYS) else first + timedelta(days=SPAN_DAYS)
    return service_days(product=product, since=first, until=until)


def _tiers(rule: Rule) -> list[Tier]:
    return [Tier(days, percent) for days, percent in rule.tiers]
