"""The end of orders and what is forgotten after it: by jobs, in batches."""

from __future__ import annotations

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import advance, locked_all
from countyfair.trade.orders.events import Completed
from countyfair.trade.orders.rules.timing import KEEP_BASKET, KEEP_CONTACT


@verb
def complete_due(actor: Actor, *, batch: int = 500) -> int:
    """Complete delivered orders whose return window is over: their shares are earned. Answers how many.

    What came from an outside platform waits for its statement, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id FROM orders_order o WHERE o.state = 'delivered'"
            " AND o.delivered_at + make_interval(days => o.return_window_days) <= %s::timestamptz"
            " AND NOT EXISTS (SELECT FROM orders_outside x WHERE x.order_id = o.id AND x.settled_at IS NULL)"
            " ORDER BY o.delivered_at LIMIT %s::int",
            [now(), batch],
        )
        due = [row[0] for row in cursor.fetchall()]
    completed = [order for order in locked_all(due) if order.state == "delivered"]
    for order in completed:
        advance(actor, order, "complete")
        announce(Completed(order.id), county=order.county)
    return len(completed)


@verb
def erase_contacts(actor: Actor, *, batch: int = 1000) -> int:
    """Erase who received orders that ended long enough ago; answers how many.

    Of an order from an outside platform it is erased once the parcel is there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, {"moment": now(), "before": now() - KEEP_CONTACT, "batch": batch})
        return int(cursor.rowcount)


@verb
def forget_baskets(actor: Actor, *, batch: int = 1000) -> int:
    """Throw away baskets that nobody has touched for long; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": now() - KEEP_BASKET, "batch": batch})
        return int(cursor.rowcount)


_ERASE = """
UPDATE orders_contact SET sealed = '', phone_blind = '', erased_at = %(moment)s
 WHERE order_id IN (
    SELECT c.order_id FROM orders_contact c JOIN orders_order o ON o.id = c.order_id
      LEFT JOIN orders_outside x ON x.order_id = o.id
     WHERE c.erased_at IS NULL
       AND CASE WHEN x.order_id IS NOT NULL
                THEN o.state IN ('delivered', 'completed', 'cancelled', 'refunded')
                ELSE o.state IN ('completed', 'cancelled', 'refunded')
                     AND coalesce(o.completed_at, o.cancelled_at, o.delivered_at) < %(before)s END
     ORDER BY c.order_id LIMIT %(batch)s::int)
"""

_FORGET = """
WITH old AS (
    SELECT id FROM orders_basket WHERE touched_at < %(before)s
     ORDER BY touched_at LIMIT %(batch)s::int FOR UPDATE SKIP LOCKED
), emptied AS (
    DELETE FROM orders_basketline WHERE basket_id IN (SELECT id FROM old)
)
DELETE FROM orders_basket WHERE id IN (SELECT id FROM old)
"""
