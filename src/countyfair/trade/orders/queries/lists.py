"""Lists of orders, one statement each: a buyer's own, a county's by filter, those that promises stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.rows import rows
from countyfair.trade.orders.rules.reasons import SHORT

JOINS = ("stations",)

#: Where a list goes on: the moment and the key of its last row.
After = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list, nothing personal. Named by its first line; `lines`, `packs` count all.

    `discount_fen` is what promotions took off; `total_fen` is without it, and as billed once it was weighed.
    `station_name` is where it is picked up, `origin_name` where it is packed; "" where none is.
    """

    id: UUID
    number: str
    state: str
    fulfilment: str
    destination: str
    station_name: str
    station_name_en: str
    origin_place: str
    origin_name: str
    origin_name_en: str
    total_fen: int
    currency: str
    placed_at: datetime
    name_zh: str
    name_en: str
    lines: int
    packs: int
    discount_fen: int


@dataclass(frozen=True, slots=True)
class HeldFor:
    """Which order a promise of stock stands for."""

    holder: str
    order: UUID
    number: str


def my_orders(actor: Actor, *, after: After | None = None, limit: int = 20) -> list[OrderRow]:
    """A member's own orders, the newest first; none for a guest."""
    if actor.user_id is None:
        return []
    return _listed("buyer_id = %(user)s", {"user": actor.user_id}, after, limit)


def orders_of(
    actor: Actor,
    *,
    county: str,
    state: str = "",
    number: str = "",
    place: str = "",
    short: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    after: After | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """The orders of a county that the actor may read, the newest first.

    An agent sees what is packed or picked up where they hold `orders.read`, the centre all.

    Args:
        number: how the number begins.
        place: packed in, or sent to, this subtree.
        short: only those cancelled because their goods were not there.
        since, until: placed from the one until before the other.
        after: (placed_at, id) of the last row of the page before.

    Raises:
        Forbidden: the actor reads no orders in this county.
    """
    asked: dict[str, object] = {
        "prefixes": _readable(actor, county), "state": state, "number": number.strip(), "place": place,
        "lost": SHORT if short else "", "since": since, "until": until,
    }  # fmt: skip
    wanted = ["county = %(county)s", *(condition for name, condition in _ASKED.items() if asked[name])]
    return _listed(" AND ".join(wanted), {"county": county, **asked}, after, limit)


def held_for(actor: Actor, *, county: str, holders: Collection[str]) -> dict[str, HeldFor]:
    """Which orders of a county these holders of stock are lines of; needs `orders.read` in the county.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    found = rows(
        "SELECT l.id::text, o.id, o.number FROM orders_line l JOIN orders_order o ON o.id = l.order_id"
        " WHERE l.id = ANY (%s::uuid[]) AND o.county = %s",
        [[key for holder in holders if (key := parse_uuid(holder)) is not None], county],
        into=HeldFor,
    )
    return {row.holder: row for row in found}


def _listed(condition: str, params: dict[str, object], after: After | None, limit: int) -> list[OrderRow]:
    """`condition` is made of constants of this file; the list is cut to its limit before it is joined."""
    moment, key = after or (None, None)
    statement = _LIST.format(where=f"{condition} AND {_GOES_ON}" if after else condition)
    return rows(statement, {**params, "moment": moment, "key": key, "limit": limit}, into=OrderRow)


def _readable(actor: Actor, county: str) -> list[str]:
    """Prefixes within the county where the actor reads orders; none for whoever reads them all."""
    if actor.may("orders.read", place=county):
        return []
    held = [place for place in actor.places("orders.read") if place.startswith(county)]
    if not held:
        actor.require("orders.read", place=county)
    return held


#: What a county's list can be narrowed by.
_ASKED = {
    "prefixes": """EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) AS p (prefix)
                            WHERE starts_with(origin_place, p.prefix)
                               OR fulfilment = 'pickup' AND starts_with(destination, p.prefix))""",
    "state": "state = %(state)s",
    "number": "starts_with(number, %(number)s)",
    "place": "(starts_with(origin_place, %(place)s) OR starts_with(destination, %(place)s))",
    "lost": "EXISTS (SELECT FROM orders_step s WHERE s.order_id = n.id AND s.reason = %(lost)s)",
    "since": "placed_at >= %(since)s",
    "until": "placed_at < %(until)s",
}
_GOES_ON = "(placed_at, id) < (%(moment)s::timestamptz, %(key)s::uuid)"

_LIST = """
SELECT o.id, o.number, o.state, o.fulfilment, o.destination, coalesce(t.name, ''), coalesce(t.name_en, ''),
       o.origin_place, coalesce(g.name, ''), coalesce(g.name_en, ''), o.total_fen - coalesce(b.refund_fen, 0)
       + CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END, o.currency, o.placed_at,
       coalesce(l.name_zh, ''), coalesce(l.name_en, ''), l.lines, l.packs, o.discount_fen
  FROM (SELECT * FROM orders_order n WHERE {where}
         ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::int) o
  LEFT JOIN stations_station t ON t.id = o.station_id
  LEFT JOIN stations_station g ON g.id = o.origin_id
  LEFT JOIN orders_bill b ON b.order_id = o.id
  CROSS JOIN LATERAL (SELECT min(name_zh) FILTER (WHERE position = 1) AS name_zh,
                             min(name_en) FILTER (WHERE position = 1) AS name_en,
                             count(*) AS lines, coalesce(sum(quantity), 0)::bigint AS packs
                        FROM orders_line WHERE order_id = o.id) l
 ORDER BY o.placed_at DESC, o.id DESC
"""
