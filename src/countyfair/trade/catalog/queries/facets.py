"""By what a list can be narrowed further, and how many goods each step leaves: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from countyfair.kernel.clock import now
from countyfair.kernel.rows import rows
from countyfair.trade.catalog.queries.certified import certified as pieced

#: Goods that are looked up at once; along a shelf of 100,000 the first page of them lies 5,000 apart.
FEW = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many goods there are, and how many in each row, township, month, band, kind of certificate.

    All are within what the list is narrowed to already. `at_least`: more were found than were counted.
    """

    total: int = 0
    at_least: bool = False
    categories: dict[str, int] = field(default_factory=dict)
    townships: dict[str, int] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    bands: dict[int, int] = field(default_factory=dict)
    certificates: dict[str, int] = field(default_factory=dict)

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
    moment: datetime | None = None,
) -> Counts:
    """What is on a county's shelf within these, as it was counted when the last offer changed.

    What is certified is counted as of now.

    Args:
        place: the county or a township; nothing is counted of a village alone.
        certified: only what holds a certificate of this kind.
    """
    values = {
        "county": county,
        "category": category,
        "township": place if len(place) == 9 else "",
        "month": month,
        "band": band,
        "certified": certified,
        "moment": moment or now(),
    }
    asked = _COUNTS_CERTIFIED if certified else _COUNTS
    return counts_of((row.kind, row.value, row.products) for row in rows(asked, values, into=_Counted))


def counts_of(said: Iterable[tuple[str, str, int]], *, most: int = 0) -> Counts:
    """Counts of (kind, value, number); `most` is how many were counted at most, 0 for all there are."""
    found: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
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
        found["certificate"],
    )


_KINDS = ("all", "row", "place", "month", "band", "certificate")

#: Counts of `here` (category, township, months, band, products) as `counts_of` reads them.
BY_KIND = """
SELECT 'all' AS kind, '' AS value, coalesce(sum(products), 0)::bigint AS products FROM here
UNION ALL SELECT 'row', category, sum(products)::bigint FROM here GROUP BY category
UNION ALL SELECT 'place', township, sum(products)::bigint FROM here WHERE township <> '' GROUP BY township
UNION ALL SELECT 'month', m.month::text, sum(products)::bigint FROM here, unnest(months) AS m (month)
           GROUP BY m.month
UNION ALL SELECT 'band', band::text, sum(products)::bigint FROM here WHERE band > 0 GROUP BY band
"""

_WITHIN = """
(%(category)s = '' OR t.category = %(category)s) AND (%(township)s = '' OR t.township = %(township)s)
       AND (%(month)s::int = 0 OR %(month)s::smallint = ANY (t.months))
       AND (%(band)s::int = 0 OR t.band = %(band)s::int)
"""
_HERE = """
WITH here AS MATERIALIZED (
    SELECT t.category, t.township, t.months, t.band, t.products FROM catalog_tally t
     WHERE t.county = %(county)s AND {within})
"""
_BY_CERTIFICATE = """
UNION ALL SELECT 'certificate', t.kind, count(*) FROM (
       SELECT c.kind, {narrows} FROM catalog_certificate c JOIN catalog_product d ON d.id = c.product_id
        WHERE c.county = %(county)s AND {holds} AND d.listed_at IS NOT NULL) t
 WHERE {within} GROUP BY t.kind
"""
_HERE_CERTIFIED = """
WITH here AS MATERIALIZED (
    SELECT t.* FROM (SELECT {narrows} FROM {certified} d WHERE d.listed_at IS NOT NULL) t WHERE {within})
"""
_COUNTS = pieced(f"{_HERE}{BY_KIND}{_BY_CERTIFICATE}".replace("{within}", _WITHIN))
_COUNTS_CERTIFIED = pieced(f"{_HERE_CERTIFIED}{BY_KIND}".replace("{within}", _WITHIN))
