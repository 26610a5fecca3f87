"""Which row holds the heads, and the cells under them by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.platforms.shape import Cells, RowError
from countyfair.outreach.channels.rules.tables.source import Torn

Row = list[str] | Torn
#: What stands for nothing in some export.
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\N", "null", "NULL", "None", "nan", "NaN", "#N/A"})
#: Characters that ask for a second look at a cell.
_ODD = frozenset("=-—/\\'\"nN#")
#: First cells of rows that sum up or remark.
_SUMS = frozenset({"合计", "总计", "合计:", "总计:", "total", "Total"})
#: Lines inside one cell, from which on a missing quotation mark is likelier than a long remark.
_MANY_LINES = 5
#: Columns that a workbook may have.
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads that are known, and where their columns stand; `width`: how many there are in all."""

    names: tuple[str, ...]
    taken: tuple[str, ...]
    places: tuple[int, ...]
    width: int

    def cells(
        self, rows: Iterator[Row], wrong: Callable[[RowError], None], broken_off: Callable[[], bool]
    ) -> Iterator[Cells]:
        """Rows under the heads. The last one may be cut off: then it is told, not taken."""
        pick = _picker(self.places)
        number, short = 0, None
        for row in rows:
            if short is not None:
                yield self._cells(number, pick(short))
                short = None
            number += 1
            if isinstance(row, Torn):
                wrong(RowError(number, "", row.sentence))
                yield Cells(number, {})
            elif len(row) == self.width:
                yield self._cells(number, pick(row))
            elif (fitted := self._fitted(number, row, wrong)) is None:
                yield Cells(number, {})
            elif fitted:
                short = fitted
        if short is not None and broken_off():
            wrong(RowError(number, "", _("The file breaks off in this row. Download it again.")))
            yield Cells(number, {})
        elif short is not None:
            yield self._cells(number, pick(short))

    def _cells(self, number: int, picked: tuple[str, ...]) -> Cells:
        return Cells(number, dict(zip(self.taken, map(cleaned, picked), strict=True)))

    def _fitted(self, number: int, row: list[str], wrong: Callable[[RowError], None]) -> list[str] | None:
        """A row of another length: filled up, cut, [] where it is not one of the table, None if broken."""
        if not any(map(str.strip, row)) or _remarks(row):
            return []
        if len(row) > self.width:
            if not any(map(str.strip, row[self.width :])):
                return row[: self.width]
            wrong(RowError(number, "", _("This row has more cells than heads: a comma may stand in a text.")))
            return None
        if any(cell.count("\n") >= _MANY_LINES for cell in row):
            wrong(RowError(number, "", _("A quotation mark is not closed: rows behind it were swallowed.")))
            return None
        return row + [""] * (self.width - len(row))


def _remarks(row: list[str]) -> bool:
    first = row[0].strip().lstrip("\ufeff")
    return (first.startswith("#") and not first.startswith("##")) or first in _SUMS


def _picker(places: tuple[int, ...]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def find(rows: Iterator[Row], known: frozenset[str], most: int) -> tuple[Heads, Iterator[Row]]:
    """The row of the first `most` that names most known columns, and the rows under it.

    Where none names two, it is the first of those with most cells, for a sentence about it.

    Raises:
        Invalid: nothing there, too many columns, or a known column named twice.
    """
    seen: list[Row] = []
    for row in rows:
        seen.append(row)
        if len(seen) == most:
            break
    named = [_names(row) if isinstance(row, list) else [] for row in seen]
    if not any(any(names) for names in named):
        raise Invalid(_("There is nothing in this file."), field="file")
    best = max(range(len(named)), key=lambda at: len(known.intersection(named[at])))
    if len(known.intersection(named[best])) < 2:
        best = max(range(len(named)), key=lambda at: sum(1 for name in named[at] if name))
    return _heads(named[best], known), chain(seen[best + 1 :], rows)


def most_known(rows: list[Row], known: frozenset[str]) -> int:
    """How many known columns some row names; one alone says nothing."""
    told = max((len(known.intersection(_names(row))) for row in rows if isinstance(row, list)), default=0)
    return told if told > 1 else 0


def _heads(names: list[str], known: frozenset[str]) -> Heads:
    if len(names) > MOST_COLUMNS:
        raise Invalid(_("This table has more than 500 columns."), field="file")
    twice = next((name for at, name in enumerate(names) if name in known and name in names[:at]), None)
    if twice:
        raise Invalid(
            _("The column “%(name)s” stands there twice. Delete the wrong one.") % {"name": twice},
            field="file",
        )
    taken = [(name, at) for at, name in enumerate(names) if name in known]
    return Heads(
        tuple(name for name in names if name),
        tuple(name for name, _at in taken),
        tuple(at for _name, at in taken),
        len(names),
    )


def _names(row: list[str]) -> list[str]:
    return [head(cell) for cell in row]


def head(text: str) -> str:
    """A head as it is matched: half-width, without spaces and stars: `＊ 邮费（元）` is `邮费(元)`."""
    if len(text) > 200:
        return text[:200]
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(one for one in plain if not one.isspace() and unicodedata.category(one)[0] != "C")
    return cleaned(seen).strip("*:\"'")


def cleaned(cell: str) -> str:
    """A cell trimmed: of blanks, tabs, `="…"` and a leading apostrophe; "" for what means nothing."""
    text = cell.strip()
    if not text or text[0] not in _ODD:
        return text
    if text in _NOTHING:
        return ""
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    if text[0] == "'" and text[1:].isascii():
        return text[1:].strip()
    return text
