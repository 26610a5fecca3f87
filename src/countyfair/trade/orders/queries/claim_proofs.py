"""Proofs that claims, their answers, and what came back or went out again for them, agree with the books."""

from __future__ import annotations

JOINS = ("stock",)

#: name → how many rows it speaks of, and the keys for which it fails; `{weighed}` as in `proofs`.
CLAIM_PROOFS: dict[str, tuple[str, str]] = {
    "orders.claims_are_where_their_last_step_says": (
        "SELECT count(*) FROM orders_claim",
        """
        SELECT c.id::text FROM orders_claim c
          LEFT JOIN LATERAL (SELECT s.after FROM orders_claimstep s WHERE s.claim_id = c.id
                              ORDER BY s.position DESC LIMIT 1) last ON true
         WHERE c.state IS DISTINCT FROM last.after
        """,
    ),
    "orders.nothing_is_claimed_twice": (
        "SELECT count(*) FROM orders_claim WHERE state NOT IN ('refused', 'withdrawn')",
        """
        SELECT l.id::text FROM orders_claim c JOIN orders_line l ON l.id = c.line_id
          LEFT JOIN {weighed} w ON w.line_id = l.id
         WHERE c.state NOT IN ('refused', 'withdrawn')
         GROUP BY l.id, w.amount HAVING sum(c.amount) > coalesce(w.amount, l.quantity * l.content_amount)
        """,
    ),
    "orders.a_granted_claim_is_its_refund": (
        "SELECT count(*) FROM orders_claimanswer WHERE what <> 'refused'",
        """
        SELECT a.id::text FROM orders_claimanswer a JOIN orders_claim c ON c.id = a.claim_id
          LEFT JOIN orders_replacement again ON again.order_id = c.order_id
          LEFT JOIN orders_refund r ON r.id = a.refund_id
           AND r.order_id = coalesce(again.paid_order_id, c.order_id)
         WHERE CASE WHEN a.what IN ('full', 'part')
                    THEN r.amount_fen IS DISTINCT FROM a.amount_fen + a.freight_fen
                    ELSE r.id IS NOT NULL END
        """,
    ),
    "orders.who_bears_a_claim_bears_it_in_the_shares": (
        "SELECT count(*) FROM orders_claimanswer WHERE bearer NOT IN ('', 'household')",
        """
        SELECT a.id::text FROM orders_claimanswer a
          JOIN orders_share s ON s.refund_id = a.refund_id
         WHERE a.bearer NOT IN ('', 'household')
           AND (s.beneficiary, s.owner) IS DISTINCT FROM (a.bearer::text, a.owner)
        UNION ALL
        SELECT a.id::text FROM orders_claimanswer a
          JOIN orders_replacement r ON r.answer_id = a.id
          JOIN orders_share s ON s.order_id = r.order_id AND s.claim_id = r.claim_id
         WHERE a.bearer NOT IN ('', 'household')
           AND (s.beneficiary, s.owner) IS DISTINCT FROM (a.bearer::text, a.owner)
        """,
    ),
    "orders.replacements_cost_their_bearers_what_they_are_worth": (
        "SELECT count(*) FROM orders_order WHERE gateway = 'replacement'",
        """
        SELECT o.id::text FROM orders_order o
          FULL JOIN orders_replacement r ON r.order_id = o.id
          LEFT JOIN orders_claimanswer a ON a.id = r.answer_id AND a.claim_id = r.claim_id
          LEFT JOIN (SELECT order_id, sum(amount_fen) FILTER (WHERE claim_id IS NULL) AS earned,
                            -sum(amount_fen) FILTER (WHERE claim_id IS NOT NULL) AS borne
                       FROM orders_share WHERE refund_id IS NULL GROUP BY order_id) s ON s.order_id = o.id
         WHERE (o.gateway = 'replacement' OR r.id IS NOT NULL)
           AND (r.id IS NULL OR o.gateway <> 'replacement' OR o.total_fen <> 0
                OR a.what IS DISTINCT FROM 'replacement'
                OR coalesce(s.earned, 0) <> r.worth_fen + r.freight_fen
                OR coalesce(s.borne, 0) <> r.worth_fen + r.freight_fen)
        """,
    ),
    "orders.what_came_back_of_a_claim_is_in_the_journal": (
        "SELECT count(*) FROM orders_claimreceipt",
        """
        SELECT c.id::text FROM orders_claimreceipt b
          JOIN orders_claim c ON c.id = b.claim_id JOIN orders_line l ON l.id = c.line_id
          LEFT JOIN {weighed} w ON w.line_id = l.id
          CROSS JOIN LATERAL (SELECT coalesce(w.amount, l.quantity * l.content_amount) AS amount) sent
          LEFT JOIN LATERAL (
               SELECT coalesce(sum(m.on_hand_delta), 0) AS back
                 FROM stock_reservation r
                 JOIN stock_movement m ON m.source IN ('take_back:claim:' || c.id || '/good/' || r.id,
                                                       'take_back:claim:' || c.id || '/bad/' || r.id)
                WHERE r.holder = l.id::text) m ON true
         WHERE m.back <> sent.amount * b.good_packs / l.quantity + sent.amount * b.bad_packs / l.quantity
        """,
    ),
}
