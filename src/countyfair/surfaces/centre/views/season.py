"""The season calendar of the desk: what is ripe, announced, sold ahead, opening and closing, by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE, today
from countyfair.kernel.refusal import Invalid
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import DATED
from countyfair.surfaces.ui.formats import said
from countyfair.trade.catalog.queries.season import Ripe, RipeMonth, year
from countyfair.trade.stock.queries.calendar import Dated, calendar

MONTHS = 12
#: Years that a calendar may begin in.
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A month: what is ripe in it by season (`more` beyond those named), and what is dated in it."""

    name: str
    goods: tuple[Ripe, ...]
    more: int
    dated: tuple[Dated, ...]
    is_now: bool


@page("stock.read")
def season(desk: Desk) -> HttpResponse:
    """Twelve months from this one, or from the month that the address names, on."""
    first = _month(desk.request.GET.get("from", ""))
    until = moved(first, MONTHS)
    dated = calendar(desk.actor, county=desk.county, first=_begins(first), until=_begins(until))
    ripe = year(county=desk.county).months
    months = [moved(first, at) for at in range(MONTHS)]
    return desk.show(
        "season",
        {
            "leaves": [_leaf(month, dated, ripe[month.month - 1]) for month in months],
            "words": DATED,
            "earlier": f"?from={moved(first, -MONTHS):%Y-%m}" if first.year > _YEARS[1] else "",
            "later": f"?from={until:%Y-%m}" if until.year < _YEARS[-1] else "",
            "said": said,
        },
    )


def moved(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    years, at = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(years, at + 1, 1)


def _leaf(first: date, dated: list[Dated], ripe: RipeMonth) -> Leaf:
    here = tuple(one for one in dated if (one.day.year, one.day.month) == (first.year, first.month))
    name = date_format(first, "YEAR_MONTH_FORMAT")
    more = max(ripe.products - len(ripe.goods), 0)
    return Leaf(name, ripe.goods, more, here, first == today().replace(day=1))


def _month(said_: str) -> date:
    """The month of an address, this one where it says none.

    Raises:
        Invalid: it is no month.
    """
    if not said_:
        return today().replace(day=1)
    try:
        month = datetime.strptime(said_, "%Y-%m").replace(tzinfo=COUNTY_ZONE).date()
    except ValueError:
        month = None
    if month is None or month.year not in _YEARS:
        raise Invalid(_("Write a month as 2026-09."), field="from")
    return month


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), COUNTY_ZONE)
