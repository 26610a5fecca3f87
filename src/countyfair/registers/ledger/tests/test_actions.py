"""Booking: once per source, even, for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.actions import post
from countyfair.registers.ledger.models import Account, Entry, Posting
from countyfair.registers.ledger.queries import balance
from countyfair.registers.ledger.rules import PostingLine, line
from countyfair.registers.ledger.tests.factories import COUNTY, MOMENT, booked

pytestmark = pytest.mark.django_db(transaction=True)


def test_accounts_open_on_demand_and_once() -> None:
    booked(300)
    booked(200)
    assert Account.objects.count() == 2
    assert balance(county=COUNTY, code="escrow") == -500
    assert balance(county=COUNTY, code="clearing", owner="sandbox") == 500


def test_the_same_source_again_answers_the_first_entry_and_books_nothing() -> None:
    first = booked(300, source="capture:1")
    again = booked(300, source="capture:1", at=MOMENT + timedelta(days=1))
    assert again == first
    assert balance(county=COUNTY, code="escrow") == -300


def test_the_order_of_the_lines_is_no_content() -> None:
    lines = [line("bank", 5), line("till", -3, owner="s"), line("till", -2, owner="t")]
    first = _post("x", lines)
    assert _post("x", lines[::-1]) == first


@pytest.mark.parametrize(
    "other",
    [
        {"amount_fen": 301},
        {"debit": ("bank", "")},
        {"reference": "another order"},
        {"county": "621227"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_same_source_with_other_content_is_refused(other: dict[str, object]) -> None:
    book: Callable[..., UUID] = booked
    book(300, source="capture:1")
    with pytest.raises(Conflict):
        book(**({"amount_fen": 300, "source": "capture:1"} | other))
    assert Entry.objects.count() == 1
    assert Posting.objects.count() == 2


def test_an_uneven_entry_never_commits_by_any_path() -> None:
    entry = booked(300)
    account = Account.objects.get(code="escrow")
    with pytest.raises(IntegrityError, match="does not balance"):
        Posting.objects.create(entry_id=entry, account=account, county=COUNTY, amount_fen=7)
    with pytest.raises(IntegrityError, match="does not balance"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post('450225', 'raw', 'raw', now(), ARRAY['bank','escrow'],"
            " ARRAY['asset','liability'],"
            " ARRAY['',''], ARRAY['CNY','CNY'], ARRAY[5,-4], ARRAY['',''])"
        )
    assert Posting.objects.count() == 2


def test_two_currencies_balance_each_for_itself() -> None:
    with pytest.raises(IntegrityError, match="does not balance"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post('450225', 'raw', 'raw', now(), ARRAY['bank','escrow'],"
            " ARRAY['asset','liability'],"
            " ARRAY['',''], ARRAY['CNY','USD'], ARRAY[5,-5], ARRAY['',''])"
        )
    _post(
        "mixed",
        [
            line("bank", 5),
            line("escrow", -5),
            line("bank", 9, currency="USD"),
            line("escrow", -9, currency="USD"),
        ],
    )
    assert balance(county=COUNTY, code="bank", currency="USD") == 9


def test_an_entry_without_postings_never_commits() -> None:
    with pytest.raises(IntegrityError, match="two or more"):
        Entry.objects.create(county=COUNTY, source="empty", what="test", content="", booked_at=MOMENT)


def test_an_entry_stays_in_its_county() -> None:
    entry = booked(300)
    booked(300, county="621227")
    elsewhere = {a.code: a for a in Account.objects.filter(county="621227")}
    with pytest.raises(IntegrityError, match="another county"), transaction.atomic():  # noqa: PT012  # fails at commit
        Posting.objects.create(entry_id=entry, account=elsewhere["escrow"], county="621227", amount_fen=7)
        Posting.objects.create(entry_id=entry, account=elsewhere["clearing"], county="621227", amount_fen=-7)


def test_what_is_booked_is_never_changed() -> None:
    booked(300)
    for change in (
        lambda: Posting.objects.update(amount_fen=1),
        lambda: Posting.objects.all().delete(),
        lambda: Entry.objects.update(what="other"),
    ):
        with pytest.raises(DatabaseError, match="counter-entry"):
            change()


def test_an_account_outside_the_chart_is_not_opened() -> None:
    with pytest.raises(IntegrityError, match="account_in_chart"):
        Account.objects.create(county=COUNTY, code="petty_cash", kind="asset")


def test_the_entry_names_who_booked_it() -> None:
    post(
        Actor("user:7", everything=True),
        county=COUNTY,
        source="s",
        what="t",
        booked_at=MOMENT,
        lines=[line("bank", 1), line("escrow", -1)],
    )
    assert scalar("SELECT actor FROM ledger_entry") == "user:7"


def test_many_at_once_book_one_source_once() -> None:
    def once(_: int) -> UUID:
        try:
            return booked(300, source="capture:1")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        entries = set(threads.map(once, range(16)))
    assert len(entries) == 1
    assert balance(county=COUNTY, code="escrow") == -300
    assert Account.objects.count() == 2


def _post(source: str, lines: list[PostingLine]) -> UUID:
    return post(
        Actor.system("test"),
        county=COUNTY,
        source=source or str(uuid7()),
        what="test",
        booked_at=MOMENT,
        lines=lines,
    )
