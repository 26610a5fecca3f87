"""The shared texts of a workbook, packed in one block: four million of them in a hundred megabytes."""

from __future__ import annotations

import zipfile
import zlib
from array import array

from django.utils.translation import gettext as _

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.channels.rules.tables import book
from countyfair.outreach.channels.rules.tables.xml import Counted, Unparsed, parser

_LONGEST = 32_767
_PIECE = 1 << 17


class Shared:
    """Texts by their number, kept as UTF-8 one behind the other."""

    def __init__(self, archive: zipfile.ZipFile, name: str, most: int) -> None:
        """Read them all.

        Raises:
            Invalid: damaged, or more than `most` bytes.
        """
        self._block = bytearray()
        self._ends = array("Q", [0])
        self._parts: list[str] = []
        self._takes = self._spoken = False
        reader = parser(self._start, self._end, self._text)
        try:
            with book.member(archive, name, most) as file:
                counted = Counted(file, most)
                while piece := counted.read(_PIECE):
                    reader.Parse(piece, False)
                reader.Parse(b"", True)
        except (Unparsed, zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise Invalid(_("This workbook is damaged. Download it again."), field="file") from None

    def at(self, number: str) -> str:
        """A text; "" where the sheet names one that is not there."""
        place = int(number) if number.isascii() and number.isdigit() else -1
        if not 0 <= place < len(self._ends) - 1:
            return ""
        return self._block[self._ends[place] : self._ends[place + 1]].decode()

    def _start(self, name: str, _told: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":  # how it is spoken, in Japanese workbooks
            self._spoken = True
        elif name == "t":
            self._takes = not self._spoken

    def _end(self, name: str) -> None:
        if name == "t":
            self._takes = False
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            self._block += "".join(self._parts)[:_LONGEST].encode()
            self._ends.append(len(self._block))

    def _text(self, text: str) -> None:
        if self._takes:
            self._parts.append(text)
