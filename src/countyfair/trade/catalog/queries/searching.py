"""What a buyer searches for: one statement, however many match."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, rows
from countyfair.trade.catalog.queries.certified import certified as pieced
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
    certified: str = "",
    limit: int = 48,
) -> Searched:
    """Like `search`, and what the best `COUNTED` of what it finds can be narrowed to; one statement.

    Args:
        certified: only what holds a certificate of this kind.
    """
    values = _values(county, text, category, tags(county=county, place=place, month=month, band=band))
    if not values["query"]:
        return Searched([], Counts())
    values |= {"moment": now(), "limit": limit, "most": COUNTED, "certified": certified}
    found = rows(_SEARCH_CERTIFIED if certified else _SEARCH_COUNTED, values, into=Columns)
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

# Of what is certified so little is there that all of it is looked at.
_FOUND_CERTIFIED = """(
    SELECT d.id AS product,
           row_number() OVER (ORDER BY d.name_zh = %(plain)s DESC, d.search_terms @@ %(names)s::tsquery DESC,
                              d.shelf_no DESC) AS place_found
      FROM {certified} d
     WHERE d.shelf_no IS NOT NULL AND d.search_terms @@ %(query)s::tsquery
       AND (%(category)s = '' OR d.category = %(category)s)
       AND catalog_tags(d.county, d.place, d.season_months, catalog_band(d.kilo_fen)) @> %(tags)s::text[]
     ORDER BY place_found LIMIT %(most)s::int) s"""

# The cards of what is found, and what all of that can be narrowed to: said once, in the first row.
_COUNTED = (
    """
WITH r AS MATERIALIZED (SELECT product, place_found FROM {found}),
here AS MATERIALIZED (SELECT {narrows} FROM r JOIN catalog_product d ON d.id = r.product)
{cards}, CASE row_number() OVER (ORDER BY r.place_found) WHEN 1 THEN (
    SELECT json_agg(json_build_array(c.kind, c.value, c.products))::text FROM ({by_kind}
     UNION ALL SELECT 'certificate', c.kind, count(*)
                 FROM r JOIN catalog_certificate c ON c.product_id = r.product AND {holds} GROUP BY c.kind) c)
    END
  FROM r JOIN catalog_product d ON d.id = r.product {beside}
 WHERE r.place_found <= %(limit)s::int ORDER BY r.place_found
""".replace("{cards}", CARDS)
    .replace("{by_kind}", BY_KIND)
    .replace("{beside}", BESIDE)
)
_SEARCH_COUNTED = pieced(_COUNTED.replace("{found}", f"{_FOUND} %(most)s::int)"))
_SEARCH_CERTIFIED = pieced(_COUNTED.replace("{found}", _FOUND_CERTIFIED))
