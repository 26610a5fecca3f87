"""By code: one place, the way to it, what lies under it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.place_code import Level
from countyfair.kernel.proofs import Proof
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.places.rules import PRESENT, Edition, Point, romanised


@dataclass(frozen=True, slots=True)
class Place:
    """A division as it is listed. `common` is what people say: 融水县, 古都村."""

    code: str
    level: int
    name: str
    short: str
    common: str
    pinyin: str
    kind: str
    parent: str
    valid_from: int
    valid_to: int | None
    lat: float | None
    lng: float | None

    @property
    def latin(self) -> str:
        """What tells it from others, in Latin letters: Rongshui, Gudu."""
        return romanised(self.pinyin, self.short)

    @property
    def point(self) -> Point | None:
        return None if self.lat is None or self.lng is None else Point(self.lat, self.lng)


def by_code(code: str, *, edition: Edition = PRESENT) -> Place:
    """The place of a code.

    Raises:
        Missing: the edition has no such code.
    """
    found = places([code], edition=edition)
    if not found:
        raise Missing(_("No such place. Choose it from the list."), field="place")
    return found[0]


def may_stand(code: str, *, edition: Edition = PRESENT) -> bool:
    """Whether there is such a place, as far as one can know.

    A county, a township or a village counts as known wrong only where the register holds places of
    that level: counties anywhere, townships and villages in the same county.
    """
    found = scalar(
        "SELECT EXISTS (SELECT 1 FROM places_division d WHERE d.codebook = %(codebook)s::text"
        " AND d.year = %(year)s::int AND d.code = %(code)s::text)"
        " OR NOT EXISTS (SELECT 1 FROM places_division d WHERE d.codebook = %(codebook)s::text"
        " AND d.year = %(year)s::int AND length(d.code) = length(%(code)s::text)"
        " AND d.code >= %(within)s::text AND d.code < %(within)s::text || ':')",
        _in(edition, code=code, within=code[:6] if len(code) > 6 else ""),
    )
    return found is True


def places(codes: Collection[str], *, edition: Edition = PRESENT) -> list[Place]:
    """The places of several codes, by code; unknown ones are left out."""
    return rows(
        "SELECT d.code, d.level, d.name, d.short, d.common, d.pinyin, d.kind, d.parent,"
        " d.valid_from, d.valid_to, d.lat, d.lng FROM places_division d"
        " WHERE d.codebook = %(codebook)s::text AND d.year = %(year)s::int"
        " AND d.code = ANY (%(codes)s::text[]) ORDER BY d.code",
        _in(edition, codes=list(codes)),
        into=Place,
        keep_plan=True,
    )


def names(codes: Collection[str], *, edition: Edition = PRESENT) -> dict[str, str]:
    """Everyday names of several codes, in one statement; unknown codes are left out."""
    return {place.code: place.common for place in places(set(codes), edition=edition)}


def path(code: str, *, edition: Edition = PRESENT) -> tuple[Place, ...]:
    """The way down from the province, the place itself last; stand-ins such as 市辖区 left out.

    Raises:
        Missing: the edition has no such code.
    """
    above = [code[:length] for length in (2, 4, 6, 9) if length < len(code)]
    found = places([*above, code], edition=edition)
    if not found or found[-1].code != code:
        raise Missing(_("No such place. Choose it from the list."), field="place")
    return tuple(place for place in found if place.kind != "stand_in" or place.code == code)


def children(code: str, *, edition: Edition = PRESENT) -> list[Place]:
    """What lies directly under `code` ("" for the provinces), by code.

    A stand-in gives way to what lies under it: Beijing's children are its districts.
    """
    return rows(
        "SELECT d.code, d.level, d.name, d.short, d.common, d.pinyin, d.kind, d.parent,"
        " d.valid_from, d.valid_to, d.lat, d.lng FROM places_division d"
        " WHERE d.codebook = %(codebook)s::text AND d.year = %(year)s::int AND d.kind <> 'stand_in'"
        " AND d.parent IN (SELECT %(code)s::text UNION ALL SELECT s.code FROM places_division s"
        " WHERE s.codebook = %(codebook)s::text AND s.year = %(year)s::int"
        " AND s.parent = %(code)s::text AND s.kind = 'stand_in') ORDER BY d.code",
        _in(edition, code=code),
        into=Place,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the address picker. `more`: there is a list below it; `latin`: its name in Latin letters."""

    code: str
    name: str
    level: int
    more: bool
    latin: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """One step of the address picker."""

    code: str
    choices: tuple[Choice, ...]

    def as_json(self) -> dict[str, Any]:
        """`{"code": "45", "choices": [{"code": "4501", "name": "南宁市", "latin": "Nanning", …}, …]}`"""
        return {"code": self.code, "choices": [asdict(choice) for choice in self.choices]}


def choices(code: str, *, edition: Edition = PRESENT) -> Choices:
    """One step of the picker, in one statement; empty for an unknown code."""
    return _steps([code], edition)[code]


def choices_down_to(code: str, *, edition: Edition = PRESENT) -> dict[str, Choices]:
    """The picker's steps from the provinces to what lies below `code`, by code, in one statement."""
    return _steps([code[:length] for length in (0, 2, 4, 6, 9, 12) if length <= len(code)], edition)


def choices_to_counties(code: str, *, edition: Edition = PRESENT) -> dict[str, Choices]:
    """The step below `code`, and of a province also those below its prefectures, by the code above them.

    One statement, and a second one for a province of prefectures.
    """
    first = choices(code, edition=edition)
    further = [choice.code for choice in first.choices if choice.level == Level.PREFECTURE and choice.more]
    return {code: first} | (_steps(further, edition) if further else {})


@dataclass(frozen=True, slots=True)
class _Step:
    above: str
    code: str
    name: str
    level: int
    more: bool
    pinyin: str
    short: str


def _steps(codes: list[str], edition: Edition) -> dict[str, Choices]:
    found = rows(
        "SELECT a.code, d.code, d.name, d.level, EXISTS (SELECT FROM places_division c"
        " WHERE c.codebook = d.codebook AND c.year = d.year AND c.parent = d.code), d.pinyin, d.short"
        " FROM unnest(%(codes)s::text[]) AS a (code)"
        " CROSS JOIN LATERAL (SELECT a.code UNION ALL SELECT s.code FROM places_division s"
        " WHERE s.codebook = %(codebook)s::text AND s.year = %(year)s::int"
        " AND s.parent = a.code AND s.kind = 'stand_in') AS p (code) JOIN places_division d"
        " ON d.codebook = %(codebook)s::text AND d.year = %(year)s::int AND d.parent = p.code"
        " AND d.kind <> 'stand_in' ORDER BY a.code, d.code",
        _in(edition, codes=codes),
        into=_Step,
        keep_plan=True,
    )
    below: dict[str, list[Choice]] = {code: [] for code in codes}
    for step in found:
        below[step.above].append(
            Choice(step.code, step.name, step.level, step.more, romanised(step.pinyin, step.short))
        )
    return {code: Choices(code, tuple(offered)) for code, offered in below.items()}


def subtree(code: str, *, level: int | None = None, edition: Edition = PRESENT) -> list[Place]:
    """`code` and everything in it, by code; of one level when given. One range of the key's index."""
    return rows(SUBTREE, _in(edition, code=code, level=level), into=Place)


#: ":" comes after every digit: the end of the subtree's range in byte order.
SUBTREE = (
    "SELECT d.code, d.level, d.name, d.short, d.common, d.pinyin, d.kind, d.parent,"
    " d.valid_from, d.valid_to, d.lat, d.lng FROM places_division d"
    " WHERE d.codebook = %(codebook)s::text AND d.year = %(year)s::int"
    " AND d.code >= %(code)s::text AND d.code < %(code)s::text || ':'"
    " AND (%(level)s::int IS NULL OR d.level = %(level)s::int) ORDER BY d.code"
)


@dataclass(frozen=True, slots=True)
class _Count:
    code: str
    rows: int


def village_counts(codes: Sequence[str], *, edition: Edition = PRESENT) -> dict[str, int]:
    """Villages in each of `codes` (counties, townships, any level), in one statement."""
    counted = rows(
        "SELECT c.code, (SELECT count(*) FROM places_division d WHERE d.codebook = %(codebook)s::text"
        " AND d.year = %(year)s::int AND d.code >= c.code AND d.code < c.code || ':' AND d.level = 5)"
        " FROM unnest(%(codes)s::text[]) AS c (code)",
        _in(edition, codes=list(codes)),
        into=_Count,
    )
    return {count.code: count.rows for count in counted}


def proofs() -> list[Proof]:
    """Hold the register against the counts of its last whole load."""
    expected = rows(
        "SELECT c.key, c.value::int FROM (SELECT counts FROM places_load WHERE counties = '{}'"
        " ORDER BY at DESC LIMIT 1) l, jsonb_each_text(l.counts) c ORDER BY c.key",
        into=_Count,
    )
    held = {
        count.code: count.rows
        for count in rows(
            "SELECT codebook || '.' || level, count(*) FROM places_division"
            " WHERE codebook = 'mca' OR year = %s::int GROUP BY 1"
            " UNION ALL SELECT 'successions', count(*) FROM places_succession"
            " UNION ALL SELECT 'poverty_counties', count(*) FROM places_povertycounty",
            [PRESENT.year],
            into=_Count,
        )
    }
    wrong = [
        f"{e.code}: {held.get(e.code, 0)} rows, {e.rows} were loaded"
        for e in expected
        if held.get(e.code, 0) != e.rows
    ]
    return [Proof("places.rows_are_those_loaded", sum(count.rows for count in expected), tuple(wrong))]


def _in(edition: Edition, **params: object) -> dict[str, object]:
    return {"codebook": edition.codebook, "year": edition.year, **params}
