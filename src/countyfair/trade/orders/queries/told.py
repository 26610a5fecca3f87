"""What is told of orders, and to whom: keys and figures, for the house's own news. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import rows

JOINS = ("stations", "logistics")


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order as news names it. `stays`: it is picked up where it is packed; `gift`: by somebody else."""

    id: UUID
    county: str
    number: str
    buyer: UUID | None
    total_fen: int
    station_name: str
    waybill: str
    stays: bool
    gift: bool


@dataclass(frozen=True, slots=True)
class StationWork:
    """What waits at a station, for one of those who work there."""

    station: UUID
    county: str
    name: str
    agent: UUID
    to_pack: int
    to_hand_over: int


def told_orders(orders: Sequence[UUID]) -> dict[UUID, ToldOrder]:
    """These orders as news names them; those that do not exist are left out."""
    return {row.id: row for row in rows(_TOLD, [list(orders)], into=ToldOrder)}


def work_waiting() -> list[StationWork]:
    """Every open station where something is to be packed or handed over, with each of its agents."""
    return rows(_WORK, into=StationWork)


_TOLD = """
SELECT o.id, o.county, o.number, o.buyer_id, o.total_fen, coalesce(s.name, ''),
       coalesce((SELECT p.waybill FROM logistics_parcel p WHERE p.reference = o.id::text
                  ORDER BY p.packed_at DESC LIMIT 1), ''),
       o.fulfilment = 'pickup' AND o.station_id = o.origin_id IS TRUE, o.gift
  FROM orders_order o LEFT JOIN stations_station s ON s.id = o.station_id
 WHERE o.id = ANY(%s::uuid[])
"""

_WORK = """
SELECT s.id, s.county, s.name, a.user_id, w.to_pack, w.to_hand_over
  FROM (SELECT o.origin_id AS station, count(*) FILTER (WHERE o.state = 'paid') AS to_pack,
               count(*) FILTER (WHERE o.state = 'packed' AND o.station_id IS DISTINCT FROM o.origin_id)
                 AS to_hand_over
          FROM orders_order o WHERE o.state IN ('paid', 'packed') AND o.origin_id IS NOT NULL
         GROUP BY o.origin_id) w
  JOIN stations_station s ON s.id = w.station AND s.is_open
  JOIN stations_agent a ON a.station_id = s.id AND a.until IS NULL
 WHERE w.to_pack + w.to_hand_over > 0
 ORDER BY s.id, a.id
"""
