"""Names of places, kept in the process for a while: the register changes once a year."""

from __future__ import annotations

import time
from collections.abc import Iterable

from markupsafe import Markup

from countyfair.registers.places import queries
from countyfair.registers.places.queries import Place
from countyfair.surfaces.ui.places import PlaceChoice, called, chosen

KEPT_SECONDS = 600
MOST = 20_000

_known: dict[str, Place] = {}
_first_step: list[PlaceChoice] = []
_until = 0.0


def names(codes: Iterable[str]) -> dict[str, Markup]:
    """What the reader calls them, by code; unknown codes are left out. At most one statement, mostly none."""
    return {code: called(place) for code, place in _places(codes).items()}


def way(code: str) -> list[Place]:
    """From the province down to `code`, without stand-ins such as 市辖区 and what is unknown."""
    found = _places([code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)])
    return [place for _code, place in sorted(found.items()) if place.kind != "stand_in" or place.code == code]


def picker(code: str) -> PlaceChoice:
    """The place picker with `code` chosen; the empty one, which most people see first, is kept."""
    _forget_in_time()
    if code:
        return chosen(code)
    if not _first_step:
        fresh = chosen()
        if not fresh.levels:
            return fresh
        _first_step.append(fresh)
    return _first_step[0]


def _places(codes: Iterable[str]) -> dict[str, Place]:
    _forget_in_time()
    wanted = {code for code in codes if code}
    if missing := wanted - _known.keys():
        _known.update((place.code, place) for place in queries.places(missing))
    return {code: _known[code] for code in wanted if code in _known}


def _forget_in_time() -> None:
    global _until
    if time.monotonic() > _until or len(_known) > MOST:
        _known.clear()
        _first_step.clear()
        _until = time.monotonic() + KEPT_SECONDS
