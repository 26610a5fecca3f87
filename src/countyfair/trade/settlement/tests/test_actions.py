"""From a completed order to money in an account, and back again when the bank says no."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance, balances
from countyfair.registers.people import actions as people
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, SYSTEM, an_actor
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.settlement import actions, queries
from countyfair.trade.settlement.models import Batch, Earning, Payout
from countyfair.trade.settlement.tests.factories import (
    CHECKER,
    MAKER,
    a_batch,
    a_completed_order,
    a_refund,
    bank_says,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def account(code: str, owner: object = "") -> int:
    return -balance(county=COUNTY, code=code, owner=str(owner))


def all_is_proved() -> None:
    assert {proof.name: proof.broken for proof in queries.proofs() if proof.broken} == {}


def test_a_completed_order_is_earned_by_its_shares(fair: Fair) -> None:
    order = a_completed_order(fair)
    assert account("escrow") == 0
    assert account("household_payable", fair.households[0]) == 2384
    assert account("station_payable", fair.station) == 179
    assert account("centre_payable") == 238
    assert account("platform_income") == 179
    assert actions.release(SYSTEM, orders=[order]) == 0
    assert Earning.objects.count() == 4
    all_is_proved()


def test_an_order_in_its_return_window_is_not_earned(fair: Fair) -> None:
    placed = place(fair)
    assert actions.release(SYSTEM, orders=[placed.order]) == 0
    assert Earning.objects.count() == 0


def test_a_refund_before_the_release_is_never_earned(fair: Fair) -> None:
    order = a_completed_order(fair, released=False)
    a_refund(order, 384)
    actions.release(SYSTEM, orders=[order])
    assert account("household_payable", fair.households[0]) == 2000
    assert account("escrow") == 0
    all_is_proved()


def test_a_refund_after_the_payout_is_a_negative_line_carried_over_until_it_is_covered(fair: Fair) -> None:
    order = a_completed_order(fair)
    first = a_batch()
    a_refund(order, 1000)
    actions.release(SYSTEM, orders=[order])
    assert account("household_payable", fair.households[0]) == -1000
    assert account("escrow") == 0
    with pytest.raises(Conflict):
        a_batch()
    a_completed_order(fair)
    second = a_batch()
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=second)] == [1384]
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=first)] == [2384]
    assert [
        row.amount_fen for row in queries.payout_statement(SYSTEM, batch=second, number=_number(second))
    ] == [-1000, 2384]
    all_is_proved()


def test_release_at_once_by_two_workers_earns_once(fair: Fair) -> None:
    orders = [a_completed_order(fair, released=False) for _ in range(3)]

    def work(_: int) -> int:
        try:
            return actions.release(SYSTEM, orders=orders)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(work, range(4))) == 12
    all_is_proved()


def test_a_batch_is_prepared_by_one_and_sent_by_another(fair: Fair) -> None:
    a_completed_order(fair)
    maker, checker = an_actor("centre_finance"), an_actor("centre_finance")
    batch = actions.prepare(maker, batch_id=uuid7(), county=COUNTY)
    with pytest.raises(Forbidden):
        actions.send(maker, batch=batch)
    assert account("payout_clearing") == 0
    for _ in range(2):
        actions.send(checker, batch=batch)
    assert account("payout_clearing") == 2384
    assert account("household_payable", fair.households[0]) == 0
    with pytest.raises(IntegrityError):
        Batch.objects.filter(id=batch).update(sent_by=maker.key)
    all_is_proved()


def test_two_who_prepare_at_once_claim_everything_once(fair: Fair) -> None:
    for _ in range(5):
        a_completed_order(fair)

    def work(n: int) -> int:
        try:
            actions.prepare(Actor.system(f"maker {n}"), batch_id=uuid7(), county=COUNTY)
        except Conflict:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(work, range(6))) == 1
    assert [row.amount_fen for row in Payout.objects.all()] == [5 * 2384]
    all_is_proved()


def test_the_same_form_again_answers_the_same_batch(fair: Fair) -> None:
    a_completed_order(fair)
    key = uuid7()
    assert actions.prepare(MAKER, batch_id=key, county=COUNTY) == key
    assert actions.prepare(MAKER, batch_id=key, county=COUNTY) == key
    with pytest.raises(Conflict):
        actions.prepare(MAKER, batch_id=key, county=COUNTY, whom="station")
    assert Batch.objects.count() == 1


def test_a_withdrawn_batch_frees_what_it_claimed(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch(sent=False)
    for _ in range(2):
        actions.withdraw(MAKER, batch=batch)
    with pytest.raises(Conflict):
        actions.send(CHECKER, batch=batch)
    again = a_batch()
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=again)] == [2384]
    with pytest.raises(Conflict):
        actions.withdraw(MAKER, batch=again)
    all_is_proved()


def test_what_came_after_the_day_waits_for_the_next_batch(fair: Fair) -> None:
    a_completed_order(fair)
    with pytest.raises(Conflict):
        actions.prepare(MAKER, batch_id=uuid7(), county=COUNTY, until=now() - timedelta(days=1))
    with pytest.raises(Invalid):
        actions.prepare(MAKER, batch_id=uuid7(), county=COUNTY, until=now() + timedelta(days=1))
    with pytest.raises(Invalid):
        actions.prepare(MAKER, batch_id=uuid7(), county=COUNTY, whom="platform")
    assert Payout.objects.count() == 0


def test_stations_are_paid_in_batches_of_their_own(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch(whom="station")
    assert [(row.owner, row.amount_fen) for row in queries.payouts(SYSTEM, batch=batch)] == [
        (str(fair.station), 179)
    ]
    with pytest.raises(Invalid):
        actions.bank_file(CHECKER, batch=batch)
    all_is_proved()


def test_what_the_bank_paid_leaves_the_bank_and_closes_the_batch(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch()
    for _ in range(2):
        bank_says(batch, "paid")
    assert queries.batch(SYSTEM, batch=batch).state == "closed"
    assert account("bank") == 2384
    assert account("payout_clearing") == 0
    all_is_proved()


@pytest.mark.parametrize("was_paid", [False, True], ids=["at once", "after it was called paid"])
def test_what_the_bank_returns_is_owed_again_and_paid_with_the_next_batch(fair: Fair, was_paid: bool) -> None:
    a_completed_order(fair)
    batch = a_batch()
    if was_paid:
        bank_says(batch, "paid")
    for _ in range(2):
        bank_says(batch, "returned")
    assert (account("bank"), account("payout_clearing")) == (0, 0)
    assert account("household_payable", fair.households[0]) == 2384
    with pytest.raises(Conflict):
        bank_says(batch, "paid")
    second = a_batch()
    bank_says(second, "paid")
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=second)] == [2384]
    assert [row.amount_fen for row in queries.payouts(SYSTEM, batch=batch)] == [2384]
    assert account("bank") == 2384
    all_is_proved()


def test_the_bank_s_answer_must_make_sense(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch(sent=False)
    with pytest.raises(Conflict):
        bank_says(batch, "paid")
    actions.send(CHECKER, batch=batch)
    with pytest.raises(Invalid):
        bank_says(batch, "lost")
    with pytest.raises(Missing):
        actions.record_results(CHECKER, batch=batch, results=[actions.BankSaid("no such payout", "paid")])
    assert account("payout_clearing") == 2384


def test_the_bank_s_file_holds_each_household_s_account_and_its_reading_is_logged(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch(sent=False)
    finance = an_actor("centre_finance")
    with pytest.raises(Conflict):
        actions.bank_file(finance, batch=batch)
    actions.send(CHECKER, batch=batch)
    made = actions.bank_file(finance, batch=batch)
    table = list(csv.reader(io.StringIO(made.content.decode("gb18030"))))
    assert table[1][1:6] == [_number(batch), "样例·农", "6200000000000000", "样例银行", "23.84"]
    assert made.left_out == ()
    assert (
        actions.bank_file(finance, batch=batch).digest
        == made.digest
        == Batch.objects.get(id=batch).file_digest
    )
    assert (
        scalar(
            "SELECT count(*) FROM people_householdread WHERE purpose = 'payout' AND actor = %s", [finance.key]
        )
        == 2
    )


def test_a_household_that_withdrew_its_consent_is_left_out_by_name_of_its_payout(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch()
    people.erase_identity(SYSTEM, household_id=fair.households[0])
    made = actions.bank_file(CHECKER, batch=batch)
    assert made.left_out == ((_number(batch), "erased"),)
    assert "6200000000000000" not in made.content.decode("gb18030")


def test_a_file_that_would_differ_from_the_first_is_refused(fair: Fair) -> None:
    a_completed_order(fair)
    batch = a_batch()
    actions.bank_file(CHECKER, batch=batch)
    people.erase_identity(SYSTEM, household_id=fair.households[0])
    with pytest.raises(Conflict):
        actions.bank_file(CHECKER, batch=batch)


Deed = Callable[[Actor, UUID], object]
DEEDS: dict[str, Deed] = {
    "prepare": lambda actor, batch: actions.prepare(actor, batch_id=uuid7(), county=COUNTY),
    "send": lambda actor, batch: actions.send(actor, batch=batch),
    "withdraw": lambda actor, batch: actions.withdraw(actor, batch=batch),
    "bank_file": lambda actor, batch: actions.bank_file(actor, batch=batch),
    "record_results": lambda actor, batch: actions.record_results(actor, batch=batch, results=[]),
    "batch": lambda actor, batch: queries.batch(actor, batch=batch),
    "batches": lambda actor, batch: queries.batches(actor, county=COUNTY),
    "payouts": lambda actor, batch: queries.payouts(actor, batch=batch),
    "owed": lambda actor, batch: queries.owed(actor, county=COUNTY),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    ("role", "county"), [("centre_staff", COUNTY), ("centre_finance", OTHER_COUNTY), ("", None)]
)
def test_others_neither_pay_nor_see_payouts(fair: Fair, deed: str, role: str, county: str | None) -> None:
    a_completed_order(fair)
    batch = a_batch(sent=False)
    before = (Earning.objects.filter(payout=None).count(), Batch.objects.get(id=batch).state)
    with pytest.raises(Forbidden):
        DEEDS[deed](an_actor(role, place=county), batch)
    assert (Earning.objects.filter(payout=None).count(), Batch.objects.get(id=batch).state) == before


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed not in ("prepare", "batches", "owed")])
def test_there_is_no_such_batch(deed: str) -> None:
    with pytest.raises(Refusal) as refused:
        DEEDS[deed](SYSTEM, uuid7())
    assert isinstance(refused.value, Missing)


def test_each_balance_has_an_owner_in_the_books(fair: Fair) -> None:
    a_completed_order(fair, packs=3)
    assert [row.amount_fen for row in balances(county=COUNTY, code="household_payable")] == [-7152]


def _number(batch: UUID) -> str:
    return queries.payouts(SYSTEM, batch=batch)[0].number


def test_a_batch_of_many_households_is_sent_and_answered_in_as_many_statements_as_of_one() -> None:
    def statements(count: int, outcome: str) -> tuple[int, int]:
        Earning.objects.bulk_create(
            Earning(
                id=uuid7(), county=COUNTY, beneficiary="household", owner=str(uuid7()), order_key="",
                source=f"sale:{uuid7()}", what="sale", amount_fen=1000, currency="CNY", earned_at=now(),
            )
            for _household in range(count)
        )  # fmt: skip
        batch = a_batch(sent=False)
        with CaptureQueriesContext(connection) as sent:
            actions.send(CHECKER, batch=batch)
        said = [
            actions.BankSaid(row.number, outcome, reference="B1", reason="账号有误")
            for row in queries.payouts(SYSTEM, batch=batch)
        ]
        assert len(said) == count
        with CaptureQueriesContext(connection) as answered:
            actions.record_results(CHECKER, batch=batch, results=said)
        assert set(Payout.objects.filter(batch_id=batch).values_list("state", flat=True)) == {outcome}
        return len(sent), len(answered)

    assert statements(1, "paid") == statements(9, "paid")
    assert abs(account("bank")) == 10_000
    statements(9, "returned")
    assert Earning.objects.filter(what="returned", payout=None).count() == 9
