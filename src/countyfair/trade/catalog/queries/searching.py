"""What a buyer searches for: one statement, however many match."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, rows
from countyfair.trade.catalog.queries.bearing import pieced
from countyfair.trade.catalog.queries.facets import BY_BEARING, BY_KIND, Counts, counts_of
from countyfair.trade.catalog.queries.showing import BESIDE, CARDS, Card, card_of, cards_of
from countyfair.trade.catalog.rules import search_names, search_query
from countyfair.trade.catalog.rules.facets import borne, tags

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
    certified: str = "",
    brand: UUID | None = None,
    grade: str = "",
    limit: int = 48,
    moment: datetime | None = None,
) -> list[Card]:
    """What a buyer means by `text`: Chinese, pinyin, initials, English or a code; the best first.

    What is called just so comes first, then what has all of it in its names or code, then what has
    some of it in its category, places or shop; among each, the newest first. However many match,
    only so many are read as it takes to show the best.

    Args:
        place, month, band: only what is from there, ripe then, of such a price; see `rules.facets`.
        certified, brand, grade: only what bears such a certificate, this mark, is of this grade or better.
    """
    bears = borne(certified=certified, brand=brand, grade=grade)
    tagged = tags(county=county, place=place, month=month, band=band, bears=bears)
    values = _values(county, text, category, tagged)
    if not values["query"]:
        return []
    values |= {"moment": moment or now(), "limit": limit, "certified": certified, "brand": brand}
    return cards_of(_SEARCH_BEARING if bears else _SEARCH, values)


def counted_search(
    *,
    county: str,
    text: str,
    category: str = "",
    place: str = "",
    month: int = 0,
    band: int = 0,
    certified: str = "",
    brand: UUID | None = None,
    grade: str = "",
    limit: int = 48,
) -> Searched:
    """Like `search`, and what the best `COUNTED` of what it finds can be narrowed to; one statement."""
    bears = borne(certified=certified, brand=brand, grade=grade)
    tagged = tags(county=county, place=place, month=month, band=band, bears=bears)
    values = _values(county, text, category, tagged)
    if not values["query"]:
        return Searched([], Counts())
    values |= {"moment": now(), "limit": limit, "most": COUNTED, "certified": certified, "brand": brand}
    found = rows(_BEARING_COUNTED if bears else _SEARCH_COUNTED, values, into=Columns)
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

# What bears it no longer at this moment is left out of what is found.
_STILL = """(
    SELECT s.product, s.place_found
      FROM {found}) s JOIN catalog_product d ON d.id = s.product WHERE {still}) s"""

_SEARCH = f"""
{CARDS}
  FROM {_FOUND} %(limit)s::int) r
  JOIN catalog_product d ON d.id = r.product {BESIDE} ORDER BY r.place_found
"""
_SEARCH_BEARING = pieced(f"{_SEARCH.rpartition('ORDER BY')[0]} WHERE {{still}} ORDER BY r.place_found")

# The cards of what is found, and what all of that can be narrowed to: said once, in the first row.
_COUNTED = (
    """
WITH r AS MATERIALIZED (SELECT product, place_found FROM {of}),
here AS MATERIALIZED (SELECT {narrows} FROM r JOIN catalog_product d ON d.id = r.product)
{cards}, CASE row_number() OVER (ORDER BY r.place_found) WHEN 1 THEN (
    SELECT json_agg(json_build_array(c.kind, c.value, c.products))::text FROM ({by_kind}{by_bearing}) c) END
  FROM r JOIN catalog_product d ON d.id = r.product {beside}
 WHERE r.place_found <= %(limit)s::int ORDER BY r.place_found
""".replace("{cards}", CARDS)
    .replace("{by_kind}", BY_KIND)
    .replace("{by_bearing}", BY_BEARING.replace("{there}", "here t"))
    .replace("{beside}", BESIDE)
)
_MOST = f"{_FOUND} %(most)s::int"
_SEARCH_COUNTED = pieced(_COUNTED.replace("{of}", f"{_MOST})"))
_BEARING_COUNTED = pieced(_COUNTED.replace("{of}", _STILL.replace("{found}", _MOST)))
