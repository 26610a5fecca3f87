"""A sheet of the calendar: five weeks from a Monday on, for days that are open, booked or free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateparse import parse_date

WEEKS = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """Weeks of seven days each; `earlier` and `later` begin the sheets beside it, None for none."""

    weeks: tuple[tuple[date, ...], ...]
    earlier: date | None
    later: date

    @property
    def first(self) -> date:
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        return self.weeks[-1][-1]


def day_in(text: str) -> date | None:
    """The day that an address names; None for anything else."""
    try:
        return parse_date(text) if len(text) == 10 else None
    except ValueError:
        return None


def sheet(begins: date | None, today: date, farthest: int = 366) -> Sheet:
    """The sheet that `begins` lies in, this week's when it names none or one that is over or too far."""
    here = today - timedelta(days=today.weekday())
    wanted = begins if begins and today < begins <= today + timedelta(days=farthest) else today
    first = wanted - timedelta(days=wanted.weekday())
    days = [first + timedelta(days=step) for step in range(7 * WEEKS)]
    weeks = tuple(tuple(days[at : at + 7]) for at in range(0, len(days), 7))
    earlier = max(here, first - timedelta(days=7 * WEEKS)) if first > here else None
    return Sheet(weeks, earlier, first + timedelta(days=7 * WEEKS))
