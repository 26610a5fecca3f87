"""The books of a season, looked at from outside: what is wrong in them, and how they are emptied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.commands.check import PROVERS
from countyfair.trade.settlement.queries import statement

AUDITOR = Actor.system("auditor")
EVER = datetime(2000, 1, 1, tzinfo=UTC)
#: What a season writes, in no order; everything else outlives it.
ROOMS_OF_A_SEASON = (
    "stock", "orders", "payments", "logistics", "ledger", "settlement", "promotions", "bookings", "trace",
    "notices", "webhooks", "kernel", "channels",
)  # fmt: skip
COUNTS = "stations_tillcount"
KEPT = {"orders_shareterms", "logistics_freightrule", "kernel_cache"}


@dataclass(frozen=True, slots=True)
class Key:
    """What one check found wrong."""

    key: str


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
    """Grams that orders drew and did not bring back, and those held for orders now, of what was weighed."""
    return int(str(scalar(f"{_SENT} SELECT {_GONE} - {_BACK} + {_HELD}")))


def sent_g(order: UUID) -> int:
    """Grams of an order that left the house with it."""
    asked = f"{_SENT} SELECT coalesce(sum(amount), 0)::bigint FROM sent WHERE order_id = %s"
    return int(str(scalar(asked, [order])))


def statements_that_do_not_add_up(before: datetime, middle: datetime) -> list[str]:
    """Every beneficiary's statement, whole and cut in two at `middle`, against what the ledger says."""
    bad = []
    for row in rows(
        "SELECT DISTINCT beneficiary || '/' || owner FROM settlement_earning"
        " WHERE beneficiary NOT IN ('platform', 'channel')",
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


#: What of each line of goods is sent: as weighed, as allotted, or as ordered.
_SENT = """
WITH sent AS (
    SELECT l.id, l.order_id, coalesce(a.packs, l.quantity) AS packs,
           coalesce(w.amount, coalesce(a.packs, l.quantity) * l.content_amount) AS amount
      FROM orders_line l
      LEFT JOIN orders_allotment a ON a.line_id = l.id
      LEFT JOIN orders_packedweight w ON w.line_id = l.id
     WHERE l.kind = 'goods')
"""
_GONE = """
(SELECT coalesce(sum(t.amount), 0)::bigint FROM sent t JOIN orders_order o ON o.id = t.order_id
  WHERE o.state IN ('handed_over', 'delivered', 'completed', 'refunded'))
"""
#: Whole packs that came back, on the shelf again.
_BACK = """
(SELECT coalesce(sum(t.amount * b.packs / t.packs), 0)::bigint
   FROM (SELECT line_id, quantity AS packs FROM orders_refundline WHERE restocked
          UNION ALL
         SELECT c.line_id, r.good_packs FROM orders_claimreceipt r JOIN orders_claim c ON c.id = r.claim_id) b
   JOIN sent t ON t.id = b.line_id WHERE t.packs > 0)
"""
_HELD = """
(SELECT coalesce(sum(reserved), 0)::bigint FROM stock_lot WHERE NOT expected AND service_on IS NULL)
"""
