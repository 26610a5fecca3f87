"""A sample county as its TOML file says it; `data/sample/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.ROOT) / "data" / "sample"

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SampleCounty:
    """The tables of one file, each entry as written there; keys name entries across tables."""

    code: str
    name_zh: str
    name_en: str
    stations: tuple[Table, ...]
    households: tuple[Table, ...]
    staff: tuple[Table, ...]
    organisations: tuple[Table, ...]
    shops: tuple[Table, ...]
    freight: tuple[Table, ...]
    shares: Table
    products: tuple[Table, ...]
    services: tuple[Table, ...]
    brands: tuple[Table, ...]
    coupons: tuple[Table, ...]
    groups: tuple[Table, ...]
    cycles: tuple[Table, ...]

    @property
    def steps(self) -> int:
        """How many entries there are to make, for the progress bar."""
        tables = (
            self.stations, self.households, self.staff, self.organisations, self.shops, self.products,
            self.services, self.coupons, self.groups, self.cycles,
        )  # fmt: skip
        return sum(len(table) for table in tables) + 2

    def product(self, key: str) -> Table:
        """The product of this key."""
        return next(entry for entry in self.products if entry["key"] == key)


def sample_counties() -> list[SampleCounty]:
    """Every sample county that the project ships, by file name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.toml"))]


def _read(path: Path) -> SampleCounty:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return SampleCounty(
        code=told["code"],
        name_zh=told["name_zh"],
        name_en=told["name_en"],
        stations=tuple(told["stations"]),
        households=tuple(told["households"]),
        staff=tuple(told["staff"]),
        organisations=tuple(told["organisation"]),
        shops=tuple(told["shop"]),
        freight=tuple(told["freight"]),
        shares=told["shares"],
        products=tuple(told["product"]),
        services=tuple(told.get("service", ())),
        brands=tuple(told.get("brand", ())),
        coupons=tuple(told.get("coupon", ())),
        groups=tuple(told.get("group", ())),
        cycles=tuple(told.get("cycle", ())),
    )
