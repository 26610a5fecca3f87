"""Places by what a person types: Chinese, pinyin, initials, or a mixture.

Chinese is found anywhere in a name, by pairs of characters. Pinyin and initials are found from
the start of the everyday form: each level is read off its index in order, so that a frequent
beginning costs no more than a rare one.
"""

from __future__ import annotations

from dataclasses import dataclass

from pypinyin import lazy_pinyin

from countyfair.kernel.rows import rows
from countyfair.registers.places.rules import PRESENT, Asked, asked, loose_spelling, stem_of, steps

LONGEST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was found; `where` names what it lies in, from the province down."""

    code: str
    level: int
    name: str
    common: str
    kind: str
    where: str


def search(text: str, *, within: str = "", near: str = "", limit: int = 20) -> list[Found]:
    """Places called or spelled like `text`: exact names first, then by level, then beginnings.

    `rongshui`, `rsx`, `融水`, `融shui`, `香粉 古都` (in steps) and 融水县香粉乡古都村 all find.

    Args:
        within: prefix of the subtree to search; "" is everywhere.
        near: prefix of a subtree whose places come before all others.
        limit: at most so many, 1 to 100.
    """
    wanted, limit = asked(text[:LONGEST]), max(1, min(limit, 100))
    if not (wanted.han or wanted.latin):
        return []
    found = _ranked(wanted, near, limit) if near.startswith(within) and near else []
    if len(found) < limit:
        known = {place.code for place in found}
        found += [place for place in _ranked(wanted, within, limit) if place.code not in known]
    return found[:limit] or _in_steps(text[:LONGEST], within, limit)


def _ranked(wanted: Asked, within: str, limit: int) -> list[Found]:
    if wanted.mixed:
        return _mixed(wanted, within, limit)
    if wanted.latin:
        return _by_spelling(wanted.latin, within, limit) or _loosely(wanted.latin, within, limit)
    if found := _by_han(wanted.han, within, limit):
        return found
    stem = stem_of(wanted.han)
    return _by_han(stem, within, limit) if stem != wanted.han else []


def _in_steps(text: str, within: str, limit: int) -> list[Found]:
    """An address from the top down: each step is searched inside what the step before found."""
    first, *rest = steps(text)
    if not rest:
        return []
    for place in _ranked(asked(first), within, 3):
        if place.level < 5 and (found := search(" ".join(rest), within=place.code, limit=limit)):
            return found
    return []


# -- the statements ----------------------------------------------------------------------------


def _by_han(text: str, within: str, limit: int) -> list[Found]:
    """Inside a county the few hundred rows of its range are read; else the pairs' index."""
    pairs = [text[at : at + 2] for at in range(len(text) - 1)] or ["^" + text]
    return rows(_HAN, _params(text, within, limit, grams=None if len(within) >= 6 else pairs), into=Found)


_HAN = """
SELECT f.code, f.level, f.name, f.common, f.kind,
       coalesce((SELECT string_agg(a.common, ' ' ORDER BY a.level) FROM places_division a
                  WHERE a.codebook = 'stats' AND a.year = %(year)s::int AND a.kind <> 'stand_in'
                    AND a.level < f.level AND a.code = ANY (
                        ARRAY[left(f.code, 2), left(f.code, 4), left(f.code, 6), left(f.code, 9)])), '')
  FROM (SELECT d.code, d.level, d.name, d.common, d.kind,
               %(text)s::text IN (d.name, d.common, d.short) AS exact,
               starts_with(d.name, %(text)s::text) AS starts
          FROM places_division d
         WHERE d.codebook = 'stats' AND d.year = %(year)s::int AND d.kind <> 'stand_in'
           AND d.code >= %(within)s::text AND d.code < %(within)s::text || ':'
           AND (%(grams)s::text[] IS NULL OR d.grams @> %(grams)s::text[])
           AND (strpos(d.name, %(text)s::text) > 0 OR strpos(d.common, %(text)s::text) > 0)
         ORDER BY exact DESC, level, starts DESC, length(name), code LIMIT %(limit)s::int) f
 ORDER BY f.exact DESC, f.level, f.starts DESC, length(f.name), f.code
"""


def _by_spelling(latin: str, within: str, limit: int, han: tuple[str, ...] = ()) -> list[Found]:
    return rows(_SPELLING, _params(latin, within, limit, han=[f"%{c}%" for c in han]), into=Found)


_SPELLING = """
SELECT f.code, f.level, f.name, f.common, f.kind,
       coalesce((SELECT string_agg(a.common, ' ' ORDER BY a.level) FROM places_division a
                  WHERE a.codebook = 'stats' AND a.year = %(year)s::int AND a.kind <> 'stand_in'
                    AND a.level < f.level AND a.code = ANY (
                        ARRAY[left(f.code, 2), left(f.code, 4), left(f.code, 6), left(f.code, 9)])), '')
  FROM (SELECT * FROM (
          SELECT DISTINCT ON (r.code) r.*, r.typed = %(text)s::text AS exact
            FROM unnest(ARRAY[1, 2, 3, 4, 5]) AS l (level), LATERAL (
                (SELECT d.code, d.level, d.name, d.common, d.kind, d.spelling AS typed
                   FROM places_division d
                  WHERE d.codebook = 'stats' AND d.year = %(year)s::int AND d.level = l.level
                    AND d.spelling >= %(text)s::text AND d.spelling < %(text)s::text || '~'
                    AND d.code >= %(within)s::text AND d.code < %(within)s::text || ':'
                    AND d.kind <> 'stand_in' AND d.name LIKE ALL (%(han)s::text[])
                  ORDER BY d.codebook, d.year, d.level, d.spelling LIMIT %(limit)s::int)
                UNION ALL
                (SELECT d.code, d.level, d.name, d.common, d.kind, d.initials AS typed
                   FROM places_division d
                  WHERE d.codebook = 'stats' AND d.year = %(year)s::int AND d.level = l.level
                    AND d.initials >= %(text)s::text AND d.initials < %(text)s::text || '~'
                    AND d.code >= %(within)s::text AND d.code < %(within)s::text || ':'
                    AND d.kind <> 'stand_in' AND d.name LIKE ALL (%(han)s::text[])
                  ORDER BY d.codebook, d.year, d.level, d.initials LIMIT %(limit)s::int)
            ) r ORDER BY r.code, exact DESC) u
         ORDER BY exact DESC, level, length(typed), code LIMIT %(limit)s::int) f
 ORDER BY f.exact DESC, f.level, length(f.typed), f.code
"""


def _loosely(latin: str, within: str, limit: int, han: tuple[str, ...] = ()) -> list[Found]:
    """Syllables typed whole, in part or by initial: rshui, rongsmiao."""
    beginnings = sorted({latin[0] + letter for letter in latin[1:7]}) or [latin]
    pattern, like = loose_spelling(latin), [f"%{c}%" for c in han]
    return rows(
        _LOOSE, _params(latin, within, limit, beginnings=beginnings, pattern=pattern, han=like), into=Found
    )


# The inner LIMIT holds the planner to the index: it takes the pattern for cheap, and rare.
_LOOSE = """
SELECT f.code, f.level, f.name, f.common, f.kind,
       coalesce((SELECT string_agg(a.common, ' ' ORDER BY a.level) FROM places_division a
                  WHERE a.codebook = 'stats' AND a.year = %(year)s::int AND a.kind <> 'stand_in'
                    AND a.level < f.level AND a.code = ANY (
                        ARRAY[left(f.code, 2), left(f.code, 4), left(f.code, 6), left(f.code, 9)])), '')
  FROM (SELECT d.code, d.level, d.name, d.common, d.kind, d.spelling
          FROM unnest(ARRAY[1, 2, 3, 4, 5]) AS l (level),
               unnest(%(beginnings)s::text[]) AS b (initials), LATERAL (
                SELECT * FROM places_division d
                 WHERE d.codebook = 'stats' AND d.year = %(year)s::int AND d.level = l.level
                   AND d.initials >= b.initials AND d.initials < b.initials || '~'
                 ORDER BY d.codebook, d.year, d.level, d.initials LIMIT 5000) d
         WHERE d.code >= %(within)s::text AND d.code < %(within)s::text || ':' AND d.kind <> 'stand_in'
           AND d.pinyin ~ %(pattern)s::text AND d.name LIKE ALL (%(han)s::text[])
         ORDER BY d.level, length(d.spelling), d.code LIMIT %(limit)s::int) f
 ORDER BY f.level, length(f.spelling), f.code
"""


def _mixed(wanted: Asked, within: str, limit: int) -> list[Found]:
    """融shui: the characters are read aloud, and must stand in the name too."""
    han = tuple(c for c in wanted.han if not c.isascii())
    latin = "".join(lazy_pinyin(wanted.han)).lower()
    return _by_spelling(latin, within, limit, han) or _loosely(latin, within, limit, han)


def _params(text: str, within: str, limit: int, **more: object) -> dict[str, object]:
    return {"text": text, "within": within, "limit": limit, "year": PRESENT.year, **more}
