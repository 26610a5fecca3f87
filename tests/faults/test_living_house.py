"""`countyfair check` in a house at work: news on its way is no fault, news heard without effect is one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from pytest_django import Settings

from config.wiring import WIRING
from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.proofs import Proof
from countyfair.kernel.refusal import Refusal
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.commands import check
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.stock import actions as stock
from tests.faults.trade import delivered, give_back, packed, paid

pytestmark = pytest.mark.django_db(transaction=True)

#: The deployment's readers, all of them deaf: they hear everything and do nothing.
DEAF = tuple(replace(wire, handler=lambda batch: None) for wire in WIRING)
LATER = timedelta(days=8)


def money_comes(fair: Fair) -> None:
    notify(place(fair, gateway="sandbox").intent)
    payments.settle_waiting_notices()


def money_comes_after_all_was_given_up(fair: Fair) -> None:
    placed = place(fair, gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        orders.expire_unpaid(SYSTEM)
        stock.expire_reservations(SYSTEM)
        outbox.deliver_everything()
        notify(placed.intent)
        payments.settle_waiting_notices()


def money_comes_twice_for_what_is_completed(fair: Fair) -> None:
    placed = place(fair, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()
    delivered(packed(placed.order))
    with at(now() + LATER):
        orders.complete_due(SYSTEM)
        outbox.deliver_everything()
        notify(placed.intent, notice="second", payment="second")
        payments.settle_waiting_notices()


def a_lot_is_short(fair: Fair) -> None:
    paid(fair)
    stock.correct_and_release(SYSTEM, entry=uuid7(), lot=fair.stall.lots[0], counted=0, reason="复秤")


def an_order_is_completed(fair: Fair) -> None:
    delivered(packed(paid(fair)))
    with at(now() + LATER):
        orders.complete_due(SYSTEM)


def a_completed_order_is_given_back(fair: Fair) -> None:
    order = delivered(packed(paid(fair)))
    with at(now() + LATER):
        orders.complete_due(SYSTEM)
        outbox.deliver_everything()
        give_back(order, "样例")


KEPT_ONCE = "orders.money_that_came_is_kept_once_or_goes_back"
EARNED = "settlement.every_share_is_earned_once_its_order_is_complete"
ESCROW = "settlement.no_escrow_is_left_of_completed_orders"

#: What announces news → the proofs that miss what the news should have done.
NEWS: dict[Callable[[Fair], None], set[str]] = {
    money_comes: {KEPT_ONCE},
    money_comes_after_all_was_given_up: {KEPT_ONCE},
    money_comes_twice_for_what_is_completed: {KEPT_ONCE, ESCROW},
    a_lot_is_short: {"orders.what_waits_holds_its_stock"},
    an_order_is_completed: {EARNED, ESCROW},
    a_completed_order_is_given_back: {EARNED, ESCROW},
}


def waiting() -> int:
    """News that the books wait for; what only tells people, or helps to find, is left aside."""
    moves = ("orders.on_captured", "orders.on_shortfall", "settlement.books")
    return sum(lag.waiting for lag in outbox.lags() if lag.handler in moves)


def broken() -> set[str]:
    return {proof.name for prove in check.PROVERS.values() for proof in prove() if proof.broken}


@pytest.mark.parametrize("happens", NEWS, ids=lambda one: one.__name__)
def test_what_nobody_has_heard_yet_is_told_and_no_fault(happens: Callable[[Fair], None]) -> None:
    happens(a_fair())
    assert waiting() == 1

    answer = CliRunner().invoke(check.command)

    assert answer.exit_code == 0, answer.exception
    assert " events waited to be heard (" in answer.output
    assert (outbox.deliver_everything() and outbox.lags()) == []
    answer = CliRunner().invoke(check.command)
    assert answer.exit_code == 0, answer.exception
    assert "waited" not in answer.output


@pytest.mark.parametrize(("happens", "missed"), NEWS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_what_was_heard_without_effect_is_a_fault(
    happens: Callable[[Fair], None], missed: set[str], settings: Settings
) -> None:
    happens(a_fair())
    settings.COUNTYFAIR_WIRING = "tests.faults.test_living_house.DEAF"
    assert waiting() == 1
    assert outbox.deliver_everything() >= 1

    assert broken() == missed
    assert isinstance(CliRunner().invoke(check.command).exception, Refusal)


def test_an_effect_that_was_taken_away_is_a_fault_while_other_news_waits() -> None:
    fair = a_fair()
    an_order_is_completed(fair)
    outbox.deliver_everything()
    an_order_is_completed(fair)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM settlement_earning")
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = DEFAULT")

    answer = CliRunner().invoke(check.command)

    assert EARNED in str(answer.exception)
    assert " events waited" in answer.output


def carry_the_news() -> None:
    """Another process of the house: it delivers on a connection of its own."""
    try:
        outbox.deliver_everything()
    finally:
        connection.close()


def test_what_happens_while_the_house_is_proved_changes_nothing_in_what_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every room is read in one moment: an effect that comes between two rooms is not half seen."""
    fair = a_fair()
    an_order_is_completed(fair)
    seen: list[int] = []

    def counted() -> list[Proof]:
        seen.append(waiting())
        if len(seen) == 1:
            with ThreadPoolExecutor(1) as worker:
                worker.submit(carry_the_news).result()
        return []

    monkeypatch.setattr(check, "PROVERS", {"first": counted, "second": counted})
    assert CliRunner().invoke(check.command).exit_code == 0

    assert seen == [1, 1]
    assert outbox.lags() == []
