"""Proofs that orders, their lines, shares and steps, and all that refers to them, agree.

What news will change is left out until the orders have heard it.
"""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove
from countyfair.trade.orders.queries.claim_proofs import CLAIM_PROOFS

JOINS = ("catalog", "stock", "payments", "logistics", "promotions")


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(
        {name: (rows, _with_bills(found)) for name, (rows, found) in (_PROOFS | CLAIM_PROOFS).items()}
    )


def _with_bills(statement: str) -> str:
    """`{billed}`: what weighing changed of the total of `o` with its bill `b`; `{weighed}`: last weights."""
    billed = """(CASE WHEN b.id IS NULL THEN 0 ELSE
                      CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen END)"""
    weighed = """(SELECT DISTINCT ON (line_id) line_id, amount FROM orders_packedweight
                   WHERE line_id IN (SELECT line_id FROM orders_billline)
                   ORDER BY line_id, at DESC, id DESC)"""
    return statement.replace("{billed}", billed).replace("{weighed}", weighed)


#: name → how many rows it speaks of, and the keys for which it fails
_PROOFS: dict[str, tuple[str, str]] = {
    "orders.goods_are_the_sum_of_lines": (
        "SELECT count(*) FROM orders_line",
        """
        SELECT o.id::text FROM orders_order o
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_line GROUP BY order_id) l
                 ON l.order_id = o.id
         WHERE o.goods_fen IS DISTINCT FROM l.fen
        """,
    ),
    "orders.marks_were_licensed_when_they_were_frozen": (
        "SELECT count(*) FROM orders_line WHERE brand_id IS NOT NULL",
        """
        SELECT l.id::text FROM orders_line l
          JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN catalog_brandversion v ON v.brand_id = l.brand_id AND v.version = l.brand_version
         WHERE l.brand_id IS NOT NULL
           AND (v.id IS NULL OR NOT EXISTS (
                SELECT 1 FROM catalog_brandlicence c JOIN catalog_brand b ON b.id = c.brand_id
                 WHERE c.brand_id = l.brand_id AND c.shop_id = l.shop_id
                   AND catalog_day(o.placed_at) BETWEEN c.since AND c.until
                   AND (c.withdrawn_at IS NULL OR c.withdrawn_at > o.placed_at)
                   AND (b.ended_at IS NULL OR b.ended_at > o.placed_at)))
        """,
    ),
    "orders.lines_with_a_mark_draw_on_grades_of_their_brand": (
        "SELECT count(*) FROM orders_line WHERE brand_id IS NOT NULL",
        """
        SELECT DISTINCT l.id::text FROM orders_line l
          JOIN orders_share s ON s.line_id = l.id AND s.beneficiary = 'household' AND s.refund_id IS NULL
          LEFT JOIN catalog_brand b ON b.id = l.brand_id
         WHERE l.brand_id IS NOT NULL AND s.bill_id IS NULL
           AND NOT coalesce(s.standard_version > 0
                            AND array_position('{special,first,second,third}', s.grade)
                                <= array_position('{special,first,second,third}', b.least), false)
        """,
    ),
    "orders.shares_sum_to_the_total_less_refunds": (
        "SELECT count(*) FROM orders_share",
        """
        SELECT o.id::text FROM orders_order o
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_share GROUP BY order_id) s
                 ON s.order_id = o.id
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_refund GROUP BY order_id) r
                 ON r.order_id = o.id
          LEFT JOIN orders_bill b ON b.order_id = o.id
         WHERE coalesce(s.fen, 0) <> o.total_fen + {billed} - coalesce(r.fen, 0)
        """,
    ),
    "orders.shares_of_a_line_sum_to_its_amount": (
        "SELECT count(*) FROM orders_line",
        """
        SELECT l.id::text FROM orders_line l
          LEFT JOIN (SELECT line_id, sum(amount_fen) AS fen FROM orders_share
                      WHERE refund_id IS NULL AND line_id IS NOT NULL GROUP BY line_id) s ON s.line_id = l.id
          LEFT JOIN orders_billline b ON b.line_id = l.id
         WHERE coalesce(b.billed_fen, l.amount_fen) IS DISTINCT FROM s.fen
        """,
    ),
    "orders.discounts_are_the_sum_of_their_parts": (
        "SELECT count(*) FROM orders_linediscount",
        """
        SELECT o.id::text FROM orders_order o
          LEFT JOIN (SELECT order_id, sum(discount_fen) AS fen FROM orders_line GROUP BY order_id) l
                 ON l.order_id = o.id
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_linediscount GROUP BY order_id) d
                 ON d.order_id = o.id
         WHERE o.discount_fen IS DISTINCT FROM l.fen OR o.discount_fen <> coalesce(d.fen, 0)
        """,
    ),
    "orders.who_bears_a_discount_bears_all_of_it": (
        "SELECT count(*) FROM orders_linediscount",
        """
        SELECT d.id::text FROM orders_linediscount d
          LEFT JOIN (SELECT discount_id, sum(amount_fen) AS fen FROM orders_share
                      WHERE discount_id IS NOT NULL AND refund_id IS NULL AND bill_id IS NULL
                      GROUP BY discount_id) s ON s.discount_id = d.id
         WHERE d.amount_fen IS DISTINCT FROM -s.fen
        """,
    ),
    "orders.promotions_are_used_by_what_stands": (
        "SELECT count(*) FROM promotions_redemption",
        """
        SELECT coalesce(r.holder, d.order_id) FROM (
            SELECT holder, promotion_id, sum(uses) AS uses, sum(amount_fen) AS fen
              FROM promotions_redemption GROUP BY holder, promotion_id) r
          FULL JOIN (
            SELECT d.order_id::text AS order_id, d.promotion_id, sum(d.amount_fen) AS fen,
                   bool_or(o.state <> 'cancelled') AS stands
              FROM orders_linediscount d JOIN orders_order o ON o.id = d.order_id
             GROUP BY d.order_id, d.promotion_id) d
            ON d.order_id = r.holder AND d.promotion_id = r.promotion_id
         WHERE (r.uses = 1) IS DISTINCT FROM d.stands OR r.fen <> CASE WHEN d.stands THEN d.fen ELSE 0 END
        """,
    ),
    "orders.no_member_waits_for_a_group_that_is_closed": (
        "SELECT count(*) FROM orders_order WHERE group_id IS NOT NULL",
        """
        SELECT o.id::text FROM orders_order o JOIN promotions_promotion g ON g.id = o.group_id
         WHERE (o.state = 'gathering' AND g.gathered <> 'gathering' OR g.kind <> 'group')
           AND g.id::text NOT IN (
               SELECT said ->> 'group' FROM kernel_unheard(
                   'orders.on_group_closed', '{promotions.group_closed}') said)
        """,
    ),
    "orders.refunds_are_the_sum_of_their_lines": (
        "SELECT count(*) FROM orders_refund",
        """
        SELECT r.id::text FROM orders_refund r
          LEFT JOIN (SELECT refund_id, sum(amount_fen) AS fen FROM orders_refundline GROUP BY refund_id) l
                 ON l.refund_id = r.id
          LEFT JOIN (SELECT refund_id, sum(amount_fen) AS fen FROM orders_share
                      WHERE refund_id IS NOT NULL GROUP BY refund_id) s ON s.refund_id = r.id
         WHERE r.amount_fen IS DISTINCT FROM l.fen OR r.amount_fen IS DISTINCT FROM -s.fen
        """,
    ),
    "orders.refunds_are_asked_of_payments": (
        "SELECT count(*) FROM orders_refund",
        """
        SELECT r.id::text FROM orders_refund r
          LEFT JOIN payments_refund p ON p.source = 'order-refund:' || r.id
          LEFT JOIN payments_refund q ON q.source = 'order-refund:' || r.id || '/2'
         WHERE coalesce(p.amount_fen, 0) + coalesce(q.amount_fen, 0) <> r.amount_fen
        """,
    ),
    "orders.state_is_what_the_last_step_says": (
        "SELECT count(*) FROM orders_order",
        """
        SELECT o.id::text FROM orders_order o
          LEFT JOIN LATERAL (SELECT s.after FROM orders_step s WHERE s.order_id = o.id
                              ORDER BY s.position DESC LIMIT 1) last ON true
         WHERE o.state IS DISTINCT FROM last.after
        """,
    ),
    "orders.each_step_begins_where_the_last_ended": (
        "SELECT count(*) FROM orders_step",
        """
        SELECT s.order_id::text FROM (
            SELECT order_id, before, position, lag(after, 1, '') OVER chain AS ended,
                   row_number() OVER chain AS nth
              FROM orders_step WINDOW chain AS (PARTITION BY order_id ORDER BY position)) s
         WHERE s.before <> s.ended OR s.position <> s.nth
        """,
    ),
    "orders.what_is_served_was_paid": (
        "SELECT count(*) FROM orders_order WHERE state NOT IN ('placed', 'cancelled')",
        """
        SELECT o.id::text FROM orders_order o LEFT JOIN payments_intent i ON i.id = o.intent
         WHERE o.state NOT IN ('placed', 'cancelled') AND o.gateway <> 'replacement'
           AND (i.state IS DISTINCT FROM 'paid' OR i.amount_fen <> o.total_fen)
        """,
    ),
    "orders.money_that_came_is_kept_once_or_goes_back": (
        "SELECT count(*) FROM payments_capture",
        """
        SELECT o.id::text FROM orders_order o
          JOIN (SELECT i.reference, sum(c.amount_fen) AS fen
                  FROM payments_capture c JOIN payments_intent i ON i.id = c.intent_id
                 GROUP BY i.reference) came ON came.reference = o.id::text
          LEFT JOIN (SELECT i.reference, sum(r.amount_fen) AS fen
                       FROM payments_refund r JOIN payments_capture c ON c.id = r.capture_id
                       JOIN payments_intent i ON i.id = c.intent_id
                      GROUP BY i.reference) went ON went.reference = o.id::text
          LEFT JOIN orders_bill b ON b.order_id = o.id
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_refund GROUP BY order_id) back
                 ON back.order_id = o.id
         WHERE came.fen - coalesce(went.fen, 0) IS DISTINCT FROM
               CASE o.state WHEN 'placed' THEN NULL WHEN 'cancelled' THEN 0
                            ELSE o.total_fen + {billed} - coalesce(back.fen, 0) END
           AND o.id::text NOT IN (
               SELECT said ->> 'reference' FROM kernel_unheard(
                   'orders.on_captured', '{payments.captured,payments.captured_late}') said)
        """,
    ),
    "orders.every_order_asks_for_its_money": (
        "SELECT count(*) FROM orders_order",
        """
        SELECT o.id::text FROM orders_order o
          LEFT JOIN payments_intent i ON i.id = o.intent AND i.reference = o.id::text
         WHERE i.id IS NULL AND o.gateway <> 'replacement'
        """,
    ),
    "orders.what_waits_holds_its_stock": (
        """
        SELECT count(*) FROM orders_line l JOIN orders_order o ON o.id = l.order_id
         WHERE o.state IN ('gathering', 'paid', 'packed')
        """,
        """
        SELECT l.id::text FROM orders_line l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN (SELECT holder, sum(amount) AS amount FROM stock_reservation WHERE state = 'held'
                      GROUP BY holder) r ON r.holder = l.id::text
          LEFT JOIN {weighed} w ON w.line_id = l.id
          LEFT JOIN orders_allotment a ON a.line_id = l.id
         WHERE o.state IN ('gathering', 'paid', 'packed')
           AND coalesce(r.amount, 0) <> greatest(coalesce(a.packs, l.quantity) * l.content_amount, w.amount)
           AND l.order_id NOT IN (
               SELECT lost.order_id FROM kernel_unheard(
                   'orders.on_shortfall', '{stock.shortfall,stock.blocked}') said
                CROSS JOIN jsonb_array_elements_text(said -> 'holders') short (line)
                 JOIN orders_line lost ON lost.id::text = short.line)
        """,
    ),
    "orders.what_was_sent_left_stock": (
        """
        SELECT count(*) FROM orders_line l JOIN orders_order o ON o.id = l.order_id
         WHERE o.state IN ('handed_over', 'delivered', 'completed', 'refunded')
        """,
        """
        SELECT l.id::text FROM orders_line l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN (SELECT holder, sum(amount) AS amount FROM stock_reservation WHERE state = 'dispatched'
                      GROUP BY holder) r ON r.holder = l.id::text
          LEFT JOIN {weighed} w ON w.line_id = l.id
          LEFT JOIN orders_allotment a ON a.line_id = l.id
         WHERE o.state IN ('handed_over', 'delivered', 'completed', 'refunded')
           AND coalesce(r.amount, 0) <> greatest(coalesce(a.packs, l.quantity) * l.content_amount, w.amount)
        """,
    ),
    "orders.what_was_not_packed_went_back": (
        "SELECT count(*) FROM orders_billline",
        """
        SELECT l.id::text FROM orders_billline b JOIN orders_line l ON l.id = b.line_id
          JOIN orders_order o ON o.id = l.order_id
          JOIN {weighed} w ON w.line_id = l.id
          LEFT JOIN (SELECT r.holder, sum(m.on_hand_delta) AS amount
                       FROM stock_movement m JOIN stock_reservation r ON r.id = m.reservation_id
                      WHERE starts_with(m.source, 'take_back:weight:') GROUP BY r.holder) m
            ON m.holder = l.id::text
         WHERE o.state IN ('handed_over', 'delivered', 'completed', 'refunded')
           AND coalesce(m.amount, 0) <> greatest(0, l.quantity * l.content_amount - w.amount)
        """,
    ),
    "orders.what_was_not_allotted_was_given_back": (
        "SELECT count(*) FROM orders_allotment",
        """
        SELECT l.id::text FROM orders_allotment a JOIN orders_line l ON l.id = a.line_id
          LEFT JOIN (SELECT r.line_id, sum(r.amount_fen) AS fen FROM orders_refundline r GROUP BY r.line_id) b
                 ON b.line_id = l.id
         WHERE a.packs > l.quantity OR l.expected_on IS NULL
            OR coalesce(b.fen, 0) < (l.quantity - a.packs) * l.amount_fen / l.quantity
        """,
    ),
    "orders.bills_are_asked_of_payments": (
        "SELECT count(*) FROM orders_bill",
        """
        SELECT b.id::text FROM orders_bill b
          LEFT JOIN payments_refund r ON r.source = 'order-bill:' || b.id
          LEFT JOIN payments_intent i ON i.id = b.intent AND i.reference = b.order_id::text
          LEFT JOIN (SELECT x.bill_id, sum(x.final_fen - x.billed_fen) AS unpaid,
                            sum(x.final_fen - l.amount_fen) AS more
                       FROM orders_billline x JOIN orders_line l ON l.id = x.line_id GROUP BY x.bill_id) s
            ON s.bill_id = b.id
         WHERE coalesce(r.amount_fen, 0) <> b.refund_fen OR coalesce(i.amount_fen, 0) <> b.asked_fen
            OR s.more IS DISTINCT FROM b.asked_fen - b.refund_fen
            OR s.unpaid IS DISTINCT FROM CASE WHEN b.state IN ('asked', 'lapsed') THEN b.asked_fen ELSE 0 END
        """,
    ),
    "orders.reservations_lead_to_lines": (
        "SELECT count(*) FROM stock_reservation",
        """
        SELECT r.id::text FROM stock_reservation r LEFT JOIN orders_line l ON l.id::text = r.holder
         WHERE l.id IS NULL
        """,
    ),
    "orders.payments_lead_to_orders": (
        "SELECT count(*) FROM payments_intent",
        """
        SELECT i.id::text FROM payments_intent i LEFT JOIN orders_order o ON o.id::text = i.reference
          LEFT JOIN orders_bill b ON b.order_id = o.id
         WHERE o.intent IS DISTINCT FROM i.id AND b.intent IS DISTINCT FROM i.id
        """,
    ),
    "orders.parcels_lead_to_orders": (
        "SELECT count(*) FROM logistics_parcel",
        """
        SELECT p.id::text FROM logistics_parcel p LEFT JOIN orders_order o ON o.id::text = p.reference
         WHERE o.id IS NULL
        """,
    ),
    "orders.delivered_goods_have_a_scanned_parcel": (
        "SELECT count(*) FROM orders_order WHERE delivered_at IS NOT NULL",
        """
        SELECT o.id::text FROM orders_order o
         WHERE o.delivered_at IS NOT NULL AND o.fulfilment <> 'on_spot' AND NOT EXISTS (
            SELECT 1 FROM logistics_parcel p JOIN logistics_scan s ON s.parcel_id = p.id
             WHERE p.reference = o.id::text AND s.kind = 'delivered')
        """,
    ),
}
