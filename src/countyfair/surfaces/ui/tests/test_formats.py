"""Figures as people read them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.ui import formats

LATE = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # already the 23rd in Shanghai


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "¥0.00"), (5, "¥0.05"), (1250, "¥12.50"), (123456789, "¥1,234,567.89"), (-1250, "−¥12.50")],
)
def test_money_is_written_to_the_fen(fen: int, written: str) -> None:
    assert formats.money(fen) == written
    assert formats.money(Money(fen)) == written


@pytest.mark.parametrize(
    ("share", "written"), [("0.1", "10%"), ("0.125", "12.5%"), ("0.05", "5%"), ("0", "0%"), ("1", "100%")]
)
def test_percent_has_no_idle_zeros(share: str, written: str) -> None:
    assert formats.percent(Decimal(share)) == written


def test_other_currencies_are_named_by_code() -> None:
    assert formats.money(Money(1250, "USD")) == "USD\N{NO-BREAK SPACE}12.50"
    assert formats.money(Money(1250, "JPY")) == "JPY\N{NO-BREAK SPACE}1,250"


@given(st.integers(-(10**15), 10**15))
def test_no_fen_is_lost_in_writing(fen: int) -> None:
    plain = formats.money(fen).replace("¥", "").replace(",", "").replace(formats.MINUS, "-")
    assert Decimal(plain) * 100 == fen


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (9999, "9,999", "9,999"),
        (12_000, "1.2万", "12k"),
        (56_789, "5.68万", "56.8k"),
        (123_456_789, "1.23亿", "123m"),
        (12_345_678_900, "123亿", "12.3bn"),
        (99_999_999, "1亿", "100m"),
        (-20_000, "−2万", "−20k"),
    ],
)
def test_large_numbers_are_shortened_as_each_language_counts(value: int, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert formats.compact(value) == zh
    with translation.override("en"):
        assert formats.compact(value) == en


def test_large_sums_keep_their_sign_before_the_currency() -> None:
    with translation.override("zh-hans"):
        assert formats.money_compact(12_345_678_900) == "¥1.23亿"
        assert formats.money_compact(-2_000_000) == "−¥2万"


@pytest.mark.parametrize(
    ("grams", "zh", "en"),
    [(500, "500克", "500 g"), (1000, "1公斤", "1 kg"), (2505, "2.505公斤", "2.505 kg")],
)
def test_a_mass_is_exact_in_both_languages(grams: int, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert formats.mass(grams) == zh
    with translation.override("en"):
        assert formats.mass(grams) == en


def test_a_quantity_says_its_unit() -> None:
    with translation.override("en"):
        assert formats.quantity(Quantity(1, Unit.PIECE)) == "1 piece"
        assert formats.quantity(12, "piece") == "12 pieces"
        assert formats.jin(1500) == "3 jin"
    with translation.override("zh-hans"):
        assert formats.quantity(12, "piece") == "12件"
        assert formats.jin(1500) == "3斤"


def test_dates_are_those_of_shanghai() -> None:
    with translation.override("zh-hans"):
        assert formats.moment(LATE) == "2026年11月23日 01:05"
        assert formats.short_day(LATE) == "11月23日"
    with translation.override("en"):
        assert formats.moment(LATE) == "23 November 2026, 01:05"
        assert formats.short_moment(LATE) == "23 Nov, 01:05"
    assert formats.machine_time(LATE) == "2026-11-23T01:05:00+08:00"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("19900001234", "199 **** 1234"),
        ("+86 199 0000 1234", "199 **** 1234"),
        ("1234", "****"),
        ("", "****"),
    ],
)
def test_a_phone_hides_its_middle(phone: str, shown: str) -> None:
    assert formats.phone(phone) == shown


def test_the_seasons_follow_the_months() -> None:
    assert [formats.season(date(2026, month, 1)) for month in (2, 3, 6, 9, 12)] == [
        "winter",
        "spring",
        "summer",
        "autumn",
        "winter",
    ]
