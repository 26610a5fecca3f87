"""The rows of the fair: the catalogue's categories, and which cloth each one's stalls hang under."""

from __future__ import annotations

from dataclasses import dataclass

from countyfair.surfaces.ui.formats import said
from countyfair.trade.catalog.rules import CATEGORIES as CATALOGUE

CLOTHS = {
    "grain": "grain", "mushroom": "mushroom", "tea": "tea", "meat": "meat", "poultry": "honey",
    "fruit": "fruit", "vegetable": "tea", "nut": "mushroom", "honey": "honey", "herb": "tea",
    "fish": "service", "preserve": "meat", "drink": "grain", "craft": "craft", "service": "service",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of stalls. `code` is the catalogue's key; `food`, `cloth` name a picture and a colour."""

    code: str
    zh: str
    en: str
    food: str
    cloth: str

    @property
    def name(self) -> str:
        return said(self.zh, self.en)


ROWS: tuple[Row, ...] = tuple(
    Row(one.key, one.zh, one.en, one.icon, CLOTHS.get(one.key, "fruit")) for one in CATALOGUE.values()
)
OTHER = Row("", "其他", "Other goods", "basket", "fruit")

_BY_CODE = {row.code: row for row in ROWS}


def row_of(code: str) -> Row:
    """The row of a category; one that the catalogue no longer lists stands under other goods."""
    return _BY_CODE.get(code, OTHER)
