"""Proofs that every parcel traces to its lots, and that recalls hold; run by `countyfair check`."""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove

JOINS = ("stock", "orders", "logistics")


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)


#: What a line was frozen to be drawn from, and what left stock for it, by lot. What was ordered by weight and
#: not packed is dispatched and put back at once (`orders.billing.give_rest_back`): it never left.
_FROZEN = """
SELECT s.line_id, s.lot_id, sum(s.lot_amount) AS amount FROM orders_share s
 WHERE s.beneficiary = 'household' AND s.refund_id IS NULL AND s.line_id IS NOT NULL AND s.lot_id IS NOT NULL
 GROUP BY s.line_id, s.lot_id HAVING sum(s.lot_amount) > 0"""
_SENT = """
SELECT r.holder, m.lot_id, -sum(m.on_hand_delta) AS amount
  FROM stock_movement m JOIN stock_reservation r ON r.id = m.reservation_id
 WHERE m.kind = 'dispatch' OR m.kind = 'take_back' AND starts_with(m.source, 'take_back:weight:')
 GROUP BY r.holder, m.lot_id HAVING sum(m.on_hand_delta) < 0"""

#: name → how many rows it speaks of, and the keys for which it fails
_PROOFS: dict[str, tuple[str, str]] = {
    "trace.every_parcel_traces_to_its_lots": (
        "SELECT count(*) FROM logistics_parcel WHERE state NOT IN ('packed', 'returned')",
        f"""
        WITH frozen AS ({_FROZEN}), sent AS ({_SENT}),
             parted AS (SELECT coalesce(f.line_id::text, g.holder) AS line
                          FROM frozen f FULL JOIN sent g ON g.holder = f.line_id::text AND g.lot_id = f.lot_id
                         JOIN orders_line w ON w.id::text = coalesce(f.line_id::text, g.holder)
                         WHERE f.amount IS NULL OR g.amount IS NULL
                            OR w.sold_by <> 'weight' AND f.amount <> g.amount)
        SELECT DISTINCT p.waybill
          FROM logistics_parcel p
          JOIN orders_line n ON n.order_id = p.reference::uuid
          LEFT JOIN (SELECT holder, sum(amount) AS amount FROM sent GROUP BY holder) g
                 ON g.holder = n.id::text
          LEFT JOIN orders_allotment a ON a.line_id = n.id
         WHERE p.state NOT IN ('packed', 'returned')
           AND (n.id::text IN (SELECT line FROM parted)
                OR g.amount IS NULL AND coalesce(a.packs, 1) > 0
                OR n.sold_by <> 'weight'
                   AND coalesce(g.amount, 0) <> coalesce(a.packs, n.quantity) * n.content_amount)
        """,  # noqa: S608  # constants of this file
    ),
    "trace.a_lot_is_blocked_while_it_is_recalled": (
        "SELECT count(*) FROM trace_recall",
        """
        SELECT r.id::text FROM trace_recall r
          JOIN stock_lot l ON l.id = r.lot_id
          LEFT JOIN trace_lift f ON f.recall_id = r.id
         WHERE (f.id IS NULL) IS DISTINCT FROM (l.blocked_by = 'recall:' || r.id)
        """,
    ),
    "trace.every_buyer_of_a_recalled_lot_is_found": (
        "SELECT count(*) FROM trace_telling",
        """
        SELECT DISTINCT r.id::text FROM trace_recall r
          LEFT JOIN trace_lift f ON f.recall_id = r.id
          JOIN stock_movement m ON m.lot_id = r.lot_id AND m.kind = 'dispatch'
               -- In the very moment of a recall that was lifted in it, too, something may have left after it.
           AND (m.at < r.at OR m.at = r.at AND f.at IS DISTINCT FROM r.at)
          JOIN stock_reservation h ON h.id = m.reservation_id AND h.taken_back < h.amount
          JOIN orders_line n ON n.id::text = h.holder
          LEFT JOIN trace_telling t ON t.recall_id = r.id AND t.order_id = n.order_id
         WHERE t.id IS NULL
        """,
    ),
}
