"""Codes of other years, and what became of them; the list of the 832."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from countyfair.kernel.rows import column, rows
from countyfair.registers.places.rules import NEWEST_HISTORY, PRESENT, Point


@dataclass(frozen=True, slots=True)
class Standing:
    """What a civil-affairs code stood for from `valid_from` to `valid_to` (null: to this day)."""

    code: str
    name: str
    level: int
    valid_from: int
    valid_to: int | None


def as_of(code: str, on: date) -> Standing | None:
    """What `code` stood for at the end of the year of `on`; None when it stood for nothing."""
    found = rows(
        "SELECT code, name, level, valid_from, valid_to FROM places_division"
        " WHERE codebook = 'mca' AND code = %s::text"
        " AND valid_from <= %s::int AND coalesce(valid_to, 9999) >= %s::int",
        [code, _listed(on), _listed(on)],
        into=Standing,
    )
    return found[0] if found else None


def history(code: str) -> list[Standing]:
    """Everything that a civil-affairs code ever stood for, oldest first."""
    return rows(
        "SELECT code, name, level, valid_from, valid_to FROM places_division"
        " WHERE codebook = 'mca' AND code = %s::text ORDER BY valid_from",
        [code],
        into=Standing,
    )


def present(code: str, *, on: date | None = None) -> tuple[str, ...]:
    """Today's county codes of what `code` stood for at `on` (by default: when it last stood).

    One code as a rule, several after a split, none when the lists do not tell. A code of the
    present statistics edition that has no history (a village, a zone) is itself.
    """
    year = NEWEST_HISTORY if on is None else _listed(on)
    wanted = {"code": code, "year": year, "dated": on is not None, "edition": PRESENT.year}
    return tuple(column(_FOLLOWED, wanted, of=str))


# From the run of years that covers the wanted year (else the last one), on and on over the
# successions to runs that still stand.
_FOLLOWED = """
WITH RECURSIVE start AS (
    SELECT d.code, d.name, d.valid_to FROM places_division d
     WHERE d.codebook = 'mca' AND d.code = %(code)s::text AND d.valid_from <= %(year)s::int
       AND (NOT %(dated)s::bool OR coalesce(d.valid_to, 9999) >= %(year)s::int)
     ORDER BY d.valid_from DESC LIMIT 1
), followed (code, name, valid_to) AS (
    SELECT code, name, valid_to FROM start
    UNION
    SELECT n.code, n.name, n.valid_to
      FROM followed f
      JOIN places_succession s ON s.from_code = f.code AND s.from_name = f.name AND s.year = f.valid_to + 1
      JOIN places_division n ON n.codebook = 'mca' AND n.code = s.to_code AND n.name = s.to_name
                            AND s.year BETWEEN n.valid_from AND coalesce(n.valid_to, 9999)
)
SELECT code FROM followed WHERE valid_to IS NULL
UNION
SELECT d.code FROM places_division d
 WHERE d.codebook = 'stats' AND d.year = %(edition)s::int AND d.code = %(code)s::text
   AND NOT EXISTS (SELECT FROM places_division h WHERE h.codebook = 'mca' AND h.code = d.code)
ORDER BY code
"""


@dataclass(frozen=True, slots=True)
class PovertyEntry:
    """An entry of the list of the 832. `code` is today's; two entries share 632803."""

    official_name: str
    code: str
    region: str
    removal_year: int
    lat: float
    lng: float

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lng)


def poverty_counties(within: str = "") -> list[PovertyEntry]:
    """Entries in the subtree of `within`, by code."""
    return rows(
        "SELECT official_name, code, region, removal_year, lat, lng FROM places_povertycounty"
        " WHERE code >= %s::text AND code < %s::text || ':' ORDER BY code, official_name",
        [within, within],
        into=PovertyEntry,
    )


def was_poverty_county(code: str) -> bool:
    """Whether the county of `code` (any level below) is one of the 832."""
    return bool(poverty_counties(code[:6])) if len(code) >= 6 else False


def _listed(on: date) -> int:
    return min(on.year, NEWEST_HISTORY)
