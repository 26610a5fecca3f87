"""Places: what they are called in the reader's language, and choosing one step by step.

Chinese pages say 融水县, others `Rongshui 融水县`: what one can say, and what stands on the signs.

A form holds `place_1`, `place_2` …, one select a step; each choice opens the next. Without scripts a
button sends the form back for the next step: views ask `choice.wants_next` before anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from countyfair.kernel.refusal import Sentence
from countyfair.registers.places import queries as places
from countyfair.registers.places.queries import Choice, Place
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.translation import spoken

#: Names of the levels, province first.
LEVELS: tuple[Sentence, ...] = (
    _("Province"),
    _("Prefecture or city"),
    _("County or district"),
    _("Township or street"),
    _("Village or community"),
)


def called(place: Place | Choice, name: str = "") -> Markup:
    """What the reader calls `place`, the Chinese marked as such; `.striptags()` where no markup can stand.

    Args:
        name: said for it in Chinese; by default what people say of a place, and what a list says of a choice.
    """
    said = name or (place.common if isinstance(place, Place) else place.name)
    return _called("" if spoken().startswith("zh") else place.latin, said)


@lru_cache(maxsize=8192)
def _called(latin: str, name: str) -> Markup:
    if not latin:
        return escape(name)
    return Markup('{} <span lang="zh-Hans">{}</span>').format(latin, name)


def names(codes: Collection[str]) -> dict[str, Markup]:
    """What the reader calls the places of several codes, in one statement; unknown codes are left out."""
    return {place.code: called(place) for place in places.places(set(codes))}


@dataclass(frozen=True, slots=True)
class Step:
    """One select: what it is called, what it offers and what is chosen (a code, or empty)."""

    number: int
    label: Sentence
    places: tuple[Choice, ...]
    chosen: str

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """(code, name for the reader)."""
        return _options(spoken(), self.places)


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """The selects as far as they are known. `code` is the deepest choice, trimmed; empty for none."""

    name: str
    code: str
    levels: tuple[Step, ...]
    wants_next: bool = False

    @property
    def more(self) -> bool:
        """Whether a further step may open below the last select."""
        last = self.levels[-1] if self.levels else None
        if last is None or not last.places:
            return False
        chosen = next((place for place in last.places if place.code == last.chosen), None)
        return chosen is None or chosen.more

    @property
    def complete(self) -> bool:
        """Whether the choice went down as far as the lists do."""
        return bool(self.code) and not self.more

    @property
    def source(self) -> str:
        """Where scripts ask for the next step."""
        return url("ui:places")

    @property
    def labels(self) -> str:
        """Names of all levels for scripts, parted by bars."""
        return "|".join(str(label) for label in LEVELS)


@lru_cache(maxsize=256)
def _options(language: str, offered: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    """The same few lists are read again and again."""
    return tuple((place.code, called(place).striptags()) for place in offered)


def chosen(code: str = "", name: str = "place") -> PlaceChoice:
    """The picker with `code` (a trimmed place code, or empty) chosen. One statement."""
    steps: list[Step] = []
    reached = ""
    below = places.choices_down_to(code)
    while len(steps) < len(LEVELS) and reached in below:
        offered = below[reached].choices
        if not offered:
            break
        here = next((place.code for place in offered if code.startswith(place.code)), "")
        steps.append(Step(len(steps) + 1, LEVELS[offered[0].level - 1], offered, here))
        if not here:
            break
        reached = here
    return PlaceChoice(name, reached, tuple(steps))


def read(data: Mapping[str, str], name: str = "place") -> PlaceChoice:
    """The picker as a form sent it. What no longer lies under the choice above it is dropped."""
    code = ""
    for number in range(1, len(LEVELS) + 1):
        given = data.get(f"{name}_{number}", "").strip()
        if not given or not given.startswith(code) or not given.isdigit():
            break
        code = given
    found = chosen(code, name)
    return PlaceChoice(name, found.code, found.levels, wants_next=bool(data.get(f"{name}_next")))
