"""The load of the reference files: by COPY, in one transaction, with its counts proved."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import LiteralString
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.rows import scalar
from countyfair.kernel.verbs import verb
from countyfair.registers.places import rules
from countyfair.registers.places.actions.files import (
    HISTORY,
    POINT,
    POVERTY,
    SUCCESSION,
    Folder,
    Listing,
    Unit,
)
from countyfair.registers.places.events import DivisionsLoaded
from countyfair.registers.places.models import PovertyCounty, Succession
from countyfair.registers.places.rules import PRESENT, Point

Progress = Callable[[int, int], object]

#: The list of the 832 is closed: entries, units of today, and entries by year of removal.
POVERTY_ENTRIES, POVERTY_UNITS = 832, 831
REMOVALS = {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}

DIVISION = ("id", "codebook", "year", "code", "level", "parent", "kind", "name", "short", "common", "pinyin",
            "spelling", "initials", "grams", "valid_from", "valid_to", "lat", "lng")  # fmt: skip
STEP = 2_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the register now. `counts` is by table, for divisions by codebook and level."""

    load: UUID
    rows: int
    counts: dict[str, int]
    already: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """A table loaded by COPY and the columns that tell its rows apart."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


_DIVISIONS = _Table("places_division", DIVISION, ("codebook", "year", "code"))
_SUCCESSIONS = _Table(
    "places_succession", ("id", *SUCCESSION), ("from_code", "from_name", "year", "to_code", "to_name")
)
_POVERTY = _Table(
    "places_povertycounty",
    ("id", "official_name", "code", "region", "removal_year", "lat", "lng", "note"),
    ("code", "official_name"),
)


@verb
def load_divisions(
    actor: Actor, *, folder: Path, counties: Sequence[str] = (), progress: Progress = lambda done, total: None
) -> Loaded:
    """Bring the register to what the files of `folder` say; the same files again do nothing.

    Args:
        counties: six-digit codes; townships and villages of these only. Empty: of all 832.
        progress: told rows read and rows in all, every couple of thousand rows.

    Raises:
        Missing: a file or a county is not there.
        Invalid: a row is bad; the sentence names file, row and column.
        Conflict: the counts do not prove.
    """
    actor.require("places.load")
    files = Folder(folder)
    wanted = sorted(set(counties))
    _one_loader_at_a_time()
    if (before := _loaded_before(files.digest, wanted)) is not None:
        return before
    told = _Told(progress, sum(text.count("\n") - 1 for text in files.texts.values()))
    counts = _divisions(files, wanted, told) | {
        "successions": _copied(_SUCCESSIONS, told.over(_successions(files))),
        "poverty_counties": _poverty_counties(files, told),
    }
    return _noted(files.digest, wanted, counts)


def _one_loader_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('places.load_divisions'))")


def _loaded_before(digest: str, counties: Sequence[str]) -> Loaded | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, counts FROM places_load WHERE digest = %s"
            " AND (counties = '{}' OR (counties @> %s::varchar[] AND %s::varchar[] <> '{}'))"
            " ORDER BY at DESC LIMIT 1",
            [digest, list(counties), list(counties)],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    counts = json.loads(found[1]) if isinstance(found[1], str) else found[1]
    return Loaded(found[0], sum(counts.values()), counts, already=True)


def _noted(digest: str, counties: list[str], counts: dict[str, int]) -> Loaded:
    load, total = uuid7(), sum(counts.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_load (id, digest, counties, counts, at)"
            " VALUES (%s, %s, %s::varchar[], %s::jsonb, %s)",
            [load, digest, counties, json.dumps(counts), now()],
        )
        # Two hundred thousand rows came at once: the planner must not go by the empty table.
        cursor.execute("ANALYZE places_division")
    announce(DivisionsLoaded(load, total, tuple(counties)), county="")
    return Loaded(load, total, counts, already=False)


# -- divisions --------------------------------------------------------------------------------


def _divisions(files: Folder, counties: Sequence[str], told: _Told) -> dict[str, int]:
    """Both codebooks, copied and counted by codebook and level."""
    points = _points(files)
    counted: Counter[str] = Counter()

    def lines() -> Iterator[str]:
        for unit in Listing(files, counties).units():
            counted[f"stats.{unit.level}"] += 1
            yield _line(unit, PRESENT.codebook, PRESENT.year, None, points.get(unit.code))
        for unit in files.units("mca.csv.xz", HISTORY, 2, 4, 6):
            counted[f"mca.{unit.level}"] += 1
            first = unit.row.whole("valid_from", 1980, rules.NEWEST_HISTORY)
            last = unit.row.whole("valid_to", first, 9999) if unit.row.cells["valid_to"] else None
            yield _line(unit, "mca", first, last, None)

    _copied(_DIVISIONS, told.over(lines()))
    _prove_divisions(counted, counties)
    return dict(counted)


def _line(unit: Unit, codebook: str, first: int, last: int | None, point: Point | None) -> str:
    level = unit.level
    given = rules.naming(unit.name, level)
    spelling, initials = rules.spelled(unit.pinyin, given)
    grams = ",".join(f'"{gram}"' for gram in rules.grams(unit.name, given.common, level))
    return "\t".join((
        str(uuid7()), codebook, str(first), unit.code, str(level), rules.parent_of(unit.code),
        rules.kind_of(unit.code, unit.name, level), unit.name, given.short, given.common, unit.pinyin,
        spelling, initials, "{" + grams + "}", str(first), _or_null(last),
        _or_null(point and point.lat), _or_null(point and point.lng),
    ))  # fmt: skip


def _points(files: Folder) -> dict[str, Point]:
    """Points of townships, and of the 832 counties themselves."""
    return {
        row.code("code9", 9): Point(row.degrees("lat_wgs84", 90), row.degrees("lng_wgs84", 180))
        for row in files.rows("township_points.csv", POINT)
    } | {
        row.code("code", 6): Point(row.degrees("lat", 90), row.degrees("lng", 180))
        for row in files.rows("poverty_counties.csv", POVERTY)
    }


def _prove_divisions(counted: Counter[str], counties: Sequence[str]) -> None:
    """The register holds as many rows of these editions as the files, level by level."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT codebook || '.' || level, count(*) FROM places_division"
            " WHERE (codebook = 'mca' OR year = %s)"
            " AND (level <= 3 OR %s::varchar[] = '{}' OR left(code, 6) = ANY (%s::varchar[])) GROUP BY 1",
            [PRESENT.year, list(counties), list(counties)],
        )
        held = dict(cursor.fetchall())
    for what, rows in sorted(counted.items()):
        if held.get(what, 0) != rows:
            raise Conflict(
                _(
                    "The register would hold %(held)s rows of %(what)s where the files have %(rows)s."
                    " Nothing was loaded."
                )
                % {"held": held.get(what, 0), "what": what, "rows": rows},
                code="unproved",
            )


# -- successions and the 832 ------------------------------------------------------------------


def _successions(files: Folder) -> Iterator[str]:
    for row in files.rows("successions.csv", SUCCESSION):
        yield "\t".join((
            str(uuid7()), row.code("from_code", 6) if row.cells["from_code"] else "", row.text("from_name"),
            row.code("to_code", 6), row.text("to_name"), str(row.whole("year", 1981, rules.NEWEST_HISTORY)),
            row.choice("kind", Succession.How.values), row.text("basis"),
        ))  # fmt: skip


def _poverty_counties(files: Folder, told: _Told) -> int:
    entries = list(files.rows("poverty_counties.csv", POVERTY))
    removals = Counter(row.whole("removal_year", 2016, 2020) for row in entries)
    units = {row.code("code", 6) for row in entries}
    if len(entries) != POVERTY_ENTRIES or len(units) != POVERTY_UNITS or dict(removals) != REMOVALS:
        raise Invalid(
            _(
                "poverty_counties.csv does not add up: %(entries)s entries of %(units)s units,"
                " by year %(years)s. Nothing was loaded."
            )
            % {"entries": len(entries), "units": len(units), "years": dict(sorted(removals.items()))},
            code="unproved",
        )
    regions = PovertyCounty.Region.values
    return _copied(_POVERTY, told.over(
        "\t".join((
            str(uuid7()), row.text("official_name"), row.code("code", 6), row.choice("region", regions),
            row.cells["removal_year"], str(row.degrees("lat", 90)), str(row.degrees("lng", 180)),
            row.text("note") if row.cells["note"] else "",
        ))
        for row in entries
    ))  # fmt: skip


# -- copying ----------------------------------------------------------------------------------


class _Told:
    """Counts rows over all tables and tells the progress now and then."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def over(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self.done += 1
            if self.done % STEP == 0:
                self.progress(self.done, self.total)
            yield line
        self.progress(self.done, self.total)


def _copied(table: _Table, lines: Iterable[str]) -> int:
    """Copy `lines` into a temporary twin, then insert what is new and update what differs."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("CREATE TEMPORARY TABLE incoming (LIKE {table}) ON COMMIT DROP", table))
        with cursor.copy(_sql("COPY incoming ({columns}) FROM STDIN", table)) as copy:
            for batch in _batches(lines):
                copy.write("\n".join(batch) + "\n")
        cursor.execute(_sql(
            "INSERT INTO {table} AS t ({columns}) SELECT {columns} FROM incoming ON CONFLICT ({key})"
            " DO UPDATE SET {news} WHERE ({ours}) IS DISTINCT FROM ({theirs})", table,
        ))  # fmt: skip
        rows = scalar("SELECT count(*) FROM incoming")
        cursor.execute("DROP TABLE incoming")
    return int(str(rows))


def _sql(text: LiteralString, table: _Table) -> sql.Composed:
    """`text` with the names of `table`; `news`, `ours` and `theirs` are the columns beside its key."""
    values = [column for column in table.columns if column not in ("id", *table.key)]
    comma = sql.SQL(", ")
    return sql.SQL(text).format(
        table=sql.Identifier(table.name),
        columns=comma.join(map(sql.Identifier, table.columns)),
        key=comma.join(map(sql.Identifier, table.key)),
        news=comma.join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(value)) for value in values),
        ours=comma.join(sql.Identifier("t", value) for value in values),
        theirs=comma.join(sql.SQL("EXCLUDED.{}").format(sql.Identifier(value)) for value in values),
    )


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(lines)
    while batch := list(islice(rest, STEP)):
        yield batch


def _or_null(value: object | None) -> str:
    return "\\N" if value is None else str(value)
