"""A sheet of offers as the desk exports it and takes it back: its columns, its words, and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Invalid
from countyfair.trade.catalog.rules.bulk import MOST_PER_BUYER, Terms
from countyfair.trade.catalog.rules.sheets.columns import letter
from countyfair.trade.catalog.rules.sheets.grid import Grid
from countyfair.trade.catalog.rules.sheets.lines import Problem

#: Columns in their order: what each is called in Chinese and in English.
HEADS: Mapping[str, tuple[str, str]] = {
    "offer": ("上架编号", "Offer"),
    "version": ("版本", "Version"),
    "product": ("商品", "Product"),
    "pack": ("规格", "Pack"),
    "outlet": ("渠道", "Outlet"),
    "state": ("状态", "State"),
    "price": ("价格（元）", "Price (yuan)"),
    "opens": ("开售时间", "Opens"),
    "closes": ("停售时间", "Closes"),
    "most": ("每单限购", "Most in one order"),
    "each": ("每人限购", "Most for one buyer"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "on": ("在售", "On sale"),
    "off": ("已下架", "Taken down"),
    "draft": ("草稿", "Draft"),
}
#: What must be there to take a sheet back; the others tell people what a row is.
NEEDED = ("offer", "version", "state", "price", "opens", "closes", "most", "each")
MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One row: the offer, the version that was exported, and the terms that it shall have."""

    row: int
    offer: UUID
    version: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class OfferReading:
    """A whole sheet: its rows, and every cell that cannot be used."""

    lines: tuple[OfferLine, ...]
    problems: tuple[Problem, ...]


def read_offers(grid: Grid) -> OfferReading:
    """Read a sheet of offers; a row without an offer's number is passed over.

    Raises:
        Invalid: a column that is needed is not there.
    """
    columns = _columns(grid)
    lines: list[OfferLine] = []
    problems: list[Problem] = []
    seen: dict[UUID, int] = {}
    for number, cells in enumerate(grid.rows[1:], start=2):
        row = {name: cells[at].strip().lstrip("'") for name, at in columns.items()}
        if not any(row.values()):
            continue
        read = _line(number, row, columns, problems)
        if read is None:
            continue
        if read.offer in seen:
            said = _("This offer stands in row %(row)d already.") % {"row": seen[read.offer]}
            problems.append(_problem(number, "offer", columns, row, said))
        seen.setdefault(read.offer, number)
        lines.append(read)
    return OfferReading(tuple(lines), tuple(problems))


def _columns(grid: Grid) -> dict[str, int]:
    called = {word.casefold(): name for name, words in HEADS.items() for word in words}
    heads = grid.rows[0] if grid.rows else ()
    columns = {
        called[head.strip().casefold()]: at
        for at, head in enumerate(heads)
        if head.strip().casefold() in called
    }
    missing = [HEADS[name] for name in NEEDED if name not in columns]
    if missing:
        raise Invalid(
            _("Export the offers, change that sheet and bring it back: the column %(name)s is missing.")
            % {"name": " / ".join(missing[0])},
            field="file",
        )
    return columns


def _line(
    number: int, row: Mapping[str, str], columns: Mapping[str, int], problems: list[Problem]
) -> OfferLine | None:
    wrong: list[Problem] = []

    def refuse(name: str, said: object) -> None:
        wrong.append(_problem(number, name, columns, row, said))

    offer = parse_uuid(row["offer"])
    if offer is None:
        refuse("offer", _("This is no number of an offer. Leave this column as it was exported."))
    version, most, each = _whole(row["version"]), _whole(row["most"]), _whole(row["each"])
    if version is None:
        refuse("version", _("Leave the version as it was exported."))
    if most is None or not 1 <= most <= 999:
        refuse("most", _("One order takes from 1 to 999 packs."))
    if row["each"] and (each is None or not 1 <= each <= MOST_PER_BUYER):
        refuse("each", _("One buyer may have from 1 to 9,999 packs; leave it empty for no such cap."))
    state = next((key for key, words in STATES.items() if row["state"] in (key, *words)), None)
    if state is None:
        refuse("state", _("Write On sale or Taken down."))
    fen = 0
    try:
        fen = Money.from_text(row["price"], field="price").minor
        if fen <= 0:
            refuse("price", _("A price is more than zero, in yuan."))
    except Invalid as refusal:
        refuse("price", refusal.sentence)
    opens, closes = _moment(row["opens"]), _moment(row["closes"])
    for name, at in (("opens", opens), ("closes", closes)):
        if row[name] and at is None:
            refuse(name, _("Write it as 2026-11-23 08:00, or leave it empty."))
    if opens and closes and closes <= opens:
        refuse("closes", _("An offer closes after it opens."))
    problems += wrong
    if wrong or offer is None or version is None or most is None or state is None:
        return None
    return OfferLine(number, offer, version, Terms(fen, opens, closes, most, state, each))


def _whole(text: str) -> int | None:
    plain = text.removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None


def _moment(text: str) -> datetime | None:
    for written in MOMENTS:
        try:
            return datetime.strptime(text, written).replace(tzinfo=COUNTY_ZONE)
        except ValueError:
            continue
    return None


def _problem(
    number: int, name: str, columns: Mapping[str, int], row: Mapping[str, str], said: object
) -> Problem:
    return Problem(number, letter(columns[name]), row.get(name, "")[:60], str(said))
