"""How a list can be narrowed further, and what it is narrowed to: links, each with what it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from countyfair.kernel import clock
from countyfair.surfaces.shop.categories import ROWS, row_of
from countyfair.surfaces.shop.walk import Walk, month_names
from countyfair.surfaces.ui.formats import money, number, said
from countyfair.trade.catalog.queries import Counts
from countyfair.trade.catalog.rules.certificates import KINDS
from countyfair.trade.catalog.rules.facets import BANDS, BORNE_GRADES
from countyfair.trade.catalog.rules.grading import GRADES


@dataclass(frozen=True, slots=True)
class Step:
    """A link that narrows a list, or takes a narrowing back; `count` is how many goods it leaves, or ""."""

    href: str
    label: Markup | str
    count: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Steps of one kind."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to (`chosen`, each leads back), and by what it can be narrowed further."""

    chosen: tuple[Step, ...]
    groups: tuple[Group, ...]

    @property
    def is_empty(self) -> bool:
        return not self.chosen and not self.groups


def narrowing(walk: Walk, counts: Counts, names: Mapping[str, Markup]) -> Narrowing:
    """The steps from where one stands. A kind that is chosen is not offered again: it leads back first.

    Args:
        names: names of the townships counted and of the walk's own place, by code.
    """
    kinds = (
        (_("From"), [] if len(walk.place) > 6 else _townships(walk, counts, names)),
        (_("A kilo costs"), [] if walk.band else _bands(walk, counts)),
        (_("Certified"), [] if walk.certified else _certificates(walk, counts)),
        (_("Regional brand"), [] if walk.brand else _brands(walk, counts)),
        (_("Graded"), [] if walk.grade else _grades(walk, counts)),
        (_("Ripe in"), [] if walk.month else _months(walk, counts)),
        (_("Rows of the fair"), [] if walk.category else _rows(walk, counts)),
    )
    groups = [Group(label, steps(found, at_least=counts.at_least)) for label, found in kinds]
    return Narrowing(
        tuple(_chosen(walk, counts, names)),
        tuple(group for group in groups if group.steps),
    )


def band_name(band: int) -> str:
    """The ends of a band of prices a kilogram, in yuan."""
    low, high = BANDS[band]
    if not low:
        return _("under %(price)s") % {"price": _yuan(high)}
    if not high:
        return _("%(price)s and more") % {"price": _yuan(low)}
    return f"{_yuan(low)}–{high // 100}"


def _yuan(fen: int) -> str:
    return money(fen).removesuffix(".00")


def steps(found: Iterable[tuple[str, Markup | str, int]], *, at_least: bool = False) -> tuple[Step, ...]:
    """Steps of (address, label, how many goods it leaves): those that leave some; a "+" where more may be."""
    more = "+" if at_least else ""
    return tuple(Step(href, label, f"{number(left)}{more}") for href, label, left in found if left)


def _townships(
    walk: Walk, counts: Counts, names: Mapping[str, Markup]
) -> Iterable[tuple[str, Markup | str, int]]:
    return [
        (walk.to(place=code), names[code], products)
        for code, products in counts.townships.items()
        if code in names
    ]


def _bands(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    return [(walk.to(price=band), band_name(band), products) for band, products in counts.bands.items()]


def _certificates(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    return [
        (walk.to(certificate=kind), str(name), counts.certificates.get(kind, 0))
        for kind, name in KINDS.items()
    ]


def _brands(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    return [
        (walk.to(brand=key), said(brand.name_zh, brand.name_en), brand.products)
        for key, brand in counts.brands.items()
    ]


def _grades(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    return [(walk.to(grade=key), grade_name(key), counts.grades.get(key, 0)) for key in BORNE_GRADES]


def grade_name(grade: str) -> str:
    """A grade that all of an offer is of, at least."""
    name = str(GRADES[grade])
    return name if grade == BORNE_GRADES[0] else _("%(grade)s and better") % {"grade": name}


def _months(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    """This month first."""
    names, first = month_names(), clock.today().month
    around = [(first - 1 + step) % 12 + 1 for step in range(12)]
    return [
        (
            walk.to(month=month),
            _("%(month)s, now") % {"month": names[month - 1]} if month == first else names[month - 1],
            counts.months.get(month, 0),
        )
        for month in around
    ]


def _rows(walk: Walk, counts: Counts) -> Iterable[tuple[str, str, int]]:
    return [(walk.to(category=row.code), row.name, counts.categories.get(row.code, 0)) for row in ROWS]


def _chosen(walk: Walk, counts: Counts, names: Mapping[str, Markup]) -> Iterable[Step]:
    if len(walk.place) > 6:
        yield Step(walk.to(place=walk.place[:6]), names.get(walk.place, walk.place))
    if walk.band:
        yield Step(walk.to(price=0), _("%(price)s a kilo") % {"price": band_name(walk.band)})
    if walk.certified:
        yield Step(walk.to(certificate=""), str(KINDS[walk.certified]))
    if walk.brand:
        brand = counts.brands.get(walk.brand)
        yield Step(walk.to(brand=None), said(brand.name_zh, brand.name_en) if brand else _("Regional brand"))
    if walk.grade:
        yield Step(walk.to(grade=""), grade_name(walk.grade))
    if walk.month:
        yield Step(walk.to(month=0), month_names()[walk.month - 1])
    if walk.category:
        yield Step(walk.to(category=""), row_of(walk.category).name)
