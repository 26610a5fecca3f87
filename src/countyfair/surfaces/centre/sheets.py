"""Tables for download, as CSV or as a workbook: written row by row, and safe to open.

A cell that a spreadsheet would take for a formula is text that begins with `= + - @`, a tab or a
return. CSV has no kinds of cells: there an apostrophe before it makes it text again. In a workbook
it is a cell of text, marked as such, and stays as it was typed. Numbers go as they are.
"""

from __future__ import annotations

import csv
import io
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, TypeVar, cast
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import Cell as WorkbookCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.registers.tasks.actions import Progress
from countyfair.registers.tasks.queries import File
from countyfair.surfaces.centre.desk import Desk
from countyfair.surfaces.ui.translation import Speaking, spoken

Cell = str | int | Decimal | date | datetime | Promise | None
Row = Sequence[Cell]
T = TypeVar("T")
#: Where a list by moment goes on: the moment and id of its last row.
Mark = tuple[datetime, UUID]

#: Rows of a workbook that is made while one waits: a second or two.
AT_ONCE = 5000
#: Rows that a sheet asks for at a time.
STRIDE = 500
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A workbook is made in memory up to here, beyond that on the disk.
IN_MEMORY = 4_000_000
#: What XML cannot hold.
_UNWRITABLE = {code: None for code in range(32) if code not in (9, 10, 13)}


@dataclass(frozen=True, slots=True)
class Table:
    """A list of the desk that can be downloaded. `powers` of which one opens it; `rows` are all of the list
    that the address asks for."""

    name: str
    powers: tuple[str, ...]
    head: Callable[[], Row]
    rows: Callable[[Desk], Iterator[Row]]


def download(desk: Desk, kind: str, table: Table) -> HttpResponseBase:
    """A table as `csv` or `xlsx`; a long workbook is not made while one waits, a page offers it as a task."""
    name, rows = f"{table.name}-{desk.county}", table.rows(desk)
    if kind == "xlsx":
        begun = list(itertools.islice(rows, AT_ONCE + 1))
        if len(begun) > AT_ONCE:
            asked = desk.request.GET.urlencode()
            return desk.show("task_offered", {"kind": f"{table.name}_table", "asked": asked, "most": AT_ONCE})
        rows = iter(begun)
    return sheet(kind, name, table.head(), rows)


def whole(table: Table, desk: Desk, progress: Progress) -> File:
    """The whole table as a workbook, of any length."""
    rows = []
    for row in table.rows(desk):
        rows.append(row)
        if len(rows) % STRIDE == 0:
            progress(len(rows), 0)
    with workbook(itertools.chain([table.head()], _counted(rows, progress))) as file:
        return File(f"{table.name}-{desk.county}.xlsx", WORKBOOK, file.read())


def _counted(rows: list[Row], progress: Progress) -> Iterator[Row]:
    for done, row in enumerate(rows):
        if done % STRIDE == 0:
            progress(done, len(rows))
        yield row
    progress(len(rows), len(rows))


def safe(cell: Cell) -> str | int | Decimal | date | None:
    """The cell as CSV holds it: text that looks like a formula is shut."""
    plain = _plain(cell)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(DANGEROUS) else plain


def _plain(cell: Cell) -> str | int | Decimal | date | None:
    """Texts without what no file can hold; moments stand on county time."""
    if isinstance(cell, datetime):
        return cell.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M")
    if cell is None or isinstance(cell, int | Decimal | date):
        return cell
    return str(cell).translate(_UNWRITABLE)


def sheet(kind: str, name: str, head: Row, rows: Iterable[Row]) -> HttpResponseBase:
    """A table as `csv` or `xlsx` under a file name without ending.

    The first row is fetched before the answer begins, so that a refusal is still a page.
    """
    written = iter(rows)
    begun = itertools.chain(list(itertools.islice(written, 1)), written)
    whole = itertools.chain([head], begun)
    return _workbook(name, whole) if kind == "xlsx" else _csv(name, whole)


def _csv(name: str, rows: Iterable[Row]) -> HttpResponseBase:
    response = StreamingHttpResponse(_lines(rows, spoken()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(rows: Iterable[Row], language: str) -> Iterator[bytes]:
    """Each row in the language of who asked: it is written when the request is answered already."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # so that Excel reads UTF-8
    waiting = iter(rows)
    while True:
        with Speaking(language):
            row = next(waiting, None)
            if row is None:
                return
            writer.writerow([safe(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _workbook(name: str, rows: Iterable[Row]) -> HttpResponseBase:
    response = FileResponse(
        workbook(rows), as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK
    )
    response["Cache-Control"] = "no-store"
    return response


def workbook(rows: Iterable[Row]) -> BinaryIO:
    """The file of a workbook with these rows; whoever reads it closes it."""
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append([_typed(page, cell) for cell in row])
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (its reader closes it)
    book.save(cast("BinaryIO", file))
    file.seek(0)
    return cast("BinaryIO", file)


def _typed(page: WriteOnlyWorksheet, cell: Cell) -> WorkbookCell:
    """A cell whose kind does not depend on what a text begins with."""
    plain = _plain(cell)
    typed = WriteOnlyCell(page)
    typed.value = plain
    if isinstance(plain, str):
        typed.data_type = "s"
        typed.quotePrefix = plain.startswith(DANGEROUS)
    return typed


def every(found: Callable[[Mark | None, int], Sequence[T]], mark: Callable[[T], Mark]) -> Iterator[T]:
    """All rows of a list, asked for page by page while they are written.

    Args:
        found: so many rows behind a mark, None from the top.
        mark: where the list goes on behind a row.
    """
    return itertools.chain.from_iterable(strides(found, mark))


def strides(
    found: Callable[[Mark | None, int], Sequence[T]], mark: Callable[[T], Mark]
) -> Iterator[Sequence[T]]:
    """The same as `every`, by so many rows as were asked for at once."""
    after: Mark | None = None
    while rows := found(after, STRIDE):
        yield rows
        after = mark(rows[-1])


def yuan(fen: int) -> Decimal:
    """A sum for a cell that is added up."""
    return Decimal(fen).scaleb(-2)
