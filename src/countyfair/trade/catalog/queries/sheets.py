"""What a product sheet would make of the catalogue as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.registers.places.queries import subtree
from countyfair.trade.catalog.rules.sheets import (
    Problem,
    Reading,
    SheetLine,
    find_columns,
    read_grid,
    read_lines,
)

Outcome = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Held:
    """A pack that the catalogue has under a sheet's code, with its product and its open offer."""

    pack_code: str
    pack: UUID
    content_amount: int
    sold_by: str
    product: UUID
    product_code: str
    shop: UUID
    name_zh: str
    name_en: str
    category: str
    place: str
    season_months: Sequence[int]
    story_zh: str
    variety_zh: str
    unit: str
    offer: UUID | None
    price_fen: int | None


@dataclass(frozen=True, slots=True)
class Planned:
    """One line, what would become of it, and what differs: column → (now, then)."""

    line: SheetLine
    outcome: Outcome
    differs: dict[str, tuple[object, object]]
    held: Held | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet would do. With problems it does nothing."""

    planned: tuple[Planned, ...]
    problems: tuple[Problem, ...]
    unknown_heads: tuple[str, ...]
    stock_figures: int

    def count(self, outcome: Outcome) -> int:
        return sum(one.outcome == outcome for one in self.planned)


@dataclass(frozen=True, slots=True)
class _ShopFound:
    id: UUID
    county: str
    organisation: UUID | None


@dataclass(frozen=True, slots=True)
class _ProductFound:
    code: str
    shop: UUID
    unit: str


def preview(
    actor: Actor,
    *,
    county: str,
    shop: str,
    data: bytes,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """Read a product sheet and say what loading it would make; nothing is written.

    Args:
        shop: the shop's slug in the county.
        data: the file, Excel or CSV.

    Raises:
        Missing: no such shop.
        Forbidden: the actor may not manage its goods.
        Invalid: the file cannot be read, or has no row of heads.
    """
    stall = shop_called(county, shop)
    actor.require("catalog.manage", place=county, organisation=stall.organisation)
    grid = read_grid(data)
    reading = read_lines(
        grid, find_columns(grid), county=county, places=place_names(county), progress=progress
    )
    return plan(reading, shop=stall.id, county=county)


def shop_called(county: str, slug: str) -> _ShopFound:
    """Raises Missing."""
    return one(
        "SELECT id, county, organisation_id FROM catalog_shop"
        " WHERE county = %s AND slug = %s AND closed_on IS NULL",
        [county, slug],
        into=_ShopFound,
        missing=_("This county has no open shop with that address."),
    )


def plan(reading: Reading, *, shop: UUID, county: str) -> Plan:
    """Hold what was read against what the catalogue has, in two statements."""
    codes = [line.pack_code for line in reading.lines]
    held = {row.pack_code: row for row in rows(_HELD, {"county": county, "codes": codes}, into=Held)}
    products = {
        row.code: row
        for row in rows(
            "SELECT code, shop_id, unit FROM catalog_product WHERE county = %s AND code = ANY(%s::text[])",
            [county, [line.product_code for line in reading.lines]],
            into=_ProductFound,
        )
    }
    problems = list(reading.problems)
    planned = []
    units: dict[str, str] = {code: row.unit for code, row in products.items()}
    for line in reading.lines:
        found = held.get(line.pack_code)
        known = products.get(line.product_code)
        if (found and found.shop != shop) or (known and known.shop != shop):
            problems.append(_problem(line, _("Another shop sells this under the same code.")))
        elif found and (found.content_amount, found.sold_by) != (line.content_amount, line.sold_by):
            problems.append(
                _problem(line, _("This pack is in the catalogue with another content. Give it a new code."))
            )
        elif units.setdefault(line.product_code, line.unit.value) != line.unit.value:
            problems.append(
                _problem(line, _("This product is counted by weight in one row and by piece in another."))
            )
        else:
            planned.append(_planned(line, found))
    problems.sort(key=lambda problem: (problem.row, problem.column))
    return Plan(tuple(planned), tuple(problems), reading.unknown_heads, reading.stock_figures)


def place_names(county: str) -> dict[str, str]:
    """Written names of the county's places → codes; "" for a name that several bear."""
    names: dict[str, set[str]] = {}
    townships: dict[str, tuple[str, ...]] = {}
    for place in subtree(county):
        own = tuple(dict.fromkeys((place.name, place.short, place.common)))
        if len(place.code) == 9:
            townships[place.code] = own
        above = townships.get(place.code[:9], ()) if len(place.code) == 12 else ()
        for name in (*own, *(f"{upper}{lower}" for upper in above for lower in own)):
            names.setdefault(name, set()).add(place.code)
    # A village often bears the name of its township: the township is meant unless both are written.
    return {name: _single(codes) for name, codes in names.items()}


def _single(codes: set[str]) -> str:
    shortest = min(len(code) for code in codes)
    upper = [code for code in codes if len(code) == shortest]
    return upper[0] if len(upper) == 1 else ""


def _planned(line: SheetLine, held: Held | None) -> Planned:
    if held is None:
        return Planned(line, "new", {}, None)
    differs: dict[str, tuple[object, object]] = {}
    for name in ("name_zh", "name_en", "category", "place", "season_months", "story_zh", "variety_zh"):
        now, then = getattr(held, name), getattr(line, name)
        if name == "season_months":
            now = tuple(now)
        if now != then and not (name in ("name_en", "story_zh", "season_months", "variety_zh") and not then):
            differs[name] = (now, then)
    if held.price_fen != line.price_fen:
        differs["price_fen"] = (held.price_fen, line.price_fen)
    return Planned(line, "changed" if differs else "same", differs, held)


def _problem(line: SheetLine, sentence: object) -> Problem:
    return Problem(line.row, "", line.name_zh, str(sentence))


_HELD = """
SELECT k.code, k.id, k.content_amount, k.sold_by, d.id, d.code, d.shop_id, d.name_zh, d.name_en, d.category,
       d.place, d.season_months, d.story_zh, d.variety_zh, d.unit, o.id, o.price_fen
  FROM unnest(%(codes)s::text[]) AS w (code)
  JOIN catalog_pack k ON k.county = %(county)s AND k.code = w.code
  JOIN catalog_product d ON d.id = k.product_id
  LEFT JOIN catalog_offer o ON o.pack_id = k.id AND o.outlet = 'shop' AND o.state <> 'off'
"""
