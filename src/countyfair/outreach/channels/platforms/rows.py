"""Orders of several rows (sub-orders, lines) gathered into one, in constant memory.

Rows of an order stand together in what platforms export, or nearly: an order is held until `WINDOW`
others have begun behind it. A row that comes later still is an error; so is every row of an order that
has a bad one: half an order would be booked, paid and sent. A row that is broken itself tells no
number: the orders right before and behind it wait, too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from countyfair.outreach.channels.platforms.cells import BadCell
from countyfair.outreach.channels.platforms.shape import STATES, Cells, RowError, TheirLine, TheirOrder

#: Orders that are held at most.
WINDOW = 10_000

_Part = TheirOrder | RowError


def gathered(
    rows: Iterable[Cells],
    number_of: Callable[[Cells], str],
    part_of: Callable[[Cells, str], TheirOrder],
    *,
    window: int = WINDOW,
) -> Iterator[TheirOrder | RowError]:
    """One order a number, as they begin. `part_of` reads one row as an order of its own."""
    held: OrderedDict[str, list[_Part]] = OrderedDict()
    gone: set[int] = set()
    last, broken = "", False
    for cells in rows:
        if not cells.by_name:
            broken = True
            if last in held:
                held[last].append(_beside(cells.row - 1))
            continue
        try:
            number = number_of(cells)
        except BadCell as bad:
            yield RowError(cells.row, bad.column, bad.sentence)
            continue
        if hash(number) in gone:
            yield RowError(
                cells.row, "", _("Other rows of this order stand far above. Sort the file by order number.")
            )
            continue
        parts = held.get(number)
        if parts is None:
            held[number] = [_read(cells, number, part_of)]
        else:
            parts.append(_read(cells, number, part_of))
        if broken:
            held[number].append(_beside(cells.row))
        last, broken = number, False
        if len(held) > window:
            number, parts = held.popitem(last=False)
            gone.add(hash(number))
            yield from _told(parts)
    while held:
        yield from _told(held.popitem(last=False)[1])


def _beside(row: int) -> RowError:
    return RowError(
        row, "", _("A row beside it is broken and may be of the same order: it waits for a whole file.")
    )


def _read(cells: Cells, number: str, part_of: Callable[[Cells, str], TheirOrder]) -> _Part:
    try:
        return part_of(cells, number)
    except BadCell as bad:
        return RowError(cells.row, bad.column, bad.sentence)


def _told(parts: list[_Part]) -> Iterator[TheirOrder | RowError]:
    whole = [part for part in parts if isinstance(part, TheirOrder)]
    errors = {part.row: part for part in parts if isinstance(part, RowError)}
    if not errors:
        yield merged(whole)
        return
    yield from errors.values()
    for part in whole:
        if part.row not in errors:
            yield RowError(part.row, "", _("Another row of this order cannot be used."))


def merged(parts: list[TheirOrder]) -> TheirOrder:
    """One order of its parts: amounts add up, the least advanced part that goes on says where it stands.

    A part that is closed while others go on keeps its lines, marked `off`, and its money counts as refunded.
    The same line twice counts once, as it was told last.
    """
    if len(parts) == 1 and all(line.key for line in parts[0].lines):
        return parts[0]
    parts = _last_told(parts)
    live = [part for part in parts if part.state != "closed"]
    first = (live or parts)[0]
    return replace(
        first,
        state=min((part.state for part in live), key=STATES.index) if live else "closed",
        lines=tuple(_lines(parts, live)),
        paid_fen=sum(part.paid_fen for part in parts),
        freight_fen=sum(part.freight_fen for part in parts),
        platform_fen=sum(part.platform_fen for part in parts),
        host_fen=sum(part.host_fen for part in parts),
        shop_fen=sum(part.shop_fen for part in parts),
        refunded_fen=sum(_refunded(part, live) for part in parts),
        aftersale=any(part.aftersale for part in parts),
        ship_before=_first(part.ship_before for part in live),
        row=parts[0].row,
    )


def _last_told(parts: list[TheirOrder]) -> list[TheirOrder]:
    by_key: dict[tuple[str, ...], TheirOrder] = {}
    for at, part in enumerate(parts):
        keys = tuple(line.key for line in part.lines)
        by_key[keys if all(keys) else (f"#{at}",)] = part
    return list(by_key.values())


def _lines(parts: list[TheirOrder], live: list[TheirOrder]) -> Iterator[TheirLine]:
    place = 0
    for part in parts:
        off = bool(live) and part.state == "closed"
        for line in part.lines:
            place += 1
            yield replace(line, key=line.key or str(place), off=off)


def _refunded(part: TheirOrder, live: list[TheirOrder]) -> int:
    return part.paid_fen if live and part.state == "closed" else part.refunded_fen


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
