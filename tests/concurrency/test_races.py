"""Pairs of people, or of tabs, that do the same thing or the opposite at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import link_token
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.commands.check import PROVERS
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement.tests.factories import CHECKER, MAKER, a_completed_order
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import lot

pytestmark = pytest.mark.django_db(transaction=True)

Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Do all of these at the same moment, each on a connection of its own; a Conflict is an answer."""
    gate = threading.Barrier(len(deeds))

    def done(deed: Deed) -> object:
        gate.wait(timeout=30)
        try:
            return deed()
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(done, deeds))


def all_proved() -> None:
    outbox.deliver_everything()
    assert outbox.lags() == []
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


def state(order: UUID) -> str:
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [order]))


def pay(intent: UUID) -> str:
    notify(intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()
    return "paid"


def test_the_same_form_pressed_in_many_tabs_at_once_is_one_order() -> None:
    fair, form = a_fair(), uuid7()

    answers = at_once(*[partial(place, fair, order_id=form) for _tab in range(12)])

    assert len(set(answers)) == 1
    assert scalar("SELECT count(*) FROM orders_order") == 1
    assert scalar("SELECT sum(reserved)::int FROM stock_lot") == 500
    all_proved()


def test_one_form_filled_differently_in_two_tabs_is_one_of_the_two_orders() -> None:
    fair, form = a_fair(), uuid7()

    answers = at_once(*[partial(place, fair, order_id=form, packs=packs) for packs in (1, 2, 1, 2)])

    assert answers.count("id_used") == 2
    assert scalar("SELECT count(*) FROM orders_order") == 1
    all_proved()


@pytest.mark.parametrize("time", range(8))
def test_an_order_cancelled_while_it_is_paid_keeps_either_its_goods_or_its_money(time: int) -> None:
    fair = a_fair()
    placed = place(fair, gateway="sandbox")
    token = link_token(str(placed.order), "order")

    at_once(
        partial(pay, placed.intent),
        partial(orders.cancel, Actor.guest("link"), order_id=placed.order, token=token),
    )
    outbox.deliver_everything()

    assert state(placed.order) == "cancelled"
    assert scalar("SELECT sum(reserved)::int FROM stock_lot") == 0
    assert scalar("SELECT sum(amount_fen)::int FROM payments_refund") == placed.total_fen
    all_proved()


def test_cash_taken_at_two_counters_at_once_is_taken_once() -> None:
    fair = a_fair()
    placed = place(fair)

    at_once(*[partial(payments.take_cash, fair.agent, intent=placed.intent, station=fair.station)] * 6)

    assert scalar("SELECT count(*) FROM payments_capture") == 1
    all_proved()


def test_two_people_who_prepare_a_payout_at_once_claim_every_earning_once() -> None:
    fair = a_fair()
    for _order in range(4):
        a_completed_order(fair)

    answers = at_once(
        *[partial(settlement.prepare, MAKER, batch_id=uuid7(), county=COUNTY) for _person in range(4)]
    )

    assert Counter(isinstance(answer, UUID) for answer in answers) == {True: 1, False: 3}
    claimed = scalar("SELECT sum(amount_fen)::int FROM settlement_payout")
    earned = scalar("SELECT sum(amount_fen)::int FROM settlement_earning WHERE beneficiary = 'household'")
    assert claimed == earned


def test_a_payout_sent_and_withdrawn_at_once_is_one_of_the_two() -> None:
    fair = a_fair()
    a_completed_order(fair)
    batch = settlement.prepare(MAKER, batch_id=uuid7(), county=COUNTY)

    at_once(partial(settlement.send, CHECKER, batch=batch), partial(settlement.withdraw, MAKER, batch=batch))

    ended = scalar("SELECT state FROM settlement_batch")
    booked = int(str(scalar("SELECT count(*) FROM ledger_entry WHERE source ~ '^payout:'")))
    assert (ended, booked > 0) in (("sent", True), ("withdrawn", False))


def test_two_people_who_refund_the_last_of_an_order_at_once_refund_it_once() -> None:
    fair = a_fair()
    order = a_completed_order(fair)
    line = UUID(str(scalar("SELECT id FROM orders_line")))
    part = orders.Part(line, 2980)

    at_once(*[partial(_refund, order, part) for _person in range(4)])

    assert scalar("SELECT sum(amount_fen)::int FROM orders_refund") == 2980
    assert state(order) == "refunded"


def test_a_lot_counted_down_while_it_is_bought_never_promises_more_than_it_has() -> None:
    fair = a_fair(lots=(5000,))
    the_lot = fair.stall.lots[0]

    at_once(
        *[partial(place, fair, packs=1) for _buyer in range(10)],
        partial(stock.correct_and_release, SYSTEM, entry=uuid7(), lot=the_lot, counted=1500, reason="复秤"),
    )
    outbox.deliver_everything()

    row = lot(SYSTEM, lot=the_lot)
    assert row.reserved <= row.on_hand == 1500
    all_proved()


def test_a_button_pressed_in_two_tabs_leads_both_to_the_same_order(client: Client) -> None:
    fair = a_fair()
    client.post("/basket/add/", {"offer": str(fair.stall.offer), "quantity": "1"})
    form = {
        "once": str(uuid7()), "fulfilment": "pickup", "station": str(fair.station), "name": "样例·买家",
        "phone": "19900008888", "gateway": "counter", "expected": "2980", "is_total": "1",
    }  # fmt: skip

    def press() -> str:
        tab = Client()
        tab.cookies["basket"] = client.cookies["basket"].value
        return str(tab.post(f"/checkout/{COUNTY}/", form).headers.get("Location"))

    led = at_once(*[press] * 6)

    assert len(set(led)) == 1
    assert str(led[0]).startswith("/orders/")
    assert scalar("SELECT count(*) FROM orders_order") == 1


def _refund(order: UUID, part: orders.Part) -> str:
    try:
        orders.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[part], reason="样例")
    except (Conflict, Invalid) as refusal:
        return refusal.code
    return "refunded"
