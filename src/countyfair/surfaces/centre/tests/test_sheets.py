"""Tables for download: whole, streamed, and safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from markupsafe import Markup
from openpyxl import load_workbook

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.surfaces.centre import sheets
from countyfair.surfaces.centre.sheets import Row, safe, sheet
from countyfair.surfaces.centre.tests.conftest import County, body
from countyfair.surfaces.ui import places

NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_stays_text(start: str) -> None:
    assert safe(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_numbers_stay_numbers_and_what_cannot_be_written_is_left_out() -> None:
    assert safe(-5) == -5
    assert safe("a\x00b\x1b") == "ab"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_cells_are_shut_in_both_kinds(kind: str) -> None:
    rows: list[Row] = [('=cmd|"/C calc"!A0', 1), ("香菇", -2)]
    answer = sheet(kind, "x", ("name", "count"), rows)
    whole = body(answer)
    if kind == "csv":
        first = list(csv.reader(io.StringIO(whole.decode("utf-8-sig"))))
        assert first[1:] == [['\'=cmd|"/C calc"!A0', "1"], ["香菇", "-2"]]
    else:
        page = load_workbook(io.BytesIO(whole)).worksheets[0]
        cells = [[(cell.value, cell.data_type) for cell in row] for row in page.iter_rows(min_row=2)]
        assert cells == [[('=cmd|"/C calc"!A0', "s"), (1, "n")], [("香菇", "s"), (-2, "n")]]


def test_a_sheet_asks_for_no_row_before_it_is_read() -> None:
    asked: list[int] = []

    def endless() -> Iterator[Row]:
        for number in range(10**9):
            asked.append(number)
            yield (number,)

    answer = sheet("csv", "x", ("n",), endless())
    assert answer.streaming
    assert len(asked) == 1


@pytest.mark.django_db
def test_every_row_of_the_list_is_in_the_sheet(county: County, staff: Client) -> None:
    answer = staff.get(county.at("orders.csv"))
    lines = body(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "29.80" in lines[1]


@pytest.mark.parametrize("count", [0, 1, 3, 6, 7])
def test_a_list_is_asked_for_page_by_page_without_gap_or_repeat(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "STRIDE", 3)
    marks = [(NOON + timedelta(minutes=number), uuid7()) for number in range(count)]

    def found(after: sheets.Mark | None, limit: int) -> list[sheets.Mark]:
        begin = marks.index(after) + 1 if after else 0
        return marks[begin : begin + limit]

    assert list(sheets.every(found, lambda mark: mark)) == marks


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "head"), [("en", "Number,State"), ("zh-hans", "编号,状态")])
def test_a_table_is_written_in_the_language_of_who_asked(
    county: County, staff: Client, language: str, head: str
) -> None:
    answer = staff.get(county.at("orders.csv"), headers={"accept-language": language})
    lines = body(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith(head)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "village"), [("en", "Anchui 安陲乡"), ("zh-hans", "安陲乡")])
def test_places_in_a_table_are_named_beside_their_codes(
    county: County, staff: Client, monkeypatch: pytest.MonkeyPatch, language: str, village: str
) -> None:
    code = str(scalar("SELECT place FROM stock_lot LIMIT 1"))
    latin = Markup('Anchui <span lang="zh-Hans">安陲乡</span>') if language == "en" else Markup("安陲乡")
    monkeypatch.setattr(places, "names", lambda codes: dict.fromkeys({code} & set(codes), latin))
    lots = staff.get(county.at("lots.csv"), headers={"accept-language": language})
    (row, *_others) = csv.reader(body(lots).decode("utf-8-sig").splitlines()[1:])
    assert row[3:5] == [village, code]


@pytest.mark.django_db
def test_the_lists_of_the_desk_speak_english_to_who_reads_it(county: County, staff: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_shop SET name_en = 'Sample stall in English'")
        cursor.execute("UPDATE catalog_pack SET label_zh = '袋装', label_en = 'In a bag'")
        cursor.execute("UPDATE stations_station SET name_en = 'Sample station in English'")
    for page, wanted, other in (
        ("products/", "Sample stall in English", "样例摊位"),
        ("offers/", "In a bag", "袋装"),
        ("offers.csv?state=on", "In a bag", "袋装"),
        ("stations/", "Sample station in English", "样例村服务站"),
        ("orders/", "Sample station in English", "样例村服务站"),
    ):
        shown = body(staff.get(county.at(page), headers={"accept-language": "en"})).decode()
        assert wanted in shown, page
        assert other not in shown, page
