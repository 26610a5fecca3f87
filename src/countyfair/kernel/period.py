"""Periods of the calendar: year, half, quarter, month, in the county's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_LETTER = {"half": "H", "quarter": "Q", "month": "-"}
_WRITTEN = re.compile(r"^(\d{4})(?:(H[12])|(Q[1-4])|-(0[1-9]|1[0-2]))?$")


@dataclass(frozen=True, slots=True)
class Period:
    """`kind` is year, half, quarter or month; `index` counts from 1 within the year."""

    kind: str
    year: int
    index: int = 1

    def __post_init__(self) -> None:
        if self.kind not in MONTHS or not 1 <= self.index <= 12 // MONTHS[self.kind]:
            raise ValueError(f"no such period: {self.kind} {self.index} of {self.year}")

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, (self.index - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next().start - timedelta(days=1)

    def next(self) -> Period:
        return self._moved(1)

    def previous(self) -> Period:
        return self._moved(-1)

    def _moved(self, steps: int) -> Period:
        per_year = 12 // MONTHS[self.kind]
        year, index = divmod(self.year * per_year + self.index - 1 + steps, per_year)
        return Period(self.kind, year, index + 1)

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        if self.kind == "year":
            return f"{self.year}"
        if self.kind == "month":
            return f"{self.year}-{self.index:02}"
        return f"{self.year}{_LETTER[self.kind]}{self.index}"

    @classmethod
    def of(cls, day: date, kind: str) -> Period:
        """The period of that kind in which `day` lies."""
        return cls(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Period:
        """Read `2026`, `2026H1`, `2026Q3` or `2026-09`.

        Raises:
            Invalid: anything else.
        """
        match = _WRITTEN.match(text.strip())
        if not match:
            raise Invalid(_("Write a period as 2026, 2026H1, 2026Q3 or 2026-09."), field=field)
        year, half, quarter, month = int(match[1]), match[2], match[3], match[4]
        if half:
            return cls("half", year, int(half[1]))
        if quarter:
            return cls("quarter", year, int(quarter[1]))
        return cls("month", year, int(month)) if month else cls("year", year)
