"""Orders from an outside platform, for tests: an offer there, and what its buyers paid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders import actions
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.outside import OutsideLine, OutsideOrder, Taken
from countyfair.trade.orders.tests.factories import FAR, Fair
from countyfair.trade.stock import actions as stock

BUYER = Contact("样**", "", "样例路 ***")
SELLER = "sample-shop"


def offered_at(
    fair: Fair, platform: str = "taobao", *, price_fen: int = 2980, cap: int | None = None
) -> UUID:
    """The fair's pack put up on a platform, fed from the same pool."""
    offer = catalog.an_offer(pack=fair.stall.pack, price_fen=price_fen, outlet=platform)
    stock.feed(SYSTEM, offer=offer, cap=cap)
    return offer


def an_order(
    reference: str,
    *lines: tuple[UUID, int, int],
    freight_fen: int = 0,
    order: UUID | None = None,
    at: datetime | None = None,
) -> OutsideOrder:
    """`lines` are (offer, packs, fen for all of them)."""
    moment = at or now()
    return OutsideOrder(
        order or uuid7(), reference, tuple(OutsideLine(*line) for line in lines), freight_fen, moment, moment,
        BUYER, FAR,
    )  # fmt: skip


def brought(
    fair: Fair, *orders: OutsideOrder, platform: str = "taobao", actor: Actor = SYSTEM
) -> list[Taken]:
    return actions.take_outside(actor, county=fair.county, outlet=platform, seller=SELLER, orders=orders)
