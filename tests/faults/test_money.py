"""Money that comes too early, too late, twice, or while the house is not looking."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.commands.check import PROVERS
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify, what_is_said
from countyfair.trade.stock import actions as stock
from tests.faults.trade import delivered, packed, paid

pytestmark = pytest.mark.django_db(transaction=True)


def state(order: UUID) -> str:
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [order]))


def hear_everything() -> None:
    payments.settle_waiting_notices()
    outbox.deliver_everything()
    assert {lag.handler: lag.last_error for lag in outbox.lags()} == {}


def refunded_fen() -> int:
    return int(str(scalar("SELECT coalesce(sum(amount_fen), 0)::bigint FROM payments_refund")))


def all_proved() -> None:
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


def run_out() -> None:
    orders.expire_unpaid(SYSTEM)
    stock.expire_reservations(SYSTEM)
    outbox.deliver_everything()


def test_a_notice_that_comes_before_its_payment_exists_waits_and_then_pays() -> None:
    fair = a_fair()
    intent = uuid7()
    notify(intent, amount_fen=2980)
    hear_everything()
    assert scalar("SELECT count(*) FROM payments_capture") == 0

    payments.open_intent(
        SYSTEM, intent=intent, county=fair.county, reference="a later order", gateway="sandbox",
        amount_fen=2980,
    )  # fmt: skip
    hear_everything()

    assert scalar("SELECT count(*) FROM payments_capture") == 1
    assert what_is_said(intent)["amount_fen"] == 2980


def test_an_order_paid_after_it_expired_gets_its_goods_where_they_are_still_there() -> None:
    placed = place(a_fair(), gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        run_out()
        assert state(placed.order) == "cancelled"
        notify(placed.intent)
        hear_everything()

    assert state(placed.order) == "paid"
    assert scalar("SELECT sum(reserved)::int FROM stock_lot") == 500
    assert refunded_fen() == 0
    all_proved()


def test_an_order_paid_after_it_expired_gets_its_money_where_the_goods_are_gone() -> None:
    fair = a_fair(lots=(500,))
    late = place(fair, gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        run_out()
        quicker = place(fair, gateway="sandbox")
        notify(quicker.intent)
        hear_everything()
        notify(late.intent)
        hear_everything()

    assert (state(quicker.order), state(late.order)) == ("paid", "cancelled")
    assert refunded_fen() == late.total_fen
    all_proved()


def test_a_lot_counted_below_what_is_promised_gives_the_youngest_buyers_their_money_back() -> None:
    fair = a_fair(lots=(1500,))
    first, second, third = (paid(fair) for _ in range(3))

    stock.correct_and_release(SYSTEM, entry=uuid7(), lot=fair.stall.lots[0], counted=600, reason="复秤")
    hear_everything()

    assert [state(order) for order in (first, second, third)] == ["paid", "cancelled", "cancelled"]
    assert refunded_fen() == 2 * 2980
    all_proved()


def test_an_order_paid_when_part_of_it_was_lost_holds_no_other_part_back() -> None:
    fair = a_fair(lots=(500, 500))
    placed = place(fair, packs=2)
    stock.correct_and_release(SYSTEM, entry=uuid7(), lot=fair.stall.lots[0], counted=0, reason="复秤")
    payments.take_cash(SYSTEM, intent=placed.intent, station=fair.station)

    hear_everything()

    assert state(placed.order) == "cancelled"
    assert scalar("SELECT sum(reserved)::int FROM stock_lot") == 0
    assert refunded_fen() == placed.total_fen
    all_proved()


def test_money_that_comes_twice_after_part_was_refunded_goes_back_whole_and_stops_nobody() -> None:
    fair = a_fair()
    order = delivered(packed(paid(fair)))
    shown = read.order(SYSTEM, order_id=order)
    line = shown.lines[0].id
    orders.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[orders.Part(line, 1000)], reason="样例")
    notify(shown.intent, notice="second", payment="second")
    payments.settle_waiting_notices()
    orders.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[orders.Part(line, 500)], reason="样例")

    hear_everything()

    assert refunded_fen() == 1000 + 500 + 2980
    assert state(paid(fair)) == "paid"
    all_proved()


def test_a_forged_notice_and_one_of_a_wrong_sum_pay_nothing() -> None:
    placed = place(a_fair(), gateway="sandbox")

    assert notify(placed.intent, key="not the key").answer == "forged"
    notify(placed.intent, notice="wrong", payment="wrong", amount_fen=1)
    hear_everything()

    assert state(placed.order) == "placed"
    assert scalar("SELECT count(*) FROM ledger_entry WHERE county = %s", [COUNTY]) == 0
