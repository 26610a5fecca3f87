"""Reading product sheets: pure, from bytes to lines and problems."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules.sheets import Reading, find_columns, read_grid, read_lines
from countyfair.trade.catalog.rules.sheets.columns import letter
from countyfair.trade.catalog.tests.sheets import Row, exported, separated, workbook

COUNTY = "450225"
PLACES = {"香粉乡": "450225204", "雨卜村": "450225204201", "新寨": ""}


def read(data: bytes) -> Reading:
    grid = read_grid(data)
    return read_lines(grid, find_columns(grid), county=COUNTY, places=PLACES)


def lines_of(*rows: Row, head: Row = ("品名", "规格", "单位", "单价", "产地")) -> Reading:
    return read(separated([head, *rows]))


@pytest.mark.parametrize(
    "data",
    [
        workbook(),
        exported(),
        exported(encoding="utf-8-sig"),
        exported(encoding="gb18030"),
        exported(encoding="gbk"),
        exported(encoding="utf-16"),
        exported(separator="\t"),
        exported(separator=";"),
    ],
    ids=["xlsx", "utf-8", "utf-8 marked", "gb18030", "gbk", "utf-16", "tabs", "semicolons"],
)
def test_the_same_sheet_says_the_same_in_every_form(data: bytes) -> None:
    reading = read(data)

    assert reading.problems == ()
    assert [
        (line.row, line.name_zh, line.content_amount, line.unit, line.sold_by, line.price_fen, line.category)
        for line in reading.lines
    ] == [
        (4, "黑糯米", 2500, Unit.GRAM, "piece", 6250, "grain"),
        (5, "黑糯米", 2000, Unit.GRAM, "piece", 5500, "grain"),
        (6, "野生香菇（干）", 250, Unit.GRAM, "piece", 3980, "mushroom"),
        (7, "土鸡蛋", 30, Unit.PIECE, "piece", 4500, "poultry"),
        (8, "高山红茶", 500, Unit.GRAM, "weight", 12800, "tea"),
    ]
    assert reading.lines[0].season_months == (9, 10, 11)
    assert reading.lines[2].season_months == (3, 4, 5, 9, 10, 11)
    assert reading.lines[0].product_code == reading.lines[1].product_code
    assert reading.unknown_heads == ("序号", "供货人")
    assert reading.stock_figures == 3


@pytest.mark.parametrize(
    ("head", "cells", "grams", "fen"),
    [
        (("品名", "规格", "单价(元/斤)"), ("大米", "10斤装", "4.5"), 5000, 4500),
        (("品名", "规格", "单价（元／公斤）"), ("大米", "2.5kg", "9.99"), 2500, 2498),
        (("商品名称", "净含量", "零售价"), ("大米", "500克", "１，２００．５"), 500, 120050),
        (("名称", "规格", "售价"), ("大米", "1.5公斤", "6元/斤"), 1500, 1800),
        (("产品名称", "包装规格", "价格", "计价单位"), ("大米", "250g", "0.1", "g"), 250, 2500),
        (("名称", "单位", "元/斤"), ("大米", "斤", "3"), 500, 300),
        (("Product", "Spec", "Price"), ("大米", "2 KG x 3", "30"), 6000, 3000),
    ],
)
def test_heads_units_and_prices_as_merchants_write_them(head: Row, cells: Row, grams: int, fen: int) -> None:
    (line,) = lines_of(cells, head=head).lines

    assert (line.content_amount, line.price_fen) == (grams, fen)


@pytest.mark.parametrize(
    ("cells", "column", "head"),
    [
        (("", "1斤", "", "5", ""), "A", "品名"),
        (("米" * 81, "1斤", "", "5", ""), "A", "品名"),
        (("大米", "若干", "", "5", ""), "B", "规格"),
        (("大米", "0斤", "", "5", ""), "B", "规格"),
        (("大米", "0.3克", "", "5", ""), "B", "规格"),
        (("大米", "", "筐", "5", ""), "C", "单位"),
        (("大米", "1斤", "", "", ""), "D", "单价"),
        (("大米", "1斤", "", "-", ""), "D", "单价"),
        (("大米", "1斤", "", "面议", ""), "D", "单价"),
        (("大米", "1斤", "", "-3", ""), "D", "单价"),
        (("大米", "1斤", "", "0", ""), "D", "单价"),
        (("大米", "1斤", "", "1.234", ""), "D", "单价"),
        (("大米", "1斤", "", "9" * 30, ""), "D", "单价"),
        (("大米", "1斤", "", "5", "火星村"), "E", "产地"),
        (("大米", "1斤", "", "5", "新寨"), "E", "产地"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_by_row_column_and_head(
    cells: Row, column: str, head: str
) -> None:
    reading = lines_of(("糯米", "1斤", "", "5", ""), cells)

    assert [(one.row, one.column, one.head) for one in reading.problems] == [(3, column, head)]
    assert [line.row for line in reading.lines] == [2]


def test_every_problem_of_a_row_is_told_at_once() -> None:
    problems = lines_of(("", "若干", "", "面议", "火星村")).problems

    assert {one.column for one in problems} == {"A", "B", "D", "E"}


def test_the_same_pack_twice_is_a_problem_of_the_second_row() -> None:
    reading = lines_of(("大米", "1斤", "", "5", ""), ("大米", "500克", "", "6", ""))

    assert [one.row for one in reading.problems] == [3]
    assert "2" in str(reading.problems[0].sentence)


def test_a_place_is_read_by_its_name_and_blank_is_the_county() -> None:
    reading = lines_of(("大米", "1斤", "", "5", "雨卜村"), ("小米", "1斤", "", "5", "-"))

    assert [line.place for line in reading.lines] == ["450225204201", COUNTY]


def test_empty_rows_and_totals_are_passed_over() -> None:
    reading = lines_of((None, "", "-", "", ""), ("大米", "1斤", "", "5", ""), ("合计", "", "", "5", ""))

    assert (len(reading.lines), reading.problems) == (1, ())


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "+1", "<script>alert(1)</script>"]
)
def test_what_looks_like_a_formula_or_a_script_stays_text(text: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("品名", "规格", "单价"), (text, "1斤", 5)):
        sheet.append(row)
    sheet["A2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue()).lines[0].name_zh == text
    assert lines_of((text, "1斤", "", "5", "")).lines[0].name_zh == text


def test_control_characters_do_not_reach_the_catalogue() -> None:
    assert lines_of(("大\u202e米\u0007", "1斤", "", "5", "")).lines[0].name_zh == "大米"


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (201 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n ",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken",
        b"\0\1\2\3\xff" * 50,
        "第一行\n第二行\n".encode(),
        b"%PDF-1.7 \x00",
        separated([("品名", "产地"), ("大米", "村")]),
        b"\xff\xff\xff\x80",
        separated([("a",) * 300]),
    ],
    ids=["empty", "blank", "zip", "xls", "binary", "no heads", "pdf", "no price", "no characters", "wide"],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)

    assert refused.value.field == "file"


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_hundreds_of_megabytes_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Invalid, match="unpacks"):
        read_grid(bomb())


@pytest.mark.slow
def test_one_long_text_merged_over_the_whole_sheet_is_refused_and_not_written_out() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["GR2000"] = "米" * 30_000, 1
    sheet.merge_cells("A1:GR1999")
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Invalid, match="unpacks"):
        read_grid(file.getvalue())


@settings(deadline=None)  # what looks like a workbook is opened by a process of its own
@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_it_fall_over(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        read(data)


WRITTEN = st.characters(codec="utf-8", exclude_characters="\0")


@given(st.lists(st.text(WRITTEN, max_size=12), min_size=5, max_size=5))
def test_no_cells_whatever_make_it_fall_over(cells: list[str]) -> None:
    lines_of(cells)


def test_columns_are_lettered_as_sheets_letter_them() -> None:
    indexes = (0, 25, 26, 51, 52, 701, 702)

    assert [letter(index) for index in indexes] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_worked_example_of_the_page_comes_out_as_it_says() -> None:
    page = (Path(__file__).parents[5] / "docs" / "catalogue-sheet.md").read_text(encoding="utf-8")
    sheet, result = re.findall(r"```csv\n(.*?)```", page, re.S)
    reading = read(sheet.encode())

    assert [
        f"{line.name_zh},{line.content_amount},{line.unit},{line.sold_by},{line.price_fen}"
        for line in reading.lines
    ] == result.strip().splitlines()[1:]
