"""Codes of administrative divisions: 12 digits 2+2+2+3+3 (GB/T 2260 and GB/T 10114).

Kept trimmed to the level they name: 2 digits a province, 4 a prefecture, 6 a county, 9 a
township, 12 a village, so that the subtree of a place is the set of codes it begins.
"""

from __future__ import annotations

from enum import IntEnum

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid


class Level(IntEnum):
    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


LENGTHS = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}


class PlaceCode(str):
    """A trimmed code. `PlaceCode("450225000000")` and `PlaceCode("450225")` are the same place.

    Raises:
        Invalid: not digits, or of no level's length.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> PlaceCode:
        code = text.strip()
        if not (code.isascii() and code.isdigit()):
            raise Invalid(_("A place code has digits only."), field="place")
        if len(code) == 12:
            code = _trimmed(code)
        if len(code) not in LENGTHS:
            raise Invalid(_("A place code has 2, 4, 6, 9 or 12 digits."), field="place")
        return super().__new__(cls, code)

    @property
    def level(self) -> Level:
        return LENGTHS[len(self)]

    @property
    def parent(self) -> PlaceCode | None:
        shorter = [length for length in LENGTHS if length < len(self)]
        return PlaceCode(self[: max(shorter)]) if shorter else None

    @property
    def county(self) -> str:
        """The six digits of its county; shorter for a province or prefecture."""
        return str(self[:6])

    @property
    def padded(self) -> str:
        """All twelve digits, as the statistics code is printed."""
        return self.ljust(12, "0")

    def covers(self, other: str) -> bool:
        """Whether `other` is this place or lies in it."""
        return other.startswith(self)


def _trimmed(code: str) -> str:
    for length in (2, 4, 6, 9):
        if code[length:].strip("0") == "":
            return code[:length]
    return code
