"""Orders of platforms that are to be sent, and parcels that a platform has not heard of yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows

JOINS = ("orders", "logistics")


@dataclass(frozen=True, slots=True)
class ToShip:
    """An order of a platform whose waybill the platform waits for. `waybill` "": it has not left yet.

    `order_number` is ours, `number` the platform's; `state` is where it stands with us.
    """

    arrival: UUID
    connection: UUID
    platform: str
    shop_name: str
    number: str
    order_number: str
    state: str
    ship_before: datetime | None
    carrier: str
    waybill: str


def to_ship(
    actor: Actor, *, county: str, connection: UUID | None = None, gone: bool | None = None, limit: int = 50
) -> list[ToShip]:
    """What a county's platforms wait for, the nearest deadline first; needs `channel.read` there.

    Args:
        gone: only those that have left, or have not; None for all.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    return rows(
        _TO_SHIP,
        {"county": county, "connection": connection, "gone": gone, "limit": limit},
        into=ToShip,
    )


_TO_SHIP = """
SELECT a.id, c.id, c.platform, c.name, a.number, o.number, o.state, a.ship_before,
       coalesce(p.carrier, ''), coalesce(p.waybill, '')
  FROM channels_arrival a JOIN channels_connection c ON c.id = a.connection_id
  JOIN orders_order o ON o.id = a.id
  LEFT JOIN LATERAL (SELECT k.carrier, k.waybill FROM logistics_parcel k
                      WHERE k.reference = a.id::text AND k.state <> 'packed'
                      ORDER BY k.packed_at DESC, k.id LIMIT 1) p ON true
 WHERE a.county = %(county)s AND a.standing = 'placed' AND a.waybill_at IS NULL
   AND (%(connection)s::uuid IS NULL OR a.connection_id = %(connection)s::uuid)
   AND o.state IN ('paid', 'packed', 'handed_over', 'delivered', 'completed')
   AND (%(gone)s::boolean IS NULL OR (p.waybill IS NOT NULL) = %(gone)s::boolean)
 ORDER BY a.ship_before NULLS LAST, a.id LIMIT %(limit)s::int
"""
