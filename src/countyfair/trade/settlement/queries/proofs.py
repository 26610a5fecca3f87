"""Proofs that shares, earnings, payouts and the ledger agree; run by `countyfair check`.

An order with news that nobody has heard yet is left out where the news would change it: what it
becomes is proved once the news is heard.
"""

from __future__ import annotations

from countyfair.kernel.proofs import Proof, prove

JOINS = ("orders", "ledger")

_PROOFS: dict[str, tuple[str, str]] = {
    "settlement.statements_are_the_ledger": (
        "SELECT count(*) FROM settlement_earning",
        """
        WITH said AS (
            SELECT county, beneficiary, owner, currency, sum(fen) AS fen FROM (
                SELECT county, beneficiary, owner, currency, amount_fen AS fen FROM settlement_earning
                UNION ALL
                SELECT county, beneficiary, owner, currency, -amount_fen FROM settlement_payout
                 WHERE state IN ('sent', 'paid', 'returned')) both_sides
             WHERE beneficiary <> 'channel'
             GROUP BY county, beneficiary, owner, currency),
        booked AS (
            SELECT a.county, regexp_replace(a.code, '_(payable|income)$', '') AS beneficiary, a.owner,
                   a.currency, -sum(p.amount_fen) AS fen
              FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
             WHERE a.code ~ '_(payable|income)$'
             GROUP BY a.county, a.code, a.owner, a.currency)
        SELECT coalesce(s.beneficiary, b.beneficiary) || ':' || coalesce(s.owner, b.owner)
          FROM said s FULL JOIN booked b
            ON (b.county, b.beneficiary, b.owner, b.currency) = (s.county, s.beneficiary, s.owner, s.currency)
         WHERE coalesce(s.fen, 0) <> coalesce(b.fen, 0)""",
    ),
    "settlement.what_platforms_keep_is_the_ledger": (
        "SELECT count(*) FROM settlement_earning WHERE beneficiary = 'channel'",
        """
        WITH said AS (SELECT county, owner, currency, sum(amount_fen) AS fen FROM settlement_earning
                       WHERE beneficiary = 'channel' GROUP BY county, owner, currency),
        booked AS (
            SELECT a.county, a.owner, a.currency, -sum(p.amount_fen) AS fen
              FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
              JOIN ledger_entry e ON e.id = p.entry_id
             WHERE a.code = 'channel_fees' AND e.what <> 'channel-statement'
             GROUP BY a.county, a.owner, a.currency)
        SELECT coalesce(s.owner, b.owner) FROM said s
          FULL JOIN booked b ON (b.county, b.owner, b.currency) = (s.county, s.owner, s.currency)
         WHERE coalesce(s.fen, 0) <> coalesce(b.fen, 0)""",
    ),
    "settlement.a_payout_is_the_sum_of_its_earnings": (
        "SELECT count(*) FROM settlement_payout WHERE state <> 'withdrawn'",
        """
        SELECT p.number FROM settlement_payout p
          LEFT JOIN (SELECT payout_id, sum(amount_fen) AS fen, min(owner) AS first, max(owner) AS last
                       FROM settlement_earning WHERE payout_id IS NOT NULL GROUP BY payout_id) e
            ON e.payout_id = p.id
         WHERE CASE WHEN p.state = 'withdrawn' THEN e.fen IS NOT NULL
                    ELSE (e.fen, e.first, e.last) IS DISTINCT FROM (p.amount_fen::numeric, p.owner, p.owner)
               END""",
    ),
    "settlement.what_the_bank_returned_is_owed_again": (
        "SELECT count(*) FROM settlement_payout WHERE state = 'returned'",
        """
        SELECT p.number FROM settlement_payout p
          LEFT JOIN settlement_earning e ON e.source = 'returned:' || p.id
         WHERE (p.state = 'returned') <> (e.id IS NOT NULL) OR e.amount_fen <> p.amount_fen""",
    ),
    "settlement.every_share_is_earned_once_its_order_is_complete": (
        "SELECT count(*) FROM orders_share",
        """
        SELECT s.id::text FROM orders_share s JOIN orders_order o ON o.id = s.order_id
          LEFT JOIN settlement_earning e ON e.source = 'share:' || s.id
         WHERE s.amount_fen <> 0
           AND CASE WHEN e.id IS NULL THEN o.completed_at IS NOT NULL AND o.id::text NOT IN (
                      SELECT said ->> 'order'
                        FROM kernel_unheard('settlement.books',
                                            '{news}') said)
                    ELSE o.completed_at IS NULL
                      OR (e.amount_fen, e.owner, e.beneficiary, e.county)
                         IS DISTINCT FROM (s.amount_fen, s.owner, s.beneficiary, s.county) END""",
    ),
    "settlement.shares_are_the_total_of_their_order": (
        "SELECT count(*) FROM orders_order",
        """
        SELECT o.number FROM orders_order o
          LEFT JOIN (SELECT order_id, sum(amount_fen) AS fen FROM orders_share
                      WHERE refund_id IS NULL AND bill_id IS NULL GROUP BY order_id) s ON s.order_id = o.id
         WHERE s.fen IS DISTINCT FROM o.total_fen::numeric""",
    ),
    "settlement.no_escrow_is_left_of_completed_orders": (
        "SELECT count(*) FROM orders_order WHERE completed_at IS NOT NULL",
        """
        SELECT o.number FROM orders_order o
          JOIN ledger_posting p ON p.reference = o.id::text
          JOIN ledger_account a ON a.id = p.account_id AND a.code = 'escrow'
         WHERE o.completed_at IS NOT NULL AND o.id::text NOT IN (
               SELECT said ->> 'order'
                 FROM kernel_unheard('settlement.books',
                                     '{news}') said
                UNION ALL  -- what was paid a second time lies there until orders hear of it
               SELECT said ->> 'reference'
                 FROM kernel_unheard('orders.on_captured', '{payments.captured_late}') said)
         GROUP BY o.id, o.number HAVING sum(p.amount_fen) <> 0""",
    ),
}


#: What changes what was earned, once settlement hears of it.
_NEWS = "{orders.charged,orders.completed,orders.fee_kept,orders.refunded}"


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove({name: (count, found.replace("{news}", _NEWS)) for name, (count, found) in _PROOFS.items()})
