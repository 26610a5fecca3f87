"""Splitting and writing down money: pure decisions, tried with whatever Hypothesis thinks of."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import allocate
from countyfair.registers.ledger.rules import require_entry
from countyfair.trade.settlement.rules import (
    COLUMNS,
    BankRow,
    ShareRow,
    bank_csv,
    payout_lines,
    plain_cell,
    release_lines,
    releases,
    yuan,
)

ORDER, LATER = uuid7(), uuid7()


def share(
    amount_fen: int, beneficiary: str = "household", owner: str = "h1", **other: UUID | None
) -> ShareRow:
    given_ids = {"order": ORDER, "line": None, "refund": None} | other
    return ShareRow(
        id=uuid7(),
        county="450225",
        beneficiary=beneficiary,
        owner=owner,
        amount_fen=amount_fen,
        currency="CNY",
        order=given_ids["order"] or ORDER,
        line=given_ids["line"],
        refund=given_ids["refund"],
    )


owners = st.sampled_from(
    [
        ("household", "h1"),
        ("household", "h2"),
        ("station", "s1"),
        ("centre", ""),
        ("courier", "c"),
        ("platform", ""),
    ]
)


@given(st.integers(1, 10**9), st.lists(st.tuples(owners, st.integers(1, 10**6)), min_size=1, max_size=12))
def test_whatever_the_split_escrow_goes_to_the_beneficiaries_to_the_fen(
    total: int, parts: list[tuple[tuple[str, str], int]]
) -> None:
    amounts = allocate(total, [weight for _, weight in parts])
    shares = [share(amount, *who) for (who, _), amount in zip(parts, amounts, strict=True)]
    (one,) = releases(shares)
    lines = release_lines(one)
    require_entry(lines)
    assert lines[0].account_code == "escrow"
    assert lines[0].amount_fen == total


@given(st.integers(2, 10**6), st.data())
def test_what_a_refund_takes_back_later_goes_back_to_escrow(total: int, data: st.DataObject) -> None:
    back = data.draw(st.integers(1, total))
    refund = uuid7()
    parts = allocate(-back, [Decimal("0.8"), Decimal("0.2")])
    shares = [share(parts[0], refund=refund), share(parts[1], "station", "s1", refund=refund)]
    (one,) = releases(shares)
    assert (one.source, one.what) == (f"takeback:{refund}", "takeback")
    lines = release_lines(one)
    require_entry(lines)
    assert sum(row.amount_fen for row in lines if row.account_code == "escrow") == -back


def test_a_refund_before_the_release_is_booked_with_it() -> None:
    refund = uuid7()
    (one,) = releases([share(100), share(-30, refund=refund)])
    assert one.source == f"release:{ORDER}"
    assert [row.amount_fen for row in release_lines(one)] == [70, -70]


def test_each_order_and_each_later_refund_is_an_entry_of_its_own() -> None:
    first, second = uuid7(), uuid7()
    found = releases([share(1), share(-1, refund=first, order=LATER), share(-1, refund=second, order=LATER)])
    assert [one.source for one in found] == [f"release:{ORDER}", f"takeback:{first}", f"takeback:{second}"]


def test_shares_that_cancel_out_book_nothing() -> None:
    (one,) = releases([share(100), share(-100, refund=uuid7())])
    assert release_lines(one) == []


@pytest.mark.parametrize("move", ["send", "paid", "returned", "paid_returned"])
def test_every_step_of_a_payout_balances(move: str) -> None:
    require_entry(payout_lines("household", "h1", 500, "CNY", uuid7(), move))


def test_sent_and_returned_leave_nothing_behind_whichever_way() -> None:
    for moves in (("send", "returned"), ("send", "paid", "paid_returned")):
        sums: dict[tuple[str, str], int] = {}
        for move in moves:
            for row in payout_lines("household", "h1", 500, "CNY", uuid7(), move):
                key = (row.account_code, row.owner)
                sums[key] = sums.get(key, 0) + row.amount_fen
        assert set(sums.values()) == {0}


HOSTILE = ["=cmd|'/c calc'!A1", "+1", "-2", "@SUM(A1)", "\t=1", "\r\n=1", " =1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_bank_s_file_is_a_formula(text: str) -> None:
    content = bank_csv([BankRow("n", text, text, text, 100, "CNY")], batch=text)
    for row in csv.reader(io.StringIO(content.decode("gb18030"))):
        assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in row)


@given(st.text(max_size=40))
def test_a_cell_stays_on_its_line(text: str) -> None:
    assert len(plain_cell(text).splitlines()) <= 1


def test_the_bank_s_file_is_what_banks_read() -> None:
    rows = [
        BankRow("1-0001", "样例·龘", "6200000000000000", "样例银行", 123456, "CNY"),
        BankRow("1-0002", "乙", "1", "行", 5, "CNY"),
    ]
    text = bank_csv(rows, batch="20261123-1").decode("gb18030")
    assert text.splitlines() == [
        ",".join(COLUMNS),
        "1,1-0001,样例·龘,6200000000000000,样例银行,1234.56,CNY,20261123-1",
        "2,1-0002,乙,1,行,0.05,CNY,20261123-1",
        "合计,2,,,,1234.61,,20261123-1",
    ]


@given(st.integers(0, 10**15))
def test_yuan_keeps_every_fen(amount_fen: int) -> None:
    assert int(Decimal(yuan(amount_fen)) * 100) == amount_fen
