"""What is told of orders, and to whom: keys and figures, for the house's own news. One statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.rows import column, rows
from countyfair.trade.orders.queries.at_station import WAITS_TO_BE_PACKED
from countyfair.trade.orders.rules.news import LAST_CALL, LEFT_ALONE, WORTH_A_CALL

JOINS = ("stations", "logistics", "promotions")


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order as news names it. `stays`: it is picked up where it is packed; `gift`: by somebody else.

    `needed` members make its group full by `closes_at`; 0 and None without one. `fell_through`: they did not.
    """

    id: UUID
    county: str
    number: str
    buyer: UUID | None
    total_fen: int
    station_name: str
    waybill: str
    stays: bool
    gift: bool
    needed: int
    closes_at: datetime | None
    fell_through: bool


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """A claim as news names it: its order, who bought it, who works where it was packed."""

    id: UUID
    order: UUID
    county: str
    number: str
    buyer: UUID | None
    agents: list[UUID]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order in a group whose time is nearly over: `missing` places are free; paid for, or not yet."""

    order: UUID
    county: str
    number: str
    buyer: UUID | None
    is_paid: bool
    missing: int
    closes_at: datetime


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
    """These orders as news names them; those that do not exist are left out.

    So are those from outside platforms: there the platform tells its buyers.
    """
    return {row.id: row for row in rows(_TOLD, [list(orders)], into=ToldOrder)}


def told_claims(claims: Sequence[UUID]) -> dict[UUID, ToldClaim]:
    """These claims as news names them; those that do not exist are left out."""
    return {row.id: row for row in rows(_CLAIMS, [list(claims)], into=ToldClaim)}


def of_claims(refunds: Sequence[UUID]) -> set[UUID]:
    """Those of these refunds by which a claim was answered."""
    sql = "SELECT refund_id FROM orders_claimanswer WHERE refund_id = ANY(%s::uuid[])"
    return set(column(sql, [list(refunds)], of=UUID))


def groups_nearly_over(moment: datetime) -> list[Waiting]:
    """Members of groups that end within `LAST_CALL` and can do something for them; short ones are left out.

    Those who paid, while places are free; those who took a place and did not pay, in any case.
    """
    span = {
        "moment": moment, "soon": moment + LAST_CALL, "worth": WORTH_A_CALL, "asked": moment - LEFT_ALONE
    }  # fmt: skip
    return rows(_NEARLY_OVER, span, into=Waiting)


def work_waiting() -> list[StationWork]:
    """Every open station where something is to be packed or handed over, with each of its agents."""
    return rows(_WORK, into=StationWork)


_TOLD = """
SELECT o.id, o.county, o.number, o.buyer_id, o.total_fen, coalesce(s.name, ''),
       coalesce((SELECT p.waybill FROM logistics_parcel p WHERE p.reference = o.id::text
                  ORDER BY p.packed_at DESC LIMIT 1), ''),
       o.fulfilment = 'pickup' AND o.station_id = o.origin_id IS TRUE, o.gift, coalesce(g.limit_total, 0),
       g.closes_at,
       g.id IS NOT NULL AND EXISTS (SELECT FROM orders_step t
                                     WHERE t.order_id = o.id AND t.verb = 'fall_through')
  FROM orders_order o LEFT JOIN stations_station s ON s.id = o.station_id
  LEFT JOIN promotions_promotion g ON g.id = o.group_id
 WHERE o.id = ANY(%s::uuid[]) AND NOT EXISTS (SELECT FROM orders_outside x WHERE x.order_id = o.id)
"""

_CLAIMS = """
SELECT c.id, o.id, o.county, o.number, o.buyer_id,
       ARRAY(SELECT a.user_id FROM stations_agent a
              WHERE a.station_id = o.origin_id AND a.until IS NULL ORDER BY a.user_id)
  FROM orders_claim c JOIN orders_order o ON o.id = c.order_id
 WHERE c.id = ANY(%s::uuid[])
"""

_NEARLY_OVER = """
SELECT o.id, o.county, o.number, o.buyer_id, o.state = 'gathering', g.limit_total - g.used, g.closes_at
  FROM promotions_promotion g
  JOIN orders_order o ON o.group_id = g.id
   AND (o.state = 'gathering' AND g.used < g.limit_total
        OR o.state = 'placed' AND o.placed_at <= %(asked)s::timestamptz)
 WHERE g.gathered = 'gathering'
   AND g.closes_at > %(moment)s::timestamptz AND g.closes_at <= %(soon)s::timestamptz
   AND g.closes_at - g.opens_at >= %(worth)s::interval
 ORDER BY o.id
"""

_WORK = f"""
SELECT s.id, s.county, s.name, a.user_id, w.to_pack, w.to_hand_over
  FROM (SELECT o.origin_id AS station, count(*) FILTER (WHERE {WAITS_TO_BE_PACKED}) AS to_pack,
               count(*) FILTER (WHERE o.state = 'packed' AND o.station_id IS DISTINCT FROM o.origin_id)
                 AS to_hand_over
          FROM orders_order o WHERE o.state IN ('paid', 'packed') AND o.origin_id IS NOT NULL
         GROUP BY o.origin_id) w
  JOIN stations_station s ON s.id = w.station AND s.is_open
  JOIN stations_agent a ON a.station_id = s.id AND a.until IS NULL
 WHERE w.to_pack + w.to_hand_over > 0
 ORDER BY s.id, a.id
"""  # noqa: S608  # constants of this room
