"""A county ready to sell, and orders in it, made through the verbs that the surfaces call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, VILLAGE, a_household
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.logistics.actions import set_freight
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders import actions
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.tests.factories import a_lot

#: Where parcels go: a village in Guangxi, and a county elsewhere.
NEAR = "450225100201"
FAR = "621227100200"
CONTACT = Contact("样例·买家", "19900008888", "样例路 1 号")

FREIGHT = (
    FreightRule("", "delivery", 1000, 1200, 1000, 500, None, False, 0),
    FreightRule("45", "delivery", 1000, 600, 1000, 200, 9900, False, 0),
    FreightRule("81", "delivery", 1000, 0, 1000, 0, None, True, 0),
)


@dataclass(frozen=True, slots=True)
class Stall:
    """One product in packs of 500 g on one offer, fed by lots of the households."""

    product: UUID
    pack: UUID
    offer: UUID
    supply: UUID
    lots: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Fair:
    """A county with terms, freight, a station, its agent, two households and one stall."""

    county: str
    station: UUID
    agent: Actor
    households: tuple[UUID, ...]
    stall: Stall


def a_fair(*, lots: tuple[int, ...] = (10_000, 10_000), price_fen: int = 2980) -> Fair:
    """A county ready to sell. `lots` are grams, of the two households in turn, oldest harvest first."""
    station = a_station()
    households = (a_household(place=VILLAGE), a_household(place=VILLAGE))
    actions.set_terms(
        SYSTEM, county=COUNTY, household=Decimal("0.80"), station=Decimal("0.06"), centre=Decimal("0.08"),
        platform=Decimal("0.06"),
    )  # fmt: skip
    set_freight(SYSTEM, county=COUNTY, table=FREIGHT)
    stall = a_stall(households, station, lots=lots, price_fen=price_fen)
    return Fair(COUNTY, station, an_agent(station), households, stall)


def a_stall(
    households: tuple[UUID, ...],
    station: UUID | None,
    *,
    lots: tuple[int, ...] = (10_000,),
    price_fen: int = 2980,
    content: int = 500,
    sold_by: str = "piece",
    cap: int | None = None,
) -> Stall:
    """A product with lots of these grams behind one offer."""
    product = catalog.a_product()
    pack = catalog.a_pack(product=product, content_amount=content, sold_by=sold_by)
    offer = catalog.an_offer(pack=pack, price_fen=price_fen)
    first = today() - timedelta(days=len(lots))
    weighed = tuple(
        a_lot(
            product=product, amount=amount, household=households[day % len(households)], station=station,
            harvested_on=first + timedelta(days=day),
        )
        for day, amount in enumerate(lots)
    )  # fmt: skip
    return Stall(product, pack, offer, stock.feed(SYSTEM, offer=offer, cap=cap).id, weighed)


def marked(fair: Fair, stall: Stall, *, grams: int = 20_000) -> tuple[UUID, UUID]:
    """Let a stall's offer bear a brand's mark; `grams` of first grade feed it. The brand, and the licence."""
    brand, licence = catalog.licensed(stall.product, standard=catalog.a_standard(product=stall.product))
    stock.take_in(
        SYSTEM, lot=uuid7(), household=fair.households[0], product=stall.product,
        quantity=Quantity(grams, Unit.GRAM), harvested_on=today(), station=fair.station,
        measured={"diameter": Decimal(65), "sugar": Decimal("12.5")},
    )  # fmt: skip
    stock.set_grades(SYSTEM, offer=stall.offer, takes=["first"])
    stock.bear_brand(SYSTEM, offer=stall.offer, brand=brand)
    return brand, licence


def place(
    fair: Fair,
    *,
    packs: int = 1,
    actor: Actor | None = None,
    order_id: UUID | None = None,
    lines: tuple[tuple[UUID, int], ...] | None = None,
    expected_total_fen: int | None = None,
    gateway: str = "counter",
    pickup: bool = True,
    destination: str = NEAR,
    contact: Contact = CONTACT,
    outlet: str = "shop",
    coupon: str = "",
    group: UUID | None = None,
) -> actions.Placed:
    """An order by a guest, picked up at the fair's station, unless told otherwise."""
    return actions.place_order(
        actor or Actor.guest("sample"),
        order_id=order_id or uuid7(),
        county=fair.county,
        lines=lines or ((fair.stall.offer, packs),),
        contact=contact,
        fulfilment="pickup" if pickup else "delivery",
        station=fair.station if pickup else None,
        destination="" if pickup else destination,
        gateway=gateway,
        outlet=outlet,
        coupon=coupon,
        group=group,
        expected_total_fen=2980 * packs if expected_total_fen is None else expected_total_fen,
    )
