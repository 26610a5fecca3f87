"""Rows of an old Excel file (xls): at most 65,536 of them, so it may be held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.rules.tables.source import Source, Torn
from countyfair.outreach.channels.rules.tables.workbook import plain_number

#: Bytes that an xls may have.
LARGEST_OLD = 64 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256


def opened(path: Path, size: int) -> Source:
    """The first sheet's rows.

    Raises:
        Invalid: too large, broken, or with no sheet.
    """
    if size > LARGEST_OLD:
        raise Invalid(_("This xls file is too large. Save it as xlsx or csv."), field="file")
    try:
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError):
        raise Invalid(_("This workbook is damaged. Download it again."), field="file") from None
    if sheet.total_height > _MOST_ROWS or sheet.total_width > _MOST_COLUMNS:
        raise Invalid(_("This workbook is damaged. Download it again."), field="file")
    return Source(_rows(sheet), "xls", lambda: 1.0, lambda: None)


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[str] | Torn]:
    for row in sheet.iter_rows():
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return plain_number(repr(value)) if isinstance(value, int | float) else str(value)
