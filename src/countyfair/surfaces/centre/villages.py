"""The places of one county as one list to choose from: townships, and the villages under each."""

from __future__ import annotations

from countyfair.registers.places import queries as places
from countyfair.surfaces.ui.places import called


def choices(county: str, *, whole: bool = False) -> list[tuple[str, str]]:
    """(code, name) of the county's places, each village behind its township; one statement.

    Args:
        whole: whether the county itself can be chosen.
    """
    found = places.subtree(county)
    names = {place.code: called(place).striptags() for place in found}
    return [
        (
            place.code,
            f"{names[place.code[:9]]} · {names[place.code]}" if len(place.code) > 9 else names[place.code],
        )
        for place in found
        if place.kind != "stand_in"
        and (len(place.code) > 6 or whole)
        and (len(place.code) <= 9 or place.code[:9] in names)
    ]
