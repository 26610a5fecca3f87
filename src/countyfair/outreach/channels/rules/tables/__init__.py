"""Tables that merchants download: opened, their heads found, their rows streamed as `Cells`.

    with open_table(path, known=recognising.KNOWN) as table:
        table.heads                         # which columns there are
        for cells in table.rows(wrong.append):
            ...                             # table.share tells how far it is

Text (GBK/GB18030, UTF-8 with or without its mark, UTF-16 with one; commas, tabs or semicolons) and xlsx
are read as they come and never held: 200,000 rows take no more memory than two hundred. Old xls files are
held, and may be 64 MB. What is not a table, or unpacks to more than `LARGEST_SHEET`, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms.shape import Cells, RowError
from countyfair.outreach.channels.rules.tables import old, text, workbook
from countyfair.outreach.channels.rules.tables.heads import Heads, find
from countyfair.outreach.channels.rules.tables.source import Source, Torn

#: Bytes that a file may have.
LARGEST_FILE = 1024 * 1024 * 1024
#: Rows looked at for the heads.
HEAD_ROWS = 40

#: What other files begin with, that people drop by mistake.
_FOREIGN = (b"%PDF", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")
_PAGES = (b"<!doctype", b"<html", b"<table", b"<?xml", b"{")


class Table:
    """An open table: its heads are known, its rows not read yet."""

    def __init__(self, source: Source, heads: Heads) -> None:
        self._source = source
        self._heads = heads

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads as they are matched: half-width, without spaces."""
        return self._heads.names

    @property
    def encoding(self) -> str:
        """`utf-8-sig`, `gb18030`, `utf-16`, `xlsx` or `xls`."""
        return self._source.encoding

    @property
    def share(self) -> float:
        """How much of the file is read, 0 to 1."""
        return self._source.share()

    def rows(self, wrong: Callable[[RowError], None]) -> Iterator[Cells]:
        """The rows under the heads, once; what cannot be read at all is told to `wrong` and left out.

        Row 1 is the one under the heads; empty rows count. Raises `Invalid` where the file itself breaks off.
        """
        return self._heads.cells(self._source.rows, wrong, self._source.broken_off)

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.close()


def open_table(path: Path, *, known: frozenset[str]) -> Table:
    """Open a file of text or a workbook. `known`: columns that some reader knows, only those are given on.

    Raises:
        Invalid: it is empty, too large, no table, broken, or names a column twice.
    """
    source = _source(path, known)
    try:
        heads, rows = find(source.rows, known, HEAD_ROWS)
    except BaseException:
        source.close()
        raise
    return Table(source._replace(rows=rows), heads)


def _source(path: Path, known: frozenset[str]) -> Source:
    size = path.stat().st_size
    if size == 0:
        raise Invalid(_("This file is empty."), field="file")
    if size > LARGEST_FILE:
        raise Invalid(_("This file is larger than one gigabyte. Export fewer days at a time."), field="file")
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(b"PK\x03\x04"):
        return workbook.opened(path, known, HEAD_ROWS)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return old.opened(path, size)
    if start.startswith(_FOREIGN):
        raise Invalid(
            _("This is not a table. Drop the csv or xlsx file that the platform gave."), field="file"
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise Invalid(
            _("This is a web page, not a table: the platform may have asked to sign in. Download it again."),
            field="file",
        )
    return text.opened(path, size, known)


__all__ = ["HEAD_ROWS", "LARGEST_FILE", "Table", "Torn", "open_table"]
