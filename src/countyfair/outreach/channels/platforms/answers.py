"""What platforms' APIs answer, read like the cells of a file: names to text, and pages from the last back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from countyfair.kernel.money import LARGEST
from countyfair.outreach.channels.platforms.cells import BadCell
from countyfair.outreach.channels.platforms.shape import Cells, OrderPage, RowError, TheirOrder, Unreachable

#: Orders of a page; no platform gives more.
PAGE = 100
_LAST_SECOND = 4_102_444_800


def cells_of(told: object, row: int = 0) -> Cells:
    """The plain members of a JSON object as cells; lists and objects in it are left out.

    Raises:
        BadCell: no object.
    """
    if not isinstance(told, Mapping):
        raise BadCell("", _("The platform told something that is no order."))
    return Cells(
        row, {name: _text(value) for name, value in told.items() if not isinstance(value, dict | list)}
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value).strip()


def objects(told: Mapping[str, Any], name: str) -> list[Any]:
    """A list of it; [] where it is missing.

    Raises:
        Unreachable: it is no list: the answer is not what was asked for.
    """
    found = told.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Unreachable(f"{name} is no list")
    return found


def count(told: Mapping[str, Any], name: str) -> int:
    """A whole number of it.

    Raises:
        Unreachable: missing, or no number.
    """
    text = _text(told.get(name))
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise Unreachable(f"{name} is no number")
    return int(text)


def fen_of(cells: Cells, name: str) -> int:
    """An amount that is told in whole fen; 0 where it is missing.

    Raises:
        BadCell: not whole, negative, or larger than there are.
    """
    text = cells.get(name)
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST:
        return int(text)
    raise BadCell(name, _("“%(text)s” is not an amount.") % {"text": text[:40]})


def second_of(cells: Cells, name: str) -> datetime | None:
    """A moment that is told in Unix seconds; None where it is missing or 0.

    Raises:
        BadCell: no such moment.
    """
    text = cells.get(name)
    if text in ("", "0"):
        return None
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) < _LAST_SECOND:
        return datetime.fromtimestamp(int(text), UTC)
    raise BadCell(name, _("“%(text)s” is not a date.") % {"text": text[:40]})


def page_of(told: Iterable[Any], read: Callable[[Any, int], TheirOrder], cursor: str) -> OrderPage:
    """A page of orders; one that cannot be used is told, and hides no other."""
    orders, flaws = [], []
    for row, one in enumerate(told, start=1):
        try:
            orders.append(read(one, row))
        except BadCell as bad:
            flaws.append(RowError(row, bad.column, bad.sentence))
    return OrderPage(tuple(orders), cursor, tuple(flaws))


def backwards(ask: Callable[[int], tuple[int, list[Any]]], cursor: str) -> tuple[list[Any], str]:
    """A page and the cursor of the next, from the last page (pages count from 1) to the first.

    An order that changes meanwhile leaves the window: those behind it move up one place, into pages that are
    still to be read, and none is missed.

    Args:
        ask: answers how many there are in all, and those of a page.
    """
    if cursor:
        page = int(cursor)
        _total, found = ask(page)
    else:
        page = 1
        total, found = ask(1)
        last = -(-total // PAGE)
        if last > 1:
            page = last
            _total, found = ask(page)
    return found, str(page - 1) if page > 1 else ""
