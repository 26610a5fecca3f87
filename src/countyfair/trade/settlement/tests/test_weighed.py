"""What was billed by weight, on the household's statement: the final weight, to the gram and the fen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import translation

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries import proofs as order_proofs
from countyfair.trade.orders.tests.factories import a_fair, a_stall, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.queries import proofs as payment_proofs
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.settlement import queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("grams", "paid_after", "fen", "lines"),
    [
        (950, None, 3800, [("sale", 950, 3800, 3040)]),
        (1000, None, 4000, [("sale", 1000, 4000, 3200)]),
        (1050, 1, 4200, [("sale", 1050, 4200, 3360)]),
        (1050, 10, 4000, [("sale", 1050, 4000, 3200)]),
        (1050, None, 4000, [("sale", 1050, 4000, 3200)]),
    ],
)
def test_the_statement_tells_the_final_weight(
    grams: int, paid_after: int | None, fen: int, lines: list[tuple[str, int, int, int]]
) -> None:
    fair = a_fair()
    loose = a_stall(fair.households[:1], fair.station, content=1000, sold_by="weight", price_fen=4000)
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000, gateway="sandbox")
    pay(placed.intent)
    line = read.order(SYSTEM, order_id=placed.order).lines[0].id
    weights = {line: grams}
    orders.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=grams, weights=weights)
    orders.deliver(fair.agent, order_id=placed.order, evidence="known to the agent")
    asked = read.order(SYSTEM, order_id=placed.order).bill_intent
    if paid_after is not None and asked is not None:
        with clock.at(now() + timedelta(days=paid_after)):
            orders.lapse_bills(SYSTEM)
            pay(asked)
    with clock.at(now() + timedelta(days=11)):
        orders.lapse_bills(SYSTEM)
        orders.complete_due(SYSTEM)
        payments.settle_refunds()
        deliver_everything()
        found = queries.statement(
            SYSTEM, county=COUNTY, owner=str(fair.households[0]), since=now() - timedelta(days=30),
            before=now() + timedelta(days=1),
        )  # fmt: skip
    said = [(row.what, row.amount, row.gross_fen, row.amount_fen) for row in found.lines]
    assert said == lines
    assert found.adds_up
    assert read.order(SYSTEM, order_id=placed.order).billed_fen == fen
    assert balance(county=COUNTY, code="escrow") == 0
    proofs = [*order_proofs(), *payment_proofs(), *queries.proofs()]
    assert [proof.name for proof in proofs if proof.broken] == []


def test_what_is_paid_after_completion_is_earned_then() -> None:
    fair = a_fair()
    loose = a_stall(fair.households[:1], fair.station, content=1000, sold_by="weight", price_fen=4000)
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000, gateway="sandbox")
    pay(placed.intent)
    weights = {read.order(SYSTEM, order_id=placed.order).lines[0].id: 1100}
    orders.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=1200, weights=weights)
    orders.deliver(fair.agent, order_id=placed.order, evidence="known to the agent")
    asked = read.order(SYSTEM, order_id=placed.order).bill_intent
    assert asked is not None
    with clock.at(now() + timedelta(days=8)):
        orders.complete_due(SYSTEM)
        deliver_everything()
    with clock.at(now() + timedelta(days=9)):
        pay(asked)  # late, but nobody has stopped asking
        found = queries.statement(
            SYSTEM, county=COUNTY, owner=str(fair.households[0]), since=now() - timedelta(days=30),
            before=now() + timedelta(days=1),
        )  # fmt: skip
    said = sorted((row.amount, row.amount_fen) for row in found.lines)
    assert said == [(0, 320), (1100, 3200)]
    assert found.adds_up
    assert [proof.name for proof in (*order_proofs(), *queries.proofs()) if proof.broken] == []


def pay(intent: UUID) -> None:
    """The provider's notice, and the news of it."""
    notify(intent)
    payments.settle_waiting_notices()
    deliver_everything()
