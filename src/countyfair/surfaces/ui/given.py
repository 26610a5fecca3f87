"""What was typed into a form, read field by field; every mistake is kept, so that all are told at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit, parse_quantity
from countyfair.kernel.refusal import Conflict, Invalid, Refusal, Sentence

T = TypeVar("T")
#: A datetime is a date too.
D = TypeVar("D", bound=date)

#: Characters of the longest number, quantity or date that anybody means.
LONGEST_VALUE = 60
#: Years that somebody means; the day after one that nobody means may not exist.
YEARS = range(1900, 2200)
WRITE_A_DATE = _("Write the date as 2026-11-23.")
#: What a form can be corrected after; everything else becomes a page of its own.
Correctable = (Invalid, Conflict)
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Unusable(Invalid):
    """A form with mistakes; `errors` are (field, sentence)."""

    def __init__(self, errors: list[tuple[str, Sentence]]) -> None:
        super().__init__(errors[0][1], field=errors[0][0])
        self.errors = errors


class Given:
    """A form as it came. Readers return a harmless value after a mistake; `stop` raises them all."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.errors: list[tuple[str, Sentence]] = []

    def text(self, name: str, *, most: int = 0, need: Sentence = "") -> str:
        """What stands in a field, trimmed; `need` is the sentence when it must not be empty.

        Beyond `most` characters (0 is any number) it is a mistake, and cut off.
        """
        said = self.data.get(name, "").replace("\x00", "").strip()
        if need and not said:
            self.errors.append((name, need))
        if most and len(said) > most:
            self.errors.append((name, _("This is too long: at most %(most)d characters.") % {"most": most}))
            return said[:most]
        return said

    def money(self, name: str) -> Money:
        """A sum in yuan."""
        return self._read(name, lambda text: Money.from_text(text, field=name), Money(0))

    def money_if_any(self, name: str) -> Money | None:
        """A sum in yuan, None for an empty field."""
        return self.money(name) if self.text(name) else None

    def amount(self, name: str, unit: str) -> int:
        """A quantity in base units; a bare number counts in kilograms or pieces. Zero is allowed."""
        text = self.text(name)
        if text and not text.strip("0０.．"):
            return 0
        return self.quantity(name, unit, {"g": "kg"}.get(unit, "个")).amount

    def quantity(self, name: str, unit: str, written: str = "") -> Quantity:
        """A quantity of what is counted in `unit`, more than zero; a bare number counts in `written`."""

        def read(text: str) -> Quantity:
            found = parse_quantity(text, written, field=name)
            if found.unit.value != unit:
                raise Invalid(_("This product is counted in another unit."), field=name)
            return found

        return self._read(name, read, Quantity(1, Unit(unit)))

    def amount_if_any(self, name: str, unit: str) -> int | None:
        """A quantity in base units, None for an empty field."""
        return self.amount(name, unit) if self.text(name) else None

    def whole(self, name: str) -> int:
        """A whole number."""

        def read(text: str) -> int:
            if not text.strip().lstrip("-").isdecimal() or len(text.strip()) > 12:
                raise Invalid(_("Write a whole number."), field=name)
            return int(text)

        return self._read(name, read, 0)

    def whole_if_any(self, name: str) -> int | None:
        """A whole number; None where nothing was written."""
        return self.whole(name) if self.text(name) else None

    def rate(self, name: str) -> Decimal:
        """A share of the whole, typed in percent."""

        def read(text: str) -> Decimal:
            try:
                said = Decimal(text.strip().rstrip("%％").strip())
            except InvalidOperation:
                said = Decimal("NaN")
            if not said.is_finite() or abs(said) > 1000:
                raise Invalid(_("Write a number of percent, for example 12.5."), field=name)
            return said / 100

        return self._read(name, read, Decimal(0))

    def number_if_any(self, name: str) -> Decimal | None:
        """A number as a gauge shows it, such as 12.5 or １２．５; None for an empty field."""

        def read(text: str) -> Decimal:
            plain = unicodedata.normalize("NFKC", text).strip()
            if not _NUMBER.fullmatch(plain):
                raise Invalid(_("Write a number, for example 12.5."), field=name)
            return Decimal(plain)

        return self._read(name, read, Decimal(0)) if self.text(name) else None

    def day(self, name: str) -> date | None:
        """A day, None for an empty field."""
        return self._dated(name, parse_date)

    def the_day(self, name: str) -> date:
        """A day that must be given."""
        return self._dated(name, parse_date, need=WRITE_A_DATE) or date.min

    def moment(self, name: str) -> datetime | None:
        """A moment on the county's clocks, None for an empty field."""

        def read(text: str) -> datetime | None:
            said = parse_datetime(text)
            return said.replace(tzinfo=COUNTY_ZONE) if said and said.tzinfo is None else said

        return self._dated(name, read)

    def key(self, name: str, need: Sentence = "") -> UUID | None:
        """An id, None when none is given."""
        found = parse_uuid(self.text(name, need=need))
        if found is None and self.text(name):
            self.errors.append((name, _("Choose one from the list.")))
        return found

    def many(self, name: str) -> list[str]:
        """All that was ticked."""
        return self.data.getlist(name)

    def stop(self) -> None:
        """Raise Unusable with every mistake so far."""
        if self.errors:
            raise Unusable(self.errors)

    def _dated(self, name: str, read: Callable[[str], D | None], need: Sentence = "") -> D | None:
        text = self.text(name, need=need)
        if not text:
            return None
        try:
            found = read(text)
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            self.errors.append((name, WRITE_A_DATE))
            return None
        return found

    def _read(self, name: str, read: Callable[[str], T], fallback: T) -> T:
        try:
            return read(self.text(name, most=LONGEST_VALUE))
        except Invalid as error:
            self.errors.append((name, error.sentence))
            return fallback


@dataclass(frozen=True, slots=True)
class Wrong:
    """The sentence for a field, "" when it was right."""

    errors: list[tuple[str, Sentence]] = field(default_factory=list)

    def at(self, name: str) -> Sentence:
        """What was wrong with this field."""
        return next((sentence for where, sentence in self.errors if where == name), "")


def told(refusal: Refusal | None) -> list[tuple[str, Sentence]]:
    """A refusal as fields and sentences."""
    if refusal is None:
        return []
    if isinstance(refusal, Unusable):
        return refusal.errors
    return [(refusal.field or "", refusal.sentence)]
