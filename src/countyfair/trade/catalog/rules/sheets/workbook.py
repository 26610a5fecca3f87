"""A workbook's cells, unpacked in a process of its own that may use little memory and time.

Five kilobytes can say that a sheet has seventeen thousand million cells, or the same long text in
each of them, and whoever unpacks that dies of it. So the one who dies is a child.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import subprocess
import sys
from decimal import Decimal
from typing import Any

import python_calamine

MOST_ROWS = 20_000
MOST_COLUMNS = 200
#: Characters of all cells, a merged cell's counted in each of its own: what the reader is given.
MOST_TEXT = 20_000_000
#: What the child may use, and how long its reader waits for it.
MEMORY = 1024 * 1024 * 1024
SECONDS = 60

#: What the child ends with; any other end is a child that died.
READ, TOO_LARGE, BROKEN, TOO_MUCH = 0, 10, 11, 12


def read_apart(data: bytes) -> tuple[int, dict[str, Any]]:
    """How the child ended, and what it read: the sheet's name, and its rows of texts."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS + 5, check=False)  # noqa: S603  # this file
    except subprocess.TimeoutExpired:
        return -1, {}
    return done.returncode, json.loads(done.stdout) if done.returncode == READ else {}


def main() -> int:
    """The child: a workbook comes in, JSON goes out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        sheet = book.get_sheet_by_name(visible[0])
    except (python_calamine.CalamineError, IndexError, OSError, ValueError):
        return BROKEN
    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        return TOO_LARGE
    rows = _texts(sheet)
    if sum(len(text) for row in rows for text in row) > MOST_TEXT:
        return TOO_MUCH
    json.dump({"sheet": sheet.name, "rows": rows}, sys.stdout)
    return READ


def _texts(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    """Every cell as a text; that of a merged cell stands in each of its cells."""
    texts = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _spread(texts, top, left, bottom, right)
    return texts


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


if __name__ == "__main__":
    sys.exit(main())
