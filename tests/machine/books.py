"""What must hold whatever happened: said once more, in sums of its own, beside the house's proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.commands.check import PROVERS
from countyfair.trade.settlement.queries import statement

AUDITOR = Actor.system("auditor")
EVER = datetime(2000, 1, 1, tzinfo=UTC)
#: What a season writes, in no order; everything else outlives it.
ROOMS_OF_A_SEASON = ("stock", "orders", "payments", "logistics", "ledger", "settlement", "kernel")
COUNTS = "stations_tillcount"
KEPT = {"orders_shareterms", "logistics_freightrule", "kernel_cache"}


@dataclass(frozen=True, slots=True)
class Key:
    """What one check found wrong."""

    key: str


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
    "an order that is not the sum of its lines and its carriage": """
        SELECT o.id::text FROM orders_order o
         WHERE o.total_fen <> o.freight_fen
                  + (SELECT sum(l.price_fen * l.quantity) FROM orders_line l WHERE l.order_id = o.id)""",
    "an order whose shares are not its total less what went back": """
        SELECT o.id::text FROM orders_order o
         WHERE (SELECT coalesce(sum(s.amount_fen), 0) FROM orders_share s WHERE s.order_id = o.id)
            <> o.total_fen
             + coalesce((SELECT CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen
                           FROM orders_bill b WHERE b.order_id = o.id), 0)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM orders_refund r WHERE r.order_id = o.id)""",
    "somebody whose share fell below nothing": """
        SELECT s.order_id::text FROM orders_share s
         GROUP BY s.order_id, s.line_id, s.beneficiary, s.owner, s.lot_id HAVING sum(s.amount_fen) < 0""",
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
    "a bank account that is not what was banked less what was paid out": """
        SELECT 'bank' WHERE
          (SELECT coalesce(sum(p.amount_fen), 0) FROM ledger_posting p
             JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'bank')
          <> (SELECT coalesce(sum(banked_fen), 0) FROM stations_tillcount)
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
             FROM orders_order o WHERE o.state IN ('paid', 'packed', 'handed_over', 'delivered')) due
            ON due.id::text = held.reference
         WHERE coalesce(held.fen, 0) <> coalesce(due.fen, 0)""",
    "something held for an order that is over": """
        SELECT r.holder FROM stock_reservation r
          JOIN orders_line l ON l.id::text = r.holder JOIN orders_order o ON o.id = l.order_id
         WHERE r.state = 'held' AND o.state NOT IN ('placed', 'paid', 'packed')""",
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
         WHERE o.state IN ('paid', 'packed', 'handed_over', 'delivered', 'completed', 'refunded')
           AND (SELECT sum(c.amount_fen) FROM payments_capture c
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM payments_refund r
                  JOIN payments_capture c ON c.id = r.capture_id
                  JOIN payments_intent i ON i.id = c.intent_id WHERE i.reference = o.id::text)
            <> o.total_fen
             + coalesce((SELECT CASE b.state WHEN 'paid' THEN b.asked_fen ELSE 0 END - b.refund_fen
                           FROM orders_bill b WHERE b.order_id = o.id), 0)
             - (SELECT coalesce(sum(r.amount_fen), 0) FROM orders_refund r WHERE r.order_id = o.id)""",
}


def wrong(checks: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong, by name of the check; empty when all is well. One round trip."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}: ' || key FROM ({sql}) AS found (key)"
        for name, sql in ((name.replace("'", "''"), sql) for name, sql in checks.items())
    )
    found: dict[str, list[str]] = {}
    for row in rows(asked, into=Key):
        name, _, key = row.key.partition(": ")
        found.setdefault(name, []).append(key)
    return found


def disproved(*rooms: str) -> dict[str, tuple[str, ...]]:
    """The house's own proofs that fail, of these rooms or of all."""
    return {
        proof.name: proof.broken
        for room, prove in PROVERS.items()
        if not rooms or room in rooms
        for proof in prove()
        if proof.broken
    }


def sold_and_held_g() -> int:
    """Base units that orders drew and did not bring back, and those held for orders now."""
    return int(
        str(
            scalar(
                """
                WITH sent AS (
                    SELECT l.id, l.order_id, l.quantity,
                           coalesce((SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id),
                                    l.quantity * l.content_amount) AS amount
                      FROM orders_line l)
                SELECT coalesce(sum(l.amount), 0)::bigint
                     - coalesce((SELECT sum(t.amount * b.quantity / t.quantity) FROM orders_refundline b
                                   JOIN sent t ON t.id = b.line_id WHERE b.restocked), 0)::bigint
                  FROM sent l JOIN orders_order o ON o.id = l.order_id
                 WHERE o.state IN ('handed_over', 'delivered', 'completed', 'refunded')"""
            )
        )
    ) + int(str(scalar("SELECT coalesce(sum(reserved), 0)::bigint FROM stock_lot")))


def statements_that_do_not_add_up(before: datetime, middle: datetime) -> list[str]:
    """Every beneficiary's statement, whole and cut in two at `middle`, against what the ledger says."""
    bad = []
    for row in rows(
        "SELECT DISTINCT beneficiary || '/' || owner FROM settlement_earning WHERE beneficiary <> 'platform'",
        into=Key,
    ):
        beneficiary, _, owner = row.key.partition("/")
        cuts = [(EVER, before), (EVER, middle), (middle, before)]
        whole, first, second = (
            statement(AUDITOR, county=COUNTY, owner=owner, beneficiary=beneficiary, since=since, before=until)
            for since, until in cuts
        )
        chained = (first.closing_fen, second.closing_fen) == (second.opening_fen, whole.closing_fen)
        if not (whole.adds_up and first.adds_up and second.adds_up and chained):
            bad.append(row.key)
    return bad


def forget_the_season() -> None:
    """Take away all that a season wrote, so that the next one starts with empty books."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', 'replica', true)")
        for table in connection.introspection.table_names(cursor):
            if table == COUNTS or (table.partition("_")[0] in ROOMS_OF_A_SEASON and table not in KEPT):
                cursor.execute(f"DELETE FROM {table}")
