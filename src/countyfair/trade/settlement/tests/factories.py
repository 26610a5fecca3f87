"""Completed orders and payouts for tests."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders.tests.factories import Fair, place
from countyfair.trade.payments.actions import ask_refund, take_cash
from countyfair.trade.settlement import actions, queries

MAKER = Actor.system("maker")
CHECKER = Actor.system("checker")


def a_completed_order(fair: Fair, *, packs: int = 1, released: bool = True) -> UUID:
    """An order paid in cash whose return window is over; its escrow released unless told otherwise."""
    placed = place(fair, packs=packs)
    take_cash(fair.agent, intent=placed.intent, station=fair.station)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET state = 'completed', completed_at = %s WHERE id = %s",
            [now(), placed.order],
        )
    if released:
        actions.release(SYSTEM, orders=[placed.order])
    return placed.order


def a_refund(order: UUID, amount_fen: int) -> UUID:
    """Money given back of an order's goods, taken in equal parts from what the two households hold."""
    refund = uuid7()
    intent = UUID(str(scalar("SELECT intent FROM orders_order WHERE id = %s", [order])))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_refund (id, order_id, county, amount_fen, reason, content, at)"
            " VALUES (%s, %s, %s, %s, 'test', '', %s)",
            [refund, order, COUNTY, amount_fen, now()],
        )
        cursor.execute(
            "INSERT INTO orders_share (id, order_id, line_id, county, beneficiary, owner, lot_id, lot_amount,"
            " amount_fen, terms_version, refund_id)"
            " SELECT kernel_uuid7(), order_id, line_id, county, beneficiary, owner, lot_id, 0, -%s::bigint,"
            " terms_version, %s FROM orders_share WHERE order_id = %s AND beneficiary = 'household'"
            " AND refund_id IS NULL ORDER BY amount_fen DESC LIMIT 1",
            [amount_fen, refund, order],
        )
    ask_refund(SYSTEM, source=f"return:{refund}", intent=intent, amount_fen=amount_fen, reason="return")
    return refund


def a_batch(*, sent: bool = True, whom: str = "household") -> UUID:
    """What is due, claimed by one person and sent by another."""
    batch = actions.prepare(MAKER, batch_id=uuid7(), county=COUNTY, whom=whom)
    if sent:
        actions.send(CHECKER, batch=batch)
    return batch


def bank_says(batch: UUID, outcome: str, *, only: int | None = None) -> None:
    """The bank's answer to the payouts of a batch, or to the first `only` of them."""
    rows = queries.payouts(SYSTEM, batch=batch)[:only]
    said = [actions.BankSaid(row.number, outcome, reference="B1", reason="") for row in rows]
    actions.record_results(CHECKER, batch=batch, results=said)
