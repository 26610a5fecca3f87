"""By what a list can be narrowed further, and how many goods each step leaves: one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.catalog.rules.facets import borne

#: Goods that are looked up at once; along a shelf of 100,000 the first page of them lies 5,000 apart.
FEW = 500


@dataclass(frozen=True, slots=True)
class BrandCounted:
    """A brand as it is called now, and how many goods bear its mark."""

    name_zh: str
    name_en: str
    products: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many goods there are; how many in each row, township, month and band; how many bear each kind of
    certificate and each brand's mark; how many are of each grade or better.

    All are within what the list is narrowed to already. `at_least`: more were found than were counted.
    """

    total: int = 0
    at_least: bool = False
    categories: dict[str, int] = field(default_factory=dict)
    townships: dict[str, int] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    bands: dict[int, int] = field(default_factory=dict)
    certificates: dict[str, int] = field(default_factory=dict)
    brands: dict[UUID, BrandCounted] = field(default_factory=dict)
    grades: dict[str, int] = field(default_factory=dict)

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
    *,
    county: str,
    category: str = "",
    place: str = "",
    month: int = 0,
    band: int = 0,
    certified: str = "",
    brand: UUID | None = None,
    grade: str = "",
) -> Counts:
    """What is on a county's shelf within these, counted when the last offer, certificate, licence or grade
    changed.

    Args:
        place: the county or a township; nothing is counted of a village alone.
        certified, brand, grade: only what bears such a certificate, this mark, is of this grade or better.
    """
    bears = borne(certified=certified, brand=brand, grade=grade)
    values = {
        "county": county,
        "category": category,
        "township": place if len(place) == 9 else "",
        "month": month,
        "band": band,
        "bears": bears,
    }
    asked = _COUNTS_BEARING if bears else _COUNTS
    return counts_of((row.kind, row.value, row.products) for row in rows(asked, values, into=_Counted))


def counts_of(said: Iterable[tuple[str, str, int]], *, most: int = 0) -> Counts:
    """Counts of (kind, value, number); `most` is how many were counted at most, 0 for all there are."""
    found: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
    brands: dict[UUID, BrandCounted] = {}
    for kind, value, products in said:
        if kind == "brand":
            key, name_zh, name_en = json.loads(value)
            brands[UUID(key)] = BrandCounted(name_zh, name_en, products)
        else:
            found[kind][value] = products
    total = found["all"].get("", 0)
    return Counts(
        total,
        0 < most <= total,
        found["row"],
        dict(sorted(found["place"].items())),
        {int(value): products for value, products in found["month"].items()},
        {int(value): products for value, products in sorted(found["band"].items())},
        found["certificate"],
        dict(sorted(brands.items(), key=lambda brand: (brand[1].name_zh, brand[0]))),
        found["grade"],
    )


_KINDS = ("all", "row", "place", "month", "band", "certificate", "grade")

#: Counts of `here` (category, township, months, band, products) as `counts_of` reads them.
BY_KIND = """
SELECT 'all' AS kind, '' AS value, coalesce(sum(products), 0)::bigint AS products FROM here
UNION ALL SELECT 'row', category, sum(products)::bigint FROM here GROUP BY category
UNION ALL SELECT 'place', township, sum(products)::bigint FROM here WHERE township <> '' GROUP BY township
UNION ALL SELECT 'month', m.month::text, sum(products)::bigint FROM here, unnest(months) AS m (month)
           GROUP BY m.month
UNION ALL SELECT 'band', band::text, sum(products)::bigint FROM here WHERE band > 0 GROUP BY band
"""

#: The same of what is borne: counts of {there} `t` (bears, products). Brands come with their names.
BY_BEARING = """
UNION ALL SELECT CASE left(x.tag, 1) WHEN 'c' THEN 'certificate' WHEN 'b' THEN 'brand' ELSE 'grade' END,
       CASE left(x.tag, 1)
       WHEN 'b' THEN (SELECT json_build_array(b.id, b.name_zh, b.name_en)::text FROM catalog_brand b
                       WHERE b.id = substr(x.tag, 2)::uuid)
       ELSE substr(x.tag, 2) END, x.products
  FROM (SELECT u.tag, sum(t.products)::bigint AS products FROM {there}, unnest(t.bears) AS u (tag)
         GROUP BY u.tag) x
"""

_WITHIN = """
t.county = %(county)s
       AND (%(category)s = '' OR t.category = %(category)s)
       AND (%(township)s = '' OR t.township = %(township)s)
       AND (%(month)s::int = 0 OR %(month)s::smallint = ANY (t.months))
       AND (%(band)s::int = 0 OR t.band = %(band)s::int)
"""
_HERE = """
WITH here AS MATERIALIZED (
    SELECT t.category, t.township, t.months, t.band, t.products FROM catalog_tally t WHERE {within})
"""
# Where nothing but the row is asked for, the few rows of the whole say it.
_BEARING = """
(SELECT * FROM catalog_bearing t
  WHERE {within} AND t.whole = (%(township)s = '' AND %(month)s::int = 0 AND %(band)s::int = 0)) t
"""
_HERE_BEARING = """
WITH here AS MATERIALIZED (
    SELECT t.category, t.township, t.months, t.band, t.products, t.bears FROM catalog_bearing t
     WHERE {within} AND NOT t.whole AND t.bears @> %(bears)s::text[])
"""
_COUNTS = f"{_HERE}{BY_KIND}{BY_BEARING}".replace("{there}", _BEARING).replace("{within}", _WITHIN)
_COUNTS_BEARING = f"{_HERE_BEARING}{BY_KIND}{BY_BEARING}".replace("{there}", "here t").replace(
    "{within}", _WITHIN
)
