"""Quantity in base units: whole grams or whole pieces, never a float."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid


class Unit(StrEnum):
    """What is counted. UNECE Recommendation 20: GRM, and H87 for pieces."""

    GRAM = "g"
    PIECE = "piece"


#: What people write, and what it is in base units. 斤 is the market jin of 500 g (1959), 两 a tenth of it.
WRITTEN_UNITS: dict[str, tuple[Unit, int]] = {
    "g": (Unit.GRAM, 1),
    "克": (Unit.GRAM, 1),
    "kg": (Unit.GRAM, 1000),
    "千克": (Unit.GRAM, 1000),
    "公斤": (Unit.GRAM, 1000),
    "斤": (Unit.GRAM, 500),
    "市斤": (Unit.GRAM, 500),
    "两": (Unit.GRAM, 50),
    "t": (Unit.GRAM, 1_000_000),
    "吨": (Unit.GRAM, 1_000_000),
    "piece": (Unit.PIECE, 1),
    "pieces": (Unit.PIECE, 1),
    "pcs": (Unit.PIECE, 1),
} | dict.fromkeys("个件盒袋瓶只枚箱罐包条", (Unit.PIECE, 1))

#: The largest quantity a bigint column may be asked to hold, with room for sums.
LARGEST = 10**15

#: A comma only parts thousands: `3,5` is no number, and must not be taken for thirty-five.
_WRITTEN = re.compile(r"^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.,])\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of base units."""

    amount: int
    unit: Unit

    def __add__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount + other.amount, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount - other.amount, self.unit)

    def __mul__(self, times: int) -> Quantity:
        return Quantity(self.amount * times, self.unit)

    def _same(self, other: Quantity) -> None:
        if self.unit is not other.unit:
            raise ValueError(f"{self.unit} and {other.unit} do not mix")


_NO_QUANTITY = _("Write a quantity as number and unit, for example 2.5 kg.")
#: Where the unit is said already.
_NO_FIGURE = _("Say how much in figures, for example 3.")


def parse_quantity(text: str, default: str = "", *, field: str | None = None) -> Quantity:
    """Read what a person or a sheet says: `3斤`, `２．５ 公斤`, `500g`, `12个`.

    Args:
        text: number and unit; full-width digits are understood.
        default: the unit when none is written, a key of `WRITTEN_UNITS`.

    Raises:
        Invalid: no number, an unknown unit, a fraction of a base unit, zero or less, too large.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _WRITTEN.match(plain)
    if not match:
        raise Invalid(_NO_FIGURE if default else _NO_QUANTITY, field=field)
    number, written = Decimal(match[1].replace(",", "")), match[2].strip().lower() or default
    if written not in WRITTEN_UNITS:
        raise Invalid(_("The unit is not known. Use kg, g, 斤, 两 or pieces."), field=field)
    unit, factor = WRITTEN_UNITS[written]
    amount = number * factor
    if amount != amount.to_integral_value():
        raise Invalid(_("The quantity must be a whole number of grams or pieces."), field=field)
    if not 0 < amount <= LARGEST:
        raise Invalid(_("The quantity must be more than zero and not absurdly large."), field=field)
    return Quantity(int(amount), unit)
