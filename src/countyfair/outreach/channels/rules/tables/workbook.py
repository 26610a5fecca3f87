"""Rows of an xlsx, read from its XML as it unpacks: neither the sheet nor its cells are held.

A workbook library that streams takes 0.4 ms a row of 61 cells, a fast one holds the sheet (1 GB for 200,000
such rows). This one does neither; it refuses declarations (entities), and counts what it unpacks.
Layout: ECMA-376 part 1, §18.3 (sheets), §18.4 (shared texts), §18.8 (styles).
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.rules.tables import book, texts
from countyfair.outreach.channels.rules.tables.heads import Row, most_known
from countyfair.outreach.channels.rules.tables.source import Source
from countyfair.outreach.channels.rules.tables.xml import Counted, Unparsed, parser

#: Bytes that a sheet and the shared texts may unpack to.
LARGEST_SHEET = 2 * 1024 * 1024 * 1024
LARGEST_TEXTS = 512 * 1024 * 1024
#: Characters of a cell: Excel's own bound.
LONGEST_CELL = 32_767
MOST_COLUMNS = 500
MOST_ROWS = 1_048_576
#: Sheets that are looked into.
MOST_SHEETS = 12
_PIECE = 1 << 17
_EPOCH = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_LAST_DAY = 2_958_465


def opened(path: Path, known: frozenset[str], most: int) -> Source:
    """The rows of the visible sheet whose first `most` rows name most known columns; else of the first one.

    Raises:
        Invalid: no workbook, damaged, locked, or larger than the bounds.
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except (zipfile.BadZipFile, OSError):
            raise Invalid(_("This workbook is damaged. Download it again."), field="file") from None
        where = book.where(archive)
        shared = texts.Shared(archive, where.texts, LARGEST_TEXTS) if where.texts else None
        sheets = [_begun(archive, stack, name, shared, where, most) for name in where.sheets[:MOST_SHEETS]]
        best = max(sheets, key=lambda one: most_known(one.start, known))
        return Source(chain(best.start, best.rows), "xlsx", best.share, stack.pop_all().close)


class _Begun(NamedTuple):
    """A sheet whose first rows are read."""

    start: list[Row]
    rows: Iterator[Row]
    share: Callable[[], float]


def _begun(
    archive: zipfile.ZipFile,
    stack: ExitStack,
    name: str,
    shared: texts.Shared | None,
    where: book.Where,
    most: int,
) -> _Begun:
    total = max(1, archive.getinfo(name).file_size)
    file = Counted(stack.enter_context(book.member(archive, name, LARGEST_SHEET)), LARGEST_SHEET)
    rows = _rows(file, shared, where.dates, where.since_1904)
    return _Begun(list(islice(rows, most)), rows, lambda: min(1.0, file.read_bytes / total))


def _rows(
    file: Counted, shared: texts.Shared | None, dates: frozenset[int], since_1904: bool
) -> Iterator[Row]:
    sheet = _Sheet(shared, dates, since_1904)
    reader = parser(sheet.start, sheet.end, sheet.text)
    while True:
        try:
            piece = file.read(_PIECE)
            reader.Parse(piece, not piece)
        except (Unparsed, ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise Invalid(_("This workbook is damaged. Download it again."), field="file") from None
        yield from sheet.done
        sheet.done.clear()
        if not piece:
            return


class _Sheet:
    """What stands between the tags of a sheet: finished rows gather in `done`."""

    def __init__(self, shared: texts.Shared | None, dates: frozenset[int], since_1904: bool) -> None:
        self.done: list[list[str]] = []
        self._shared, self._dates = shared, dates
        self._shift = 1462 if since_1904 else 0
        self._row: list[str] = []
        self._rows = 0
        self._columns: dict[str, int] = {}
        self._at, self._kind, self._style = 0, "", 0
        self._text: list[str] = []
        self._takes = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            told = attributes.get("r", "")
            self._at = self._column(told) if told else len(self._row)
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", "0"))
            self._text = []
        elif name == "v" or name == "t":
            self._takes = True
        elif name == "row":
            self._row = []
            self._gap(attributes.get("r", ""))

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._takes = False
        elif name == "c":
            if self._text:
                self._put(self._value("".join(self._text)))
        elif name == "row":
            self._rows += 1
            self.done.append(self._row)

    def text(self, text: str) -> None:
        if self._takes:
            self._text.append(text)

    def _gap(self, told: str) -> None:
        """Rows that a sheet leaves out are empty ones; a few of them keep the numbers right."""
        missing = int(told) - 1 - self._rows if told.isascii() and told.isdigit() else 0
        if self._rows + max(0, missing) > MOST_ROWS:
            raise ValueError("no such place")
        if 0 < missing <= 1000:
            self.done.extend([] for _row in range(missing))
            self._rows += missing

    def _column(self, told: str) -> int:
        letters = told.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = -1
            for letter in letters:
                column = (column + 1) * 26 + ord(letter) - 65
            if not 0 <= column < 16_384:
                raise ValueError("no such place")
            self._columns[letters] = column
        return column

    def _put(self, text: str) -> None:
        if self._at >= MOST_COLUMNS:
            raise Invalid(_("This table has more than 500 columns."), field="file")
        if missing := self._at - len(self._row):
            if missing < 0:
                raise ValueError("no such place")
            self._row.extend([""] * missing)
        self._row.append(text)

    def _value(self, text: str) -> str:
        if self._kind == "s":
            return self._shared.at(text) if self._shared else ""
        if self._kind == "n":
            return moment_text(text, self._shift) if self._style in self._dates else plain_number(text)
        return "" if self._kind == "e" else text[:LONGEST_CELL]


def plain_number(text: str) -> str:
    """A number as a person would write it: `12.300000000000001` is `12.3`, `12.0` is `12`.

    One of more than fifteen digits keeps its `E+`: a workbook has lost its last digits already.
    """
    if text.isdigit() and len(text) <= 15:
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    if abs(value) >= 1e15 or value != value:
        return text if not text.isdigit() else f"{value:.15E}"
    return repr(round(value, 9)).removesuffix(".0") if abs(value) >= 1e-4 else "0"


def moment_text(text: str, shift: int) -> str:
    """A workbook's count of days as a moment to the second; what is none stays."""
    try:
        days = float(text) + shift
    except ValueError:
        return text
    if not 1 <= days <= _LAST_DAY:
        return text
    return (_EPOCH + dt.timedelta(seconds=round(days * 86_400))).strftime("%Y-%m-%d %H:%M:%S")
