"""A farm stay with open nights, and bookings of it, made through the verbs that the surfaces call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Unit
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.bookings import actions
from countyfair.trade.catalog import actions as goods
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair
from countyfair.trade.stock import actions as stock

PRICE_FEN = 16_800
GUEST = Contact(CONTACT.name, CONTACT.phone)


@dataclass(frozen=True, slots=True)
class Stay:
    """Rooms of one household, open for some nights."""

    fair: Fair
    household: UUID
    product: UUID
    offer: UUID
    first: date

    @property
    def days_ahead(self) -> int:
        """Days until the first night."""
        return (self.first - today()).days


def a_stay(*, nights: int = 10, rooms: int = 2, in_days: int = 8, fair: Fair | None = None) -> Stay:
    """A farm stay whose first open night is `in_days` days from today."""
    fair = fair or a_fair()
    said = catalog.facts(
        name_zh="样例·农家小院",
        name_en="Sample farm stay",
        category="service",
        kind="service",
        unit=Unit.PIECE,
    )
    product = catalog.a_product(said=said)
    pack = goods.add_pack(
        SYSTEM, pack=uuid7(), product=product, code=f"N{uuid7().hex[-6:]}", label_zh="双人间一晚",
        label_en="Double room, a night", content_amount=1, sold_by="piece",
    ).id  # fmt: skip
    offer = catalog.an_offer(pack=pack, price_fen=PRICE_FEN)
    stock.feed(SYSTEM, offer=offer)
    stay = Stay(fair, fair.households[0], product, offer, today() + timedelta(days=in_days))
    opened(stay, nights=nights, rooms=rooms)
    return stay


def opened(stay: Stay, *, nights: int = 1, rooms: int = 2, first: date | None = None) -> int:
    """Open nights of the stay."""
    begin = first or stay.first
    days = [begin + timedelta(days=step) for step in range(nights)]
    return stock.open_days(SYSTEM, household=stay.household, product=stay.product, days=days, places=rooms)


def booked(
    stay: Stay,
    *,
    nights: int = 1,
    rooms: int = 1,
    first: date | None = None,
    order_id: UUID | None = None,
    actor: Actor | None = None,
) -> Placed:
    """A booking by a guest, not paid yet."""
    return actions.book(
        actor or Actor.guest("sample"), order_id=order_id or uuid7(), offer=stay.offer,
        first_on=first or stay.first, days=nights, places=rooms, contact=GUEST, gateway="sandbox",
        expected_total_fen=PRICE_FEN * nights * rooms,
    )  # fmt: skip


def pay(placed: Placed) -> None:
    """The money of a booking comes, as the provider tells it."""
    capture = uuid7()
    scalar(
        "SELECT payments_take(%s, %s, 'sandbox', %s, %s::bigint, 'CNY', NULL, %s)",
        [capture, placed.intent, str(capture), placed.total_fen, now()],
    )
    mark_paid(SYSTEM, captured=[Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)])


def paid(stay: Stay, *, nights: int = 1, rooms: int = 1, first: date | None = None) -> Placed:
    """A booking that is paid."""
    placed = booked(stay, nights=nights, rooms=rooms, first=first)
    pay(placed)
    return placed
