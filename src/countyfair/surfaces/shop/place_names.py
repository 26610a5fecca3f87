"""Names of places, kept in the process for a while: the register changes once a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from markupsafe import Markup

from countyfair.kernel.remembered import Remembered
from countyfair.registers.places import queries
from countyfair.registers.places.queries import Place
from countyfair.surfaces.ui.places import PlaceChoice, called, chosen

_places: Remembered[str, Place] = Remembered(600)
_first_step: Remembered[str, PlaceChoice] = Remembered(600)


def names(codes: Iterable[str]) -> dict[str, Markup]:
    """What the reader calls them, by code; unknown codes are left out. At most one statement, mostly none."""
    return {code: called(place) for code, place in _known(codes).items()}


def way(code: str) -> list[Place]:
    """From the province down to `code`, without stand-ins such as 市辖区 and what is unknown."""
    found = _known(code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code))
    return [place for _code, place in sorted(found.items()) if place.kind != "stand_in" or place.code == code]


def picker(code: str) -> PlaceChoice:
    """The place picker with `code` chosen; the empty one, which most people see first, is kept."""
    return chosen(code) if code else _first_step.get("", chosen)


def _known(codes: Iterable[str]) -> dict[str, Place]:
    return _places.some({code for code in codes if code}, _read)


def _read(codes: Collection[str]) -> dict[str, Place]:
    return {place.code: place for place in queries.places(codes)}
