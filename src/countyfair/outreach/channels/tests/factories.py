"""A county's shop on a platform, what its goods are here, and what its buyers ordered there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels.models import Connection, Listing
from countyfair.outreach.channels.platforms.shape import Receiver, State, TheirLine, TheirOrder
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.orders.tests.outside import offered_at

MASKED = Receiver("样**", "*******", "湖北省", "武汉市", "洪山区", "", "***", masked=True)


@dataclass(frozen=True, slots=True)
class Stand:
    """A fair with a shop on a platform, and the offer that its goods are."""

    fair: Fair
    connection: UUID
    offer: UUID


def a_stand(*, platform: str = "pinduoduo", lots: tuple[int, ...] = (10_000, 10_000)) -> Stand:
    """A shop on a platform; its goods `SKU-1` are nobody's yet."""
    fair = a_fair(lots=lots)
    offer = offered_at(fair, platform)
    return Stand(fair, a_connection(fair, platform), offer)


def a_connection(fair: Fair, platform: str = "pinduoduo", name: str = "样例·黑米店") -> UUID:
    """A shop of the stall's own on a platform."""
    shop = UUID(str(scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [fair.stall.product])))
    return Connection.objects.create(
        county=fair.county, shop_id=shop, platform=platform, name=name, begun_at=now()
    ).id


def their_order(
    number: str = "T1", *, state: State = "paid", pieces: int = 2, paid_fen: int = 6000, sku: str = "SKU-1"
) -> TheirOrder:
    """An order of one kind of goods, paid an hour ago; `dataclasses.replace` makes others of it."""
    moment = now() - timedelta(hours=1)
    line = TheirLine("1", "G-1", sku, "", "样例黑米", "500g", pieces)
    return TheirOrder(
        number, state, (line,), paid_fen, ordered_at=moment, paid_at=None if state == "unpaid" else moment,
        receiver=MASKED,
    )  # fmt: skip


def mapped(stand: Stand, *, packs: int = 1, key: str = "sku:SKU-1") -> None:
    """Say what these goods are."""
    Listing.objects.filter(connection_id=stand.connection, key=key).update(
        standing="mapped", offer_id=stand.offer, packs=packs, confirmed_at=now()
    )
