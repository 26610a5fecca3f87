"""The counties at the fair: which there are, whose part of it one stands in, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from countyfair.kernel.remembered import Remembered
from countyfair.trade.catalog.queries import fair

_counties: Remembered[str, list[str]] = Remembered(30)


def on_the_fair() -> list[str]:
    """Codes of the counties that have something on their shelf; at most one statement, mostly none."""
    return _counties.get("", fair.counties)


def chosen(place: str, counties: Sequence[str]) -> str:
    """The county of an address, else the first at the fair; "" while the fair has none."""
    return place[:6] if len(place) >= 6 else next(iter(counties), "")


def chips(
    counties: Sequence[str], names: Mapping[str, Markup], current: str
) -> list[tuple[str, Markup | str, bool]]:
    """Links to each county's part of the fair; none where there is no choice."""
    if len(counties) < 2:
        return []
    return [(f"?place={code}", names.get(code, code), code == current) for code in counties]
