"""Telling platforms of parcels that left."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import locked_shop
from countyfair.outreach.channels.models import Arrival
from countyfair.outreach.channels.queries.shipping import to_ship
from countyfair.outreach.channels.rules.shipping import Waybill, sheet

#: Parcels in one sheet.
MOST = 5_000


@verb
def waybill_sheet(actor: Actor, *, connection: UUID) -> bytes:
    """The sheet of parcels that a shop's platform has not heard of, for its back office.

    Whoever took it there says so (`note_told`): until then the same parcels stand in the next one.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
    """
    shop = locked_shop(actor, connection)
    gone = to_ship(actor, county=shop.county, connection=shop.id, gone=True, limit=MOST)
    return sheet(shop.platform, [Waybill(row.number, row.carrier, row.waybill) for row in gone])


@verb
def note_told(actor: Actor, *, connection: UUID, arrivals: Sequence[UUID]) -> int:
    """The platform was told of the parcels of these orders; answers how many it did not know of before.

    Raises:
        Missing: no such shop.
        Forbidden: no `channel.manage` in its county.
    """
    shop = locked_shop(actor, connection)
    gone = {
        row.arrival for row in to_ship(actor, county=shop.county, connection=shop.id, gone=True, limit=MOST)
    }
    told = Arrival.objects.filter(id__in=gone & set(arrivals), waybill_at__isnull=True)
    return told.update(waybill_at=now())
