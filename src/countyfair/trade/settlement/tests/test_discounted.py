"""Who bears a promotion reads it on the own statement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.payments.actions import take_cash
from countyfair.trade.promotions.tests.factories import a_coupon
from countyfair.trade.settlement import queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("bearer", "told"), [("household", [(4268, 500)]), ("centre", [(4768, 0)])]
)  # 80 % of 59.60 is 47.68
def test_the_statement_tells_what_its_owner_bears_of_a_promotion(
    bearer: str, told: list[tuple[int, int]]
) -> None:
    fair = a_fair()
    a_coupon(off_fen=500, bearer=bearer)
    placed = place(fair, packs=2, coupon="AUTUMN10", expected_total_fen=5460)
    take_cash(fair.agent, intent=placed.intent, station=fair.station)
    deliver_everything()
    orders.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=1_000)
    orders.deliver(fair.agent, order_id=placed.order, evidence="known to the agent")
    with clock.at(now() + timedelta(days=8)):
        orders.complete_due(SYSTEM)
        deliver_everything()
        since, before = now() - timedelta(days=30), now() + timedelta(days=1)
        found = queries.statement(
            SYSTEM, county=COUNTY, owner=str(fair.households[0]), since=since, before=before
        )
        centre = queries.statement(
            SYSTEM, county=COUNTY, owner="", beneficiary="centre", since=since, before=before
        )

    assert [(line.amount_fen, line.discount_fen) for line in found.lines] == told
    assert found.adds_up
    assert sum(line.discount_fen for line in (*found.lines, *centre.lines)) == 500
