"""What a buyer searches for: one statement, however many match."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, rows
from countyfair.trade.catalog.queries.facets import BY_KIND, Counts, counts_of
from countyfair.trade.catalog.queries.showing import BESIDE, CARDS, Card, card_of, cards_of
from countyfair.trade.catalog.rules import search_names, search_query
from countyfair.trade.catalog.rules.facets import tags

#: Of so many goods that match best, a search counts what is in each row, township, month and band.
COUNTED = 240


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search finds, the best first, and what it can be narrowed to."""

    cards: Sequence[Card]
    counts: Counts


def search(
    *,
    county: str,
    text: str,
    category: str = "",
    place: str = "",
    month: int = 0,
    band: int = 0,
    limit: int = 48,
    moment: datetime | None = None,
) -> list[Card]:
    """What a buyer means by `text`: Chinese, pinyin, initials, English or a code; the best first.

    What is called just so comes first, then what has all of it in its names or code, then what has
    some of it in its category, places or shop; among each, the newest first. However many match,
    only so many are read as it takes to show the best.

    Args:
        place, month, band: only what is from there, ripe then, of such a price; see `rules.facets`.
    """
    values = _values(county, text, category, tags(county=county, place=place, month=month, band=band))
    if not values["query"]:
        return []
    return cards_of(_SEARCH, {**values, "moment": moment or now(), "limit": limit})


def counted_search(
    *,
    county: str,
    text: str,
    category: str = "",
    place: str = "",
    month: int = 0,
    band: int = 0,
    limit: int = 48,
) -> Searched:
    """Like `search`, and what the best `COUNTED` of what it finds can be narrowed to; one statement."""
    values = _values(county, text, category, tags(county=county, place=place, month=month, band=band))
    if not values["query"]:
        return Searched([], Counts())
    found = rows(_SEARCH_COUNTED, {**values, "moment": now(), "limit": limit, "most": COUNTED}, into=Columns)
    if not found:
        return Searched([], Counts())
    said = json.loads(next(row[-1] for row in found if row[-1]))
    return Searched([card_of(*row[:-1]) for row in found], counts_of(said, most=COUNTED))


def _values(county: str, text: str, category: str, tagged: list[str]) -> dict[str, Any]:
    return {
        "county": county,
        "names": search_names(text),
        "query": search_query(text),
        "category": category,
        "tags": tagged,
        "plain": text.strip(),
    }


_FOUND = """catalog_search(%(county)s, %(category)s, %(plain)s, %(names)s::tsquery, %(query)s::tsquery,
                      %(tags)s::text[], """

_SEARCH = f"""
{CARDS}
  FROM {_FOUND} %(limit)s::int) r
  JOIN catalog_product d ON d.id = r.product {BESIDE} ORDER BY r.place_found
"""

_COUNTED = """
here AS MATERIALIZED (
    SELECT p.category, CASE WHEN length(p.place) >= 9 THEN left(p.place, 9) ELSE '' END AS township,
           CASE p.season_months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE p.season_months END
           AS months, coalesce(catalog_band(p.kilo_fen), 0) AS band, 1 AS products
      FROM r JOIN catalog_product p ON p.id = r.product)
"""
# What was counted is said once, in the first row.
_MATCHED = "WITH r AS MATERIALIZED (SELECT product, place_found FROM"
_SAID = "SELECT json_agg(json_build_array(c.kind, c.value, c.products))::text FROM"
_SEARCH_COUNTED = f"""
{_MATCHED} {_FOUND} %(most)s::int)), {_COUNTED}
{CARDS}, CASE row_number() OVER (ORDER BY r.place_found) WHEN 1 THEN ({_SAID} ({BY_KIND}) c) END
  FROM r JOIN catalog_product d ON d.id = r.product {BESIDE}
 WHERE r.place_found <= %(limit)s::int ORDER BY r.place_found
"""
