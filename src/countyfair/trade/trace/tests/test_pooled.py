"""Three hundred boxes of twelve villages: each parcel leads to the lots in it, each lot to its parcels."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import Fair
from countyfair.trade.orders.tests.test_pooling import BOX_G, PRICE, pooled
from countyfair.trade.trace import queries
from countyfair.trade.trace.tests.factories import paid, waybill_of

__all__ = ["pooled"]

pytestmark = pytest.mark.django_db(transaction=True)

BOXES = (1, 7, 19, 23, 50, 99, 99, 2)


class _Part:
    """So much of a lot in an order, or so much money of a household."""

    def __init__(self, whose: str, part: str, amount: int) -> None:
        self.whose, self.part, self.amount = whose, part, amount


def test_each_parcel_tells_its_lots_and_each_lot_its_parcels_to_the_gram_and_the_fen(
    pooled: tuple[Fair, UUID, dict[UUID, str]],
) -> None:
    fair, offer, grades = pooled
    sent = {_sent(fair, offer, boxes): boxes for boxes in BOXES}
    assert sum(sent.values()) == 300

    drawn = _by(
        "SELECT l.order_id::text, r.lot_id::text, sum(r.amount)::bigint FROM stock_reservation r"
        " JOIN orders_line l ON l.id::text = r.holder WHERE r.state = 'dispatched' GROUP BY 1, 2"
    )
    of_lot: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    money: dict[str, int] = defaultdict(int)
    for order, boxes in sent.items():
        parcel = queries.parcel_by_waybill(waybill_of(order))
        assert {str(one.lot.id): one.amount for one in parcel.lots} == drawn[str(order)]
        assert sum(one.amount for one in parcel.lots) == boxes * BOX_G
        for packed in parcel.lots:
            assert packed.lot.grade in ("first", "second")
            of_lot[packed.lot.id][order] = packed.amount
            money[_household(packed.lot.id)] += packed.paid_fen or 0

    assert sum(sum(parts.values()) for parts in of_lot.values()) == 300 * BOX_G
    for lot, parts in of_lot.items():
        told = queries.parcels_with(SYSTEM, lot=queries.history(SYSTEM, lot=lot))
        assert {one.order: one.amount for one in told} == parts
    with at(now() + timedelta(days=10)):
        orders.complete_due(SYSTEM)
        outbox.deliver_everything()
    earned = _by("SELECT beneficiary, owner, sum(amount_fen)::bigint FROM settlement_earning GROUP BY 1, 2")
    assert earned["household"] == money
    assert set(money) <= {str(household) for household, grade in grades.items() if grade != "off"}
    assert sum(sum(parts.values()) for parts in earned.values()) == 300 * PRICE


def _sent(fair: Fair, offer: UUID, boxes: int) -> UUID:
    """An order of so many boxes, paid, packed and delivered."""
    order = paid(fair, lines=((offer, boxes),), total_fen=PRICE * boxes)
    orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=boxes * BOX_G + 250)
    orders.hand_over(SYSTEM, order_id=order)
    orders.deliver(SYSTEM, order_id=order, evidence="签收：样例")
    return order


def _household(lot: UUID) -> str:
    return str(scalar("SELECT household_id FROM stock_lot WHERE id = %s", [lot]))


def _by(asked: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(asked, into=_Part):
        found[row.whose][row.part] = row.amount
    return found
