"""The year at the fair: what is ripe in which month, and what is sold before it is harvested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from countyfair.kernel import clock
from countyfair.kernel.remembered import Remembered
from countyfair.surfaces.shop import counties as at_counties
from countyfair.surfaces.shop import place_names
from countyfair.surfaces.shop.categories import ROWS, row_of
from countyfair.surfaces.shop.frame import browse
from countyfair.surfaces.shop.linked_data import season_head
from countyfair.surfaces.shop.narrowing import Group, Narrowing, Step, steps
from countyfair.surfaces.shop.pictures import food_of
from countyfair.surfaces.shop.stalls import codes_of, origin
from countyfair.surfaces.shop.walk import Walk, month_names, read
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said, short_moment
from countyfair.trade.catalog.queries import season as queries

_years: Remembered[tuple[str, str, str], queries.Year] = Remembered(60, most=500)


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month: `rows` lead to what is ripe of each row, `goods` to single goods; `when`: now, next or ""."""

    number: int
    name: str
    href: str
    when: str
    rows: tuple[Step, ...]
    goods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AheadShown:
    """A pack that is sold ahead, or that opens later: `opens` says when it does, "" where it is open."""

    row: queries.Ahead
    opens: str
    href: str
    name: str
    pack: str
    origin: Markup
    food: str
    cloth: str


@require_safe
def season(request: HttpRequest) -> HttpResponse:
    """Twelve months from this one on, narrowed by row and township; every choice in the address."""
    counties = at_counties.on_the_fair()
    walk = read(request.GET, ROWS)
    county = at_counties.chosen(walk.place, counties)
    township = walk.place[:9] if len(walk.place) > 6 else ""
    walk = Walk(place=township or county, category=walk.category)
    key = (county, walk.category, township)
    year = _years.get(key, lambda: queries.year(county=key[0], category=key[1], township=key[2]))
    rows = queries.ahead(county=county, category=walk.category, township=township)
    names = place_names.names(
        {
            county,
            township,
            *counties,
            *year.townships,
            *(code for row in rows for code in codes_of(row.place)),
        }
    )
    where = names[walk.place].striptags() if walk.place in names else ""
    title = _("The year at the fair of %(place)s") % {"place": where} if where else _("The year at the fair")
    return browse(
        request,
        "season",
        {
            "title": title,
            "told": season_head(title, f"{request.path}{walk.to()}"),
            "places": at_counties.chips(counties, names, county),
            "narrowing": _narrowing(walk, year, names),
            "months": _months(walk, year),
            "ahead": [_ahead(row, names) for row in rows],
            "whole": f"{url('shop:goods')}{walk.to()}",
        },
        category=walk.category,
        county=county,
    )


def _narrowing(walk: Walk, year: queries.Year, names: Mapping[str, Markup]) -> Narrowing:
    """By township and by row, each with how many goods with a season it leaves."""
    township = len(walk.place) > 6
    chosen = [Step(walk.to(place=walk.place[:6]), names.get(walk.place, walk.place))] if township else []
    if walk.category:
        chosen.append(Step(walk.to(category=""), row_of(walk.category).name))
    from_ = [(walk.to(place=code), names.get(code, code), left) for code, left in year.townships.items()]
    rows = [(walk.to(category=row.code), row.name, year.categories.get(row.code, 0)) for row in ROWS]
    groups = (
        Group(_("From"), steps([] if township else from_)),
        Group(_("Rows of the fair"), steps([] if walk.category else rows)),
    )
    return Narrowing(tuple(chosen), tuple(group for group in groups if len(group.steps) > 1))


def _months(walk: Walk, year: queries.Year) -> list[MonthShown]:
    """From this month on."""
    first, names, shelf = clock.today().month, month_names(), url("shop:goods")
    around: Iterable[tuple[int, queries.RipeMonth]] = (
        (step, year.months[(first - 1 + step) % 12]) for step in range(12)
    )
    return [
        MonthShown(
            one.month,
            names[one.month - 1],
            f"{shelf}{replace(walk, month=one.month).to()}",
            {0: "now", 1: "next"}.get(step, ""),
            steps(_rows(replace(walk, month=one.month), shelf, one)),
            tuple((url("shop:product", each.product), said(*each.names)) for each in one.goods),
        )
        for step, one in around
    ]


def _rows(walk: Walk, shelf: str, month: queries.RipeMonth) -> Sequence[tuple[str, str, int]]:
    return [
        (f"{shelf}{walk.to(category=row.code)}", row.name, month.categories.get(row.code, 0)) for row in ROWS
    ]


def _ahead(row: queries.Ahead, names: Mapping[str, Markup]) -> AheadShown:
    later = row.opens_at is not None and row.opens_at > clock.now()
    return AheadShown(
        row,
        short_moment(row.opens_at) if later and row.opens_at else "",
        url("shop:product", row.product),
        said(row.name_zh, row.name_en),
        said(row.label_zh, row.label_en),
        origin(row.place, names),
        food_of(row.icon, row.category),
        row_of(row.category).cloth,
    )
