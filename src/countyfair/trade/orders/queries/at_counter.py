"""What waits at a station's counter: the day's work in numbers, orders to pay in cash, cash to hand back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import one, rows
from countyfair.registers.stations.queries import StationRow
from countyfair.trade.orders.queries.at_station import WAITS_TO_BE_PACKED, StationOrder, found_at, params_at
from countyfair.trade.payments.gateways import GATEWAYS

JOINS = ("ledger", "stock", "payments", "logistics")


@dataclass(frozen=True, slots=True)
class Work:
    """What waits at a station now. `lots` were weighed here since the day began; `till_fen` is the books';
    `announced` harvests are coming from the station's place."""

    to_pack: int
    to_hand_over: int
    to_hand_out: int
    coming: int
    to_the_door: int
    to_be_paid: int
    refunds: int
    refunds_fen: int
    lots: int
    till_fen: int
    announced: int


@dataclass(frozen=True, slots=True)
class CashBack:
    """Cash owed to a buyer. `station` took it, `handed_back_at` is the station that gave it back."""

    id: UUID
    order: UUID
    number: str
    amount_fen: int
    currency: str
    state: str
    asked_at: datetime
    done_at: datetime | None
    station: UUID | None
    handed_back_at: UUID | None


def work(actor: Actor, at: StationRow, *, since: datetime, moment: datetime) -> Work:
    """What waits at a station, in one statement; needs `orders.deliver` there.

    Args:
        since: when the day began; moment: now, for what may still be paid.
    """
    actor.require("orders.deliver", place=at.place)
    params = params_at(actor, at, since=since, moment=moment, gateways=_by_hand(), place=at.place)
    return one(_WORK, params, into=Work, missing=_("There is no such station."))


def to_be_paid(actor: Actor, at: StationRow, *, moment: datetime, limit: int = 60) -> list[StationOrder]:
    """Orders to be picked up here whose cash is awaited, the latest first; needs `counter.take` there."""
    actor.require("counter.take", place=at.place)
    more = {"moment": moment, "gateways": _by_hand(), "limit": limit}
    return found_at(actor, at, _TO_BE_PAID, **more)


def payable(actor: Actor, at: StationRow, *, order_id: UUID) -> StationOrder:
    """One order of the county as the counter sees it; needs `counter.take` there.

    Raises:
        Forbidden: no such power there.
        Missing: none in this county that is paid in cash.
    """
    actor.require("counter.take", place=at.place)
    found = found_at(actor, at, _PAYABLE, order=order_id, number="", gateways=_by_hand())
    return _first(found)


def payable_by_number(actor: Actor, at: StationRow, *, number: str) -> StationOrder:
    """The same, by the number that the buyer shows.

    Raises:
        Forbidden, Missing: as `payable`.
    """
    actor.require("counter.take", place=at.place)
    found = found_at(actor, at, _PAYABLE, order=None, number=written(number), gateways=_by_hand())
    return _first(found)


def cash_back(
    actor: Actor, at: StationRow, *, number: str = "", refund: UUID | None = None, limit: int = 60
) -> list[CashBack]:
    """Cash to be handed back, the longest waiting first; needs `counter.refund` there.

    Without number or refund: what this station took. With one of them: whatever station of the
    county took it, handed back or not.
    """
    actor.require("counter.refund", place=at.place)
    params = {
        "county": at.county, "station": at.id, "number": written(number), "refund": refund,
        "gateways": _by_hand(), "limit": limit,
    }  # fmt: skip
    return rows(_CASH_BACK, params, into=CashBack)


def written(number: str) -> str:
    """An order's number as it is kept, from what was typed: full-width digits, spaces, without dashes."""
    plain = "".join(unicodedata.normalize("NFKC", number).split())
    bare = plain.replace("-", "")
    whole = len(bare) == 15 and bare.isascii() and bare.isdigit()
    return f"{bare[:6]}-{bare[6:14]}-{bare[14]}" if whole else plain


def _first(found: list[StationOrder]) -> StationOrder:
    if not found:
        raise Missing(_("No order with this number is to be paid in cash in this county. Look at it again."))
    return found[0]


def _by_hand() -> list[str]:
    return [name for name, gateway in GATEWAYS.items() if gateway.by_hand]


_WORK = f"""
SELECT count(*) FILTER (WHERE {WAITS_TO_BE_PACKED} AND o.packed_here),
       count(*) FILTER (WHERE o.state = 'packed' AND o.packed_here AND NOT o.for_here),
       count(*) FILTER (WHERE o.for_here AND (o.state = 'packed' AND o.packed_here
                               OR o.state = 'handed_over' AND p.state IN ('arrived', 'failed'))),
       count(*) FILTER (WHERE o.for_here AND o.state = 'handed_over' AND p.state = 'handed_over'),
       count(*) FILTER (WHERE o.fulfilment = 'delivery' AND o.state = 'handed_over' AND o.packed_here),
       count(*) FILTER (WHERE o.state = 'placed' AND o.for_here AND o.gateway = ANY (%(gateways)s::text[])
                          AND o.pay_before > %(moment)s::timestamptz AND i.state = 'awaiting'),
       min(back.many), min(back.fen)::bigint, min(lots.many), min(till.fen)::bigint,
       min(announced.many)
  FROM (SELECT count(*) AS many, coalesce(sum(r.amount_fen), 0) AS fen
          FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id
         WHERE r.county = %(county)s AND c.station_id = %(station)s::uuid AND r.state = 'asked') back
  CROSS JOIN (SELECT count(*) AS many FROM stock_lot l
               WHERE l.station_id = %(station)s::uuid AND l.weighed_at >= %(since)s::timestamptz) lots
  CROSS JOIN (SELECT count(*) AS many FROM stock_harvest v
               WHERE v.county = %(county)s AND v.state = 'announced' AND v.place ^@ %(place)s::text) announced
  CROSS JOIN (SELECT coalesce(sum(b.amount_fen), 0) AS fen
                FROM ledger_account a JOIN ledger_posting b ON b.account_id = a.id
               WHERE a.county = %(county)s AND a.code = 'till' AND a.owner = %(station)s::text) till
  LEFT JOIN (SELECT w.*, w.fulfilment = 'pickup' AND w.station_id = %(station)s::uuid AS for_here,
                    w.origin_id IS NOT DISTINCT FROM %(station)s::uuid
                      OR %(centre)s::boolean AND w.origin_id IS NULL AS packed_here
               FROM orders_order w
              WHERE w.county = %(county)s AND w.state IN ('placed', 'paid', 'packed', 'handed_over')) o
    ON o.for_here OR o.packed_here
  LEFT JOIN payments_intent i ON i.id = o.intent
  LEFT JOIN logistics_parcel p ON p.reference = o.id::text
"""  # noqa: S608  # constants of this room

_TO_BE_PAID = """
 WHERE o.county = %(county)s AND o.state = 'placed' AND o.station_id = %(station)s::uuid
   AND o.gateway = ANY (%(gateways)s::text[]) AND o.pay_before > %(moment)s::timestamptz
   AND i.state = 'awaiting'
 ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s::int
"""

_PAYABLE = """
 WHERE o.county = %(county)s AND o.gateway = ANY (%(gateways)s::text[])
   AND (o.id = %(order)s::uuid OR %(order)s::uuid IS NULL AND o.number = %(number)s)
"""

_CASH_BACK = """
SELECT r.id, o.id, o.number, r.amount_fen, r.currency, r.state, r.asked_at, r.done_at, c.station_id,
       r.station_id
  FROM payments_refund r
  JOIN payments_capture c ON c.id = r.capture_id
  JOIN payments_intent i ON i.id = c.intent_id
  JOIN orders_order o ON o.id::text = i.reference
 WHERE r.county = %(county)s AND c.gateway = ANY (%(gateways)s::text[])
   AND CASE WHEN %(refund)s::uuid IS NOT NULL THEN r.id = %(refund)s::uuid
            WHEN %(number)s <> '' THEN o.number = %(number)s
            ELSE c.station_id = %(station)s::uuid AND r.state = 'asked' END
 ORDER BY r.asked_at, r.id LIMIT %(limit)s::int
"""
