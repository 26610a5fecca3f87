"""Reads of the register. A code stands for the present statistics edition unless said otherwise."""

from countyfair.registers.places.queries.history import (
    PovertyEntry,
    Standing,
    as_of,
    history,
    poverty_counties,
    present,
    was_poverty_county,
)
from countyfair.registers.places.queries.lookup import (
    Choice,
    Choices,
    Place,
    by_code,
    children,
    choices,
    choices_down_to,
    choices_to_counties,
    may_stand,
    names,
    path,
    places,
    proofs,
    subtree,
    village_counts,
)
from countyfair.registers.places.queries.search import Found, search

__all__ = [
    "Choice", "Choices", "Found", "Place", "PovertyEntry", "Standing",
    "as_of", "by_code", "children", "choices", "choices_down_to", "choices_to_counties", "history",
    "may_stand", "names", "path", "places", "poverty_counties", "present", "proofs", "search", "subtree",
    "village_counts", "was_poverty_county",
]  # fmt: skip
