"""Taking money: once, whole, and never lost, however its notice comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import OTHER_VILLAGE, an_actor
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.actions.asking import close_silence
from countyfair.trade.payments.models import Capture, Notice
from countyfair.trade.payments.tests.factories import (
    COUNTY,
    PROVIDER,
    SYSTEM,
    a_paid_intent,
    an_intent,
    notify,
)

pytestmark = pytest.mark.django_db(transaction=True)


def escrow() -> int:
    return -balance(county=COUNTY, code="escrow")


def announced(name: str) -> int:
    return int(str(scalar("SELECT count(*) FROM kernel_event WHERE name = %s", [name])))


def test_a_notice_puts_the_money_into_escrow_and_says_so() -> None:
    intent = a_paid_intent(3600)
    assert queries.intent(intent).state == "paid"
    assert (escrow(), balance(county=COUNTY, code="clearing", owner="sandbox")) == (3600, 3600)
    assert announced("payments.captured") == 1


def test_a_notice_that_comes_twice_takes_the_money_once() -> None:
    intent = a_paid_intent(3600)
    assert notify(intent).answer == "known"
    assert notify(intent, notice="another notice of the same money").answer == "kept"
    actions.settle_waiting_notices()
    assert escrow() == 3600
    assert sorted(Notice.objects.values_list("outcome", flat=True)) == ["captured", "repeated"]
    assert announced("payments.captured") == 1


def test_a_notice_before_its_intent_waits_for_it() -> None:
    intent = uuid7()
    notify(intent)
    assert actions.settle_waiting_notices() == 0
    actions.open_intent(
        SYSTEM, intent=intent, county=COUNTY, reference="o", gateway="sandbox", amount_fen=3600
    )
    assert actions.settle_waiting_notices() == 1
    assert escrow() == 3600


def test_a_notice_whose_intent_never_comes_is_given_up_after_a_day_and_stays_visible() -> None:
    notify(uuid7())
    with clock.at(now() + timedelta(days=2)):
        assert actions.settle_waiting_notices() == 1
    assert [row.outcome for row in queries.refused_notices(SYSTEM, county=COUNTY)] == ["unknown"]


@pytest.mark.parametrize(
    ("other", "outcome"),
    [({"amount_fen": 3599}, "wrong_amount"), ({"currency": "USD"}, "wrong_currency")],
)
def test_another_sum_is_not_taken_and_shown(other: dict[str, Any], outcome: str) -> None:
    intent = an_intent(3600)
    notify(intent, **other)
    actions.settle_waiting_notices()
    assert escrow() == 0
    assert queries.intent(intent).state == "awaiting"
    assert [row.outcome for row in queries.refused_notices(SYSTEM, county=COUNTY)] == [outcome]
    notify(intent, notice="the right one")
    actions.settle_waiting_notices()
    assert escrow() == 3600


def test_the_same_money_pays_one_intent_only() -> None:
    first = a_paid_intent(3600)
    second = an_intent(3600)
    notify(second, payment=f"P{first}")
    actions.settle_waiting_notices()
    assert queries.intent(second).state == "awaiting"
    assert [row.outcome for row in queries.refused_notices(SYSTEM, county=COUNTY)] == ["other_intent"]


def test_a_forged_notice_is_shown_and_does_not_stand_in_the_way_of_the_true_one() -> None:
    intent = an_intent(3600)
    assert notify(intent, key="not our key").answer == "forged"
    assert notify(intent, moment=now() - timedelta(minutes=6)).answer == "forged"
    actions.settle_waiting_notices()
    assert escrow() == 0
    assert {row.outcome for row in queries.refused_notices(SYSTEM, county=COUNTY)} == {"forged"}
    assert notify(intent).answer == "kept"


def test_a_flood_of_forgeries_leaves_few_rows() -> None:
    for n in range(600):
        actions.receive_notice(PROVIDER, gateway="sandbox", headers={}, body=str(n).encode())
    assert Notice.objects.count() <= 256


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"notice": 1}'])
def test_what_is_no_notice_is_forged(body: bytes) -> None:
    assert actions.receive_notice(PROVIDER, gateway="sandbox", headers={}, body=body).answer == "forged"
    assert actions.receive_notice(PROVIDER, gateway="counter", headers={}, body=body).answer == "forged"


def test_a_notice_for_no_gateway_is_refused() -> None:
    with pytest.raises(Invalid):
        actions.receive_notice(PROVIDER, gateway="gold", headers={}, body=b"")


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_money_for_a_closed_intent_is_taken_and_announced_as_late(how: str) -> None:
    intent = an_intent(3600)
    if how == "expired":
        assert actions.expire(SYSTEM, intents=[intent, a_paid_intent(1)]) == [intent]
    else:
        actions.cancel_intent(SYSTEM, intent=intent)
    notify(intent)
    actions.settle_waiting_notices()
    assert scalar("SELECT payload ->> 'was' FROM kernel_event WHERE name = 'payments.captured_late'") == how
    assert queries.captures_of([f"order:{intent}"])[0].amount_fen == 3600


def test_an_intent_paid_twice_keeps_both_and_says_so() -> None:
    intent = a_paid_intent(3600)
    notify(intent, notice="second", payment="second")
    actions.settle_waiting_notices()
    assert escrow() == 7200
    assert announced("payments.captured_late") == 1


def test_a_paid_intent_is_not_cancelled() -> None:
    intent = a_paid_intent()
    with pytest.raises(Conflict):
        actions.cancel_intent(SYSTEM, intent=intent)
    with pytest.raises(Missing):
        actions.cancel_intent(SYSTEM, intent=uuid7())
    assert queries.intent(intent).state == "paid"


def test_an_intent_is_opened_once() -> None:
    intent = an_intent(3600, reference="o")
    again: dict[str, Any] = {"intent": intent, "county": COUNTY, "reference": "o", "gateway": "sandbox"}
    actions.open_intent(SYSTEM, **again, amount_fen=3600)
    with pytest.raises(Conflict):
        actions.open_intent(SYSTEM, **again, amount_fen=3601)
    assert queries.intent(intent).amount_fen == 3600


def test_many_notices_of_one_payment_at_once_take_it_once() -> None:
    intent = an_intent(3600)
    notices = [notify(intent, notice=f"n{n}").notice for n in range(12)]

    def settle(notice: UUID | None) -> str:
        try:
            assert notice is not None
            return actions.settle_notice(SYSTEM, notice=notice)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        outcomes = sorted(threads.map(settle, notices))
    assert outcomes == ["captured", *["repeated"] * 11]
    assert (Capture.objects.count(), escrow()) == (1, 3600)


def test_cash_goes_into_the_till_of_the_station_that_took_it_once() -> None:
    station = a_station()
    agent = an_agent(station)
    intent = an_intent(2500, gateway="counter")
    for _ in range(2):
        actions.take_cash(agent, intent=intent, station=station)
    assert balance(county=COUNTY, code="till", owner=str(station)) == 2500
    assert escrow() == 2500
    assert announced("payments.captured") == 1


def test_cash_taken_at_one_station_is_not_taken_at_another() -> None:
    station, other = a_station(), a_station(name="样例二站")
    intent = an_intent(2500, gateway="counter")
    actions.take_cash(an_agent(station), intent=intent, station=station)
    with pytest.raises(Conflict):
        actions.take_cash(an_agent(other), intent=intent, station=other)
    assert balance(county=COUNTY, code="till", owner=str(other)) == 0


def test_cash_pressed_twice_at_once_is_taken_once() -> None:
    station = a_station()
    agent = an_agent(station)
    intent = an_intent(2500, gateway="counter")

    def press(_: int) -> None:
        try:
            actions.take_cash(agent, intent=intent, station=station)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(press, range(6)))
    assert balance(county=COUNTY, code="till", owner=str(station)) == 2500


def test_cash_is_refused_where_it_must_not_be_taken() -> None:
    station = a_station()
    agent = an_agent(station)
    open_intent = an_intent(2500, gateway="counter")
    with pytest.raises(Forbidden):
        actions.take_cash(an_actor("station_agent", place=OTHER_VILLAGE), intent=open_intent, station=station)
    with pytest.raises(Invalid):
        actions.take_cash(agent, intent=an_intent(), station=station)
    with pytest.raises(Invalid):
        actions.take_cash(agent, intent=an_intent(gateway="counter", county="621227"), station=station)
    with pytest.raises(Missing):
        actions.take_cash(agent, intent=uuid7(), station=station)
    actions.expire(SYSTEM, intents=[open_intent])
    with pytest.raises(Conflict):
        actions.take_cash(agent, intent=open_intent, station=station)
    assert balance(county=COUNTY, code="till", owner=str(station)) == 0


def test_a_look_at_a_silent_intent_is_no_change_of_it_and_any_other_is() -> None:
    intent = an_intent()
    changes = (
        "SELECT count(*) FROM kernel_change WHERE table_name = 'payments_intent' AND operation = 'UPDATE'"
    )
    with clock.at(now() + timedelta(hours=1)):
        assert intent in close_silence(SYSTEM)
    assert scalar(changes) == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_intent SET looked_at = NULL, gateway = 'counter' WHERE id = %s", [intent]
        )
    assert scalar(changes) == 1
