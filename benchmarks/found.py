"""Whether searches find what was meant: a catalogue of a county, queries of its buyers, and recall@10.

`searches/catalogue.csv` is a product sheet with the county's real townships and villages;
`searches/queries.csv` says for each query which rows of it are meant, in words about the rows:
`名:` in the Chinese name, `种:` in the variety, `地:` in the place, `类:` in the category; a space
asks for both, `|` for either. Neither knows how the search works. `docs/search.md` tells how they
were made.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people.actions import register_organisation
from countyfair.trade.catalog import actions, queries
from countyfair.trade.catalog.rules.words import sound_of

FOLDER = Path(__file__).parent / "searches"
COUNTY = "450225"
FIRST = 10
_COLUMNS = {"名": "品名", "种": "品种", "地": "产地", "类": "类别"}


@dataclass(frozen=True)
class Query:
    """What somebody typed, of which kind, and the names of the products that are meant."""

    kind: str
    text: str
    expected: frozenset[str]


@dataclass(frozen=True)
class Recalled:
    """A query, what it found first, and which part of what could stand there did."""

    query: Query
    names: tuple[str, ...]
    meant: str

    @property
    def recall(self) -> float:
        found = len(self.query.expected.intersection(self.names))
        return found / min(FIRST, len(self.query.expected))


def all_queries() -> list[Query]:
    """Every query of the file.

    Raises:
        ValueError: one expects nothing of the catalogue.
    """
    goods = _read("catalogue.csv")
    found = [
        Query(
            row["kind"],
            row["query"],
            frozenset(one["品名"] for one in goods if _is_meant(one, row["expected"])),
        )
        for row in _read("queries.csv")
    ]
    if empty := [one.text for one in found if not one.expected]:
        raise ValueError(f"nothing in the catalogue is meant by {empty}")
    return found


def lay_out() -> None:
    """Put the catalogue on sale in a shop of its own, and let its words become known."""
    house = Actor.system("bench")
    keeper = register_organisation(house, place=COUNTY, kind="cooperative", name="样例·搜索合作社")
    actions.open_shop(
        house, shop=uuid7(), county=COUNTY, slug="searches", name_zh="样例摊位", organisation=keeper
    )
    sheet = (FOLDER / "catalogue.csv").read_bytes()
    actions.load_sheet(house, county=COUNTY, shop="searches", data=sheet, on_sale=True)
    deliver_everything()


def recalled(query: Query) -> Recalled:
    """Ask as a buyer does: what the words find, else what they were read as."""
    found = queries.find(county=COUNTY, text=query.text, limit=FIRST)
    return Recalled(query, tuple(card.name_zh for card in found.cards[:FIRST]), found.meant)


def by_kind(answers: list[Recalled]) -> dict[str, float]:
    """Recall@10 of each kind: the mean over its queries."""
    kinds: dict[str, list[float]] = {}
    for one in answers:
        kinds.setdefault(one.query.kind, []).append(one.recall)
    return {kind: sum(each) / len(each) for kind, each in kinds.items()}


def mixed(names: Sequence[str]) -> list[str]:
    """Searches for some of a shelf's names, a tenth of each kind: as they are, their last word, pinyin,
    initials, words swapped, a letter of the pinyin left out, doubled or swapped, a wrong character, and what
    nothing has."""
    asked = []
    for number, name in enumerate(names):
        sound, end = sound_of(name), name[-3:]
        tail = sound_of(end)
        asked.append(
            (
                name, end, sound, "".join(sound_of(one)[0] for one in end), end + name[:-3],
                tail[:2] + tail[3:], tail[:3] + tail[2:], tail[:2] + tail[3] + tail[2] + tail[4:],
                name[:-2] + "棱" + name[-1], f"qx{number}zv",
            )[number % 10]
        )  # fmt: skip
    return asked


def _is_meant(row: dict[str, str], wanted: str) -> bool:
    return any(
        all(text in row[_COLUMNS[column]] for column, text in (part.split(":", 1) for part in both.split()))
        for both in wanted.split("|")
    )


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
