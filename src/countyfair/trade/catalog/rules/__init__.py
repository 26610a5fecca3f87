"""Pure decisions of the catalogue."""

from countyfair.trade.catalog.rules.categories import (
    CATEGORIES,
    SEASONS,
    Category,
    Season,
    category_called,
    in_season,
    season_of,
)
from countyfair.trade.catalog.rules.searching import search_names, search_query, search_terms

__all__ = [
    "CATEGORIES",
    "SEASONS",
    "Category",
    "Season",
    "category_called",
    "in_season",
    "search_names",
    "search_query",
    "search_terms",
    "season_of",
]
