"""Lists of orders: a buyer's, a county's, what a station has to pack and to hand out. One statement each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import rows

JOINS = ("logistics",)

#: Where a list goes on: the moment and the key of its last row.
After = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list. `name_zh`, `name_en` are of its first line; `lines` and `packs` count."""

    id: UUID
    county: str
    number: str
    state: str
    outlet: str
    gateway: str
    fulfilment: str
    station: UUID | None
    origin: UUID | None
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    placed_at: datetime
    pay_before: datetime | None
    delivered_at: datetime | None
    name_zh: str
    name_en: str
    lines: int
    packs: int


@dataclass(frozen=True, slots=True)
class ToPackLine:
    """What goes into a parcel."""

    line: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    quantity: int
    content_amount: int
    unit: str
    sold_by: str


@dataclass(frozen=True, slots=True)
class ToPack:
    """A paid order that waits to be packed."""

    id: UUID
    number: str
    fulfilment: str
    destination: str
    station: UUID | None
    paid_at: datetime
    lines: tuple[ToPackLine, ...]


@dataclass(frozen=True, slots=True)
class ToHandOut:
    """An order on its way to, or lying at, the station where it is picked up."""

    id: UUID
    number: str
    state: str
    parcel: UUID | None
    waybill: str
    parcel_state: str
    name_zh: str
    name_en: str
    packs: int
    total_fen: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Packing:
    id: UUID
    number: str
    fulfilment: str
    destination: str
    station: UUID | None
    paid_at: datetime
    lines: str


def my_orders(actor: Actor, *, after: After | None = None, limit: int = 20) -> list[OrderRow]:
    """A member's own orders, the newest first; none for a guest."""
    if actor.user_id is None:
        return []
    return rows(_MINE, {"user": actor.user_id, "limit": limit, **_after(after)}, into=OrderRow)


def orders_of(
    actor: Actor,
    *,
    county: str,
    states: Sequence[str] = (),
    station: UUID | None = None,
    number: str = "",
    after: After | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """The orders of a county that the actor may read, the newest first.

    An agent sees what is packed or picked up where they hold `orders.read`, the centre all.

    Args:
        station: only what is packed or picked up there.
        number: only numbers that begin so; dashes may be left out at its end.

    Raises:
        Forbidden: the actor reads no orders in this county.
    """
    prefixes = _readable(actor, county)
    return rows(
        _OF_COUNTY,
        {
            "county": county, "prefixes": prefixes, "states": list(states), "station": station,
            "number": number.strip(), "limit": limit, **_after(after),
        },
        into=OrderRow,
    )  # fmt: skip


def packing_list(
    actor: Actor, *, county: str, station: UUID | None, place: str, limit: int = 200
) -> list[ToPack]:
    """What a station has to pack, the longest waiting first; needs `orders.pack` at its place.

    Args:
        station: None is the county centre, which packs what lies at several stations.
        place: the station's place; the county for the centre.

    Raises:
        Forbidden: the actor packs nothing there.
    """
    actor.require("orders.pack", place=place)
    found = rows(
        _TO_PACK, {"county": county, "station": station, "place": place, "limit": limit}, into=_Packing
    )
    return [
        ToPack(
            row.id, row.number, row.fulfilment, row.destination, row.station, row.paid_at,
            tuple(_line(one) for one in json.loads(row.lines)),
        )
        for row in found
    ]  # fmt: skip


def to_hand_out(actor: Actor, *, county: str, station: UUID, place: str, limit: int = 200) -> list[ToHandOut]:
    """What buyers will pick up at a station, in the order of its number; needs `orders.deliver` at its place.

    Raises:
        Forbidden: the actor hands nothing out there.
    """
    actor.require("orders.deliver", place=place)
    return rows(
        _TO_HAND_OUT, {"county": county, "station": station, "place": place, "limit": limit}, into=ToHandOut
    )


def _line(one: list[Any]) -> ToPackLine:
    return ToPackLine(UUID(one[0]), *one[1:])


def _after(after: After | None) -> dict[str, object]:
    moment, key = after or (None, None)
    return {"moment": moment, "key": key}


def _readable(actor: Actor, county: str) -> list[str]:
    """Prefixes within the county where the actor reads orders."""
    held = [
        place for place in actor.places("orders.read") if county.startswith(place) or place.startswith(county)
    ]
    if not held:
        actor.require("orders.read", place=county)
        raise Forbidden("")
    return held


_MINE = """
SELECT o.id, o.county, o.number, o.state, o.outlet, o.gateway, o.fulfilment, o.station_id, o.origin_id,
       o.goods_fen, o.freight_fen, o.total_fen, o.currency, o.placed_at, o.pay_before, o.delivered_at,
       l.name_zh, l.name_en, l.lines, l.packs
  FROM (SELECT * FROM orders_order
         WHERE buyer_id = %(user)s
           AND (%(moment)s::timestamptz IS NULL OR (placed_at, id) < (%(moment)s::timestamptz, %(key)s::uuid))
         ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::int) o
  CROSS JOIN LATERAL (SELECT min(name_zh) FILTER (WHERE position = 1) AS name_zh,
                             min(name_en) FILTER (WHERE position = 1) AS name_en,
                             count(*) AS lines, sum(quantity)::bigint AS packs
                        FROM orders_line WHERE order_id = o.id) l
 ORDER BY o.placed_at DESC, o.id DESC
"""

_OF_COUNTY = """
SELECT o.id, o.county, o.number, o.state, o.outlet, o.gateway, o.fulfilment, o.station_id, o.origin_id,
       o.goods_fen, o.freight_fen, o.total_fen, o.currency, o.placed_at, o.pay_before, o.delivered_at,
       l.name_zh, l.name_en, l.lines, l.packs
  FROM (SELECT * FROM orders_order
         WHERE county = %(county)s
           AND (cardinality(%(states)s::text[]) = 0 OR state = ANY(%(states)s::text[]))
           AND (%(station)s::uuid IS NULL OR station_id = %(station)s::uuid OR origin_id = %(station)s::uuid)
           AND (%(number)s = '' OR starts_with(number, %(number)s))
           AND EXISTS (SELECT 1 FROM unnest(%(prefixes)s::text[]) AS p (prefix)
                        WHERE starts_with(origin_place, p.prefix)
                           OR fulfilment = 'pickup' AND starts_with(destination, p.prefix))
           AND (%(moment)s::timestamptz IS NULL OR (placed_at, id) < (%(moment)s::timestamptz, %(key)s::uuid))
         ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::int) o
  CROSS JOIN LATERAL (SELECT min(name_zh) FILTER (WHERE position = 1) AS name_zh,
                             min(name_en) FILTER (WHERE position = 1) AS name_en,
                             count(*) AS lines, sum(quantity)::bigint AS packs
                        FROM orders_line WHERE order_id = o.id) l
 ORDER BY o.placed_at DESC, o.id DESC
"""

_TO_PACK = """
SELECT o.id, o.number, o.fulfilment, o.destination, o.station_id, o.paid_at,
       (SELECT json_agg(json_build_array(l.id, l.name_zh, l.name_en, l.label_zh, l.label_en, l.quantity,
                                         l.content_amount, l.unit, l.sold_by) ORDER BY l.position)::text
          FROM orders_line l WHERE l.order_id = o.id)
  FROM orders_order o
 WHERE o.county = %(county)s AND o.state = 'paid' AND o.origin_id IS NOT DISTINCT FROM %(station)s::uuid
   AND starts_with(o.origin_place, %(place)s)
 ORDER BY o.paid_at, o.id LIMIT %(limit)s::int
"""

_TO_HAND_OUT = """
SELECT o.id, o.number, o.state, p.id, coalesce(p.waybill, ''), coalesce(p.state, ''), l.name_zh, l.name_en,
       l.packs, o.total_fen, o.currency
  FROM orders_order o
  LEFT JOIN logistics_parcel p ON p.reference = o.id::text
  CROSS JOIN LATERAL (SELECT min(name_zh) FILTER (WHERE position = 1) AS name_zh,
                             min(name_en) FILTER (WHERE position = 1) AS name_en,
                             sum(quantity)::bigint AS packs
                        FROM orders_line WHERE order_id = o.id) l
 WHERE o.county = %(county)s AND o.station_id = %(station)s AND o.fulfilment = 'pickup'
   AND starts_with(o.destination, %(place)s) AND o.state IN ('packed', 'handed_over')
 ORDER BY o.number LIMIT %(limit)s::int
"""
