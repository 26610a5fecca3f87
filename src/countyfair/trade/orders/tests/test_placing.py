"""An order is placed once, at the price that was shown, from stock that is there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.rows import scalar
from countyfair.trade.orders.tests.factories import a_fair, place

pytestmark = pytest.mark.django_db


def test_an_order_holds_stock_freezes_shares_and_asks_for_money() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)
    assert placed.total_fen == 5960
    assert (
        scalar("SELECT sum(amount_fen)::bigint FROM orders_share WHERE order_id = %s", [placed.order]) == 5960
    )
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 1000
    assert scalar("SELECT amount_fen FROM payments_intent WHERE id = %s", [placed.intent]) == 5960


def test_placing_is_one_statement_to_read_and_one_to_write() -> None:
    fair = a_fair()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        place(fair)
    said = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(said) == 2, said
