"""Statements that re-add, what is owed, and proofs that find planted corruptions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel import clock
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    VILLAGE,
    a_household,
    a_user,
    an_actor,
)
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.settlement import actions, queries
from countyfair.trade.settlement.rules import Statement
from countyfair.trade.settlement.tests.factories import a_batch, a_completed_order, a_refund, bank_says

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def of(
    fair: Fair, owner: object = None, *, weeks: tuple[int, int] = (-1, 1), beneficiary: str = "household"
) -> Statement:
    first, last = weeks
    return queries.statement(
        SYSTEM, county=COUNTY, owner=str(owner or fair.households[0]), beneficiary=beneficiary,
        since=now() + first * WEEK, before=now() + last * WEEK,
    )  # fmt: skip


def test_a_statement_re_adds_through_sale_payout_refund_and_return(fair: Fair) -> None:
    order = a_completed_order(fair, packs=2)
    batch = a_batch()
    bank_says(batch, "returned")
    a_refund(order, 1000)
    actions.release(SYSTEM, orders=[order])
    second = a_batch()
    bank_says(second, "paid")
    found = of(fair)
    assert [(row.what, row.amount_fen) for row in found.lines] == [
        ("sale", 4768),
        ("payout", -4768),
        ("returned", 4768),
        ("refund", -1000),
        ("payout", -3768),
    ]
    assert (found.opening_fen, found.closing_fen, found.booked_fen) == (0, 0, 0)
    assert found.adds_up


def test_a_statement_takes_two_statements(
    fair: Fair, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_completed_order(fair)
    with django_assert_num_queries(2):
        assert of(fair).place == VILLAGE


def test_a_sale_says_what_was_sold_of_whose_harvest(fair: Fair) -> None:
    a_completed_order(fair, packs=3)
    (line,) = of(fair).lines
    assert (line.quantity, line.amount, line.unit, line.gross_fen, line.amount_fen) == (
        3,
        1500,
        "g",
        8940,
        7152,
    )
    assert line.product_zh
    assert line.reference


def test_periods_join_without_gap_or_overlap(fair: Fair) -> None:
    a_completed_order(fair)
    with clock.at(now() + 2 * WEEK):
        a_completed_order(fair)
        earlier, later = of(fair, weeks=(-3, -1)), of(fair, weeks=(-1, 1))
    assert (earlier.opening_fen, earlier.closing_fen) == (0, 2384)
    assert (later.opening_fen, later.closing_fen) == (2384, 4768)
    assert earlier.adds_up
    assert later.adds_up


def test_stations_and_the_centre_have_statements_too(fair: Fair) -> None:
    a_completed_order(fair)
    assert of(fair, fair.station, beneficiary="station").closing_fen == 179
    centre = queries.statement(
        SYSTEM, county=COUNTY, owner="", beneficiary="centre", since=now() - WEEK, before=now() + WEEK
    )
    assert (centre.closing_fen, centre.adds_up) == (238, True)


def test_a_household_reads_its_own_statement_and_no_other(fair: Fair) -> None:
    user = a_user()
    own, me = a_household(place=VILLAGE, user_id=user), people.actor_of(user)
    window: dict[str, Any] = {"since": now() - WEEK, "before": now() + WEEK}
    assert queries.statement(me, county=COUNTY, owner=str(own), **window).adds_up
    with pytest.raises(Forbidden):
        queries.statement(me, county=COUNTY, owner=str(fair.households[0]), **window)
    with pytest.raises(Forbidden):
        queries.paid_out(me, county=COUNTY, owner=str(fair.households[0]))
    with pytest.raises(Missing):
        queries.statement(SYSTEM, county=OTHER_COUNTY, owner=str(own), **window)
    with pytest.raises(Missing):
        queries.statement(SYSTEM, county=COUNTY, owner=str(uuid7()), **window)


@pytest.mark.parametrize(
    ("role", "allowed"), [("station_agent", True), ("centre_finance", True), ("courier", False)]
)
def test_who_else_reads_a_statement(fair: Fair, role: str, allowed: bool) -> None:
    a_completed_order(fair)
    actor = an_actor(role, place=VILLAGE if role == "station_agent" else COUNTY)
    ask: dict[str, Any] = {"county": COUNTY, "owner": str(fair.households[0])}
    if allowed:
        assert queries.statement(actor, **ask, since=now() - WEEK, before=now() + WEEK).closing_fen == 2384
    else:
        with pytest.raises(Forbidden):
            queries.statement(actor, **ask, since=now() - WEEK, before=now() + WEEK)


def test_what_is_owed_is_shown_with_whom_and_the_payouts_too(fair: Fair) -> None:
    a_completed_order(fair)
    (row,) = queries.owed(SYSTEM, county=COUNTY)
    label = people.household_labels([fair.households[0]])[fair.households[0]]
    assert (row.name, row.place, row.amount_fen, row.earnings) == (label.number, VILLAGE, 2384, 1)
    batch = a_batch()
    assert queries.owed(SYSTEM, county=COUNTY) == []
    (payout,) = queries.payouts(SYSTEM, batch=batch)
    assert (payout.name, payout.amount_fen, payout.state) == (label.number, 2384, "sent")
    (seen,) = queries.batches(SYSTEM, county=COUNTY)
    assert (seen.payouts, seen.amount_fen, seen.unanswered, seen.returned) == (1, 2384, 1, 0)
    (mine,) = queries.paid_out(SYSTEM, county=COUNTY, owner=str(fair.households[0]))
    assert (mine.number, mine.state) == (payout.number, "sent")


def test_batches_come_newest_first_page_by_page_with_their_sums(
    fair: Fair, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    finance = an_actor("centre_finance")
    made = []
    with clock.at(now()):  # one moment for all, so that the key decides
        for packs in (1, 2, 3):
            a_completed_order(fair, packs=packs)
            made.append(a_batch())
    with django_assert_num_queries(1):
        first = queries.batches(finance, county=COUNTY, limit=2)
    rest = queries.batches(finance, county=COUNTY, after=(first[-1].prepared_at, first[-1].id), limit=2)
    assert [row.id for row in first + rest] == sorted(made, reverse=True)
    assert {row.id: row.amount_fen for row in first + rest} == dict(
        zip(made, (2384, 4768, 7152), strict=True)
    )
    assert queries.batches(an_actor("auditor", place=OTHER_COUNTY), county=OTHER_COUNTY) == []


def test_a_returned_payout_is_found_in_its_batch_until_a_later_one_takes_it_up(fair: Fair) -> None:
    finance = an_actor("centre_finance")
    a_completed_order(fair)
    fine = a_batch()
    bank_says(fine, "paid")
    a_completed_order(fair)
    broken = a_batch()
    assert queries.batches(finance, county=COUNTY, returned=True) == []
    bank_says(broken, "returned")
    (row,) = queries.batches(finance, county=COUNTY, returned=True)
    assert (row.id, row.returned, row.unanswered) == (broken, 1, 0)
    assert queries.returned_unpaid(finance, county=COUNTY) == 1
    a_batch()
    assert queries.returned_unpaid(finance, county=COUNTY) == 0


def test_a_batch_stands_with_its_payouts_in_two_statements(
    fair: Fair, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_completed_order(fair, packs=4)
    key = a_batch(whom="station")
    finance = an_actor("centre_finance")
    with django_assert_num_queries(2):
        found = queries.batch_whole(finance, batch_id=key)
    (payout,) = found.payouts
    assert (payout.beneficiary, payout.owner, payout.name) == ("station", str(fair.station), "样例村服务站")
    assert found.batch.amount_fen == payout.amount_fen == 715
    assert queries.payouts(finance, batch=key) == [payout]


@pytest.mark.parametrize(("role", "county"), [("centre_staff", COUNTY), ("centre_finance", OTHER_COUNTY)])
def test_others_learn_nothing_of_what_is_paid_out(fair: Fair, role: str, county: str) -> None:
    a_completed_order(fair)
    key, actor = a_batch(), an_actor(role, place=county)
    with pytest.raises(Forbidden):
        queries.batch_whole(actor, batch_id=key)
    with pytest.raises(Forbidden):
        queries.payout_statement(actor, batch=key, number="1")
    with pytest.raises(Forbidden):
        queries.returned_unpaid(actor, county=COUNTY)
    with pytest.raises(Missing):
        queries.batch_whole(SYSTEM, batch_id=uuid7())


PLANTED = {
    "settlement_earning SET amount_fen = amount_fen + 1 WHERE beneficiary = 'household'": {
        "statements_are_the_ledger",
        "a_payout_is_the_sum_of_its_earnings",
        "every_share_is_earned_once_its_order_is_complete",
    },
    "settlement_earning SET payout_id = NULL": {"a_payout_is_the_sum_of_its_earnings"},
    "settlement_earning SET source = source || '?' WHERE beneficiary = 'centre'": {
        "every_share_is_earned_once_its_order_is_complete"
    },
    "settlement_payout SET amount_fen = amount_fen - 1": {
        "statements_are_the_ledger",
        "a_payout_is_the_sum_of_its_earnings",
    },
    "settlement_payout SET state = 'returned'": {"what_the_bank_returned_is_owed_again"},
    "orders_share SET amount_fen = amount_fen + 1 WHERE beneficiary = 'platform'": {
        "shares_are_the_total_of_their_order",
        "every_share_is_earned_once_its_order_is_complete",
    },
    "ledger_posting SET reference = 'another order' WHERE amount_fen = -2980": {
        "no_escrow_is_left_of_completed_orders"
    },
}


@pytest.mark.parametrize("damage", PLANTED)
def test_each_proof_finds_its_corruption(fair: Fair, damage: str) -> None:
    a_completed_order(fair)
    a_batch()
    assert {proof.name for proof in queries.proofs() if proof.broken} == set()
    assert all(
        proof.checked
        for proof in queries.proofs()
        if not {"returned", "platforms"} & set(proof.name.split("_"))
    )
    table = damage.split()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {damage}")
        broken = {proof.name.removeprefix("settlement.") for proof in queries.proofs() if proof.broken}
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert broken == PLANTED[damage]
