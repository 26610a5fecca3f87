"""From the bytes of a file to a grid of texts, whatever program wrote it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import python_calamine
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

LARGEST_FILE = 20 * 1024 * 1024
#: What a workbook may unpack to, and how many cells are read: far beyond any product sheet.
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Grid:
    """Texts by row and column. Row 0 is the sheet's row 1; every row has the same width."""

    sheet: str
    rows: tuple[tuple[str, ...], ...]


def read_grid(data: bytes) -> Grid:
    """The first visible sheet of a workbook, or the rows of a CSV file.

    A merged cell's text stands in each of its cells. A formula counts as the value it had when the
    file was saved; text that looks like one stays text.

    Raises:
        Invalid: empty, too large, damaged, or no sheet at all; field `file`.
    """
    if not data.strip():
        raise Invalid(_("The file is empty."), field="file")
    if len(data) > LARGEST_FILE:
        raise Invalid(_("The file is larger than 20 MB. Split it."), field="file")
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(data)
    return _separated(data)


def _workbook(data: bytes) -> Grid:
    _refuse_bomb(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        sheet = book.get_sheet_by_name(visible[0])
        _refuse_size(sheet.total_height, sheet.total_width)
        values = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError) as error:
        raise Invalid(_("This workbook cannot be opened. Save it anew as .xlsx."), field="file") from error
    texts = [[_text(value) for value in row] for row in values]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _spread(texts, top, left, bottom, right)
    return Grid(sheet.name, _even(texts))


def _refuse_bomb(data: bytes) -> None:
    if data[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Invalid(_("This workbook cannot be opened. Save it anew as .xlsx."), field="file") from error
    if unpacked > LARGEST_UNPACKED:
        raise Invalid(_("This workbook unpacks to far more than a product sheet holds."), field="file")


def _refuse_size(height: int, width: int) -> None:
    if height > MOST_ROWS or width > MOST_COLUMNS:
        raise Invalid(_("The sheet has more than 20,000 rows or 200 columns. Split it."), field="file")


def _spread(texts: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(texts) or left >= len(texts[top]):
        return
    text = texts[top][left]
    for row in texts[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)


def _separated(data: bytes) -> Grid:
    text = _decoded(data)
    if "\0" in text:
        raise Invalid(_("This is neither Excel nor CSV. Save it as .xlsx or .csv."), field="file")
    sample = text[:20_000].splitlines()[:20]
    separator = max(",\t;", key=lambda one: sum(line.count(one) for line in sample))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Invalid(_("This CSV file is damaged. Save it anew."), field="file") from error
    _refuse_size(len(rows), max((len(row) for row in rows), default=0))
    return Grid("", _even(rows))


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else what Chinese Windows writes (GB18030)."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(
        _("The characters of this file cannot be read. Save it as UTF-8 or as .xlsx."), field="file"
    )


def _even(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    width = max((len(row) for row in rows), default=0)
    return tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
