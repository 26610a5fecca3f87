"""What a lot and a parcel went through, read from the journals of the rooms that know it.

What is everybody's (`lot_by_number`, `parcel_by_waybill`) holds no name, no household and no buyer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.kernel.rows import one, rows
from countyfair.registers.people.rules import ORIGIN
from countyfair.trade.trace.rules.history import (
    LotOf,
    MoveOf,
    NoteOf,
    PackedLot,
    ParcelOf,
    RecallOf,
    ScanOf,
    StationOf,
)
from countyfair.trade.trace.rules.numbers import Item

JOINS = ("catalog", "stock", "stations", "people", "orders", "logistics")

_NO_LOT = _("There is no such lot.")
_NO_PARCEL = _("There is no parcel with this number.")


@dataclass(frozen=True, slots=True)
class _Lot:
    id: UUID
    county: str
    number: str
    item: int
    name_zh: str
    name_en: str
    category: str
    icon: str
    place: str
    harvested_on: date
    weighed_at: datetime
    station_code: str
    station_name: str
    station_name_en: str
    station_place: str
    unit: str
    grade: str
    amount: int
    notes: str
    recalls: str
    moves: str


@dataclass(frozen=True, slots=True)
class _Packed(_Lot):
    packed: int
    paid_fen: int
    mark_zh: str
    mark_en: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class _Parcel:
    id: UUID
    county: str
    waybill: str
    state: str
    packed_at: datetime
    order: UUID
    place: str
    station_code: str
    station_name: str
    station_name_en: str
    station_place: str
    scans: str


@dataclass(frozen=True, slots=True)
class LotParcel:
    """A parcel that has some of a lot, and its order, for who works with them.

    `parcel.lots` is what it has of this lot alone.
    """

    order: UUID
    order_number: str
    parcel: ParcelOf

    @property
    def amount(self) -> int:
        return sum(packed.amount for packed in self.parcel.lots)


@dataclass(frozen=True, slots=True)
class _With(_Parcel):
    order_number: str
    amount: int


@dataclass(frozen=True, slots=True)
class _File:
    county: str
    place: str
    station_place: str
    kind: str
    data: bytes


def history(actor: Actor, *, lot: UUID) -> LotOf:
    """A lot for who works with it: needs `trace.read` at its village, or where it was weighed.

    Raises:
        Missing: there is none.
        Forbidden: no such power at either place.
    """
    found = _lot(one(f"{_LOT} WHERE l.id = %s", [lot], into=_Lot, missing=_NO_LOT))
    if not actor.may("trace.read", place=found.station.place or None):
        actor.require("trace.read", place=found.place)
    return found


def lot_by_number(item: Item, number: str) -> LotOf:
    """A lot by what its Digital Link says; everybody's.

    Raises:
        Missing: none of these goods has this number.
    """
    found = rows(
        f"{_LOT} WHERE l.county = %s AND l.number = %s AND i.number = %s",
        [item.county, number, item.number],
        into=_Lot,
    )
    if not found:
        raise Missing(_NO_LOT)
    return _lot(found[0])


def parcel_by_waybill(waybill: str) -> ParcelOf:
    """A parcel with its lots, by the number on its label; everybody's; two statements.

    Raises:
        Missing: there is none.
    """
    head = one(_PARCEL, [waybill], into=_Parcel, missing=_NO_PARCEL)
    lots = rows(_OF_PARCEL, {"order": head.order, "purpose": ORIGIN, "moment": now(), "today": today()},
                into=_Packed)  # fmt: skip
    packed = tuple(
        PackedLot(
            _lot(row), row.packed, row.paid_fen if row.agreed else None, mark=(row.mark_zh, row.mark_en)
        )
        for row in lots
    )
    return _parcel(head, packed)


def parcels_with(actor: Actor, *, lot: LotOf, limit: int = 200) -> list[LotParcel]:
    """The parcels that were sent with some of a lot, the latest first; needs `orders.read` in its county.

    Raises:
        Forbidden: no such power.
    """
    actor.require("orders.read", place=lot.county)
    found = rows(_PARCELS, {"lot": lot.id, "limit": limit}, into=_With)
    return [
        LotParcel(row.order, row.order_number, _parcel(row, (PackedLot(lot, row.amount, None),)))
        for row in found
    ]


def paper(actor: Actor, *, note: UUID) -> tuple[str, bytes]:
    """The kind and the bytes of the file that proves a note; needs `trace.read` where the lot is.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    found = one(_PAPER, [note], into=_File, missing=_("This note has no paper."))
    places = (found.place, found.station_place)
    if not any(actor.may("trace.read", place=place) for place in places if place):
        raise Forbidden(_("Your role does not allow this here."))
    return found.kind, bytes(found.data)


def _lot(row: _Lot) -> LotOf:
    return LotOf(
        id=row.id,
        county=row.county,
        number=row.number,
        item=row.item,
        name_zh=row.name_zh,
        name_en=row.name_en,
        category=row.category,
        icon=row.icon,
        place=row.place,
        harvested_on=row.harvested_on,
        weighed_at=row.weighed_at,
        station=StationOf(row.station_code, row.station_name, row.station_name_en, row.station_place),
        unit=row.unit,
        grade=row.grade,
        amount=row.amount,
        notes=tuple(_note(said) for said in json.loads(row.notes)),
        recalls=tuple(_recall(said) for said in json.loads(row.recalls)),
        moves=tuple(
            MoveOf(UUID(said["id"]), said["kind"], said["delta"], datetime.fromisoformat(said["at"]))
            for said in json.loads(row.moves)
        ),
    )


def _parcel(row: _Parcel, lots: tuple[PackedLot, ...]) -> ParcelOf:
    return ParcelOf(
        id=row.id,
        county=row.county,
        waybill=row.waybill,
        state=row.state,
        packed_at=row.packed_at,
        packed_at_station=StationOf(
            row.station_code, row.station_name, row.station_name_en, row.station_place
        ),
        place=row.place,
        scans=tuple(
            ScanOf(UUID(scan["id"]), scan["kind"], datetime.fromisoformat(scan["at"]))
            for scan in json.loads(row.scans)
        ),
        lots=lots,
    )


def _note(said: dict[str, Any]) -> NoteOf:
    return NoteOf(
        UUID(said["id"]),
        said["kind"],
        date.fromisoformat(said["on"]),
        said["words"],
        said["laboratory"],
        said["passed"],
        said["paper"],
        datetime.fromisoformat(said["at"]),
        said["actor"],
    )


def _recall(said: dict[str, Any]) -> RecallOf:
    lifted, lift = said["lifted_at"], said["lift"]
    return RecallOf(
        UUID(said["id"]),
        said["severity"],
        said["reason"],
        datetime.fromisoformat(said["at"]),
        datetime.fromisoformat(lifted) if lifted else None,
        UUID(lift) if lift else None,
    )


_COLUMNS = """
SELECT l.id, l.county, l.number, coalesce(i.number, 0), d.name_zh, d.name_en, d.category, d.icon, l.place,
       l.harvested_on, l.weighed_at, coalesce(t.code, ''), coalesce(t.name, ''), coalesce(t.name_en, ''),
       coalesce(t.place, ''), l.unit, l.grade,
       coalesce((SELECT m.on_hand_delta FROM stock_movement m WHERE m.source = 'take_in:' || l.id), 0),
       coalesce((SELECT json_agg(json_build_object('id', n.id, 'kind', n.kind, 'on', n.on, 'words', n.words,
                    'laboratory', n.laboratory, 'passed', n.passed, 'paper', coalesce(f.kind, ''), 'at', n.at,
                    'actor', n.actor) ORDER BY n.on, n.id)
                   FROM trace_note n LEFT JOIN trace_paper f ON f.note_id = n.id
                  WHERE n.lot_id = l.id), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', r.id, 'severity', r.severity, 'reason', r.reason,
                    'at', r.at, 'lifted_at', f.at, 'lift', f.id) ORDER BY r.at, r.id)
                   FROM trace_recall r LEFT JOIN trace_lift f ON f.recall_id = r.id
                  WHERE r.lot_id = l.id), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', m.id, 'kind', m.kind, 'delta', m.on_hand_delta,
                    'at', m.at) ORDER BY m.at, m.id)
                   FROM stock_movement m
                  WHERE m.lot_id = l.id AND m.kind IN ('correct', 'write_off', 'take_back')), '[]')::text
"""
_FROM = """
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  LEFT JOIN trace_tradeitem i ON i.product_id = d.id
  LEFT JOIN stations_station t ON t.id = l.station_id
"""
_LOT = f"{_COLUMNS} FROM stock_lot l {_FROM}"

_OF_PARCEL = f"""
WITH had AS (
    SELECT s.lot_id, sum(s.lot_amount)::bigint AS packed, sum(s.amount_fen)::bigint AS paid_fen,
           (array_agg(v.id ORDER BY n.position) FILTER (WHERE v.id IS NOT NULL))[1] AS mark
      FROM orders_share s
      JOIN orders_line n ON n.id = s.line_id
      LEFT JOIN catalog_brandversion v ON v.brand_id = n.brand_id AND v.version = n.brand_version
     WHERE s.order_id = %(order)s::uuid AND s.beneficiary = 'household' AND s.refund_id IS NULL
       AND s.lot_id IS NOT NULL
     GROUP BY s.lot_id HAVING sum(s.lot_amount) > 0)
{_COLUMNS}, had.packed, had.paid_fen, coalesce(b.name_zh, ''), coalesce(b.name_en, ''),
       NOT (SELECT o.gift FROM orders_order o WHERE o.id = %(order)s::uuid) AND
       EXISTS (SELECT 1 FROM people_consent c
                WHERE c.household_id = l.household_id AND c.purpose = %(purpose)s AND c.withdrawn_at IS NULL
                  AND c.given_at <= %(moment)s::timestamptz
                  AND (c.until IS NULL OR c.until >= %(today)s::date))
  FROM had JOIN stock_lot l ON l.id = had.lot_id LEFT JOIN catalog_brandversion b ON b.id = had.mark {_FROM}
 ORDER BY d.name_zh, l.harvested_on, l.id
"""  # noqa: S608  # constants of this file

_PARCEL_COLUMNS = """
SELECT p.id, p.county, p.waybill, p.state, p.packed_at, o.id, o.origin_place, coalesce(t.code, ''),
       coalesce(t.name, ''), coalesce(t.name_en, ''), coalesce(t.place, ''),
       coalesce((SELECT json_agg(json_build_object('id', s.id, 'kind', s.kind, 'at', s.at)
                                   ORDER BY s.position)
                   FROM logistics_scan s WHERE s.parcel_id = p.id), '[]')::text
"""
_PARCEL = f"""
{_PARCEL_COLUMNS}
  FROM logistics_parcel p
  JOIN orders_order o ON o.id = p.reference::uuid
  LEFT JOIN stations_station t ON t.id = o.origin_id
 WHERE p.carrier = 'county' AND p.waybill = %s
"""

_PARCELS = f"""
WITH sent AS (
    SELECT n.order_id, sum(r.amount - r.taken_back)::bigint AS amount
      FROM stock_movement m
      JOIN stock_reservation r ON r.id = m.reservation_id
      JOIN orders_line n ON n.id = CASE WHEN r.holder ~ '^[0-9a-f-]{{36}}$' THEN r.holder::uuid END
     WHERE m.lot_id = %(lot)s::uuid AND m.kind = 'dispatch'
     GROUP BY n.order_id)
{_PARCEL_COLUMNS}, o.number, sent.amount
  FROM sent
  JOIN orders_order o ON o.id = sent.order_id
  JOIN logistics_parcel p ON p.reference = o.id::text
  LEFT JOIN stations_station t ON t.id = o.origin_id
 ORDER BY p.packed_at DESC, p.id LIMIT %(limit)s::int
"""  # noqa: S608  # constants of this file

_PAPER = """
SELECT l.county, l.place, coalesce(t.place, ''), f.kind, f.data
  FROM trace_paper f JOIN trace_note n ON n.id = f.note_id JOIN stock_lot l ON l.id = n.lot_id
  LEFT JOIN stations_station t ON t.id = l.station_id
 WHERE n.id = %s
"""
