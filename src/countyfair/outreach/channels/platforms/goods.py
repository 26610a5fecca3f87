"""The goods of a row: one, or several joined by `;` in each of its cells."""

from __future__ import annotations

from typing import NamedTuple

from countyfair.outreach.channels.platforms.cells import (
    LONGEST_ID,
    LONGEST_TEXT,
    code_of,
    identity,
    parted,
    pieces,
    seen,
    text_of,
)
from countyfair.outreach.channels.platforms.shape import Cells, TheirLine


class GoodsColumns(NamedTuple):
    """The columns, by what they hold; () where a platform has none."""

    key: tuple[str, ...]
    goods: tuple[str, ...]
    sku: tuple[str, ...]
    code: tuple[str, ...]
    title: tuple[str, ...]
    spec: tuple[str, ...]
    pieces: tuple[str, ...]


def lines_of(
    cells: Cells, columns: GoodsColumns, amount_fen: int, *, numbered: bool = False
) -> tuple[TheirLine, ...]:
    """The lines of a row: several where the cell of pieces holds several; then none has an amount of its own.

    Where the platform gives no keys they are "", for `rows.merged` to number; or "1", "2", … if `numbered`.

    Raises:
        BadCell: no pieces, or a sub-order's number that is none.
    """
    counts = parted(cells.get(*columns.pieces))
    if len(counts) > 1:
        return _several(cells, columns, len(counts), numbered)
    key = identity(cells, *columns.key) if columns.key and cells.get(*columns.key) else "1" * numbered
    line = TheirLine(
        key,
        code_of(cells, *columns.goods),
        code_of(cells, *columns.sku),
        code_of(cells, *columns.code),
        text_of(cells, *columns.title),
        text_of(cells, *columns.spec),
        pieces(cells, *columns.pieces),
        amount_fen,
    )
    return (line,)


def _several(cells: Cells, columns: GoodsColumns, count: int, numbered: bool) -> tuple[TheirLine, ...]:
    cut = {
        name: _cut(cells.get(*places), count, LONGEST_TEXT if name in {"title", "spec"} else LONGEST_ID)
        for name, places in columns._asdict().items()
    }
    return tuple(
        TheirLine(
            str(at + 1) if numbered else cut["key"][at],
            cut["goods"][at],
            cut["sku"][at],
            cut["code"][at],
            cut["title"][at],
            cut["spec"][at],
            _counted(cut["pieces"][at], columns.pieces[0]),
        )
        for at in range(count)
    )


def _cut(text: str, count: int, longest: int) -> list[str]:
    """So many pieces of a cell; where it has another number of them, nobody knows which is whose."""
    found = [seen(part)[:longest] for part in parted(text)]
    return found if len(found) == count else [""] * count


def _counted(text: str, column: str) -> int:
    return pieces(Cells(0, {column: text}), column)
