"""What must hold whatever happened, each as a SELECT of what is wrong, in sums beside the house's proofs."""

from __future__ import annotations

#: name → a SELECT of what is wrong; each holds after every single verb.
AT_ALL_TIMES = {
    "an entry that does not balance": """
        SELECT p.entry_id::text FROM ledger_posting p GROUP BY p.entry_id HAVING sum(p.amount_fen) <> 0""",
    "a lot that gave more than it had": """
        SELECT l.id::text FROM stock_lot l
         WHERE l.on_hand < l.reserved OR l.reserved < 0
            OR (l.on_hand, l.reserved) IS DISTINCT FROM
               (SELECT (coalesce(sum(m.on_hand_delta), 0)::bigint,
                        coalesce(sum(m.reserved_delta), 0)::bigint)
                  FROM stock_movement m WHERE m.lot_id = l.id)""",
    "an outlet past its cap": """
        SELECT s.id::text FROM stock_supply s
         WHERE s.used > s.cap_amount
            OR s.used <>
               (SELECT coalesce(sum(m.used_delta), 0) FROM stock_movement m WHERE m.supply_id = s.id)""",
    "an order that is not the sum of its lines and its carriage, less its discounts": """
        SELECT o.id::text FROM orders_order o
         WHERE o.total_fen <> o.freight_fen
                  + (SELECT sum(l.price_fen * l.quantity) FROM orders_line l WHERE l.order_id = o.id)
                  - coalesce((SELECT sum(d.amount_fen) FROM orders_linediscount d
                               WHERE d.order_id = o.id), 0)""",
    "an order whose shares are not its total less what went back": """
        SELECT o.id::text FROM orders_order o
         WHERE (SELECT coalesce(sum(s.amount_fen), 0) FROM orders_share s WHERE s.order_id = o.id)
            <> o.total_fen
             + coalesce((SELECT CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen
                           FROM orders_bill b WHERE b.order_id = o.id), 0)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM orders_refund r WHERE r.order_id = o.id)""",
    "somebody whose share fell below nothing, though they bear neither a discount nor a claim": """
        SELECT min(s.order_id::text) FROM orders_share s
          LEFT JOIN orders_claimanswer a ON a.refund_id = s.refund_id AND a.bearer <> 'household'
          -- Who earned by what replaced a line gives back of the line that was paid: both count together.
          LEFT JOIN orders_replacement r ON r.order_id = s.order_id
         WHERE s.discount_id IS NULL AND s.claim_id IS NULL AND a.id IS NULL
         GROUP BY coalesce(r.paid_order_id, s.order_id), coalesce(r.paid_line_id, s.line_id), s.beneficiary,
                  s.owner, s.lot_id HAVING sum(s.amount_fen) < 0""",
    "more given back than was taken": """
        SELECT c.id::text FROM payments_capture c
         WHERE c.amount_fen < (SELECT sum(r.amount_fen) FROM payments_refund r WHERE r.capture_id = c.id)""",
    "escrow that is not what came in less what went out": """
        SELECT 'escrow' WHERE
          (SELECT coalesce(-sum(p.amount_fen), 0) FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'escrow')
          <> (SELECT coalesce(sum(amount_fen), 0) FROM payments_capture)
           - (SELECT coalesce(sum(amount_fen), 0) FROM payments_refund)
           - (SELECT coalesce(sum(amount_fen), 0) FROM settlement_earning WHERE what <> 'returned')""",
    "an earning in two payouts, or a payout that is not its earnings": """
        SELECT p.number FROM settlement_payout p
         WHERE p.state <> 'withdrawn' AND p.amount_fen <>
               (SELECT coalesce(sum(e.amount_fen), 0) FROM settlement_earning e WHERE e.payout_id = p.id)""",
    "a replacement that somebody was charged for": """
        SELECT o.id::text FROM orders_order o
         WHERE o.gateway = 'replacement'
           AND (o.total_fen <> 0 OR EXISTS (SELECT 1 FROM payments_intent i WHERE i.reference = o.id::text)
                OR EXISTS (SELECT 1 FROM orders_refund r WHERE r.order_id = o.id)
                OR (SELECT sum(s.amount_fen) FROM orders_share s WHERE s.order_id = o.id) <> 0)""",
    "a recalled lot of which something is still held": """
        SELECT l.id::text FROM stock_lot l WHERE l.blocked_by <> '' AND l.reserved <> 0""",
    "a promotion used more often than it may be": """
        SELECT p.id::text FROM promotions_promotion p JOIN promotions_redemption r ON r.promotion_id = p.id
         GROUP BY p.id HAVING sum(r.uses) > p.limit_total
         UNION
        SELECT p.id::text FROM promotions_promotion p JOIN promotions_redemption r ON r.promotion_id = p.id
         GROUP BY p.id, r.buyer HAVING sum(r.uses) > p.limit_each""",
    "a booking that was redeemed and called off": """
        SELECT b.order_id::text FROM bookings_booking b JOIN orders_order o ON o.id = b.order_id
          LEFT JOIN bookings_redemption r ON r.booking_id = b.order_id
         WHERE (b.ended = 'redeemed') <> (r.id IS NOT NULL) OR o.state = 'cancelled' AND r.id IS NOT NULL""",
    "a night with more guests than places": """
        SELECT t.id::text FROM stock_lot t JOIN stock_reservation r ON r.lot_id = t.id
          JOIN orders_line l ON l.id::text = r.holder JOIN orders_order o ON o.id = l.order_id
         WHERE t.service_on IS NOT NULL AND r.state IN ('held', 'dispatched')
         GROUP BY t.id HAVING sum(r.amount - r.taken_back) >
               (SELECT coalesce(sum(m.on_hand_delta), 0) FROM stock_movement m
                 WHERE m.lot_id = t.id AND m.kind IN ('take_in', 'correct'))""",
    "more allotted than was brought": """
        SELECT c.id::text FROM stock_cycle c JOIN stock_supply s ON s.pool_id = c.pool_id
          JOIN orders_line l ON l.offer_id = s.offer_id JOIN orders_allotment a ON a.line_id = l.id
         GROUP BY c.id, c.pool_id HAVING sum(a.packs * l.content_amount) >
               (SELECT coalesce(sum(m.on_hand_delta), 0) FROM stock_movement m
                  JOIN stock_lot t ON t.id = m.lot_id
                 WHERE t.pool_id = c.pool_id AND NOT t.expected AND m.kind = 'take_in')""",
}

#: These too: what lies in tills and at the bank, after any count.
OF_TILLS = {
    "a till that is not its cash, less what was found missing and what was banked": """
        SELECT 'tills' WHERE
          (SELECT coalesce(sum(p.amount_fen), 0) FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'till')
          <> (SELECT coalesce(sum(amount_fen), 0) FROM payments_capture WHERE station_id IS NOT NULL)
           - (SELECT coalesce(sum(amount_fen), 0) FROM payments_refund
               WHERE station_id IS NOT NULL AND state = 'done')
           + (SELECT coalesce(sum(counted_fen - expected_fen - banked_fen), 0) FROM stations_tillcount)""",
    "a difference that was not booked as over or short": """
        SELECT 'over and short' WHERE
          (SELECT coalesce(-sum(p.amount_fen), 0) FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code IN ('till_over', 'till_short'))
          <> (SELECT coalesce(sum(counted_fen - expected_fen), 0) FROM stations_tillcount)""",
    "a bank account that is not what was banked and what platforms paid, less what was paid out": """
        SELECT 'bank' WHERE
          (SELECT coalesce(sum(p.amount_fen), 0) FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'bank')
          <> (SELECT coalesce(sum(banked_fen), 0) FROM stations_tillcount)
           + (SELECT coalesce(sum(net_fen), 0) FROM channels_booking)
           - (SELECT coalesce(sum(amount_fen), 0) FROM settlement_payout WHERE state = 'paid')""",
    "a difference without a reason": """
        SELECT id::text FROM stations_tillcount WHERE counted_fen <> expected_fen AND reason = ''""",
}

#: These hold when all news has been heard and all jobs have run.
AT_REST = {
    "escrow that is not the money of undelivered orders": """
        SELECT coalesce(held.reference, due.id::text) FROM
          (SELECT p.reference, -sum(p.amount_fen) AS fen FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'escrow'
            GROUP BY p.reference HAVING sum(p.amount_fen) <> 0) held
          FULL JOIN
          (SELECT o.id, o.total_fen
             + coalesce((SELECT CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen
                           FROM orders_bill b WHERE b.order_id = o.id), 0)
                  - (SELECT coalesce(sum(r.amount_fen), 0)
                       FROM orders_refund r WHERE r.order_id = o.id) AS fen
             FROM orders_order o
            WHERE o.state IN ('gathering', 'paid', 'packed', 'handed_over', 'delivered')) due
            ON due.id::text = held.reference
         WHERE coalesce(held.fen, 0) <> coalesce(due.fen, 0)""",
    "something held for an order that is over": """
        SELECT r.holder FROM stock_reservation r
          JOIN orders_line l ON l.id::text = r.holder JOIN orders_order o ON o.id = l.order_id
         WHERE r.state = 'held' AND o.state NOT IN ('placed', 'gathering', 'paid', 'packed')""",
    "a cancelled order that kept its buyer's money": """
        SELECT o.id::text FROM orders_order o
         WHERE o.state = 'cancelled'
           AND (SELECT coalesce(sum(c.amount_fen), 0) FROM payments_capture c
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)
            <> (SELECT coalesce(sum(r.amount_fen), 0) FROM payments_refund r
                  JOIN payments_capture c ON c.id = r.capture_id
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)""",
    "a buyer who paid twice and got nothing back": """
        SELECT o.id::text FROM orders_order o
         WHERE o.state IN ('gathering', 'paid', 'packed', 'handed_over', 'delivered', 'completed', 'refunded')
           AND o.gateway <> 'replacement'
           AND (SELECT sum(c.amount_fen) FROM payments_capture c
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM payments_refund r
                  JOIN payments_capture c ON c.id = r.capture_id
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)
            <> o.total_fen
             + coalesce((SELECT CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen
                           FROM orders_bill b WHERE b.order_id = o.id), 0)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM orders_refund r WHERE r.order_id = o.id)""",
    "a member of a group that fell through who was not given back the money just once": """
        SELECT o.id::text FROM orders_order o JOIN promotions_promotion g ON g.id = o.group_id
         WHERE g.gathered = 'failed'
           AND (o.state <> 'cancelled'
                OR (SELECT count(*) FROM orders_refund r WHERE r.order_id = o.id)
                   <> (SELECT count(*) FROM payments_capture c JOIN payments_intent i ON i.id = c.intent_id
                        WHERE i.reference = o.id::text AND c.id = (
                              SELECT min(x.id::text)::uuid FROM payments_capture x
                               WHERE x.intent_id = c.intent_id)))""",
    "a member who waits for a group that is closed": """
        SELECT o.id::text FROM orders_order o JOIN promotions_promotion g ON g.id = o.group_id
         WHERE o.state = 'gathering' AND g.gathered <> 'gathering'""",
    "an order whose recalled goods nobody spoke of": """
        SELECT DISTINCT l.order_id::text FROM trace_recall c
          JOIN stock_reservation r ON r.lot_id = c.lot_id
           AND r.state = 'dispatched' AND r.taken_back < r.amount
          JOIN orders_line l ON l.id::text = r.holder
          LEFT JOIN trace_telling t ON t.recall_id = c.id AND t.order_id = l.order_id
          LEFT JOIN trace_lift f ON f.recall_id = c.id
         WHERE f.id IS NULL AND (t.id IS NULL OR t.state <> 'told')""",
}
