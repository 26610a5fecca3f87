"""A shop's month on its platform: what sold, what the platform took, what stayed here, and who got it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.rows import one, rows

JOINS = ("orders", "people")


@dataclass(frozen=True, slots=True)
class Month:
    """Orders that were paid in a month, in fen, as they stand by now.

    From the orders: `sold_fen` less `back_fen` (refunded, or called off) is what stays of them. From the
    settlements: of that, `bank_fen` came, `kept_fen` the platform kept, and `open_fen` it still owes.
    From the shares: it is `household_fen`, `station_fen`, `centre_fen`, `courier_fen`, `own_fen` (the
    programme's platform), and `fees_fen` that are borne for what the platform kept of orders that went
    through. `strange_fen` of the settlement moved for what was not taken in, or was called off again.
    """

    orders: int
    sold_fen: int
    back_fen: int
    bank_fen: int
    kept_fen: int
    strange_fen: int
    household_fen: int
    station_fen: int
    centre_fen: int
    courier_fen: int
    own_fen: int
    fees_fen: int
    settled: int

    @property
    def stays_fen(self) -> int:
        """What stays of the month's sales."""
        return self.sold_fen - self.back_fen

    @property
    def open_fen(self) -> int:
        """What the platform still owes, before its fees."""
        return self.stays_fen - self.bank_fen - self.kept_fen + self.strange_fen

    @property
    def shared_fen(self) -> int:
        """All shares."""
        earned = self.household_fen + self.station_fen + self.centre_fen + self.courier_fen + self.own_fen
        return earned + self.fees_fen

    @property
    def readds(self) -> bool:
        """Whether the shares come to what stays of the sales."""
        return self.shared_fen == self.stays_fen


@dataclass(frozen=True, slots=True)
class HouseholdPart:
    """What a household gets of `orders` orders of the month: before fees, less those it bears."""

    household: UUID
    number: str
    place: str
    orders: int
    before_fen: int
    fees_fen: int
    amount_fen: int


def month(actor: Actor, *, county: str, connection: UUID, first: date) -> Month:
    """The month that begins on `first`, of a shop there; needs `channel.read` in its county.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    return one(f"{_OF_MONTH}, {_MONTH}", _named(county, connection, first), into=Month, missing="")


def month_by_household(
    actor: Actor, *, county: str, connection: UUID, first: date, limit: int = 500
) -> list[HouseholdPart]:
    """The same by household, those first that get most; needs `channel.read` in its county.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    named = {**_named(county, connection, first), "limit": limit}
    return rows(f"{_OF_MONTH} {_HOUSEHOLDS}", named, into=HouseholdPart)


def _named(county: str, connection: UUID, first: date) -> dict[str, object]:
    begins = first.replace(day=1)
    after = date(begins.year + begins.month // 12, begins.month % 12 + 1, 1)
    return {
        "county": county,
        "connection": connection,
        "since": datetime.combine(begins, time(), COUNTY_ZONE),
        "until": datetime.combine(after, time(), COUNTY_ZONE),
    }


_OF_MONTH = """
WITH told AS (
    SELECT id, number FROM channels_arrival
     WHERE connection_id = %(connection)s::uuid AND county = %(county)s
       AND coalesce(paid_at, ordered_at) >= %(since)s::timestamptz
       AND coalesce(paid_at, ordered_at) < %(until)s::timestamptz)
"""
_MONTH = """
here AS (
    SELECT o.id, o.state, o.total_fen,
           CASE WHEN o.state = 'cancelled' THEN o.total_fen ELSE coalesce(r.fen, 0) END AS back_fen
      FROM told t JOIN orders_order o ON o.id = t.id
      LEFT JOIN LATERAL (SELECT sum(amount_fen) AS fen FROM orders_refund WHERE order_id = o.id) r ON true),
booked AS (
    SELECT coalesce(sum(b.net_fen), 0) AS net, coalesce(sum(b.fees_fen), 0) AS fees,
           count(DISTINCT b.arrival_id) AS settled,
           coalesce(sum(b.gross_fen) FILTER (WHERE h.id IS NULL OR h.state = 'cancelled'), 0) AS strange
      FROM told t JOIN channels_booking b ON b.arrival_id = t.id LEFT JOIN here h ON h.id = t.id),
shared AS (
    SELECT coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'household'), 0) AS household,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'station'), 0) AS station,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'centre'), 0) AS centre,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'courier'), 0) AS courier,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'platform'), 0) AS own,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.beneficiary = 'channel'), 0) AS fees
      FROM here h JOIN orders_share s ON s.order_id = h.id WHERE h.state <> 'cancelled')
SELECT count(h.id)::int, coalesce(sum(h.total_fen), 0)::bigint, coalesce(sum(h.back_fen), 0)::bigint,
       b.net::bigint, b.fees::bigint, b.strange::bigint, s.household::bigint, s.station::bigint,
       s.centre::bigint, s.courier::bigint, s.own::bigint, s.fees::bigint, b.settled::int
  FROM booked b CROSS JOIN shared s LEFT JOIN here h ON true
 GROUP BY b.net, b.fees, b.strange, b.settled, s.household, s.station, s.centre, s.courier, s.own, s.fees
"""

_HOUSEHOLDS = """
SELECT w.id, w.number, w.place, count(DISTINCT o.id)::int,
       coalesce(sum(s.amount_fen) FILTER (WHERE s.fee_id IS NULL), 0)::bigint,
       -coalesce(sum(s.amount_fen) FILTER (WHERE s.fee_id IS NOT NULL), 0)::bigint,
       sum(s.amount_fen)::bigint
  FROM told t JOIN orders_order o ON o.id = t.id AND o.state <> 'cancelled'
  JOIN orders_share s ON s.order_id = o.id AND s.beneficiary = 'household'
  JOIN people_household w ON w.id = s.owner::uuid
 GROUP BY w.id, w.number, w.place ORDER BY sum(s.amount_fen) DESC, w.id LIMIT %(limit)s::int
"""
