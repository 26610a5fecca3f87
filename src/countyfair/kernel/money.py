"""Money in minor units: a whole number of fen (or cents) and its currency, never a float."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

#: Digits after the point, by ISO 4217.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "THB": 2, "VND": 0, "JPY": 0, "KES": 2, "INR": 2}

#: The largest amount a bigint column may be asked to hold, with room for sums.
LARGEST = 10**15

_AMOUNT = re.compile(r"^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d+(\.\d+)?$")


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """An amount of one currency. `minor` counts its smallest unit (fen for CNY)."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def times(self, rate: Decimal | int | Fraction) -> Money:
        """This amount multiplied by an exact rate, rounded half to even to the minor unit."""
        return Money(round_half_even(Fraction(self.minor) * Fraction(rate)), self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units (yuan), exact."""
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    @classmethod
    def from_text(cls, text: str, currency: str = "CNY", *, field: str | None = None) -> Money:
        """Read what a person typed: `12.5`, `¥１２．５０`, `1,200`.

        Raises:
            Invalid: not a number, more decimals than the currency has, or out of range.
        """
        plain = unicodedata.normalize("NFKC", text).strip().lstrip("¥").removesuffix("元").strip()
        if not _AMOUNT.match(plain):
            raise Invalid(_("Write the amount as a number, for example 12.50."), field=field)
        amount = Decimal(plain.replace(",", ""))
        minor = amount.scaleb(EXPONENTS[currency])
        if minor != minor.to_integral_value():
            raise Invalid(_("The amount has more decimals than the currency."), field=field)
        if abs(minor) > LARGEST:
            raise Invalid(_("The amount is too large."), field=field)
        return cls(int(minor), currency)


def round_half_even(value: Fraction) -> int:
    """The nearest whole number; a tie goes to the even one."""
    return round(value)


def allocate(total: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split `total` in proportion to `weights`; the parts sum to `total` exactly.

    Each part is the floor of its exact share; what is left goes, one unit each, to the largest
    remainders (Hamilton's method), ties to the earlier weight. A negative total splits as the
    mirror of its absolute value.

    Args:
        total: whole minor units or base units.
        weights: non-negative, at least one positive.

    Raises:
        ValueError: a weight is negative or all are zero.
    """
    ratios = [weight.as_integer_ratio() for weight in weights]
    scale = lcm(*(below for _above, below in ratios))
    exact = [above * (scale // below) for above, below in ratios]
    whole = sum(exact)
    if whole <= 0 or min(exact) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    parts, rests = map(list, zip(*(divmod(total * weight, whole) for weight in exact), strict=True))
    order = sorted(range(len(parts)), key=lambda i: (-rests[i], i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts
