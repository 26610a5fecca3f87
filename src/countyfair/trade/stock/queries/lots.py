"""Lots, what moved them, and who holds of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.rows import one, rows
from countyfair.registers.people.rules import SELLING
from countyfair.trade.stock.rules import LotState

JOINS = ("catalog", "people", "stations")


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with the names a page needs. Amounts in base units; no personal data.

    `blocked_by` is the key of who keeps it from being sold, "" for nobody.
    """

    id: UUID
    number: str
    county: str
    pool: UUID
    product: UUID
    product_name_zh: str
    product_name_en: str
    household: UUID
    household_number: str
    station: UUID | None
    station_name: str
    station_place: str
    place: str
    field: str
    harvested_on: date
    weighed_at: datetime
    unit: str
    grade: str
    on_hand: int
    reserved: int
    standard: UUID | None
    standard_version: int
    factor_milli: int
    graded_by: str
    measured_json: str
    blocked_by: str

    @property
    def measured(self) -> dict[str, str]:
        """What the standard asked for, by measure."""
        return dict(json.loads(self.measured_json))

    @property
    def free(self) -> int:
        """What may be sold of it now."""
        return 0 if self.blocked_by else self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One line of a lot's journal; `holder` is whose reservation it was."""

    id: UUID
    at: datetime
    kind: str
    on_hand_delta: int
    reserved_delta: int
    reason: str
    holder: str
    actor: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A reservation that stands on a lot."""

    id: UUID
    holder: str
    amount: int
    held_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a holder holds of one lot, or was sent of it; `free` is what the lot has left."""

    holder: str
    supply: UUID
    lot: UUID
    household: UUID
    station: UUID | None
    harvested_on: date
    free: int
    grade: str
    standard_version: int
    factor_milli: int
    amount: int

    @property
    def state(self) -> LotState:
        """The lot as drawing and sharing see it."""
        return LotState(
            self.lot, self.household, self.station, self.harvested_on, self.free, self.grade,
            self.standard_version, self.factor_milli,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intake:
    """What a weigh-in rests on: where the household and the station are, and what the product is.

    `agreed`: the household's consent to selling stands. `known`: the lot's id was used before.
    """

    county: str
    place: str
    agreed: bool
    station_county: str | None
    station_place: str | None
    product_county: str | None
    product_kind: str | None
    product_unit: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Fed:
    """What feeding an offer rests on."""

    county: str
    product: UUID
    organisation: UUID | None


_LOT = """
SELECT l.id, l.number, l.county, l.pool_id, d.id, d.name_zh, d.name_en, l.household_id, h.number,
       l.station_id, coalesce(t.name, ''), coalesce(t.place, ''), l.place, l.field, l.harvested_on,
       l.weighed_at, l.unit, l.grade, l.on_hand, l.reserved,
       l.standard_id, l.standard_version, l.factor_milli, l.graded_by, l.measured::text, l.blocked_by
  FROM stock_lot l
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  JOIN people_household h ON h.id = l.household_id
  LEFT JOIN stations_station t ON t.id = l.station_id
"""

#: What the list can be narrowed by.
_ASKED = {
    "number": "starts_with(l.number, %(number)s)",
    "station": "l.station_id = %(station)s",
    "household": "l.household_id = %(household)s",
    "household_number": "starts_with(h.number, %(household_number)s)",
    "product": "p.product_id = %(product)s",
    "since": "l.weighed_at >= %(since)s",
    "free_only": "l.has_free",
    "at": "(l.weighed_at, l.id) < (%(at)s::timestamptz, %(key)s::uuid)",
    "places": "(l.place ^@ ANY(%(places)s::text[]) OR t.place ^@ ANY(%(places)s::text[]))",
}


def lot(actor: Actor, *, lot: UUID) -> LotRow:
    """One lot.

    Raises:
        Missing: there is none.
        Forbidden: the actor may not read stock where it was weighed.
    """
    found = _found(lot)
    _readable(actor, found)
    return found


def lots(
    actor: Actor,
    *,
    county: str,
    number: str = "",
    station: UUID | None = None,
    household: UUID | None = None,
    household_number: str = "",
    product: UUID | None = None,
    since: datetime | None = None,
    free_only: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[LotRow]:
    """Weighed lots that this actor may read in a county, the latest first; none where there is no power.

    Args:
        number, household_number: how the number of the lot or of its household begins.
        since: weighed at this moment or later.
        before: (weighed_at, id) of the last row of the page before.
    """
    at, key = before or (None, None)
    asked: dict[str, object] = {
        "number": number, "station": station, "household": household, "household_number": household_number,
        "product": product, "since": since, "free_only": free_only, "at": at,
        "places": None if actor.may("stock.read", place=county) else list(actor.places("stock.read")),
    }  # fmt: skip
    given = {name for name, value in asked.items() if value not in ("", None, False)}
    wanted = [
        "l.county = %(county)s AND NOT l.expected",
        *(text for name, text in _ASKED.items() if name in given),
    ]
    return rows(
        f"{_LOT} WHERE {' AND '.join(wanted)} ORDER BY l.weighed_at DESC, l.id DESC LIMIT %(limit)s::int",
        {"county": county, "key": key, "limit": limit, **asked},
        into=LotRow,
    )


def movements(actor: Actor, *, lot: UUID, limit: int = 200) -> list[MovementRow]:
    """The journal of a lot, the oldest line first; needs `stock.read` where it was weighed.

    Raises:
        Missing, Forbidden: as for `lot`.
    """
    _readable(actor, _found(lot))
    return rows(
        "SELECT m.id, m.at, m.kind, m.on_hand_delta, m.reserved_delta, m.reason, coalesce(r.holder, ''),"
        " m.actor"
        " FROM stock_movement m LEFT JOIN stock_reservation r ON r.id = m.reservation_id"
        " WHERE m.lot_id = %s ORDER BY m.at, m.id LIMIT %s::int",
        [lot, limit],
        into=MovementRow,
    )


def held_on(lot: UUID) -> list[HeldRow]:
    """The reservations that stand on a lot, the oldest first. For rooms above, which know the holders."""
    return rows(
        "SELECT id, holder, amount, held_at, expires_at FROM stock_reservation"
        " WHERE lot_id = %s AND state = 'held' ORDER BY held_at, id",
        [lot],
        into=HeldRow,
    )


def _found(lot: UUID) -> LotRow:
    return one(f"{_LOT} WHERE l.id = %s", [lot], into=LotRow, missing=_("There is no such lot."))


def _readable(actor: Actor, found: LotRow) -> None:
    """Whoever reads stock at the lot's village, or at the station that weighed it."""
    if not actor.may("stock.read", place=found.station_place or None):
        actor.require("stock.read", place=found.place)


def intake(*, household: UUID, product: UUID, station: UUID | None, lot: UUID | None = None) -> Intake:
    """What the verb `take_in` checks, in one statement.

    Raises:
        Missing: there is no such household.
    """
    return one(
        "SELECT h.county, h.place, EXISTS (SELECT 1 FROM people_consent c WHERE c.household_id = h.id"
        "   AND c.purpose = %(purpose)s AND c.withdrawn_at IS NULL AND c.given_at <= %(moment)s::timestamptz"
        "   AND (c.until IS NULL OR c.until >= %(today)s::date)),"
        " t.county, t.place, d.county, d.kind, d.unit,"
        " EXISTS (SELECT 1 FROM stock_lot l WHERE l.id = %(lot)s::uuid) FROM people_household h"
        " LEFT JOIN stations_station t ON t.id = %(station)s::uuid AND t.closed_on IS NULL"
        " LEFT JOIN catalog_product d ON d.id = %(product)s::uuid"
        " WHERE h.id = %(household)s::uuid",
        {
            "lot": lot, "household": household, "product": product, "station": station, "purpose": SELLING,
            "moment": now(), "today": today(),
        },
        into=Intake,
        missing=_("There is no such household."),
    )  # fmt: skip


def fed(offer: UUID) -> Fed:
    """Where an offer is, of which product, and which organisation runs its shop.

    Raises:
        Missing: there is no such offer.
    """
    return one(
        "SELECT o.county, o.product_id, s.organisation_id FROM catalog_offer o"
        " JOIN catalog_product d ON d.id = o.product_id JOIN catalog_shop s ON s.id = d.shop_id"
        " WHERE o.id = %s",
        [offer],
        into=Fed,
        missing=_("There is no such offer."),
    )


def drawn(holders: Sequence[str]) -> list[Drawn]:
    """What these hold or were sent, what came back taken off, the lots drawn on first before others.

    For rooms above: they decide who sees.
    """
    return rows(
        """
        SELECT r.holder, r.supply_id, l.id, l.household_id, l.station_id, l.harvested_on,
               l.on_hand - l.reserved, l.grade, l.standard_version, l.factor_milli, r.amount - r.taken_back
          FROM stock_reservation r JOIN stock_lot l ON l.id = r.lot_id
         WHERE r.holder = ANY (%s::text[]) AND r.state IN ('held', 'dispatched') AND r.amount > r.taken_back
         ORDER BY r.holder, l.harvested_on, r.id""",
        [list(holders)],
        into=Drawn,
    )
