"""What a file that was dropped would bring: how its first rows read, before anything is taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import (
    Platform,
    RowError,
    TheirCharge,
    TheirDetail,
    TheirOrder,
)
from countyfair.outreach.channels.rules.arriving import listing_key
from countyfair.outreach.channels.rules.recognising import KNOWN, Kind, Recognised, recognised
from countyfair.outreach.channels.rules.tables import Table, open_table

#: What a reader gives for a row, or some rows.
Told = TheirOrder | TheirCharge | TheirDetail | RowError
#: So many orders or movements of a file are looked at before it is taken in; so many wrong rows are kept.
LOOKED_AT, MOST_FLAWS = 1_000, 200


@dataclass(frozen=True, slots=True)
class Look:
    """The beginning of a file: which platform's, of which kind, and how many came to what.

    `rows` were looked at, `share` of the file (0 to 1). `goods` are those named, by key, with a title.
    """

    platform: str
    kind: Kind
    rows: int
    share: float
    counts: dict[str, int]
    goods: dict[str, str]
    flaws: tuple[RowError, ...] = field(default=())


def look(path: Path, *, only: str = "") -> Look:
    """Read the beginning of a file. `only`: the platform that it must be of.

    Raises:
        Invalid: it is no table, or no file of a platform that is known.
    """
    counts: Counter[str] = Counter()
    goods: dict[str, str] = {}
    flaws: list[RowError] = []
    with open_table(path, known=KNOWN) as table:
        found = recognised(table.heads, only=only)
        rows = 0
        for told in read(table, found, flaws):
            if isinstance(told, TheirOrder):
                counts[told.state] += 1
                goods |= {listing_key(line): line.title or line.code for line in told.lines}
            elif isinstance(told, TheirCharge):
                counts[told.kind] += 1
            rows += 1
            if rows == LOOKED_AT:
                break
        share = table.share
    return Look(found.platform, found.kind, rows, share, dict(counts), goods, tuple(flaws[:MOST_FLAWS]))


def read(
    table: Table, found: Recognised, flaws: list[RowError]
) -> Iterator[TheirOrder | TheirCharge | TheirDetail]:
    """All that a table tells; rows that are wrong are put into `flaws`, the first of them."""

    def wrong(flaw: RowError) -> None:
        if len(flaws) < MOST_FLAWS:
            flaws.append(flaw)

    for told in _reader(PLATFORMS[found.platform], found.kind, table, wrong):
        if isinstance(told, RowError):
            wrong(told)
        else:
            yield told


def _reader(
    platform: Platform, kind: Kind, table: Table, wrong: Callable[[RowError], None]
) -> Iterator[Told]:
    rows = table.rows(wrong)
    if kind == "orders":
        yield from platform.read_orders(rows)
    elif kind == "charges":
        yield from platform.read_charges(rows)
    elif platform.read_details is not None:
        yield from platform.read_details(rows)
