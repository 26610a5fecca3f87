"""At the scales: what may be weighed in, and what was weighed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import one, rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow
from countyfair.registers.stations.queries import StationRow

JOINS = ("catalog", "people")


@dataclass(frozen=True, slots=True)
class Weighable:
    """A product that may be weighed in; `last_at` is when this household last brought it."""

    id: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    unit: str
    place: str
    in_season: bool
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Slip:
    """A weigh-in as its slip says it. `amount` was weighed, `corrected` is what counting again changed.

    `head` is the household's masked name (`李**`). `standard_version` 0: no standard graded it.
    """

    id: UUID
    number: str
    product_name_zh: str
    product_name_en: str
    category: str
    icon: str
    household_number: str
    head: str
    place: str
    field: str
    harvested_on: date
    weighed_at: datetime
    unit: str
    grade: str
    standard_version: int
    factor_milli: int
    measured_json: str
    amount: int
    corrected: int

    @property
    def measured(self) -> dict[str, str]:
        """What the standard asked for, by measure."""
        return dict(json.loads(self.measured_json))


def weighable(
    actor: Actor, at: StationRow, *, household: UUID, month: int, limit: int = 200
) -> list[Weighable]:
    """The county's goods: what the household brought before, then what is in season, then the nearest.

    Needs `stock.weigh_in` at the station.

    Args:
        month: of the harvest, 1 to 12.

    Raises:
        Forbidden: nobody weighs there with this role.
    """
    actor.require("stock.weigh_in", place=at.place)
    return _found(at.county, at.place, household, month, None, limit)


def weighed(actor: Actor, at: StationRow, *, household: UUID, product: UUID, month: int) -> Weighable:
    """One of them.

    Raises:
        Forbidden: as `weighable`.
        Missing: no such goods in this county.
    """
    actor.require("stock.weigh_in", place=at.place)
    return _one(_found(at.county, at.place, household, month, product, 1))


def grown(actor: Actor, whose: HouseholdRow, *, month: int, limit: int = 24) -> list[Weighable]:
    """The same for a household that means to announce a harvest: by itself, or with `household.read`.

    Raises:
        Forbidden: neither.
    """
    people.require_household(actor, whose)
    return _found(whose.county, whose.place, whose.id, month, None, limit)


def grown_one(actor: Actor, whose: HouseholdRow, *, product: UUID, month: int) -> Weighable:
    """One of them.

    Raises:
        Forbidden: as `grown`.
        Missing: no such goods in its county.
    """
    people.require_household(actor, whose)
    return _one(_found(whose.county, whose.place, whose.id, month, product, 1))


def _one(found: list[Weighable]) -> Weighable:
    if not found:
        raise Missing(_("Choose one of this county's goods."))
    return found[0]


def slip(actor: Actor, at: StationRow, *, lot: UUID) -> Slip:
    """What was weighed at this station as this lot; needs `stock.read` there.

    Raises:
        Forbidden: no such power there.
        Missing: none that was weighed here.
    """
    actor.require("stock.read", place=at.place)
    params = {"county": at.county, "station": at.id, "lot": lot, "since": None, "limit": 1}
    return one(_SLIPS, params, into=Slip, missing=_("No such lot was weighed at this station."))


def weighed_here(actor: Actor, at: StationRow, *, since: datetime, limit: int = 200) -> list[Slip]:
    """What was weighed at this station from a moment on, the latest first; needs `stock.read` there.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("stock.read", place=at.place)
    params = {"county": at.county, "station": at.id, "lot": None, "since": since, "limit": limit}
    return rows(_SLIPS, params, into=Slip)


def _found(
    county: str, place: str, household: UUID, month: int, product: UUID | None, limit: int
) -> list[Weighable]:
    return rows(
        _WEIGHABLE,
        {
            "county": county, "household": household, "product": product, "month": month,
            "near": [place[:length] for length in (9, 12) if len(place) >= length], "limit": limit,
        },
        into=Weighable,
    )  # fmt: skip


_WEIGHABLE = """
SELECT d.id, d.name_zh, d.name_en, d.category, d.icon, d.unit, d.place, ripe.now, brought.at
  FROM catalog_product d
  CROSS JOIN LATERAL (SELECT cardinality(d.season_months) = 0
                             OR %(month)s::smallint = ANY (d.season_months) AS now) ripe
  LEFT JOIN LATERAL (SELECT max(l.weighed_at) AS at FROM stock_lot l JOIN stock_pool p ON p.id = l.pool_id
                      WHERE l.household_id = %(household)s::uuid AND p.product_id = d.id) brought ON true
 WHERE d.county = %(county)s AND d.kind = 'goods' AND d.withdrawn_at IS NULL
   AND (%(product)s::uuid IS NULL OR d.id = %(product)s::uuid)
 ORDER BY brought.at DESC NULLS LAST, ripe.now DESC,
       (SELECT count(*) FROM unnest(%(near)s::text[]) AS n (prefix)
         WHERE starts_with(d.place, n.prefix)) DESC,
       d.name_zh, d.id
 LIMIT %(limit)s::int
"""

_SLIPS = """
SELECT l.id, l.number, d.name_zh, d.name_en, d.category, d.icon, h.number, i.head_mask, l.place, l.field,
       l.harvested_on, l.weighed_at, l.unit, l.grade, l.standard_version,
       l.factor_milli, l.measured::text, coalesce(m.weighed, 0)::bigint, coalesce(m.corrected, 0)::bigint
  FROM stock_lot l
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  JOIN people_household h ON h.id = l.household_id
  JOIN people_householdidentity i ON i.household_id = h.id
  LEFT JOIN LATERAL (SELECT sum(on_hand_delta) FILTER (WHERE kind = 'take_in') AS weighed,
                            sum(on_hand_delta) FILTER (WHERE kind = 'correct') AS corrected
                       FROM stock_movement WHERE lot_id = l.id AND kind IN ('take_in', 'correct')) m ON true
 WHERE l.county = %(county)s AND l.station_id = %(station)s::uuid
   AND (%(lot)s::uuid IS NULL OR l.id = %(lot)s::uuid)
   AND (%(since)s::timestamptz IS NULL OR l.weighed_at >= %(since)s::timestamptz)
 ORDER BY l.weighed_at DESC, l.id DESC LIMIT %(limit)s::int
"""
