"""From the bytes of a file to a grid of texts, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules.sheets import workbook

LARGEST_FILE = 20 * 1024 * 1024
#: What a workbook may say that it unpacks to: far beyond any product sheet.
LARGEST_UNPACKED = 200 * 1024 * 1024

_BROKEN = _("This workbook cannot be opened. Save it anew as .xlsx.")
_TOO_LARGE = _("The sheet has more than 20,000 rows or 200 columns. Split it.")
_TOO_MUCH = _("This workbook unpacks to far more than a product sheet holds.")


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
    code, said = workbook.read_apart(data)
    if code == workbook.READ:
        return Grid(said["sheet"], _even(said["rows"]))
    if code == workbook.TOO_LARGE:
        raise Invalid(_TOO_LARGE, field="file")
    if code == workbook.BROKEN:
        raise Invalid(_BROKEN, field="file")
    raise Invalid(_TOO_MUCH, field="file")


def _refuse_bomb(data: bytes) -> None:
    if data[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Invalid(_BROKEN, field="file") from error
    if unpacked > LARGEST_UNPACKED:
        raise Invalid(_TOO_MUCH, field="file")


def _refuse_size(height: int, width: int) -> None:
    if height > workbook.MOST_ROWS or width > workbook.MOST_COLUMNS:
        raise Invalid(_TOO_LARGE, field="file")


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
