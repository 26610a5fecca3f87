"""The year of a county's shelf: what is ripe in which month, and what is sold before it is there.

Goods that are ripe all the year round stand in no month of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.rows import rows

JOINS = ()

#: Goods that a month names, each name once; of so many of the newest they are picked.
NAMED = 8
_READ = 24
#: Packs sold ahead that are shown.
AHEAD = 24


@dataclass(frozen=True, slots=True)
class Ripe:
    """Goods that are ripe in a month."""

    product: UUID
    name_zh: str
    name_en: str
    category: str

    @property
    def names(self) -> tuple[str, str]:
        """Its Chinese and its English name."""
        return (self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class RipeMonth:
    """A month of the year: how many goods are ripe by row, and the newest of them, each name once."""

    month: int
    categories: dict[str, int]
    goods: tuple[Ripe, ...]

    @property
    def products(self) -> int:
        """How many goods are ripe."""
        return sum(self.categories.values())


@dataclass(frozen=True, slots=True)
class Year:
    """The twelve months from January on, and how many goods with a season each row and township leaves."""

    months: tuple[RipeMonth, ...]
    categories: dict[str, int]
    townships: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A pack that is sold ahead of a harvest (`expected_on`), or opens later (`opens_at`), or both."""

    product: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    place: str
    label_zh: str
    label_en: str
    price_fen: int
    currency: str
    opens_at: datetime | None
    closes_at: datetime | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    month: int
    value: str
    products: int
    goods: str


def year(*, county: str, category: str = "", township: str = "") -> Year:
    """The year of what is on a county's shelf, as it was counted when the last offer changed; one statement.

    Args:
        category, township: only what is of this row, from there. Rows are counted within the township and
            townships within the row.
    """
    values = {"county": county, "category": category, "township": township, "most": _READ}
    told = rows(_YEAR, values, into=_Told)
    by_row: dict[int, dict[str, int]] = {month: {} for month in range(1, 13)}
    named: dict[int, tuple[Ripe, ...]] = {}
    for each in told:
        if each.kind == "row":
            by_row[each.month][each.value] = each.products
        elif each.kind == "goods":
            named[each.month] = _once(Ripe(UUID(one[0]), *one[1:]) for one in json.loads(each.goods))
    return Year(
        tuple(RipeMonth(month, kinds, named.get(month, ())) for month, kinds in by_row.items()),
        {each.value: each.products for each in told if each.kind == "category"},
        {each.value: each.products for each in told if each.kind == "township"},
    )


def ahead(
    *, county: str, category: str = "", township: str = "", moment: datetime | None = None
) -> list[Ahead]:
    """What of the shop is sold ahead of its harvest or opens later: what can be had first, then by day.

    Args:
        category, township: only what is of this row, from there.
    """
    values = {
        "county": county, "category": category, "township": township, "moment": moment or now(),
        "limit": AHEAD,
    }  # fmt: skip
    return rows(_AHEAD, values, into=Ahead)


def _once(goods: Iterable[Ripe]) -> tuple[Ripe, ...]:
    """Each name once, the newest of it."""
    first: dict[str, Ripe] = {}
    for one in goods:
        first.setdefault(one.name_zh, one)
    return tuple(first.values())[:NAMED]


# Months in which nothing is ripe by the tally are not looked for along the shelf.
_YEAR = """
WITH seasonal AS MATERIALIZED (
    SELECT category, township, months, products FROM catalog_tally
     WHERE county = %(county)s AND cardinality(months) < 12),
here AS MATERIALIZED (
    SELECT m.month, s.category, sum(s.products)::bigint AS products
      FROM seasonal s, unnest(s.months) AS m (month)
     WHERE (%(category)s = '' OR s.category = %(category)s)
       AND (%(township)s = '' OR s.township = %(township)s)
     GROUP BY m.month, s.category)
SELECT 'row' AS kind, month::int, category::text AS value, products, '' AS goods FROM here
UNION ALL
SELECT 'goods', m.month::int, '', 0, coalesce(g.goods, '[]')
  FROM (SELECT DISTINCT month FROM here) m, LATERAL (
       SELECT json_agg(json_build_array(n.id, n.name_zh, n.name_en, n.category)
                       ORDER BY n.listed_at DESC, n.id DESC)::text AS goods
         FROM (SELECT d.id, d.name_zh, d.name_en, d.category, d.listed_at FROM catalog_product d
                WHERE d.county = %(county)s AND d.listed_at IS NOT NULL
                  AND m.month = ANY (d.season_months) AND cardinality(d.season_months) < 12
                  AND (%(category)s = '' OR d.category = %(category)s)
                  AND (%(township)s = '' OR left(d.place, 9) = %(township)s)
                ORDER BY d.listed_at DESC, d.id DESC LIMIT %(most)s::int) n) g
UNION ALL
SELECT 'category', 0, category::text, sum(products)::bigint, '' FROM seasonal
 WHERE %(township)s = '' OR township = %(township)s GROUP BY category
UNION ALL
SELECT 'township', 0, township::text, sum(products)::bigint, '' FROM seasonal
 WHERE township <> '' AND (%(category)s = '' OR category = %(category)s) GROUP BY township
ORDER BY 1, 2, 3
"""

_AHEAD = """
SELECT d.id, d.name_zh, d.name_en, d.category, d.icon, d.place, k.label_zh, k.label_en, o.price_fen,
       o.currency, o.opens_at, o.closes_at, o.expected_on
  FROM catalog_offer o
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
 WHERE o.county = %(county)s AND o.state = 'on'
   AND (o.expected_on IS NOT NULL OR o.opens_at IS NOT NULL)
   AND (o.expected_on IS NOT NULL OR o.opens_at > %(moment)s::timestamptz)
   AND (o.closes_at IS NULL OR o.closes_at > %(moment)s::timestamptz)
   AND o.outlet = 'shop' AND d.withdrawn_at IS NULL
   AND (%(category)s = '' OR d.category = %(category)s)
   AND (%(township)s = '' OR left(d.place, 9) = %(township)s)
 ORDER BY greatest(o.opens_at, %(moment)s::timestamptz), o.expected_on, o.id
 LIMIT %(limit)s::int
"""
