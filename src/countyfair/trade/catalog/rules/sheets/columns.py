"""Which column holds what: heads by what merchants call them, on one row or two."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules.sheets.grid import Grid

#: Field → what its head may be called, the best first.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("品名", "商品名称", "产品名称", "名称", "商品名", "产品", "商品", "品种名称", "name", "product"),
    "name_en": ("英文名", "英文名称", "english", "englishname", "nameen"),
    "code": ("编码", "货号", "商品编码", "产品编码", "产品编号", "商品编号", "编号", "sku", "code"),
    "spec": ("规格", "包装规格", "净含量", "规格型号", "包装", "净重", "spec", "pack"),
    "unit": ("单位", "计价单位", "销售单位", "计量单位", "unit"),
    "price": (
        "单价",
        "售价",
        "零售价",
        "销售价",
        "价格",
        "现价",
        "定价",
        "建议零售价",
        "供货价",
        "price",
    ),
    "place": ("产地", "原产地", "产地村", "村", "所在村", "来源地", "origin", "place"),
    "category": ("类别", "分类", "品类", "类目", "种类", "category"),
    "season": ("季节", "产季", "上市月份", "上市时间", "供应月份", "season", "months"),
    "variety": ("品种", "作物品种", "variety"),
    "story": ("简介", "产品介绍", "描述", "产品描述", "特点", "卖点", "story"),
    "stock": ("库存", "现货", "库存量", "可供数量", "数量", "存量", "stock"),
}
NEEDED = ("name", "price")
FIRST_ROWS = 20

_FIELD_OF = {word: field for field, words in SYNONYMS.items() for word in words}
_BRACKETED = re.compile(r"[(\[【〔](.*?)[)\]】〕]")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands: its index from 0, its head as written, and the unit in the head, e.g. 元/斤."""

    index: int
    head: str
    hint: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that were understood, and the index of the first row under the heads."""

    fields: dict[str, Column]
    first_row: int
    unknown: tuple[str, ...]


def letter(index: int) -> str:
    """A column's letters as a sheet shows them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_columns(grid: Grid) -> Columns:
    """The row or two rows of heads among the first twenty that say most.

    Raises:
        Invalid: no row names at least a product and a price.
    """
    best: Columns | None = None
    for row in range(min(FIRST_ROWS, len(grid.rows))):
        for depth in (1, 2):
            if row + depth > len(grid.rows):
                continue
            found = _read(grid, row, depth)
            if all(field in found.fields for field in NEEDED) and (
                best is None or len(found.fields) > len(best.fields)
            ):
                best = found
    if best is None:
        raise Invalid(
            _("No row of heads was found. The sheet needs at least a column 品名 and a column 单价."),
            field="file",
        )
    return best


def _read(grid: Grid, row: int, depth: int) -> Columns:
    upper = _carried(grid.rows[row]) if depth == 2 else grid.rows[row]
    lower = grid.rows[row + 1] if depth == 2 else upper
    fields: dict[str, Column] = {}
    unknown = []
    for index, (above, below) in enumerate(zip(upper, lower, strict=True)):
        field, head, hint = _meaning(above, below)
        if field is None:
            if head:
                unknown.append(head)
        elif field not in fields or _rank(field, head) < _rank(field, fields[field].head):
            fields[field] = Column(index, head, hint)
    return Columns(fields, row + depth, tuple(dict.fromkeys(unknown)))


def _carried(row: tuple[str, ...]) -> tuple[str, ...]:
    """A head over several columns stands in its first cell only, where merging was lost (CSV)."""
    carried, last = [], ""
    for text in row:
        last = text.strip() or last
        carried.append(last)
    return tuple(carried)


def _meaning(above: str, below: str) -> tuple[str | None, str, str]:
    """The field, the head as written and the unit in it, of a column with these heads."""
    parts = [below, above + below] if below.strip() else [above]
    head = " ".join(dict.fromkeys(part.strip() for part in (above, below) if part.strip()))
    for part in parts:
        plain, hint = _plain(part)
        if plain in _FIELD_OF:
            return _FIELD_OF[plain], head, hint or _plain(above)[1]
    return None, head, ""


def _plain(head: str) -> tuple[str, str]:
    text = re.sub(r"[\s*:*]", "", unicodedata.normalize("NFKC", head)).lower()
    hints = _BRACKETED.findall(text)
    bare = _BRACKETED.sub("", text)
    per = re.match(r"^(.*?价)?元[/每](.+)$", bare)
    return (bare, hints[0] if hints else "") if not per else (per[1] or "单价", f"元/{per[2]}")


def _rank(field: str, head: str) -> int:
    words = SYNONYMS[field]
    plain = [_plain(part)[0] for part in (head, *head.split(" "))]
    return min((words.index(one) for one in plain if one in words), default=len(words))
