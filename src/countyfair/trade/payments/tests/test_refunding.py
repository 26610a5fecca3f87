"""Giving back: never more than came, once per reason, and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import OTHER_VILLAGE, an_actor
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider, open_provider, serving
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, a_paid_intent, an_intent, notify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(tmp_path: Path, settings: Settings) -> Iterator[Provider]:
    """The sandbox's provider at work on a free port."""
    made = open_provider(tmp_path, key=settings.COUNTYFAIR_SANDBOX_KEY, way="lost", pace=0)
    with serving(made) as address:
        settings.COUNTYFAIR_SANDBOX_URL = address
        yield made
    made.store.close()


@pytest.fixture
def silence(settings: Settings) -> None:
    """No provider answers."""
    settings.COUNTYFAIR_SANDBOX_URL = "http://127.0.0.1:9"


def paid_at(provider: Provider, amount_fen: int = 3600) -> UUID:
    """An intent that the provider holds the money of, and we know."""
    intent = an_intent(amount_fen)
    provider.ask({"intent": intent, "reference": "r", "amount_fen": amount_fen, "currency": "CNY"})
    provider.pay(str(intent))
    actions.ask_provider(SYSTEM, intent=intent)
    return intent


def ask(intent: UUID, amount_fen: int, source: str = "return:1") -> UUID:
    return actions.ask_refund(SYSTEM, source=source, intent=intent, amount_fen=amount_fen, reason="return")


def due() -> int:
    return -balance(county=COUNTY, code="refunds_due")


def test_a_refund_is_owed_at_once_and_given_by_the_provider(provider: Provider) -> None:
    intent = paid_at(provider, 3600)
    refund = ask(intent, 1000)
    assert (due(), balance(county=COUNTY, code="escrow")) == (1000, -2600)
    assert actions.settle_refunds() == 1
    assert queries.refund(refund).state == "done"
    assert (due(), balance(county=COUNTY, code="clearing", owner="sandbox")) == (0, 2600)
    assert provider.store.refunded(queries.refund(refund).provider_key) == 1000
    assert (
        scalar("SELECT payload ->> 'source' FROM kernel_event WHERE name = 'payments.refund_settled'")
        == "return:1"
    )


def test_the_same_reason_is_refunded_once() -> None:
    intent = a_paid_intent(3600)
    assert ask(intent, 1000) == ask(intent, 1000)
    assert due() == 1000
    with pytest.raises(Conflict):
        ask(intent, 1001)
    with pytest.raises(Conflict):
        ask(a_paid_intent(3600), 1000)


def test_no_more_is_refunded_than_was_paid() -> None:
    intent = a_paid_intent(3600)
    ask(intent, 2000)
    with pytest.raises(Conflict) as refused:
        ask(intent, 1601, "return:2")
    assert refused.value.details == {"left_fen": 1600}
    ask(intent, 1600, "return:3")
    assert due() == 3600


def test_many_refunds_are_asked_for_at_once_and_once() -> None:
    intents = [a_paid_intent(3600) for _buyer in range(3)]
    owing = [
        actions.Owing(f"return:{number}", (intent,), 1000 + number, "x")
        for number, intent in enumerate(intents)
    ]
    for _again in range(2):
        actions.ask_refunds(SYSTEM, owing=owing)
        assert due() == 3003
    with pytest.raises(Conflict):
        actions.ask_refunds(SYSTEM, owing=[actions.Owing("return:0", (intents[0],), 999, "x")])


def test_one_of_many_refunds_that_asks_too_much_stops_all_of_them() -> None:
    first, second = a_paid_intent(3600), a_paid_intent(3600)
    twice = [actions.Owing(f"part:{number}", (first,), 2000, "x") for number in range(2)]
    for owing, why in (
        ([actions.Owing("other", (second,), 100, "x"), *twice], Conflict),
        (
            [actions.Owing("other", (second,), 100, "x"), actions.Owing("none", (an_intent(),), 1, "x")],
            Missing,
        ),
        ([actions.Owing("other", (second,), 100, "x"), actions.Owing("zero", (first,), 0, "x")], Invalid),
    ):
        with pytest.raises(why):
            actions.ask_refunds(SYSTEM, owing=owing)
        assert due() == 0


def test_many_refunds_take_as_many_statements_as_one() -> None:
    def statements(count: int) -> int:
        owing = [actions.Owing(f"return:{uuid7()}", (a_paid_intent(),), 100, "x") for _buyer in range(count)]
        with CaptureQueriesContext(connection) as seen:
            actions.ask_refunds(SYSTEM, owing=owing)
        return len(seen)

    assert statements(1) == statements(7)


def test_what_was_never_paid_is_not_refunded() -> None:
    with pytest.raises(Missing):
        ask(an_intent(), 1)
    with pytest.raises(Missing):
        actions.ask_refund(
            SYSTEM, source="s", intent=a_paid_intent(), amount_fen=1, reason="r", capture=uuid7()
        )
    with pytest.raises(Invalid):
        ask(a_paid_intent(), 0)


def test_of_an_intent_paid_twice_each_payment_can_be_refunded_whole() -> None:
    intent = a_paid_intent(3600)
    notify(intent, notice="second", payment="second")
    actions.settle_waiting_notices()
    ask(intent, 3600, "a")
    ask(intent, 3600, "b")
    assert {row.refunded_fen for row in queries.captures_of([f"order:{intent}"])} == {3600}


def test_refunds_asked_for_at_once_never_exceed_the_payment() -> None:
    intent = a_paid_intent(1000)

    def one(n: int) -> bool:
        try:
            ask(intent, 300, f"return:{n}")
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(8))) == 3
    assert due() == 900


def test_a_silent_provider_is_asked_again_later_and_gives_once(silence: None) -> None:
    refund = ask(a_paid_intent(3600), 1000)
    assert actions.settle_refunds() == 0
    row = queries.refund(refund)
    assert (row.state, row.attempts) == ("asked", 1)
    assert row.last_error.startswith("no answer")
    assert row.next_at > now()
    assert actions.settle_refunds() == 0
    assert queries.refund(refund).attempts == 1
    with clock.at(now() + timedelta(minutes=1)):
        actions.settle_refunds()
    assert queries.refund(refund).attempts == 2
    assert due() == 1000


def test_a_refund_whose_answer_was_lost_is_given_once(provider: Provider) -> None:
    intent = paid_at(provider, 3600)
    refund = ask(intent, 1000)
    row = queries.refund(refund)
    provider.store.refund(str(refund), row.provider_key, 1000, "CNY")
    assert actions.settle_refunds() == 1
    assert provider.store.refunded(row.provider_key) == 1000
    assert actions.settle_refunds() == 0


def test_what_a_provider_refuses_stays_owed_and_visible_until_someone_looks(provider: Provider) -> None:
    refund = ask(a_paid_intent(3600), 1000)
    actions.settle_refunds()
    row = queries.refund(refund)
    assert (row.state, row.last_error) == ("failed", "there is no such payment")
    assert [row.id for row in queries.refunds(SYSTEM, county=COUNTY, state="failed")] == [refund]
    assert due() == 1000
    with pytest.raises(Forbidden):
        actions.retry_refund(an_actor("station_agent"), refund=refund)
    actions.retry_refund(an_actor("centre_finance"), refund=refund)
    assert queries.refund(refund).state == "asked"
    with pytest.raises(Conflict):
        actions.retry_refund(SYSTEM, refund=refund)


def test_cash_is_handed_back_from_a_till_once() -> None:
    station = a_station()
    agent = an_agent(station)
    intent = an_intent(2500, gateway="counter")
    actions.take_cash(agent, intent=intent, station=station)
    refund = ask(intent, 500)
    assert actions.settle_refunds() == 0
    assert [row.id for row in queries.cash_to_hand_back(agent, station=station)] == [refund]
    for _ in range(2):
        actions.hand_back_cash(agent, refund=refund, station=station)
    assert balance(county=COUNTY, code="till", owner=str(station)) == 2000
    assert due() == 0
    assert queries.cash_to_hand_back(agent, station=station) == []


def test_cash_is_not_handed_back_by_others_or_elsewhere() -> None:
    station, other = a_station(), a_station(name="样例二站")
    agent = an_agent(station)
    intent = an_intent(2500, gateway="counter")
    actions.take_cash(agent, intent=intent, station=station)
    refund = ask(intent, 500)
    with pytest.raises(Forbidden):
        actions.hand_back_cash(an_actor("courier"), refund=refund, station=station)
    with pytest.raises(Invalid):
        actions.hand_back_cash(SYSTEM, refund=refund, station=a_station(place=OTHER_VILLAGE))
    with pytest.raises(Invalid):
        actions.hand_back_cash(agent, refund=ask(a_paid_intent(), 1, "online"), station=station)
    actions.hand_back_cash(agent, refund=refund, station=station)
    with pytest.raises(Conflict):
        actions.hand_back_cash(SYSTEM, refund=refund, station=other)
    assert balance(county=COUNTY, code="till", owner=str(station)) == 2000


def test_an_intent_whose_notice_never_came_is_found_by_asking(provider: Provider) -> None:
    intent = an_intent(3600)
    provider.ask({"intent": intent, "reference": "r", "amount_fen": 3600, "currency": "CNY"})
    provider.pay(str(intent))
    assert actions.look_at_silent_intents() == 0
    with clock.at(now() + timedelta(minutes=1)):
        assert actions.look_at_silent_intents() == 1
        assert actions.look_at_silent_intents() == 0
    assert queries.intent(intent).state == "paid"
    notify(intent, payment=queries.captures_of([f"order:{intent}"])[0].provider_key)
    actions.settle_waiting_notices()
    assert balance(county=COUNTY, code="escrow") == -3600


def test_asking_in_vain_changes_nothing(provider: Provider) -> None:
    intent = an_intent()
    assert actions.ask_provider(SYSTEM, intent=intent).state == "awaiting"
    provider.ask({"intent": intent, "reference": "r", "amount_fen": 3600, "currency": "CNY"})
    assert actions.ask_provider(SYSTEM, intent=intent).state == "awaiting"
    provider.store.refuse(str(intent))
    assert actions.ask_provider(SYSTEM, intent=intent).state == "awaiting"


def test_a_provider_that_is_down_does_not_break_the_page(silence: None) -> None:
    assert actions.ask_provider(SYSTEM, intent=an_intent()).state == "awaiting"
