"""Money from end to end, through the verbs of every room it passes; the outbox brings the news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything, lags
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.ledger.queries import proofs as ledger_proofs
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.queries import proofs as order_proofs
from countyfair.trade.orders.queries import shares_of
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider, open_provider, serving
from countyfair.trade.payments.queries import captures_of
from countyfair.trade.payments.queries import proofs as payment_proofs
from countyfair.trade.settlement import actions, queries
from countyfair.trade.settlement.tests.factories import a_batch, bank_says

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(days=8)


@pytest.fixture
def provider(tmp_path: Path, settings: Settings) -> Iterator[Provider]:
    made = open_provider(tmp_path, key=settings.COUNTYFAIR_SANDBOX_KEY, way="lost")
    with serving(made) as address:
        settings.COUNTYFAIR_SANDBOX_URL = address
        yield made
    made.store.close()


def paid_online(provider: Provider, fair: Fair, packs: int) -> UUID:
    """An order whose notice never came and whose payment was found by asking."""
    placed = place(fair, packs=packs, gateway="sandbox")
    asked = {
        "intent": placed.intent,
        "reference": placed.number,
        "amount_fen": placed.total_fen,
        "currency": "CNY",
    }
    provider.ask(asked)
    provider.pay(str(placed.intent))
    payments.ask_provider(SYSTEM, intent=placed.intent)
    deliver_everything()
    return placed.order


def delivered(fair: Fair, order: UUID) -> None:
    orders.pack(fair.agent, order_id=order, parcel=uuid7(), weight_g=700)
    orders.deliver(fair.agent, order_id=order, evidence="known to the agent")


def complete() -> None:
    orders.complete_due(SYSTEM)
    deliver_everything()


def give_back(order: UUID, amount_fen: int) -> None:
    line = next(share.line for share in shares_of([order]) if share.line)
    part = orders.Part(line, amount_fen, 0, restock=False)
    orders.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[part], reason="bruised")
    payments.settle_refunds()
    deliver_everything()


def broken() -> list[str]:
    found = [*ledger_proofs(), *payment_proofs(), *order_proofs(), *queries.proofs()]
    return [proof.name for proof in found if proof.broken]


def test_money_goes_from_the_buyer_to_the_household_and_back_to_the_fen(provider: Provider) -> None:
    fair = a_fair()
    first, second = paid_online(provider, fair, 2), paid_online(provider, fair, 1)
    for order in (first, second):
        delivered(fair, order)
    give_back(second, 500)
    assert balance(county=COUNTY, code="escrow") == -(5960 + 2980 - 500)
    with clock.at(now() + LATER):
        complete()
        assert balance(county=COUNTY, code="escrow") == 0
        bank_says(a_batch(), "paid")
        give_back(first, 1000)
        assert balance(county=COUNTY, code="escrow") == 0
        assert balance(county=COUNTY, code="household_payable", owner=str(fair.households[0])) == 800
        third = paid_online(provider, fair, 1)
        delivered(fair, third)
    with clock.at(now() + 2 * LATER):
        complete()
        batch = a_batch()
        bank_says(batch, "returned")
        bank_says(a_batch(), "paid")
        whole: dict[str, Any] = {"since": now() - 3 * LATER, "before": now() + LATER}
        found = queries.statement(SYSTEM, county=COUNTY, owner=str(fair.households[0]), **whole)
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=batch)] == [2384 - 800]
    assert (found.closing_fen, found.booked_fen) == (0, 0)
    assert found.total("sale", "refund") == 4768 + (2384 - 400) - 800 + 2384
    assert provider.store.refunded(captures_of([str(first)])[0].provider_key) == 1000
    assert broken() == []
    assert lags() == []


def test_an_order_paid_twice_gets_the_second_payment_back(provider: Provider) -> None:
    fair = a_fair()
    order = paid_online(provider, fair, 1)
    intent = UUID(str(scalar("SELECT intent FROM orders_order WHERE id = %s", [order])))
    assert (
        scalar(
            "SELECT payments_take(%s, %s, 'sandbox', 'second', 2980, 'CNY', NULL, %s)",
            [uuid7(), intent, now()],
        )
        == "surplus"
    )
    deliver_everything()
    assert balance(county=COUNTY, code="escrow") == -2980
    assert balance(county=COUNTY, code="refunds_due") == -2980
    delivered(fair, order)
    with clock.at(now() + LATER):
        complete()
    assert balance(county=COUNTY, code="escrow") == 0
    assert actions.release(SYSTEM, orders=[order]) == 0
    assert broken() == []
