"""The reference files: read row by row, refused with the row and the column at fault."""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid, Missing
from countyfair.registers.places.rules import level_of, parent_of

#: Raised with every change in what the loader makes of the files, so that they are loaded anew.
LOADER = "1"

UNIT = ("code", "name", "pinyin")
HISTORY = (*UNIT, "valid_from", "valid_to")
SUCCESSION = ("from_code", "from_name", "to_code", "to_name", "year", "kind", "basis")
POVERTY = ("official_name", "code", "region", "removal_year", "lng", "lat", "source", "note")
POINT = ("code9", "name", "county_code", "lng_wgs84", "lat_wgs84", "geonameid")

# What would have to be escaped in a COPY line or an array literal stands in no place name.
_FORBIDDEN = re.compile(r'[\x00-\x1f\\"{}]')


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one file; `number` counts the header as row 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """A value that is there and can be written as it stands."""
        value = self.cells[column]
        if not value.strip() or _FORBIDDEN.search(value):
            raise self.refusal(column, _("“%s” is not a name that can be kept.") % value)
        return value

    def code(self, column: str, *lengths: int) -> str:
        value = self.cells[column]
        if not (value.isascii() and value.isdigit() and len(value) in lengths):
            raise self.refusal(column, _("“%s” is not a code of this level.") % value)
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        value = self.cells[column]
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            what = _("“%(value)s” is not between %(low)s and %(high)s.")
            raise self.refusal(column, what % {"value": value, "low": low, "high": high})
        return int(value)

    def degrees(self, column: str, limit: int) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            value = float("nan")
        if not abs(value) <= limit:
            raise self.refusal(column, _("“%s” is not a coordinate in degrees.") % self.cells[column])
        return value

    def choice(self, column: str, choices: Collection[str]) -> str:
        value = self.cells[column]
        if value not in choices:
            what = _("“%(value)s” is none of: %(choices)s.")
            raise self.refusal(column, what % {"value": value, "choices": ", ".join(choices)})
        return value

    def refusal(self, column: str, what: str) -> Invalid:
        where = _("%(file)s, row %(row)s, column %(column)s: %(what)s Nothing was loaded.")
        return Invalid(
            where % {"file": self.file, "row": self.number, "column": column, "what": what},
            field=column,
            code="bad_file",
            details={"file": self.file, "row": self.number, "column": column},
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A division as its file lists it."""

    row: Row
    code: str
    name: str
    pinyin: str

    @property
    def level(self) -> int:
        return level_of(self.code)


class Folder:
    """The shipped folder `data/places`, every file read into memory once (9 MB)."""

    def __init__(self, path: Path) -> None:
        self.texts: dict[str, str] = {}
        digest = hashlib.sha256(LOADER.encode())
        for file in ("stats_counties.csv.xz", "stats_townships.csv.xz", "mca.csv.xz",
                     "successions.csv", "poverty_counties.csv", "township_points.csv"):  # fmt: skip
            self._read(path, path / file, digest.update)
        for villages in sorted((path / "stats_villages").glob("*.csv.xz")):
            self._read(path, villages, digest.update)
        self.digest = digest.hexdigest()

    def _read(self, root: Path, path: Path, hashed: Callable[[bytes], object]) -> None:
        name = str(path.relative_to(root))
        try:
            data = path.read_bytes()
            text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8-sig")
        except FileNotFoundError as error:
            raise Missing(_("%s is missing. Point to a complete copy of data/places.") % path) from error
        except (lzma.LZMAError, UnicodeDecodeError) as error:
            what = _("%s cannot be read: it is damaged or not UTF-8.") % path
            raise Invalid(what, code="bad_file") from error
        hashed(name.encode() + b"\0" + data)
        self.texts[name] = text

    def village_files(self, counties: Collection[str]) -> list[str]:
        """Files of villages, by province; of the counties' provinces when any are named."""
        provinces = {county[:2] for county in counties}
        return [
            name for name in self.texts
            if name.startswith("stats_villages/") and (not provinces or Path(name).name[:2] in provinces)
        ]  # fmt: skip

    def rows(self, name: str, head: tuple[str, ...]) -> Iterator[Row]:
        """Rows of one file.

        Raises:
            Invalid: the header is another, or a row has more or fewer cells.
        """
        reader = csv.reader(io.StringIO(self.texts[name]), strict=True)
        found = tuple(next(reader, ()))
        if found != head:
            first = Row(name, 1, {})
            raise first.refusal(_different(found, head), _("the header should read: %s.") % ",".join(head))
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(head):
                at = head[min(len(cells), len(head) - 1)]
                what = _("%(found)s cells stand where %(wanted)s belong.")
                raise Row(name, number, {}).refusal(at, what % {"found": len(cells), "wanted": len(head)})
            yield Row(name, number, dict(zip(head, cells, strict=True)))

    def units(self, name: str, head: tuple[str, ...], *lengths: int) -> Iterator[Unit]:
        for row in self.rows(name, head):
            code, called, pinyin = row.code("code", *lengths), row.text("name"), row.text("pinyin")
            if pinyin.count(" ") + 1 != len(called):
                raise row.refusal("pinyin", _("“%s” has not one syllable a character.") % pinyin)
            yield Unit(row, code, called, pinyin)


class Listing:
    """The statistics codes as they are read: none twice, none without the unit above."""

    def __init__(self, folder: Folder, counties: Collection[str]) -> None:
        self.folder = folder
        self.counties = frozenset(counties)
        self.seen: set[str] = set()

    def units(self) -> Iterator[Unit]:
        yield from self._listed("stats_counties.csv.xz", 2, 4, 6)
        if unknown := self.counties - self.seen:
            what = _("No county has the code %s. Give the six digits of a county.")
            raise Missing(what % ", ".join(sorted(unknown)), field="county")
        yield from self._listed("stats_townships.csv.xz", 9)
        for name in self.folder.village_files(self.counties):
            yield from self._listed(name, 12)

    def _listed(self, name: str, *lengths: int) -> Iterator[Unit]:
        for unit in self.folder.units(name, UNIT, *lengths):
            if self.counties and unit.level > 3 and unit.code[:6] not in self.counties:
                continue
            if unit.code in self.seen:
                raise unit.row.refusal("code", _("%s is listed twice.") % unit.code)
            if unit.level > 1 and parent_of(unit.code) not in self.seen:
                raise unit.row.refusal("code", _("%s lies in no unit listed before it.") % unit.code)
            self.seen.add(unit.code)
            yield unit


def _different(found: tuple[str, ...], head: tuple[str, ...]) -> str:
    return next((wanted for at, wanted in enumerate(head) if found[at : at + 1] != (wanted,)), head[-1])
