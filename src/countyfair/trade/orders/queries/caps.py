"""What one buyer may have of an offer, beside what the buyer has of it already."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.rows import scalar

JOINS = ("catalog",)


def beyond_cap(order: UUID) -> bool:
    """Whether an order that was called off would, taken up again, be more than its buyer may have by now.

    For verbs of this room, which hold the locks of `orders_lock_caps`.
    """
    return bool(scalar(_BEYOND, [order]))


_BEYOND = """
SELECT EXISTS (
    SELECT FROM orders_order o
      JOIN orders_line l ON l.order_id = o.id
      JOIN catalog_offer f ON f.id = l.offer_id AND f.most_per_buyer IS NOT NULL
      LEFT JOIN orders_contact c ON c.order_id = o.id,
           LATERAL (SELECT greatest(f.put_up_at, f.opens_at) AS since) w
     WHERE o.id = %s AND o.placed_at >= w.since
       AND orders_had(f.id, o.buyer_id, c.phone_blind, w.since) + l.quantity > f.most_per_buyer)"""
