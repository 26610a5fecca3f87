"""What an agent typed, read field by field; every mistake is kept, so that all are told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit, parse_quantity
from countyfair.kernel.refusal import Invalid, Sentence

T = TypeVar("T")

#: The units that an agent may choose, as `parse_quantity` reads them.
UNITS: dict[str, tuple[tuple[str, Sentence], ...]] = {
    "g": (("斤", _("jin")), ("kg", _("kg")), ("g", _("g"))),
    "piece": (("个", _("pieces")),),
}


class Unusable(Invalid):
    """A form with mistakes; `errors` are (field, sentence)."""

    def __init__(self, errors: list[tuple[str, Sentence]]) -> None:
        super().__init__(errors[0][1], field=errors[0][0])
        self.errors = errors


class Typed:
    """A form as it came. Readers return a harmless value after a mistake; `stop` raises them all."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.errors: list[tuple[str, Sentence]] = []

    def text(self, name: str, *, most: int = 200, need: Sentence = "") -> str:
        """What stands in a field, trimmed; `need` is the sentence when it must not be empty."""
        said = self.data.get(name, "").replace("\x00", "").strip()
        if need and not said:
            self.errors.append((name, need))
        if len(said) > most:
            self.errors.append((name, _("This is too long: at most %(most)d characters.") % {"most": most}))
            return said[:most]
        return said

    def money(self, name: str, *, empty: int | None = None) -> int:
        """A sum in yuan, as fen; `empty` stands for an empty field."""
        if empty is not None and not self.text(name):
            return empty
        return self._read(name, lambda text: Money.from_text(text, field=name), Money(0)).minor

    def quantity(self, name: str, unit: str, chosen: str) -> Quantity:
        """A quantity of a product counted in `unit`; a bare number is in the unit `chosen`."""
        choices = [value for value, _label in UNITS[unit]]
        chosen = choices[0] if len(choices) == 1 else chosen

        def read(text: str) -> Quantity:
            if text.replace(".", "").isdecimal() and chosen not in choices:
                raise Invalid(_("Choose what the scale shows: jin, kg or g."), field="unit")
            found = parse_quantity(text, chosen if chosen in choices else "", field=name)
            if found.unit.value != unit:
                raise Invalid(_("This product is counted in another unit."), field=name)
            return found

        return self._read(name, read, Quantity(1, Unit(unit)))

    def grams(self, name: str) -> int:
        """A weight; a bare number is in grams."""
        return self.quantity(name, "g", "g").amount

    def day(self, name: str) -> date:
        """A day."""

        def read(text: str) -> date:
            try:
                found = parse_date(text)
            except ValueError:
                found = None
            if found is None:
                raise Invalid(_("Write the date as 2026-11-23."), field=name)
            return found

        return self._read(name, read, date.min)

    def stop(self) -> None:
        """Raise Unusable with every mistake so far."""
        if self.errors:
            raise Unusable(self.errors)

    def _read(self, name: str, read: Callable[[str], T], fallback: T) -> T:
        try:
            return read(self.text(name, most=60))
        except Invalid as error:
            self.errors.append((error.field or name, error.sentence))
            return fallback
