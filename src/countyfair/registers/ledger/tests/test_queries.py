"""Reading the books, and proving them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.refusal import Forbidden
from countyfair.registers.ledger import queries
from countyfair.registers.ledger.tests.factories import COUNTY, MOMENT, booked

READER = Actor("user:1", grants=(Grant("centre_finance", frozenset({"ledger.read"}), COUNTY),))
DAY = timedelta(days=1)


@pytest.fixture
def books(db: None) -> None:
    """Three captures on three days, one paid on to a household; one in another county."""
    for day, amount in enumerate((100, 250, 75)):
        booked(amount, at=MOMENT + day * DAY, reference=f"order {day}")
    booked(90, at=MOMENT + 3 * DAY, debit=("escrow", ""), credit=("household_payable", "h1"))
    booked(1, county="621227")


def test_a_balance_stands_as_of_a_moment(books: None) -> None:
    assert queries.balance(county=COUNTY, code="escrow") == -335
    assert queries.balance(county=COUNTY, code="escrow", before=MOMENT + DAY) == -100
    assert queries.balance(county=COUNTY, code="escrow", before=MOMENT) == 0
    assert queries.balance(county=COUNTY, code="bank") == 0


def test_balances_are_kept_apart_by_owner(books: None) -> None:
    assert queries.balances(county=COUNTY, code="household_payable") == [queries.OwnerBalance("h1", -90)]


def test_the_running_sum_starts_with_what_came_before(books: None) -> None:
    lines = queries.book(READER, county=COUNTY, code="escrow", since=MOMENT + DAY)
    assert [(row.amount_fen, row.running_fen) for row in lines] == [(-250, -350), (-75, -425), (90, -335)]
    assert lines[0].reference == "order 1"


def test_the_trial_balance_sums_to_zero(books: None) -> None:
    rows = queries.trial_balance(READER, county=COUNTY)
    assert sum(row.balance_fen for row in rows) == 0
    assert {row.code: (row.debit_fen, row.credit_fen) for row in rows} == {
        "clearing": (425, 0),
        "escrow": (90, 425),
        "household_payable": (0, 90),
    }


@pytest.mark.parametrize("county", ["621227", "45"])
def test_another_county_s_books_stay_closed(books: None, county: str) -> None:
    with pytest.raises(Forbidden):
        queries.book(READER, county=county, code="escrow")
    with pytest.raises(Forbidden):
        queries.trial_balance(READER, county=county)


def test_whole_books_are_proved(books: None) -> None:
    assert [(proof.checked, proof.broken) for proof in queries.proofs()] == [(5, ()), (10, ()), (10, ())]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("amount_fen = amount_fen + 1", {"ledger.every_entry_balances", "ledger.every_county_balances"}),
        ("county = '621227'", {"ledger.postings_stay_in_their_county"}),
    ],
)
def test_a_planted_corruption_is_found(books: None, damage: str, found: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE ledger_posting SET {damage} WHERE reference = 'order 1' AND amount_fen > 0")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert {proof.name for proof in queries.proofs() if proof.broken} == found
        cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER USER")
