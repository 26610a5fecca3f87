"""From the cells of a row to a product in a pack at a price, or to what is wrong with which cell."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from countyfair.kernel.lines import one_line
from countyfair.kernel.money import LARGEST as MOST_FEN
from countyfair.kernel.money import Money, round_half_even
from countyfair.kernel.quantity import LARGEST, WRITTEN_UNITS, Quantity, Unit
from countyfair.kernel.refusal import Refusal, Sentence
from countyfair.trade.catalog.rules.categories import CATEGORIES, SEASONS, category_called
from countyfair.trade.catalog.rules.sheets.columns import Column, Columns, letter
from countyfair.trade.catalog.rules.sheets.grid import Grid

T = TypeVar("T")

#: What people write in a cell that says nothing.
EMPTY = {"", "-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "null", "none", "待定"}

_NUMBER = r"(\d+(?:\.\d+)?)"
_UNITS = "|".join(sorted(map(re.escape, WRITTEN_UNITS), key=len, reverse=True))
_SPEC = re.compile(rf"{_NUMBER}\s*({_UNITS})(?![a-z])", re.IGNORECASE)
_TIMES = re.compile(r"[x×*]\s*(\d+)", re.IGNORECASE)
_PRICE = re.compile(rf"^[¥¥]?\s*{_NUMBER}\s*(?:元)?\s*(?:[/每]\s*(.+))?$")
_MONTHS = re.compile(r"(\d{1,2})(?:\s*月)?(?:\s*[-~至到]\s*(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell; `row` and `column` as the sheet shows them."""

    row: int
    column: str
    head: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row understood: a product, the pack it names, and the price of that pack."""

    row: int
    product_code: str
    pack_code: str
    name_zh: str
    name_en: str
    category: str
    place: str
    season_months: tuple[int, ...]
    story_zh: str
    unit: Unit
    label_zh: str
    content_amount: int
    sold_by: str
    price_fen: int
    variety_zh: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of a sheet: what was understood, what is wrong, and how many name a stock figure."""

    lines: tuple[SheetLine, ...]
    problems: tuple[Problem, ...]
    unknown_heads: tuple[str, ...]
    stock_figures: int


class _Wrong(Exception):
    """One cell cannot be used."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


def read_lines(
    grid: Grid,
    columns: Columns,
    *,
    county: str,
    places: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Reading:
    """Read every row under the heads.

    Args:
        places: written names → codes, "" for a name that several places bear.
        progress: told the rows read and the rows in all.
    """
    lines: list[SheetLine] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    stock_figures = 0
    for index in range(columns.first_row, len(grid.rows)):
        cells = {field: _cell(grid.rows[index][column.index]) for field, column in columns.fields.items()}
        if not any(cells.values()) or _is_total(cells):
            continue
        stock_figures += bool(cells.get("stock"))
        for outcome in _row(index + 1, cells, columns, county, places):
            if isinstance(outcome, Problem):
                problems.append(outcome)
            elif outcome.pack_code in first:
                problems.append(_twice(outcome, first[outcome.pack_code], columns))
            else:
                first[outcome.pack_code] = outcome.row
                lines.append(outcome)
        if index % 200 == 0:
            progress(index, len(grid.rows))
    progress(len(grid.rows), len(grid.rows))
    return Reading(tuple(_agreed(lines)), tuple(problems), columns.unknown, stock_figures)


def _agreed(lines: list[SheetLine]) -> list[SheetLine]:
    """Rows of one product say one thing of it: the first word on each matter counts."""
    said: dict[str, SheetLine] = {}
    for line in lines:
        first = said.setdefault(line.product_code, line)
        said[line.product_code] = replace(
            first,
            name_en=first.name_en or line.name_en,
            story_zh=first.story_zh or line.story_zh,
            variety_zh=first.variety_zh or line.variety_zh,
            season_months=first.season_months or line.season_months,
        )
    return [
        replace(
            line,
            name_en=first.name_en,
            story_zh=first.story_zh,
            variety_zh=first.variety_zh,
            season_months=first.season_months,
            category=first.category,
        )
        for line in lines
        for first in [said[line.product_code]]
    ]


def _row(
    row: int, cells: Mapping[str, str], columns: Columns, county: str, places: Mapping[str, str]
) -> Iterator[SheetLine | Problem]:
    """The line of a row, or every problem it has."""
    said = _Row(row, cells, columns)
    name = said.read(lambda: _name(cells))
    content = said.read(lambda: _content(cells))
    price = said.read(lambda: _price(cells, columns.fields["price"], content))
    place = said.read(lambda: _place(cells.get("place", ""), county, places))
    season = said.read(lambda: _season(cells.get("season", "")))
    code = said.read(lambda: _code(cells.get("code", "")))
    category = said.read(lambda: _category(cells.get("category", ""), name or ""))
    yield from said.problems
    if (
        name is None
        or content is None
        or price is None
        or place is None
        or season is None
        or code is None
        or category is None
    ):
        return
    product = _product_code(name, place)
    yield SheetLine(
        row=row,
        product_code=product,
        pack_code=code or f"{product}-{content.key}",
        name_zh=name,
        name_en=cells.get("name_en", "")[:120],
        category=category,
        place=place,
        season_months=season,
        story_zh=cells.get("story", "")[:5000],
        unit=content.quantity.unit,
        label_zh=content.label,
        content_amount=content.quantity.amount,
        sold_by=content.sold_by,
        price_fen=price,
        variety_zh=cells.get("variety", "")[:40],
    )


class _Row:
    """Reads the cells of one row and remembers every one that cannot be used."""

    def __init__(self, row: int, cells: Mapping[str, str], columns: Columns) -> None:
        self.row = row
        self.cells = cells
        self.columns = columns
        self.problems: list[Problem] = []

    def read(self, cell: Callable[[], T]) -> T | None:
        try:
            return cell()
        except _Wrong as one:
            column = self.columns.fields.get(one.field) or self.columns.fields["name"]
            self.problems.append(Problem(self.row, letter(column.index), column.head, one.sentence))
        return None


@dataclass(frozen=True, slots=True)
class _Content:
    """What one pack holds, what stands on it, and how its code ends."""

    quantity: Quantity
    label: str
    sold_by: str
    key: str


def _cell(text: str) -> str:
    plain = one_line(text)
    return "" if unicodedata.normalize("NFKC", plain).lower() in EMPTY else plain


def _is_total(cells: Mapping[str, str]) -> bool:
    return cells.get("name", "").replace(" ", "") in ("合计", "总计", "小计")


def _half(text: str) -> str:
    """Full-width digits and letters as narrow ones."""
    return unicodedata.normalize("NFKC", text).replace(",", "").strip()


def _name(cells: Mapping[str, str]) -> str:
    name = cells["name"]
    if not name:
        raise _Wrong("name", _("The name is missing."))
    if len(name) > 80:
        raise _Wrong("name", _("The name has more than 80 characters."))
    return name


def _code(text: str) -> str:
    if len(text) > 40:
        raise _Wrong("code", _("The code has more than 40 characters."))
    return text


def _content(cells: Mapping[str, str]) -> _Content:
    """What is in a pack: by the specification, else one unit of what is counted."""
    spec, unit = cells.get("spec", ""), _half(cells.get("unit", "")).lower()
    field = "spec" if spec else "unit"
    if len(spec) > 60:
        raise _Wrong("spec", _("The specification has more than 60 characters."))
    if spec and (match := _SPEC.search(_half(spec).lower())):
        times = _TIMES.search(_half(spec), match.end())
        quantity = _quantity(Decimal(match[1]) * int(times[1] if times else 1), match[2], "spec")
        return _Content(quantity, spec, "piece", f"{quantity.amount}{quantity.unit}")
    if spec and _half(spec).lower() not in WRITTEN_UNITS:
        raise _Wrong("spec", _("Write what is in a pack, for example 500g or 10个."))
    word = _half(spec).lower() or unit or "件"
    if word not in WRITTEN_UNITS:
        raise _Wrong(field, _("The unit is not known. Use kg, g, 斤, 两 or pieces."))
    quantity = _quantity(Decimal(1), word, field)
    by = "weight" if quantity.unit is Unit.GRAM else "piece"
    mark = "w" if by == "weight" else ""
    return _Content(quantity, f"1{word}", by, f"{quantity.amount}{quantity.unit}{mark}")


def _quantity(number: Decimal, word: str, field: str) -> Quantity:
    unit, factor = WRITTEN_UNITS[word]
    amount = number * factor
    if amount != amount.to_integral_value() or not 0 < amount <= LARGEST:
        raise _Wrong(field, _("The quantity must be a whole number of grams or pieces, more than zero."))
    return Quantity(int(amount), unit)


def _price(cells: Mapping[str, str], column: Column, content: _Content | None) -> int:
    """Fen for one pack. A price by weight is that of the pack's content, rounded half to even."""
    text = _half(cells["price"])
    if not text:
        raise _Wrong("price", _("The price is missing."))
    match = _PRICE.match(text)
    if not match:
        raise _Wrong("price", _("Write the price as a number of yuan, for example 12.50."))
    try:
        fen = Money.from_text(match[1]).minor
    except Refusal as refusal:
        raise _Wrong("price", refusal.sentence) from None
    per = _per(match[2] or "", column.hint, cells)
    if content is not None and per is not None and content.quantity.unit is Unit.GRAM:
        fen = round_half_even(Fraction(fen * content.quantity.amount, per))
    if not 0 < fen <= MOST_FEN:
        raise _Wrong("price", _("The price must be more than zero."))
    return fen


def _per(written: str, hint: str, cells: Mapping[str, str]) -> int | None:
    """Grams that the price is for, when it is by weight: in its cell, its head, or the unit's column."""
    hinted = _half(hint).lower().removeprefix("元").lstrip("/每") if hint else ""
    for text in (written, hinted, cells.get("unit", "")):
        word = _half(text).lower()
        number = re.match(rf"^{_NUMBER}?\s*(.+)$", word)
        if not number or number[2] not in WRITTEN_UNITS:
            continue
        unit, factor = WRITTEN_UNITS[number[2]]
        if unit is not Unit.GRAM:
            return None
        grams = Decimal(number[1] or 1) * factor
        return int(grams) if grams == grams.to_integral_value() and grams > 0 else None
    return None


def _place(text: str, county: str, places: Mapping[str, str]) -> str:
    if not text:
        return county
    plain = "".join(_half(text).split())
    found = places.get(plain)
    if found is None:
        raise _Wrong("place", _("No place of this county is called that."))
    if not found:
        raise _Wrong("place", _("Several villages are called that. Write the township before it."))
    return found


def _season(text: str) -> tuple[int, ...]:
    plain = _half(text)
    if not plain or plain in ("全年", "四季", "常年"):
        return ()
    months = {month for season in SEASONS.values() if season.zh in plain for month in season.months}
    for match in _MONTHS.finditer(plain):
        first, last = int(match[1]), int(match[2] or match[1])
        if not (1 <= first <= 12 and 1 <= last <= 12):
            raise _Wrong("season", _("Write months from 1 to 12, for example 9-11月."))
        months |= {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}
    if not months:
        raise _Wrong("season", _("Write months from 1 to 12, for example 9-11月."))
    return tuple(sorted(months))


def _category(text: str, name: str) -> str:
    """By the column; without one by a word in the name, the longest first; else local food."""
    if text:
        found = category_called(_half(text))
        if found is None:
            raise _Wrong("category", _("The category is not known. The centre's list says which there are."))
        return found.key
    words = [(word, one.key) for one in CATEGORIES.values() for word in (one.zh, *one.also)]
    words.sort(key=lambda pair: -len(pair[0]))
    return next((key for word, key in words if word in name), "preserve")


def _product_code(name: str, place: str) -> str:
    """A code that the same product gets from every sheet: initials, and a digest of name and place."""
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    digest = hashlib.sha256(f"{name}\n{place}".encode()).hexdigest()
    return f"{re.sub('[^a-z]', '', initials)[:10].upper() or 'P'}-{digest[:8]}"


def _twice(line: SheetLine, before: int, columns: Columns) -> Problem:
    field = "code" if "code" in columns.fields else "name"
    column = columns.fields[field]
    return Problem(
        line.row,
        letter(column.index),
        column.head,
        _("Row %(row)d has the same pack already.") % {"row": before},
    )
