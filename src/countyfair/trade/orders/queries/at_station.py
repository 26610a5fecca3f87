"""Orders as a station's agent works on them: to pack, to hand over, to hand out. One statement each.

Each query takes the station as `stations.queries` gives it, and asks for the power at its place;
an order that has nothing to do with the station is Missing, whoever asks. Nothing here is
personal, and no answer holds a pick-up code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.registers.stations.queries import StationRow

JOINS = ("stations", "catalog", "payments", "logistics")


@dataclass(frozen=True, slots=True)
class StationLine:
    """A line as it is packed; `icon` and `category` name its picture, `packed` what was really packed.

    `mark_zh` and `mark_en` are what the brand it was sold under was called then, "" without one.
    """

    id: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    icon: str
    category: str
    quantity: int
    content_amount: int
    unit: str
    sold_by: str
    packed: int | None
    mark_zh: str
    mark_en: str


@dataclass(frozen=True, slots=True)
class _Head:
    id: UUID
    number: str
    state: str
    fulfilment: str
    destination: str
    station: UUID | None
    station_name: str
    station_name_en: str
    origin: UUID | None
    total_fen: int
    currency: str
    gateway: str
    intent: UUID
    intent_state: str
    placed_at: datetime
    paid_at: datetime | None
    pay_before: datetime | None
    delivered_at: datetime | None
    parcel: UUID | None
    waybill: str
    parcel_state: str
    weight_g: int
    cash_at: datetime | None
    cash_station: UUID | None
    gift: bool


@dataclass(frozen=True, slots=True)
class StationOrder(_Head):
    """An order with its lines, its parcel ("" and None until it is packed) and how it is paid.

    `cash_at` and `cash_station`: when and at which station cash was taken for it. `gift`: it goes to somebody
    else than its buyer, and no price goes with it.
    """

    lines: tuple[StationLine, ...]


@dataclass(frozen=True, slots=True)
class _Row(_Head):
    lines: str


def to_pack(actor: Actor, at: StationRow, *, limit: int = 60) -> list[StationOrder]:
    """Paid orders that this station packs, the longest waiting first; needs `orders.pack` there."""
    actor.require("orders.pack", place=at.place)
    return found_at(actor, at, _TO_PACK, limit=limit)


def to_hand_over(actor: Actor, at: StationRow, *, limit: int = 100) -> list[StationOrder]:
    """Packed orders that leave with the round; needs `orders.hand_over` there.

    What its buyer picks up at this very station stays.
    """
    actor.require("orders.hand_over", place=at.place)
    return found_at(actor, at, _TO_HAND_OVER, limit=limit)


def to_hand_out(actor: Actor, at: StationRow, *, limit: int = 100) -> list[StationOrder]:
    """What lies here for its buyer, by number; needs `orders.deliver` there."""
    actor.require("orders.deliver", place=at.place)
    return found_at(actor, at, _LIES_HERE, limit=limit)


def coming(actor: Actor, at: StationRow, *, limit: int = 100) -> list[StationOrder]:
    """What is on its way to this station; needs `orders.deliver` there."""
    actor.require("orders.deliver", place=at.place)
    return found_at(actor, at, _COMING, limit=limit)


def to_the_door(actor: Actor, at: StationRow, *, limit: int = 100) -> list[StationOrder]:
    """What this station sent to buyers' doors and is not delivered yet; needs `orders.deliver` there."""
    actor.require("orders.deliver", place=at.place)
    return found_at(actor, at, _TO_THE_DOOR, limit=limit)


def order_at(actor: Actor, at: StationRow, *, order_id: UUID) -> StationOrder:
    """One order that this station packs or hands out; needs `orders.deliver` there.

    Raises:
        Forbidden: no such power there.
        Missing: none, or one of other stations.
    """
    actor.require("orders.deliver", place=at.place)
    found = found_at(actor, at, _ONE, order=order_id)
    if not found:
        raise Missing(_("There is no such order at this station."))
    return found[0]


def by_pickup_code(actor: Actor, at: StationRow, *, code: str) -> list[StationOrder]:
    """What lies here under the code that a buyer says: none, one, rarely more; needs `orders.deliver` there.

    Whoever asks counts the tries.
    """
    actor.require("orders.deliver", place=at.place)
    return found_at(actor, at, _LIES_HERE_UNDER, code=code, limit=5) if code else []


def params_at(actor: Actor, at: StationRow, **more: object) -> Mapping[str, object]:
    """What the statements here and in `at_counter` ask with; see PACKED_HERE.

    The county centre's own station also packs what no single station does.
    """
    return {
        "county": at.county,
        "station": at.id,
        "centre": at.kind == "centre" and actor.may("orders.pack", place=at.county),
        **more,
    }


def found_at(actor: Actor, at: StationRow, where: str, **more: object) -> list[StationOrder]:
    """The orders of one more condition, for this file and `at_counter`, which have asked for the power."""
    return [_order(row) for row in rows(_ORDER + where, params_at(actor, at, **more), into=_Row)]


def _order(row: _Row) -> StationOrder:
    lines = tuple(StationLine(UUID(one[0]), *one[1:]) for one in json.loads(row.lines))
    return StationOrder(**{field.name: getattr(row, field.name) for field in fields(_Head)}, lines=lines)


_ORDER = """
SELECT o.id, o.number, o.state, o.fulfilment, o.destination, o.station_id, coalesce(t.name, ''),
       coalesce(t.name_en, ''), o.origin_id, o.total_fen, o.currency, o.gateway, o.intent,
       coalesce(i.state, ''), o.placed_at, o.paid_at, o.pay_before, o.delivered_at, p.id,
       coalesce(p.waybill, ''), coalesce(p.state, ''), coalesce(p.weight_g, 0), c.captured_at, c.station_id,
       o.gift,
       (SELECT coalesce(json_agg(json_build_array(
                 l.id, l.name_zh, l.name_en, l.label_zh, l.label_en, d.icon, l.category,
                 coalesce((SELECT a.packs FROM orders_allotment a WHERE a.line_id = l.id), l.quantity),
                 l.content_amount, l.unit, l.sold_by,
                 (SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                   ORDER BY w.at DESC, w.id DESC LIMIT 1), coalesce(v.name_zh, ''), coalesce(v.name_en, ''))
                 ORDER BY l.position), '[]')::text
          FROM orders_line l
          JOIN catalog_offer f ON f.id = l.offer_id
          JOIN catalog_product d ON d.id = f.product_id
          LEFT JOIN catalog_brandversion v ON v.brand_id = l.brand_id AND v.version = l.brand_version
         WHERE l.order_id = o.id)
  FROM orders_order o
  LEFT JOIN stations_station t ON t.id = o.station_id
  LEFT JOIN payments_intent i ON i.id = o.intent
  LEFT JOIN LATERAL (SELECT captured_at, station_id FROM payments_capture
                      WHERE intent_id = o.intent ORDER BY id LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT id, waybill, state, weight_g, pickup_code FROM logistics_parcel
                      WHERE reference = o.id::text ORDER BY packed_at DESC, id DESC LIMIT 1) p ON true
"""

#: Which orders a station packs: its own, the county centre's station also those of none.
PACKED_HERE = """(o.origin_id = %(station)s::uuid OR (%(centre)s::boolean AND o.origin_id IS NULL))"""

#: Whether the goods of an order `o` wait to be packed: what a guest goes to is nobody's to pack.
WAITS_TO_BE_PACKED = "o.state = 'paid' AND o.fulfilment <> 'on_spot'"

_TO_PACK = f"""
 WHERE o.county = %(county)s AND {WAITS_TO_BE_PACKED} AND {PACKED_HERE}
 ORDER BY o.paid_at, o.id LIMIT %(limit)s::int
"""

_TO_HAND_OVER = f"""
 WHERE o.county = %(county)s AND o.state = 'packed' AND {PACKED_HERE}
   AND o.station_id IS DISTINCT FROM %(station)s::uuid
 ORDER BY o.paid_at, o.id LIMIT %(limit)s::int
"""

#: Arrived, tried in vain, or packed at the very station where it is picked up.
LIES_HERE = """o.county = %(county)s AND o.station_id = %(station)s::uuid AND o.fulfilment = 'pickup'
   AND ((o.state = 'handed_over' AND p.state IN ('arrived', 'failed'))
        OR (o.state = 'packed' AND o.origin_id = %(station)s::uuid))"""

_LIES_HERE = f" WHERE {LIES_HERE} ORDER BY o.number, o.id LIMIT %(limit)s::int"

_LIES_HERE_UNDER = f""" WHERE {LIES_HERE} AND p.pickup_code = %(code)s
 ORDER BY o.number, o.id LIMIT %(limit)s::int"""

_COMING = """
 WHERE o.county = %(county)s AND o.state = 'handed_over' AND o.station_id = %(station)s::uuid
   AND o.fulfilment = 'pickup' AND p.state = 'handed_over'
 ORDER BY o.number, o.id LIMIT %(limit)s::int
"""

_TO_THE_DOOR = f"""
 WHERE o.county = %(county)s AND o.state = 'handed_over' AND o.fulfilment = 'delivery' AND {PACKED_HERE}
 ORDER BY o.paid_at, o.id LIMIT %(limit)s::int
"""

_ONE = f"""
 WHERE o.id = %(order)s::uuid AND o.county = %(county)s
   AND ({PACKED_HERE} OR (o.fulfilment = 'pickup' AND o.station_id = %(station)s::uuid))
"""
