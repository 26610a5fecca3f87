"""Cells as people and spreadsheets write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.outreach.channels.platforms.cells import (
    LONGEST_TEXT,
    BadCell,
    fen,
    identity,
    moment,
    pieces,
    text_of,
    told_moment,
)
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.shape import Cells
from countyfair.outreach.channels.platforms.words import aftersale_of, charge_of, told_state
from countyfair.outreach.channels.rules.tables.heads import cleaned, head

YEARS = (datetime.fromisoformat("2010-01-01"), datetime.fromisoformat("2090-01-01"))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.5", 1250),
        ("¥1,234.50", 123450),
        ("￥-3", -300),
        ("-¥3", -300),
        ("１２．５０元", 1250),
        ("12.500", 1250),
        ("+0.01", 1),
        ("12.345", None),
        ("1,23.00", None),
        ("--3", None),
        ("-¥-3", None),
        ("1e5", None),
        ("=1+1", None),
        ("", None),
        ("99999999999999999", None),
    ],
)
def test_amounts(text: str, amount: int | None) -> None:
    assert fen(text) == amount


@given(st.integers(-(10**12), 10**12))
def test_any_amount_is_read_as_it_was_written(amount: int) -> None:
    sign, rest = ("-" if amount < 0 else ""), abs(amount)
    assert fen(f"{sign}{rest // 100}.{rest % 100:02}") == amount
    assert fen(f"{sign}¥{rest // 100:,}.{rest % 100:02}") == amount


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01 08:05:09",
        "2026/11/1 8:05:09",
        "2026/11/01 08:05:09",
        "2026-11-01T08:05:09",
        "2026-11-01T08:05:09+08:00",
        "2026-11-01T00:05:09Z",
        "2026-11-01 08:05:09.000",
        "20261101080509",
        "2026年11月1日 8:05:09",
        "46327.3369097222",
    ],
)
def test_one_moment_in_ten_formats(text: str) -> None:
    assert told_moment(text) == datetime(2026, 11, 1, 8, 5, 9, tzinfo=COUNTY_ZONE)


@pytest.mark.parametrize("text", ["2026-02-30", "26-11-01", "11/1/2026", "2026-11-01 25:00:00", "x", "12345"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(BadCell, match="not a date"):
        moment(Cells(1, {"a": text}), "a")


@given(st.datetimes(*YEARS, timezones=st.just(UTC)))
def test_any_moment_is_read_as_it_was_written(told: datetime) -> None:
    whole = told.replace(microsecond=0)
    local = whole.astimezone(COUNTY_ZONE)
    assert told_moment(local.isoformat()) == whole
    assert told_moment(f"{local:%Y-%m-%d %H:%M:%S}") == whole


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    cells = Cells(1, {"a": text})
    for read in (identity, pieces):
        with suppress(BadCell):
            read(cells, "a")
    told = text_of(cells, "a")
    assert len(told) <= LONGEST_TEXT
    assert all(one.isprintable() for one in told)
    assert fen(text) is None or isinstance(fen(text), int)
    assert (told_state(text), aftersale_of(text), charge_of(text), head(text)) is not None


def test_texts_that_turn_the_direction_or_hide_lose_it() -> None:
    hostile = "‮香菇‏⁦\x00\x1b[31m​\n=HYPERLINK(1)"
    assert text_of(Cells(1, {"a": hostile}), "a") == "香菇[31m =HYPERLINK(1)"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("\t6917 ", "6917"),
        ('="007"', "007"),
        ("'6917", "6917"),
        ("-", ""),
        ("—", ""),
        ("NULL", ""),
        ("-3.00", "-3.00"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("'香菇", "'香菇"),
    ],
)
def test_cells_are_trimmed_of_what_exports_put_around_them(cell: str, text: str) -> None:
    assert cleaned(cell) == text


@pytest.mark.parametrize("sealed", ["##xxMM", "$$7fQz", "~AgAA=", "#$12"])
def test_sealed_parts_are_not_kept(sealed: str) -> None:
    told = receiver(name=sealed, phone=sealed, address=sealed, city="柳州市")
    assert told is not None
    assert (told.name, told.phone, told.address, told.city, told.masked) == ("", "", "", "柳州市", True)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("基础技术服务费", "service_fee"),
        ("退货运费险", "freight_insurance"),
        ("淘宝客佣金代扣款", "host"),
        ("天猫佣金", "commission"),
        ("直通车充值", "promotion"),
        ("订单退款", "refund"),
        ("平台补贴", "subsidy"),
        ("天晓得", "other"),
        ("", "other"),
    ],
)
def test_fee_words(word: str, kind: str) -> None:
    assert charge_of(word) == kind
