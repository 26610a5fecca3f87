"""Where things lie in a workbook: its visible sheets, the shared texts, which styles are dates."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.rules.tables.xml import Counted, Unparsed, parser

#: Bytes of the parts that are read whole.
_LARGEST_PART = 16 * 1024 * 1024
#: Built-in formats that show a day or a time.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass(frozen=True, slots=True)
class Where:
    """Names in the archive; `dates`: the styles that show a day; `since_1904`: from when days count."""

    sheets: tuple[str, ...]
    texts: str
    dates: frozenset[int]
    since_1904: bool


@dataclass(slots=True)
class _Found:
    sheets: list[str] = field(default_factory=list)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    since_1904: bool = False
    within: str = ""

    def start(self, name: str, told: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in told.items()}
        if name in {"cellXfs", "cellStyleXfs"}:
            self.within = name
        elif name == "workbookPr":
            self.since_1904 = plain.get("date1904", "0") in {"1", "true"}
        elif name == "sheet" and plain.get("state", "visible") == "visible":
            self.sheets.append(plain.get("id", ""))
        elif name == "Relationship":
            self.links[plain.get("Id", "")] = (plain.get("Type", ""), plain.get("Target", ""))
        elif name == "numFmt":
            self.codes[int(plain.get("numFmtId", "0"))] = plain.get("formatCode", "")
        elif name == "xf" and self.within == "cellXfs":
            self.formats.append(int(plain.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == self.within:
            self.within = ""


def where(archive: zipfile.ZipFile) -> Where:
    """Read the small parts.

    Raises:
        Invalid: it is an archive, but no workbook; or damaged.
    """
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise Invalid(_("This is an archive, not a table. Unpack it and drop what is in it."), field="file")
    found = _Found()
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        if part in names:
            _scan(archive, part, found)
    told = (_inside(found.links[one][1]) for one in found.sheets if one in found.links)
    sheets = tuple(name for name in told if name in names)
    if not sheets:
        raise Invalid(_("This workbook is damaged. Download it again."), field="file")
    shared = next((_inside(to) for kind, to in found.links.values() if kind.endswith("/sharedStrings")), "")
    return Where(sheets, shared if shared in names else "", _date_styles(found), found.since_1904)


def member(archive: zipfile.ZipFile, name: str, most: int) -> IO[bytes]:
    """A part, open.

    Raises:
        Invalid: larger than `most`, locked, or packed in a way that is not known.
    """
    if archive.getinfo(name).file_size > most:
        raise Invalid(_("This workbook unpacks to more than may be read. Use csv."), field="file")
    try:
        return archive.open(name)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
        raise Invalid(_("This workbook is locked. Save it without a password."), field="file") from None


def _scan(archive: zipfile.ZipFile, part: str, found: _Found) -> None:
    reader = parser(found.start, found.end, lambda _text: None)
    try:
        with member(archive, part, _LARGEST_PART) as file:
            counted = Counted(file, _LARGEST_PART)
            while piece := counted.read(1 << 16):
                reader.Parse(piece, False)
            reader.Parse(b"", True)
    except (Unparsed, ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
        raise Invalid(_("This workbook is damaged. Download it again."), field="file") from None


def _inside(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)


def _date_styles(found: _Found) -> frozenset[int]:
    return frozenset(at for at, code in enumerate(found.formats) if _shows_day(code, found.codes.get(code)))


def _shows_day(number: int, code: str | None) -> bool:
    if code is None:
        return number in _DATES
    return any(letter in "ymdhs年月日" for letter in _QUOTED.sub("", code.lower()))
