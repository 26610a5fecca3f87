"""Quantities, places, periods, ids."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.ids import named_uuid7, parse_uuid, uuid7
from countyfair.kernel.lines import one_line
from countyfair.kernel.period import Period
from countyfair.kernel.place_code import Level, PlaceCode
from countyfair.kernel.quantity import Quantity, Unit, parse_quantity
from countyfair.kernel.refusal import Invalid


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3斤", 1500, Unit.GRAM),
        ("２．５ 公斤", 2500, Unit.GRAM),
        ("500g", 500, Unit.GRAM),
        ("1两", 50, Unit.GRAM),
        ("12个", 12, Unit.PIECE),
        ("1,200克", 1200, Unit.GRAM),
        ("1，234，567.5kg", 1_234_567_500, Unit.GRAM),
        ("0.05斤", 25, Unit.GRAM),
    ],
)
def test_a_quantity_is_read_as_sheets_write_it(text: str, amount: int, unit: Unit) -> None:
    assert parse_quantity(text) == Quantity(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "斤",
        "3 bushels",
        "0kg",
        "-1kg",
        "0.0001kg",
        "1.5个",
        "9" * 40 + "kg",
        *("3,5", "3,5kg", "1,20", "1,2345g", "1.2.3kg"),
    ],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_quantity(text)


def test_grams_and_pieces_do_not_add() -> None:
    with pytest.raises(ValueError, match="do not mix"):
        Quantity(1, Unit.GRAM) + Quantity(1, Unit.PIECE)


@pytest.mark.parametrize(
    ("printed", "trimmed", "level"),
    [
        ("450000000000", "45", Level.PROVINCE),
        ("450200000000", "4502", Level.PREFECTURE),
        ("450225000000", "450225", Level.COUNTY),
        ("450225100000", "450225100", Level.TOWNSHIP),
        ("450225100001", "450225100001", Level.VILLAGE),
        ("450225", "450225", Level.COUNTY),
    ],
)
def test_a_code_is_kept_trimmed_to_its_level(printed: str, trimmed: str, level: Level) -> None:
    code = PlaceCode(printed)
    assert (code, code.level) == (trimmed, level)
    assert code.padded == trimmed.ljust(12, "0")


def test_a_place_covers_its_subtree_and_nothing_else() -> None:
    county = PlaceCode("450225")
    assert county.covers("450225100001")
    assert county.covers("450225")
    assert not county.covers("450226")
    assert not county.covers("4502")
    assert PlaceCode("450225100001").parent == "450225100"
    assert PlaceCode("45").parent is None


@pytest.mark.parametrize("text", ["", "4", "45022", "4502251", "45022x", "４５"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        PlaceCode(text)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["year", "half", "quarter", "month"]))
def test_periods_tile_the_calendar(day: date, kind: str) -> None:
    period = Period.of(day, kind)
    assert period.contains(day)
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", ["2026Q5", "2026-13", "26", "2026H3", "Q1 2026"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Period.parse(text)


def test_ids_are_version_7_and_grow_with_time() -> None:
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < second
    assert parse_uuid(str(first)) == first
    assert parse_uuid("nonsense") is None


def test_a_named_id_is_the_same_each_time_and_of_version_7() -> None:
    first = named_uuid7("450225:station:t100", 1_750_000_000_000)
    assert first == named_uuid7("450225:station:t100", 1_750_000_000_000)
    assert first != named_uuid7("450225:station:t101", 1_750_000_000_000)
    assert (first.version, first.variant) == (7, "specified in RFC 4122")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("  样例·甲 ", "样例·甲"),
        ("样例\u202e倒着\u202c\u2066", "样例倒着"),
        ("first\r\nsecond\tthird\u3000fourth", "first second third fourth"),
        ("\x00\u200b😀️", "😀️"),
        ("\u202e", ""),
    ],
)
def test_a_line_of_text_has_nothing_in_it_that_is_not_seen(written: str, seen: str) -> None:
    assert one_line(written) == seen


def test_who_is_asked_in_a_unit_is_not_told_to_write_one() -> None:
    for default, told in (("斤", "in figures"), ("", "number and unit")):
        with pytest.raises(Invalid) as refused:
            parse_quantity("", default)
        with translation.override("en"):
            assert told in str(refused.value.sentence)
