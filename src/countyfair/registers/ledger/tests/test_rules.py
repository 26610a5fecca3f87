"""What can be booked, decided before the database is asked."""

from __future__ import annotations

import pytest

from countyfair.registers.ledger import rules
from countyfair.registers.ledger.rules import PostingLine, line, require_entry


def test_an_entry_of_two_even_lines_can_be_booked() -> None:
    require_entry([line("clearing", 500, owner="sandbox"), line("escrow", -500)])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line("escrow", 1)],
        [line("escrow", 0), line("bank", 0)],
        [line("escrow", -500), line("bank", 499)],
        [line("escrow", -500), line("bank", 500, currency="USD")],
        [line("escrow", -500), PostingLine("petty_cash", "asset", "", 500)],
        [line("escrow", -500), PostingLine("bank", "income", "", 500)],
        [line("escrow", -500), line("till", 500)],
        [line("escrow", -500, owner="somebody"), line("bank", 500)],
    ],
    ids=[
        "none",
        "one",
        "nothing",
        "uneven",
        "two currencies",
        "no such account",
        "other kind",
        "nobody's till",
        "owned escrow",
    ],
)
def test_what_is_no_entry_is_refused(lines: list[PostingLine]) -> None:
    with pytest.raises(ValueError, match=r"."):
        require_entry(lines)


def test_each_code_stands_in_the_chart_once() -> None:
    assert len(rules.KINDS) == len(rules.CHART)
    assert set(rules.PAYABLE.values()) <= set(rules.KINDS)
