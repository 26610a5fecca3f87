"""A harvest cycle is closed once and allotted once, though the worker dies midway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.commands import check
from countyfair.trade.catalog.actions import take_down
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.actions.advancing import journal_all
from countyfair.trade.orders.actions.cancelling import call_off
from countyfair.trade.orders.actions.giving_back import give_back_missing
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest

pytestmark = pytest.mark.django_db(transaction=True)

PRICE_FEN, BOX_G = 3000, 1000
ALLOTTING = "countyfair.trade.orders.actions.allotting"
CLOSING = "countyfair.trade.stock.actions.closing"


@dataclass(frozen=True, slots=True)
class Ahead:
    """Two harvests of 10 kg sold ahead: 6, 5, 3 and 1 boxes that are paid, and 1 that is not.

    Of it 3 kg came: the fourth order gets nothing, the last is called off.
    """

    cycle: UUID
    paid: tuple[UUID, ...]
    unpaid: UUID

    def short(self) -> dict[UUID, int]:
        """What was paid back of each order, in fen; to none of them twice."""
        asked = "SELECT order_id, sum(amount_fen)::bigint, count(*) FROM orders_refund GROUP BY order_id"
        with connection.cursor() as cursor:
            cursor.execute(asked)
            found = cursor.fetchall()
        assert all(times == 1 for _order, _fen, times in found), "each is paid back once"
        return {order: fen for order, fen, _times in found}


@pytest.fixture
def ahead() -> Ahead:
    fair = a_fair()
    product = catalog.a_product(said=catalog.facts(name_zh="样例蜜橘", category="fruit"))
    pack, offer = catalog.a_pack(product=product, content_amount=BOX_G), uuid7()
    harvests = [a_harvest(household, product, jin=20) for household in fair.households]
    cycle = a_cycle(harvests, pack, price_fen=PRICE_FEN, offer=offer)
    made = []
    for packs in (6, 5, 3, 1, 1):
        placed = place(fair, lines=((offer, packs),), expected_total_fen=PRICE_FEN * packs)
        made.append(placed.order)
        if len(made) < 5:
            payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
            outbox.deliver_everything()
    stock.take_in_announced(
        fair.agent, harvest=harvests[0], lot=uuid7(), quantity=Quantity(3 * BOX_G, Unit.GRAM),
        harvested_on=today(), station=fair.station,
    )  # fmt: skip
    return Ahead(cycle, tuple(made[:4]), made[4])


def dying(after: int, deed: Callable[..., Any]) -> Callable[..., Any]:
    """The same deed, but whoever does it dies when it is done so many times."""
    done: list[None] = []

    def dies(*given: Any, **more: Any) -> Any:
        answer = deed(*given, **more)
        done.append(None)
        if len(done) == after:
            raise RuntimeError("the worker died")
        return answer

    return dies


def assert_proved() -> None:
    broken = {proof.name for prove in check.PROVERS.values() for proof in prove() if proof.broken}
    assert broken == set()


@pytest.mark.parametrize(
    ("where", "deed", "after"),
    [
        (f"{ALLOTTING}.call_off", call_off, 1),
        (f"{ALLOTTING}.give_back_missing", give_back_missing, 1),
        (f"{ALLOTTING}.journal_all", journal_all, 1),
        (f"{ALLOTTING}.announce", outbox.announce, 1),
    ],
)
def test_each_order_is_cut_and_paid_back_once_though_the_worker_dies_midway(
    ahead: Ahead, monkeypatch: pytest.MonkeyPatch, where: str, deed: Callable[..., Any], after: int
) -> None:
    monkeypatch.setattr(where, dying(after, deed))
    with pytest.raises(RuntimeError):
        orders.allot_cycle(SYSTEM, cycle=ahead.cycle)
    outbox.deliver_everything()
    assert scalar("SELECT count(*) FROM orders_allotment") == 0, "half done is not kept"
    assert (ahead.short(), scalar("SELECT state FROM stock_cycle")) == ({}, "closed")
    assert_proved()

    monkeypatch.setattr(where, deed)
    assert orders.allot_cycle(SYSTEM, cycle=ahead.cycle) == orders.Outcome(whole=0, cut=3, off=2)
    for _time in range(2):
        outbox.deliver_everything()
        assert orders.allot_cycle(SYSTEM, cycle=ahead.cycle) == orders.Outcome(0, 0, 0)
    missing = dict(zip(ahead.paid, (5, 4, 2, 1), strict=True))
    assert ahead.short() == {order: packs * PRICE_FEN for order, packs in missing.items()}
    asked = scalar("SELECT sum(amount_fen)::bigint FROM payments_refund")
    assert asked == 12 * PRICE_FEN, "and asked of the payer's side once"
    assert scalar("SELECT sum(packs)::bigint FROM orders_allotment") == 3
    assert scalar("SELECT state FROM orders_order WHERE id = %s", [ahead.unpaid]) == "cancelled"
    assert_proved()


def test_a_cycle_whose_closing_was_interrupted_is_closed_and_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair = a_fair()
    product = catalog.a_product(said=catalog.facts(name_zh="样例蜜橘", category="fruit"))
    offers = [uuid7(), uuid7()]
    for offer in offers:
        pack = catalog.a_pack(product=product, content_amount=BOX_G)
        a_cycle([a_harvest(fair.households[0], product, jin=20)], pack, offer=offer)
    with at(now() + timedelta(days=2)):
        monkeypatch.setattr(f"{CLOSING}.take_down", dying(2, take_down))
        with pytest.raises(RuntimeError):
            stock.close_due_cycles(SYSTEM)
        assert scalar("SELECT count(*) FROM stock_cycle WHERE state = 'open'") == 2, "both or none"
        monkeypatch.setattr(f"{CLOSING}.take_down", take_down)
        assert [stock.close_due_cycles(SYSTEM) for _time in range(2)] == [2, 0]
        outbox.deliver_everything()
    assert scalar("SELECT count(*) FROM catalog_offer WHERE id = ANY(%s) AND state = 'on'", [offers]) == 0
    told = scalar("SELECT count(*) FROM kernel_event WHERE name = 'stock.cycle_closed'")
    assert told == 2
    assert_proved()
