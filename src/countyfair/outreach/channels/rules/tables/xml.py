"""XML of a workbook, parsed as it comes, with nothing declared in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid

Unparsed = expat.ExpatError


def parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> expat.XMLParserType:
    """A parser that tells tags without a prefix; a document type is refused: it holds bombs only."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def first(name: str, told: dict[str, str]) -> None:
        # Hardly any workbook writes prefixes: the others are spared their taking off, tag by tag.
        if ":" in name:
            made.StartElementHandler = lambda name, told: start(name.rpartition(":")[2], told)
            made.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        else:
            made.StartElementHandler = start
            made.EndElementHandler = end
        start(name.rpartition(":")[2], told)

    made.StartElementHandler = first
    made.CharacterDataHandler = text
    made.StartDoctypeDeclHandler = _refused
    return made


def _refused(*_told: object) -> None:
    raise Invalid(_("This workbook is damaged. Download it again."), field="file")


class Counted:
    """A file that may give so many bytes and no more, whatever its archive said of it."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self.read_bytes = 0

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Invalid: more than there may be.
        """
        piece = self._file.read(size)
        self.read_bytes += len(piece)
        if self.read_bytes > self._most:
            raise Invalid(_("This workbook unpacks to more than may be read. Use csv."), field="file")
        return piece
