"""The filters that a person keeps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A kept filter: the list it is for, and the part of its address behind the question mark."""

    id: UUID
    page: str
    name: str
    query: str


def filters_of(actor: Actor, *, county: str) -> list[FilterRow]:
    """One's own filters in a county, by list and name; none for a guest."""
    if actor.user_id is None:
        return []
    return rows(
        "SELECT id, page, name, query FROM people_savedfilter WHERE user_id = %s AND county = %s"
        " ORDER BY page, name",
        [actor.user_id, county],
        into=FilterRow,
    )
