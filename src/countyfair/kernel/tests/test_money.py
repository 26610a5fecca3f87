"""Money and its splitting."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.money import Money, allocate
from countyfair.kernel.refusal import Invalid

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_the_parts_of_a_split_sum_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(allocate(total, weights)) == total


@given(st.integers(0, 10**12), WEIGHTS)
def test_no_part_is_a_whole_unit_away_from_its_exact_share(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 1


def test_the_remainder_goes_to_the_largest_remainders() -> None:
    assert allocate(100, [Decimal("0.555"), Decimal("0.295"), Decimal("0.15")]) == [56, 29, 15]
    assert allocate(1, [1, 1]) == [1, 0]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_a_split_by_nothing_or_by_a_negative_weight_is_an_error(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(10, weights)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12.5", 1250), ("¥１２．５０", 1250), ("1,200", 120000), ("0.01", 1), ("38元", 3800), (" 7 ", 700)],
)
def test_money_is_read_as_people_write_it(text: str, fen: int) -> None:
    assert Money.from_text(text) == Money(fen)


@pytest.mark.parametrize("text", ["", "12.345", "1e3", "--1", "12,34,5", "∞", "NaN", "9" * 30])
def test_what_is_no_amount_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Money.from_text(text, field="price")
    assert refused.value.field == "price"


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not mix"):
        Money(1) + Money(1, "USD")


def test_a_rate_rounds_half_to_even() -> None:
    assert [Money(minor).times(Decimal("0.5")).minor for minor in (1, 3, 5)] == [0, 2, 2]
