"""Announced harvests: a household's own, and what is coming to a station."""

from __future__ import annotations

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
class HarvestRow:
    """A harvest as announced; `brought` was weighed of it so far. `wished_fen` is for 500 g or a piece.

    `photo` and `voice` are digests, "" without one; `head` is the household's masked name.
    """

    id: UUID
    county: str
    state: str
    household: UUID
    household_number: str
    head: str
    place: str
    product: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    unit: str
    amount: int
    wished_fen: int
    expected_on: date
    photo: str
    photo_width: int
    voice: str
    begun_at: datetime
    brought: int


def harvest(actor: Actor, *, harvest: UUID) -> HarvestRow:
    """One harvest, by its household itself or with `household.read` at its place.

    Raises:
        Missing: there is none.
        Forbidden: neither.
    """
    found = one(f"{_HARVEST} WHERE v.id = %s::uuid", [harvest], into=HarvestRow, missing=_NONE)
    people.household(actor, household_id=found.household)
    return found


def harvests_of(actor: Actor, whose: HouseholdRow, *, limit: int = 30) -> list[HarvestRow]:
    """What a household announced and did not take back, the latest first; who may as for `harvest`."""
    people.require_household(actor, whose)
    return rows(
        f"{_HARVEST} WHERE v.household_id = %s::uuid AND v.state <> 'withdrawn'"
        " ORDER BY v.begun_at DESC, v.id DESC LIMIT %s::int",
        [whose.id, limit],
        into=HarvestRow,
    )


def coming(actor: Actor, at: StationRow, *, limit: int = 60) -> list[HarvestRow]:
    """What households of a station's place announced and have not brought, the soonest first.

    Needs `stock.weigh_in` at the station.

    Raises:
        Forbidden: nobody weighs there with this role.
    """
    actor.require("stock.weigh_in", place=at.place)
    return rows(
        f"{_HARVEST} WHERE v.county = %s AND v.state = 'announced' AND v.place ^@ %s"
        " ORDER BY v.expected_on, v.id LIMIT %s::int",
        [at.county, at.place, limit],
        into=HarvestRow,
    )


def announced(actor: Actor, at: StationRow, *, harvest: UUID) -> HarvestRow:
    """One that a station may weigh in; needs `stock.weigh_in` there.

    Raises:
        Forbidden: nobody weighs there with this role.
        Missing: none in the station's county that was announced and stands.
    """
    actor.require("stock.weigh_in", place=at.place)
    found = one(f"{_HARVEST} WHERE v.id = %s::uuid", [harvest], into=HarvestRow, missing=_NONE)
    if found.county != at.county or found.state not in ("announced", "weighed"):
        raise Missing(_NONE)
    return found


_NONE = _("There is no such harvest.")

_HARVEST = """
SELECT v.id, v.county, v.state, v.household_id, h.number, i.head_mask, v.place, d.id, d.name_zh, d.name_en,
       d.category, d.icon, v.unit, v.amount, v.wished_fen, v.expected_on, v.photo, v.photo_width,
       coalesce(c.digest, ''), v.begun_at,
       (SELECT coalesce(sum(m.on_hand_delta), 0)::bigint FROM stock_lot l
          JOIN stock_movement m ON m.lot_id = l.id AND m.kind IN ('take_in', 'correct')
         WHERE l.harvest_id = v.id)
  FROM stock_harvest v
  JOIN catalog_product d ON d.id = v.product_id
  JOIN people_household h ON h.id = v.household_id
  JOIN people_householdidentity i ON i.household_id = h.id
  LEFT JOIN catalog_voice c ON c.id = v.voice_id AND c.withdrawn_at IS NULL
"""
