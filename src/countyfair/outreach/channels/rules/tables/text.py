"""Rows of a text file: which encoding, which delimiter, then line by line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from countyfair.outreach.channels.rules.tables.heads import head
from countyfair.outreach.channels.rules.tables.source import Source, Torn

_WINDOW = 1024 * 1024
_DELIMITERS = ",\t;"
#: Lines of the start that tell the delimiter.
_SAMPLE_LINES = 40


def opened(path: Path, size: int, known: frozenset[str]) -> Source:
    """A text file's rows; it is read a piece at a time."""
    file = path.open("rb", buffering=0)
    try:
        encoding = told_encoding(file)
        delimiter = told_delimiter(file, encoding, known)
        file.seek(0)
        lines = io.TextIOWrapper(io.BufferedReader(file, 1 << 18), encoding, errors="replace", newline="")
    except BaseException:
        file.close()
        raise
    seen = _Seen(lines)
    return Source(
        rows(seen, delimiter),
        encoding,
        lambda: 1.0 if file.closed else min(1.0, file.tell() / size),
        lines.close,
        lambda: not seen.last.endswith(("\n", "\r")),
    )


def told_encoding(file: BinaryIO) -> str:
    """By its mark; else UTF-8 where the first text that is not ASCII is that, and GB18030 where not."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    file.seek(0)
    while piece := file.read(_WINDOW):
        if not piece.isascii():
            return "utf-8-sig" if _is_utf8(piece + (file.read(_WINDOW) or b"")) else "gb18030"
    return "utf-8-sig"


def _is_utf8(piece: bytes) -> bool:
    # A piece may begin and end in the middle of a character.
    start = next((at for at in range(min(4, len(piece))) if piece[at] & 0xC0 != 0x80), 0)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece[start:])
    except UnicodeDecodeError:
        return False
    return True


def told_delimiter(file: BinaryIO, encoding: str, known: frozenset[str]) -> str:
    """The one that parts some line of the start into most known heads, else into most filled cells.

    Cells alone would mislead: where every id has a tab before it, a line has more tabs than commas.
    """
    file.seek(0)
    start = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(_WINDOW // 4))
    lines = start.replace("\0", "").splitlines()[:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda one: max((_told(line, one, known) for line in lines), default=(0, 0)))


def _told(line: str, delimiter: str, known: frozenset[str]) -> tuple[int, int]:
    cells = [head(cell) for cell in line.split(delimiter)]
    return len(known.intersection(cells)), sum(1 for cell in cells if cell.strip(_DELIMITERS))


class _Seen:
    """Lines without NUL, and which was the last."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        line = ""
        for line in self._lines:
            yield line.replace("\0", "") if "\0" in line else line
        self.last = line


def rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | Torn]:
    """Rows of cells; a cell of more than 131,072 characters (csv's own bound) tears its row.

    Reading goes on behind it. A quotation mark that is never closed swallows no more than that.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            yield from reader
        except csv.Error:
            yield Torn(_("A cell is far too long: a quotation mark may be missing at its end."))
        else:
            return
