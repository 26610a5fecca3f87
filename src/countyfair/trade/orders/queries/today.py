"""A county's day in numbers: what waits at its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one
from countyfair.trade.orders.queries.at_station import WAITS_TO_BE_PACKED
from countyfair.trade.orders.rules.reasons import SHORT

JOINS = ("stock", "payments")


@dataclass(frozen=True, slots=True)
class Today:
    """What waits in a county: orders by state, promises lost to a shortfall, lots of the day, refunds."""

    to_pack: int
    to_hand_over: int
    unpaid: int
    shortfalls: int
    lots: int
    refunds_failed: int


def today(actor: Actor, *, county: str, since: datetime) -> Today:
    """What waits in a county, and what was weighed from `since` on, in one statement; needs `orders.read`.

    Promises lost to a shortfall count for the seven days before `since` too.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    params = {"county": county, "since": since, "lost": SHORT}
    return one(_TODAY, params, into=Today, missing=_("There is no such county."))


_TODAY = f"""
SELECT count(*) FILTER (WHERE {WAITS_TO_BE_PACKED}),
       count(*) FILTER (WHERE o.state = 'packed'), count(*) FILTER (WHERE o.state = 'placed'),
       (SELECT count(*) FROM orders_order c
         WHERE c.county = %(county)s AND c.state IN ('cancelled', 'refunded')
           AND c.cancelled_at >= %(since)s::timestamptz - interval '7 days'
           AND EXISTS (SELECT 1 FROM orders_step s WHERE s.order_id = c.id AND s.reason = %(lost)s)),
       (SELECT count(*) FROM stock_lot l
         WHERE l.county = %(county)s AND NOT l.expected AND l.weighed_at >= %(since)s::timestamptz),
       (SELECT count(*) FROM payments_refund r WHERE r.county = %(county)s AND r.state = 'failed')
  FROM orders_order o WHERE o.county = %(county)s AND o.state IN ('placed', 'paid', 'packed')
"""  # noqa: S608  # constants of this room
