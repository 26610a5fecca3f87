"""Many at once, each on a connection of their own, through the very verbs that the pages call."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.refusal import Conflict, SoldOut
from countyfair.kernel.rows import scalar
from countyfair.registers.people import sms
from countyfair.registers.people.sms import Message
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_life import packed, pay
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import queries as shelves

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 24
GUEST = Actor.guest("sample")


def all_at_once(jobs: Sequence[Callable[[], str]]) -> Counter[str]:
    """Run every job on a connection of its own, started together as far as threads allow."""
    gate = threading.Barrier(min(AT_ONCE, len(jobs)))

    def job(number: int) -> str:
        if number < gate.parties:
            gate.wait(timeout=30)
        try:
            return jobs[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(job, range(len(jobs))))


def buy(fair: Fair, number: int) -> str:
    try:
        place(fair, actor=Actor.guest(f"buyer-{number}"), gateway="sandbox")
    except SoldOut:
        return "sold out"
    return "got it"


def take(placed: Placed) -> str:
    """The provider's money arrives; what became of it."""
    return str(
        scalar(
            "SELECT payments_take(%s, %s, 'sandbox', %s, %s::bigint, 'CNY', NULL, %s)",
            [uuid7(), placed.intent, f"P{placed.order}", placed.total_fen, now()],
        )
    )


def everything_proves() -> None:
    assert [proof.name for proof in queries.proofs() if proof.broken] == []
    assert [proof.name for proof in shelves.proofs() if proof.broken] == []
    assert [proof.name for proof in money.proofs() if proof.broken] == []


def owed_back() -> object:
    return scalar("SELECT coalesce(sum(amount_fen), 0)::bigint FROM payments_refund")


@pytest.mark.parametrize(
    "lots",
    [
        pytest.param((25_000,), id="one lot"),
        pytest.param((500,) * 50, id="fifty lots of one pack", marks=pytest.mark.slow),
    ],
)
def test_two_hundred_buyers_of_fifty_packs_get_exactly_fifty(lots: tuple[int, ...]) -> None:
    fair = a_fair(lots=lots)
    outcomes = all_at_once([partial(buy, fair, number) for number in range(200)])
    assert outcomes == {"got it": 50, "sold out": 150}
    assert scalar("SELECT count(*) FROM orders_order") == 50
    everything_proves()


def test_two_outlets_of_one_pool_are_ordered_together_without_a_deadlock() -> None:
    fair = a_fair(lots=(30_000, 30_000))
    other = a_stall(fair.households, fair.station, lots=(30_000, 30_000))
    lines = [((fair.stall.offer, 1), (other.offer, 1)), ((other.offer, 1), (fair.stall.offer, 1))]

    def order(number: int) -> str:
        place(fair, lines=lines[number % 2], expected_total_fen=5960)
        return "got it"

    assert all_at_once([partial(order, number) for number in range(48)]) == {"got it": 48}
    everything_proves()


def test_a_button_pressed_ten_times_at_once_orders_once() -> None:
    fair, order = a_fair(), uuid7()

    def press() -> str:
        return place(fair, order_id=order).number

    assert len(all_at_once([press] * 10)) == 1
    assert scalar("SELECT count(*) FROM orders_order") == 1
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 500


def test_placing_commits_by_itself_and_costs_two_statements() -> None:
    fair = a_fair()
    with CaptureQueriesContext(connection) as said:
        place(fair)
    assert len(said) == 2


@pytest.mark.parametrize("_again", range(5))
def test_a_cancellation_and_its_payment_at_once_leave_no_money_and_no_stock(_again: int) -> None:
    fair = a_fair()
    placed = place(fair, gateway="sandbox")

    def cancel() -> str:
        actions.cancel(GUEST, order_id=placed.order, token=placed.token)
        return "cancelled"

    def pay() -> str:
        take(placed)
        deliver_everything()
        return "paid"

    all_at_once([cancel, pay])
    deliver_everything()
    assert scalar("SELECT state FROM orders_order") == "cancelled"
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 0
    assert owed_back() == placed.total_fen
    everything_proves()


@pytest.mark.parametrize("_again", range(5))
def test_a_payment_and_the_end_of_its_time_at_once_serve_or_refund_never_both(_again: int) -> None:
    fair = a_fair(lots=(500,))
    placed = place(fair, gateway="sandbox")
    late = now() + timedelta(minutes=31)

    def expire() -> str:
        with at(late):
            actions.expire_unpaid(SYSTEM)
            stock.expire_reservations(SYSTEM)
        return "expired"

    def pay() -> str:
        with at(late):
            take(placed)
            deliver_everything()
        return "paid"

    def rival() -> str:
        with at(late):
            return buy(fair, 1)

    all_at_once([expire, pay, rival])
    with at(late):
        deliver_everything()
    state = scalar("SELECT state FROM orders_order WHERE id = %s", [placed.order])
    assert (state, owed_back()) in {("paid", 0), ("cancelled", placed.total_fen)}
    assert scalar("SELECT reserved <= on_hand FROM stock_lot") is True
    everything_proves()


def test_the_same_news_again_changes_nothing() -> None:
    fair = a_fair()
    placed = place(fair)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    assert deliver_everything() > 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_reader")
    deliver_everything()
    assert scalar("SELECT state FROM orders_order") == "paid"
    assert scalar("SELECT count(*) FROM orders_step") == 2


def test_two_agents_pack_one_order_once() -> None:
    fair = a_fair()
    placed = place(fair)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    deliver_everything()

    def pack() -> str:
        try:
            actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600)
        except Conflict:
            return "too late"
        return "packed"

    assert all_at_once([pack, pack]) == {"packed": 1, "too late": 1}
    assert scalar("SELECT count(*) FROM logistics_parcel") == 1


def test_nothing_is_locked_while_the_provider_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The try is on record by then, and somebody else gets at the order."""
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    seen: list[object] = []

    def elsewhere() -> str:
        scalar("SELECT id FROM orders_order WHERE id = %s FOR UPDATE NOWAIT", [placed.order])
        return str(scalar("SELECT count(*) FROM orders_contactread"))

    class Slow:
        def send(self, message: Message) -> str:
            seen.extend([connection.in_atomic_block, all_at_once([elsewhere])])
            return message.template

    monkeypatch.setitem(sms.PROVIDERS, "console", Slow)
    actions.tell_code(an_actor("centre_staff"), order_id=placed.order)
    assert seen == [False, Counter({"1": 1})]
