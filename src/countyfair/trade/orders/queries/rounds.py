"""What is out and still to be brought: to buyers' doors and to stations, for who carries it.

Nothing here is personal: whom to call and which door it is, `actions.open_contact` opens one order at a time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows

JOINS = ("stations", "logistics")


@dataclass(frozen=True, slots=True)
class Carried:
    """Goods in a parcel: names in both languages, and so many packs."""

    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    quantity: int


@dataclass(frozen=True, slots=True)
class _Head:
    order: UUID
    number: str
    county: str
    fulfilment: str
    destination: str
    origin_place: str
    station: UUID | None
    station_name: str
    station_name_en: str
    station_address: str
    station_phone: str
    parcel: UUID
    waybill: str
    weight_g: int
    state: str
    tried: int
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ToBring(_Head):
    """A parcel that is out. `tried`: how often in vain, `why` the last time; `since`: its last scan.

    `station` is where its buyer picks it up, None where it goes to a door in `destination`.
    """

    goods: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class _Row(_Head):
    goods: str


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many parcels are out, to doors and to stations."""

    doors: int
    stations: int


def to_bring(actor: Actor, *, after: UUID | None = None, limit: int = 200) -> list[ToBring]:
    """What is out within the actor's reach, doors before stations, each by where it goes; needs
    `orders.deliver` there.

    To doors: on the way, or tried in vain. To stations: on the way only; what lies there is the agent's.

    Args:
        after: the order behind which the list goes on, also one that is not out any more.
    """
    return _found(actor, limit=limit, after=after)


def how_many(actor: Actor) -> HowMany:
    """How many there are of `to_bring` in all."""
    (counted,) = rows(_HOW_MANY + _OUT, _params(actor), into=HowMany)
    return counted


def brought(actor: Actor, *, order_id: UUID) -> ToBring:
    """One of them.

    Raises:
        Missing: none, one that is not out any more, or one out of reach: these are not told apart.
    """
    found = _found(actor, limit=1, order=order_id)
    if not found:
        raise Missing(_("This parcel is not on your round. It may have been delivered, or gone back."))
    return found[0]


def _found(
    actor: Actor, *, limit: int, order: UUID | None = None, after: UUID | None = None
) -> list[ToBring]:
    params = {**_params(actor, order), "after": after, "limit": limit}
    return [_shown(row) for row in rows(_ROWS + _OUT + _IN_TURN, params, into=_Row)]


def _params(actor: Actor, order: UUID | None = None) -> dict[str, object]:
    held = actor.places("orders.deliver")
    return {
        "reach": list(held), "counties": sorted({place[:6] for place in held if len(place) >= 6}),
        "wide": any(len(place) < 6 for place in held), "order": order,
    }  # fmt: skip


def _shown(row: _Row) -> ToBring:
    plain = {field.name: getattr(row, field.name) for field in fields(_Head)}
    return ToBring(**plain, goods=tuple(Carried(*one) for one in json.loads(row.goods)))


_ROWS = """
SELECT o.id, o.number, o.county, o.fulfilment, o.destination, o.origin_place, o.station_id,
       coalesce(t.name, ''), coalesce(t.name_en, ''), coalesce(t.address, ''), coalesce(t.phone, ''),
       p.id, p.waybill, p.weight_g, p.state,
       (SELECT count(*) FROM logistics_scan s WHERE s.parcel_id = p.id AND s.kind = 'failed'),
       coalesce((SELECT s.evidence FROM logistics_scan s WHERE s.parcel_id = p.id AND s.kind = 'failed'
                  ORDER BY s.position DESC LIMIT 1), ''),
       (SELECT max(s.at) FROM logistics_scan s WHERE s.parcel_id = p.id),
       (SELECT coalesce(json_agg(json_build_array(l.name_zh, l.name_en, l.label_zh, l.label_en, l.quantity)
                 ORDER BY l.position), '[]')::text FROM orders_line l WHERE l.order_id = o.id)
"""

_HOW_MANY = """
SELECT count(*) FILTER (WHERE o.station_id IS NULL), count(o.station_id)
"""

#: Out, and within reach: where it is picked up, or else where it is packed or goes to in the county,
#: as `Places.of("goal")` says of one.
_OUT = """
  FROM orders_order o
  JOIN logistics_parcel p ON p.reference = o.id::text
  LEFT JOIN stations_station t ON t.id = o.station_id
 WHERE o.state = 'handed_over' AND (%(wide)s::boolean OR o.county = ANY (%(counties)s::text[]))
   AND (%(order)s::uuid IS NULL OR o.id = %(order)s::uuid)
   AND (p.state = 'handed_over' OR p.state = 'failed' AND o.fulfilment = 'delivery')
   AND EXISTS (SELECT 1 FROM unnest(%(reach)s::text[]) AS r (place)
                WHERE o.destination ^@ r.place AND (o.fulfilment = 'pickup' OR o.destination ^@ o.county)
                   OR o.fulfilment = 'delivery' AND o.origin_place ^@ r.place)
"""

_IN_TURN = """
   AND ((o.fulfilment, o.destination, o.number, o.id)
        > (SELECT a.fulfilment, a.destination, a.number, a.id FROM orders_order a
            WHERE a.id = %(after)s::uuid)) IS NOT FALSE
 ORDER BY o.fulfilment, o.destination, o.number, o.id LIMIT %(limit)s::int
"""
