"""Product sheets in the forms that merchants send them, made for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import openpyxl

Row = Sequence[object]

#: A title over the heads, heads on two rows of which several are merged, full-width digits, 斤 and 公斤.
TITLE = ("融水县农产品目录（２０２６年秋）",)
UPPER: Row = ("序号", "品名", "规格", "价格", None, "产地", "库存", "上市月份", "供货人")
LOWER: Row = (None, None, None, "单价", "单位", None, None, None, None)
MERGED = ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:I3")
BODY: tuple[Row, ...] = (
    (1, "黑糯米", "５斤/袋", "１２．５", "斤", "-", 300, "9-11月", "样例·甲"),
    (2, "黑糯米", "500g×4袋", 55, "件", "-", 120, "9-11月", "样例·甲"),
    (3, "野生香菇（干）", "２５０克", "￥39.80", "袋", "-", "—", "春、秋", "样例·乙"),
    (4, "土鸡蛋", "30个/盒", "45元", "盒", "-", 50, "全年", "样例·乙"),
    (5, "高山红茶", "", "128/斤", "斤", "-", "", "3-5", "样例·丙"),
)


def workbook(body: Sequence[Row] = BODY) -> bytes:
    """An .xlsx with a merged title, merged heads on two rows, and `body`."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((*TITLE, *[None] * 8), UPPER, LOWER, *body):
        sheet.append(list(row))
    for cells in MERGED:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def separated(rows: Sequence[Row], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(["" if c is None else c for c in row] for row in rows)
    return file.getvalue().encode(encoding)


def exported(**form: str) -> bytes:
    """The same sheet as CSV, where merging is lost: a head over two columns stands in the first only."""
    return separated([(*TITLE, *[None] * 8), UPPER, LOWER, *BODY], **form)
