"""What all platforms' files have in common: amounts, moments, counts and words of a cell, read fast.

Each reader raises `BadCell`, which names the column; `each` turns it into a `RowError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from django.utils.translation import gettext as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.money import LARGEST
from countyfair.outreach.channels.platforms.shape import Cells, RowError

Found = TypeVar("Found")

#: Characters kept of a title or specification, of an id, of an address.
LONGEST_TEXT, LONGEST_ID, LONGEST_ADDRESS = 200, 64, 300
#: Pieces that one row of an order may hold.
MOST_PIECES = 1_000_000
_AMOUNT = re.compile(r"([+-]?)[¥￥]?([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d*))?元?")
_SPOILT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d\d")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:/#|-]*")
_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"(Z|[+-]\d{2}:?\d{2})?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_YEARS = range(2003, 2100)


class BadCell(Exception):
    """A cell that cannot be used."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(f"{column}: {sentence}")
        self.column = column
        self.sentence = sentence


def each_of(rows: Iterable[Cells], read: Callable[[Cells], Iterable[Found]]) -> Iterator[Found | RowError]:
    """What every row holds, several or none; a bad row is told, one without cells was told already."""
    for cells in rows:
        if not cells.by_name:
            continue
        try:
            found = list(read(cells))
        except BadCell as bad:
            yield RowError(cells.row, bad.column, bad.sentence)
        else:
            yield from found


def each(rows: Iterable[Cells], read: Callable[[Cells], Found]) -> Iterator[Found | RowError]:
    """Every row read by itself, as one thing; else as `each_of`."""
    for cells in rows:
        if not cells.by_name:
            continue
        try:
            found = read(cells)
        except BadCell as bad:
            yield RowError(cells.row, bad.column, bad.sentence)
        else:
            yield found


def identity(cells: Cells, *names: str) -> str:
    """A platform's number of something, from the first of these columns.

    Raises:
        BadCell: none there, too long, or spoilt by a spreadsheet (`6.9E+17`).
    """
    text = cells.get(*names)
    if text and text.isalnum() and text.isascii() and len(text) <= LONGEST_ID:
        return text
    if not text:
        raise BadCell(names[0], _("The number is missing."))
    if _SPOILT.fullmatch(text):
        raise BadCell(
            names[0],
            _("A spreadsheet has rounded this number. Export again, and do not open the file before."),
        )
    if len(text) > LONGEST_ID or not _ID.fullmatch(text):
        raise BadCell(names[0], _("This is not a number of an order."))
    return text


def money(cells: Cells, *names: str) -> int:
    """Fen of the first of these columns that is filled; 0 where none is.

    Raises:
        BadCell: no amount.
    """
    text = cells.get(*names)
    if not text:
        return 0
    amount = fen(text)
    if amount is None:
        raise BadCell(_filled(cells, names), _("“%(text)s” is not an amount.") % {"text": text[:40]})
    return amount


def discount(cells: Cells, *names: str) -> int:
    """Fen taken off, however it is signed: `12.00` and `-12.00` are both 12 yuan off."""
    return abs(money(cells, *names))


@lru_cache(maxsize=1 << 16)
def fen(text: str) -> int | None:
    """`¥1,234.5` is 123450; a third decimal may only be a nought; None for what is no amount."""
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match is None:
        return None
    sign, inner, whole, part = match.group(1), match.group(2), match.group(3), match.group(4) or ""
    if part[2:].strip("0") or (sign and inner):
        return None
    amount = int(whole.replace(",", "")) * 100 + int(part[:2].ljust(2, "0"))
    if amount > LARGEST:
        return None
    return -amount if "-" in (sign, inner) else amount


def pieces(cells: Cells, *names: str) -> int:
    """How many pieces.

    Raises:
        BadCell: missing, none, or not whole.
    """
    text = cells.get(*names)
    plain = text.removesuffix(".0").removesuffix(".00")
    if plain.isascii() and plain.isdigit() and len(plain) <= 7 and 0 < (count := int(plain)) <= MOST_PIECES:
        return count
    raise BadCell(names[0], _("“%(text)s” is not a number of pieces.") % {"text": text[:40]})


def moment(cells: Cells, *names: str) -> datetime | None:
    """When, in the county's zone where the cell names none; None where it is empty.

    Raises:
        BadCell: no day that there is.
    """
    text = cells.get(*names)
    if not text:
        return None
    try:
        return told_moment(text)
    except ValueError:
        raise BadCell(_filled(cells, names), _("“%(text)s” is not a date.") % {"text": text[:40]}) from None


def _filled(cells: Cells, names: tuple[str, ...]) -> str:
    return next(name for name in names if cells.get(name))


def told_moment(text: str) -> datetime:
    """`2026-11-01 08:05:09`, `2026/11/1 8:05`, ISO 8601, `20261101080509`, a spreadsheet's count of days.

    Raises:
        ValueError: none of these, or a day that there is not.
    """
    if len(text) == 19 and text[13] == ":" and text[4] in "-/":
        return datetime(
            int(text[:4]),
            int(text[5:7]),
            int(text[8:10]),
            int(text[11:13]),
            int(text[14:16]),
            int(text[17:]),
            tzinfo=COUNTY_ZONE,
        )
    if match := _DAY.fullmatch(text) or _DIGITS.fullmatch(text):
        year, month, day, *time = match.groups()
        hour, minute, second = (int(part or 0) for part in time[:3])
        if int(year) not in _YEARS:
            raise ValueError(text)
        told = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=COUNTY_ZONE)
        zone = time[3] if len(time) > 3 else None
        return datetime.fromisoformat(told.isoformat()[:19] + zone) if zone else told
    days = float(text) if re.fullmatch(r"\d{5}(\.\d+)?", text) else 0.0
    if not 37_000 <= days <= 73_000:
        raise ValueError(text)
    return datetime(1899, 12, 30, tzinfo=COUNTY_ZONE) + timedelta(seconds=round(days * 86_400))


def text_of(cells: Cells, *names: str) -> str:
    """A title or the like on one line, without what is not seen, no longer than is kept."""
    return seen(cells.get(*names))[:LONGEST_TEXT]


@lru_cache(maxsize=1 << 14)
def seen(text: str) -> str:
    """A text on one line without control and direction characters (they would turn round what follows)."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    kept = (one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join("".join(kept).split())


def code_of(cells: Cells, *names: str) -> str:
    """A merchant's own code or a platform's id of goods: "" where there is none."""
    return seen(cells.get(*names))[:LONGEST_ID]


def parted(text: str) -> list[str]:
    """Several goods in one cell: `a;b` and `a；b`; a cell without is one."""
    if ";" not in text and "；" not in text:
        return [text]
    return [part.strip() for part in re.split("[;；]", text)]
