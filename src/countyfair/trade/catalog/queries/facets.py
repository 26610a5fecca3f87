"""By what a list can be narrowed further, and how many goods each step leaves: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from countyfair.kernel.rows import rows

#: Goods that are looked up at once; along a shelf of 100,000 the first page of them lies 5,000 apart.
FEW = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many goods there are, and how many of them in each row, township, month and band of prices.

    All are within what the list is narrowed to already. `at_least`: more were found than were counted.
    """

    total: int = 0
    at_least: bool = False
    categories: dict[str, int] = field(default_factory=dict)
    townships: dict[str, int] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    bands: dict[int, int] = field(default_factory=dict)

    @property
    def few(self) -> bool:
        """So few are looked up all at once sooner than along a long shelf."""
        return self.total <= FEW


@dataclass(frozen=True, slots=True)
class _Counted:
    kind: str
    value: str
    products: int


def shelf_counts(
    *, county: str, category: str = "", place: str = "", month: int = 0, band: int = 0
) -> Counts:
    """What is on a county's shelf within these, as it was counted when the last offer changed.

    Args:
        place: the county or a township; nothing is counted of a village alone.
    """
    values = {
        "county": county,
        "category": category,
        "township": place if len(place) == 9 else "",
        "month": month,
        "band": band,
    }
    return counts_of((row.kind, row.value, row.products) for row in rows(_COUNTS, values, into=_Counted))


def counts_of(said: Iterable[tuple[str, str, int]], *, most: int = 0) -> Counts:
    """Counts of (kind, value, number); `most` is how many were counted at most, 0 for all there are."""
    found: dict[str, dict[str, int]] = {"all": {}, "row": {}, "place": {}, "month": {}, "band": {}}
    for kind, value, products in said:
        found[kind][value] = products
    total = found["all"].get("", 0)
    return Counts(
        total,
        0 < most <= total,
        found["row"],
        dict(sorted(found["place"].items())),
        {int(value): products for value, products in found["month"].items()},
        {int(value): products for value, products in sorted(found["band"].items())},
    )


#: Counts of `here` (category, township, months, band, products) as `counts_of` reads them.
BY_KIND = """
SELECT 'all' AS kind, '' AS value, coalesce(sum(products), 0)::bigint AS products FROM here
UNION ALL SELECT 'row', category, sum(products)::bigint FROM here GROUP BY category
UNION ALL SELECT 'place', township, sum(products)::bigint FROM here WHERE township <> '' GROUP BY township
UNION ALL SELECT 'month', m.month::text, sum(products)::bigint FROM here, unnest(months) AS m (month)
           GROUP BY m.month
UNION ALL SELECT 'band', band::text, sum(products)::bigint FROM here WHERE band > 0 GROUP BY band
"""

_HERE = """
WITH here AS MATERIALIZED (
    SELECT category, township, months, band, products FROM catalog_tally
     WHERE county = %(county)s AND (%(category)s = '' OR category = %(category)s)
       AND (%(township)s = '' OR township = %(township)s)
       AND (%(month)s::int = 0 OR %(month)s::smallint = ANY (months))
       AND (%(band)s::int = 0 OR band = %(band)s::int))
"""
_COUNTS = f"{_HERE}{BY_KIND}"
