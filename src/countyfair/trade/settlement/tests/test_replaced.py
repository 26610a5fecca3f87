"""A replacement's households are paid by who bears it, as their statements say; no escrow is touched."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel.clock import at, now
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries.proofs import proofs as of_orders
from countyfair.trade.orders.rules.reasons import CLAIMED, REPLACED
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.orders.tests.test_claims import asked, delivered
from countyfair.trade.orders.tests.test_replacing import replaced, sent
from countyfair.trade.settlement import queries
from countyfair.trade.settlement.actions import release
from countyfair.trade.settlement.queries import proofs

pytestmark = pytest.mark.django_db


def lines_of(fair: Fair, household: UUID) -> list[tuple[int, str]]:
    """(fen, reason) of a household's statement."""
    with at(now() + timedelta(days=30)):
        told = queries.statement(
            SYSTEM, county=fair.county, beneficiary="household", owner=str(household),
            since=now() - timedelta(days=60), before=now(),
        )  # fmt: skip
    assert told.closing_fen == sum(line.amount_fen for line in told.lines)
    return [(line.amount_fen, line.reason) for line in told.lines]


@pytest.mark.parametrize("bearer", ["household", "courier"])
def test_statements_tell_who_was_paid_for_a_replacement_and_who_bears_it(bearer: str) -> None:
    fair = a_fair()
    placed = delivered(fair, packs=1)
    again = replaced(asked(placed), bearer=bearer)
    sent(fair, again)
    with at(now() + timedelta(days=8)):
        assert actions.complete_due(SYSTEM) == 2
        release(SYSTEM, orders=[placed.order, again.order])
    first, second = fair.households
    borne = [(-2384, CLAIMED["spoiled"])] if bearer == "household" else []
    assert sorted(lines_of(fair, first)) == sorted([(2384, ""), *borne])
    assert lines_of(fair, second) == [(2384, REPLACED)]
    held = """
        SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p
          JOIN ledger_account a ON a.id = p.account_id
         WHERE a.code = 'escrow' AND p.reference = %s"""
    assert scalar(held, [str(again.order)]) == 0
    assert [proof.name for proof in (*proofs(), *of_orders()) if proof.broken] == []
