"""Files read as the importer reads them: opened, recognised, and their rows told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import RowError, TheirCharge, TheirDetail, TheirOrder
from countyfair.outreach.channels.rules.recognising import KNOWN, Recognised, recognised
from countyfair.outreach.channels.rules.tables import open_table

Read = TheirOrder | TheirCharge | TheirDetail


def read_file(path: Path) -> tuple[Recognised, list[Read], list[RowError]]:
    """What a file is, what it tells, and what is wrong with it."""
    wrong: list[RowError] = []
    with open_table(path, known=KNOWN) as table:
        what = recognised(table.heads)
        platform = PLATFORMS[what.platform]
        rows = table.rows(wrong.append)
        found: Iterable[Read | RowError]
        if what.kind == "orders":
            found = platform.read_orders(rows)
        elif what.kind == "charges":
            found = platform.read_charges(rows)
        else:
            assert platform.read_details is not None
            found = platform.read_details(rows)
        told = list(found)
    return (
        what,
        [one for one in told if not isinstance(one, RowError)],
        wrong + [one for one in told if isinstance(one, RowError)],
    )


def orders_in(path: Path) -> list[TheirOrder]:
    """The orders of a file that has nothing wrong."""
    _what, told, wrong = read_file(path)
    assert wrong == []
    return [one for one in told if isinstance(one, TheirOrder)]


def charges_in(path: Path) -> list[TheirCharge]:
    """The movements of a file that has nothing wrong."""
    _what, told, wrong = read_file(path)
    assert wrong == []
    return [one for one in told if isinstance(one, TheirCharge)]


def file_of(
    path: Path, rows: Sequence[Mapping[str, object]], *, encoding: str = "utf-8-sig", title: str = ""
) -> Path:
    """A csv of these rows under their heads."""
    text = io.StringIO()
    text.write(title)
    writer = csv.DictWriter(text, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path
