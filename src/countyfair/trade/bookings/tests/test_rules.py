"""What docs/services.md says of calling off is what the rules compute; codes are whole."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.trade.bookings import rules
from countyfair.trade.bookings.rules import USUAL, Rule
from countyfair.trade.bookings.tests.factories import PRICE_FEN

PAGE = (Path(__file__).parents[5] / "docs" / "services.md").read_text(encoding="utf-8")


def cells(table: int) -> list[list[str]]:
    """The cells of a table below the heading of calling off."""
    tables = re.findall(r"(?:^\|.*\n)+", PAGE.split("## Calling off", 1)[1], re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in tables[table].splitlines()[2:]]


def test_the_page_shows_the_usual_rule_and_its_worked_example() -> None:
    assert [(int(days), int(percent.strip(" %"))) for days, percent in cells(0)] == list(USUAL.tiers)
    total = 2 * 3 * PRICE_FEN
    assert f"{Decimal(total) / 100}" in PAGE
    for days, yuan in cells(1):
        assert rules.part(total, USUAL.percent_back(int(days))) == Decimal(yuan) * 100


def test_nothing_comes_back_from_the_first_day_on() -> None:
    assert Rule(((1, 100),)).percent_back(0) == 0


@pytest.mark.parametrize(
    "rule",
    [Rule(()), Rule(((7, 50), (2, 100))), Rule(((0, 50),)), Rule(((3, 101),)), Rule(((3, 50), (3, 20)))],
)
def test_a_rule_that_cannot_be_is_refused(rule: Rule) -> None:
    with pytest.raises(Invalid):
        rules.checked(rule)


def test_every_choice_of_a_host_is_a_rule() -> None:
    for preset in rules.PRESETS.values():
        assert rules.checked(preset.rule) == preset.rule


def test_a_code_is_twelve_digits_of_its_order_and_is_read_however_it_is_typed() -> None:
    order, household = uuid7(), uuid7()
    code = rules.code_of(order)
    assert rules.typed(f" {rules.shown(code)} ") == code == rules.code_of(order)
    assert rules.typed("".join(chr(ord("０") + int(digit)) for digit in code)) == code
    assert rules.hash_of(code, household) != rules.hash_of(code, uuid7())
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    for text in ("", "12", wrong, "x" * 12, code + "0"):
        with pytest.raises(Invalid):
            rules.typed(text)
