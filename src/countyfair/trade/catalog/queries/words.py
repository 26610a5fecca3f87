"""A search as a buyer asks it, and what was meant where it finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.catalog.queries.facets import Counts
from countyfair.trade.catalog.queries.searching import counted_search
from countyfair.trade.catalog.queries.showing import Card
from countyfair.trade.catalog.rules.words import Word, asked_for, read

#: So many words that are like what was typed are looked at.
MOST = 400


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds. `meant` is what it was read as; "" where the text itself finds something."""

    cards: Sequence[Card]
    meant: str
    counts: Counts = field(default_factory=Counts)


def find(
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
) -> Found:
    """What a text finds; where that is nothing, what it may have meant finds: one statement, or three.

    It is narrowed as `search` is, and tells what it can be narrowed to.
    """
    found = counted_search(
        county=county, text=text, category=category, place=place, month=month, band=band,
        certified=certified, brand=brand, grade=grade, limit=limit,
    )  # fmt: skip
    meant = "" if found.cards else read_as(county=county, text=text)
    if meant:
        found = counted_search(
            county=county, text=meant, category=category, place=place, month=month, band=band,
            certified=certified, brand=brand, grade=grade, limit=limit,
        )  # fmt: skip
    return Found(found.cards, meant if found.cards else "", found.counts)


def read_as(*, county: str, text: str) -> str:
    """What a text may mean in words of the county's goods, to be searched instead; "" where nothing is.

    Wrong characters of the same sound, words run together, and a letter too many, too few, wrong or
    swapped; one statement.
    """
    asked = asked_for(text)
    if not asked.sounds:
        return ""
    values = {
        "county": county,
        "words": list(asked.words),
        "sounds": list(asked.sounds),
        "near": [county + spelling for spelling in asked.near],
        "most": MOST,
    }
    return read(text, rows(_LIKE, values, into=Word))


_LIKE = """
SELECT word, sound FROM catalog_like(%(county)s, %(words)s::text[], %(sounds)s::text[], %(near)s::text[],
                                     %(most)s::int)
"""
