"""Bookings as their buyer, their host and the checks of the house need them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.proofs import Proof, prove
from countyfair.kernel.rows import column, one, rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow
from countyfair.trade.bookings.rules import USUAL, Rule, tiers_of
from countyfair.trade.orders.queries import OrderShown

JOINS = ("catalog", "orders", "stock")


@dataclass(frozen=True, slots=True)
class Service:
    """What an offer of a service is: of which product, where, and by which rule it may be called off."""

    offer: UUID
    product: UUID
    county: str
    place: str
    kind: str
    price_fen: int
    currency: str
    terms_version: int
    tiers: str
    no_show_percent: int

    @property
    def rule(self) -> Rule:
        return Rule(tiers_of(json.loads(self.tiers)), self.no_show_percent) if self.terms_version else USUAL


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking with the state of its order. `ended` as in the model."""

    order: UUID
    number: str
    order_state: str
    household: UUID
    product: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    first_on: date
    days: int
    places: int
    code_hash: str
    ended: str
    ended_at: datetime | None
    tiers: str
    no_show_percent: int

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=self.days - 1)

    @property
    def rule(self) -> Rule:
        return Rule(tiers_of(json.loads(self.tiers)), self.no_show_percent)

    @property
    def is_open(self) -> bool:
        """Whether it waits to be redeemed."""
        return self.order_state == "paid" and not self.ended


def service(*, offer: UUID) -> Service:
    """What an offer of a service is. For everybody.

    Raises:
        Missing: there is no such offer.
    """
    return one(_SERVICE, {"offer": offer}, into=Service, missing=_("There is no such service any more."))


def rule_of(product: UUID) -> Rule:
    """By which rule bookings of a service made now may be called off. For everybody."""
    found = rows(_RULE, {"product": product}, into=_Rule)
    return Rule(tiers_of(json.loads(found[0].tiers)), found[0].no_show_percent) if found else USUAL


def booking_of(order: OrderShown) -> BookingRow | None:
    """The booking of an order, for who was shown the order; None where it is none."""
    return next(iter(rows(_OF_ORDER, {"order": order.id}, into=BookingRow)), None)


def bookings_of(actor: Actor, whose: HouseholdRow, *, since: date, limit: int = 300) -> list[BookingRow]:
    """The paid bookings that a household is the host of and that end on `since` or later, the next first.

    Raises:
        Forbidden: neither its own people, nor `household.read` at its place.
    """
    people.require_household(actor, whose)
    return rows(_OF_HOST, {"household": whose.id, "since": since, "limit": limit}, into=BookingRow)


def by_code(*, household: UUID, code_hash: str) -> list[BookingRow]:
    """The bookings of a host that this code opens, for verbs of this room, which have asked who acts."""
    return rows(_BY_CODE, {"household": household, "code_hash": code_hash}, into=BookingRow)


def overdue(*, before: date, limit: int) -> list[UUID]:
    """Orders whose booking ended before that day and was not redeemed, for the house itself."""
    return column(_OVERDUE, {"before": before, "limit": limit}, of=UUID)


def told_bookings(orders: Sequence[UUID]) -> list[ToldBooking]:
    """Those of these orders that are bookings, as news names them; for the house itself."""
    return rows(_TOLD, [list(orders)], into=ToldBooking)


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)


@dataclass(frozen=True, slots=True)
class ToldBooking:
    """A booking as news names it."""

    order: UUID
    county: str
    number: str
    buyer: UUID | None
    first_on: date


@dataclass(frozen=True, slots=True)
class _Rule:
    tiers: str
    no_show_percent: int


_SERVICE = """
SELECT o.id, d.id, d.county, d.place, d.kind, o.price_fen, o.currency, coalesce(t.version, 0),
       coalesce(t.tiers::text, '[]'), coalesce(t.no_show_percent, 0)
  FROM catalog_offer o
  JOIN catalog_product d ON d.id = o.product_id
  LEFT JOIN LATERAL (SELECT t.version, t.tiers, t.no_show_percent FROM bookings_terms t
                      WHERE t.product_id = d.id ORDER BY t.version DESC LIMIT 1) t ON true
 WHERE o.id = %(offer)s::uuid AND d.withdrawn_at IS NULL
"""
_RULE = """
SELECT t.tiers::text, t.no_show_percent FROM bookings_terms t
 WHERE t.product_id = %(product)s::uuid ORDER BY t.version DESC LIMIT 1
"""
_BOOKING = """
SELECT b.order_id, o.number, o.state, b.household_id, b.product_id, d.name_zh, d.name_en, d.category, d.icon,
       b.first_on, b.days, b.places, b.code_hash, b.ended, b.ended_at, b.tiers::text, b.no_show_percent
  FROM bookings_booking b
  JOIN orders_order o ON o.id = b.order_id
  JOIN catalog_product d ON d.id = b.product_id
"""
_OF_ORDER = f"{_BOOKING} WHERE b.order_id = %(order)s::uuid"
_OF_HOST = f"""{_BOOKING}
 WHERE b.household_id = %(household)s::uuid AND b.first_on + b.days > %(since)s::date
   AND o.state IN ('paid', 'delivered', 'completed')
 ORDER BY b.first_on, o.number LIMIT %(limit)s::int
"""
_BY_CODE = f"""{_BOOKING}
 WHERE b.household_id = %(household)s::uuid AND b.code_hash = %(code_hash)s ORDER BY b.order_id
"""
_TOLD = """
SELECT b.order_id, b.county, o.number, o.buyer_id, b.first_on
  FROM bookings_booking b JOIN orders_order o ON o.id = b.order_id
 WHERE b.order_id = ANY(%s::uuid[]) ORDER BY b.order_id
"""
_OVERDUE = """
SELECT b.order_id FROM bookings_booking b JOIN orders_order o ON o.id = b.order_id
 WHERE b.ended = '' AND o.state = 'paid' AND b.first_on + b.days <= %(before)s::date
 ORDER BY b.first_on, b.order_id LIMIT %(limit)s::int
"""

#: name → how many rows it speaks of, and the keys for which it fails
_PROOFS: dict[str, tuple[str, str]] = {
    "bookings.every_service_line_has_its_days": (
        "SELECT count(*) FROM bookings_booking",
        """
        SELECT l.id::text FROM orders_line l
          LEFT JOIN bookings_booking b ON b.order_id = l.order_id
         WHERE (l.kind = 'service') <> (b.order_id IS NOT NULL)
            OR b.order_id IS NOT NULL AND l.quantity <> b.days * b.places
        UNION
        SELECT r.holder FROM bookings_booking b
          JOIN orders_line l ON l.order_id = b.order_id
          JOIN stock_reservation r ON r.holder = l.id::text
          JOIN stock_lot t ON t.id = r.lot_id
         GROUP BY r.holder, t.service_on, b.first_on, b.days, b.places, l.content_amount
        HAVING t.service_on IS NULL OR t.service_on NOT BETWEEN b.first_on AND b.first_on + (b.days - 1)
            OR sum(r.amount) <> b.places * l.content_amount
        """,
    ),
    "bookings.what_was_redeemed_was_served": (
        "SELECT count(*) FROM bookings_redemption",
        """
        SELECT b.order_id::text FROM bookings_booking b
          JOIN orders_order o ON o.id = b.order_id
          LEFT JOIN bookings_redemption r ON r.booking_id = b.order_id
         WHERE (b.ended = 'redeemed') <> (r.id IS NOT NULL)
            OR b.ended IN ('redeemed', 'no_show') AND o.state NOT IN ('delivered', 'completed', 'refunded')
            OR b.ended = '' AND o.state IN ('delivered', 'completed')
        """,
    ),
    "bookings.places_are_a_days": (
        "SELECT count(*) FROM stock_lot WHERE service_on IS NOT NULL",
        """
        SELECT l.id::text FROM stock_lot l
          JOIN stock_pool p ON p.id = l.pool_id JOIN catalog_product d ON d.id = p.product_id
         WHERE (d.kind = 'service') <> (l.service_on IS NOT NULL)
        """,
    ),
}
