"""Harvest cycles: what is announced, sold ahead, brought and allotted; by county, and what verbs rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow
from countyfair.trade.stock.rules import LotState

JOINS = ("catalog", "people")


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in figures, base units: announced by households, sold ahead of it at most (`ahead`), ordered,
    brought so far, and allotted to who had ordered. `households` counts who announced, `came` who brought."""

    id: UUID
    county: str
    state: str
    product: UUID
    name_zh: str
    name_en: str
    unit: str
    percent: int
    expected_on: date
    opens_at: datetime | None
    closes_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    allotted_at: datetime | None
    households: int
    came: int
    announced: int
    ahead: int
    ordered: int
    brought: int
    allotted: int


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced harvest that may be sold ahead. `wished_fen` is for 500 g or a piece."""

    id: UUID
    product: UUID
    name_zh: str
    name_en: str
    unit: str
    household_number: str
    place: str
    amount: int
    wished_fen: int
    expected_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """What one household's part of a cycle is: announced, ordered of it, brought. Base units."""

    household: UUID
    user: UUID | None
    household_number: str
    harvest: UUID
    announced: int
    ordered: int
    brought: int
    name_zh: str
    name_en: str
    unit: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class Bring:
    """What of a household's announced harvest is ordered ahead, by pack; `state` is the cycle's."""

    harvest: UUID
    state: str
    name_zh: str
    name_en: str
    category: str
    icon: str
    label_zh: str
    label_en: str
    content_amount: int
    unit: str
    amount: int
    expected_on: date

    @property
    def packs(self) -> int:
        """Packs that it fills, a begun one counted."""
        return -(-self.amount // self.content_amount)


@dataclass(frozen=True, slots=True)
class AheadOffer:
    """An offer of a cycle. `may_go_up`: nothing stands in the way of selling it again."""

    id: UUID
    pack: UUID
    outlet: str
    price_fen: int
    most_per_order: int
    most_per_buyer: int | None
    content_amount: int
    may_go_up: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """What one holder was promised of a cycle: whole packs. `expires_at` None: it was paid."""

    holder: str
    supply: UUID
    amount: int
    content_amount: int
    held_at: datetime
    expires_at: datetime | None

    @property
    def packs(self) -> int:
        return self.amount // self.content_amount


@dataclass(frozen=True, slots=True)
class PackAhead:
    """A pack that somebody means to sell ahead."""

    county: str
    product: UUID
    sold_by: str


def cycles(
    actor: Actor, *, county: str, before: tuple[datetime, UUID] | None = None, limit: int = 100
) -> list[CycleRow]:
    """A county's cycles, the latest opened first; needs `stock.read` there.

    Args:
        before: (opened_at, id) of the last row of the page before.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("stock.read", place=county)
    goes_on = " AND (c.opened_at, c.id) < (%s::timestamptz, %s::uuid)" if before else ""
    return rows(
        f"{_CYCLE} WHERE c.county = %s{goes_on} ORDER BY c.opened_at DESC, c.id DESC LIMIT %s::int",
        [county, *(before or ()), limit],
        into=CycleRow,
    )


def cycle(actor: Actor, *, cycle: UUID) -> CycleRow:
    """One cycle; needs `stock.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    missing = _("There is no such harvest cycle.")
    found = one(f"{_CYCLE} WHERE c.id = %s::uuid", [cycle], into=CycleRow, missing=missing)
    actor.require("stock.read", place=found.county)
    return found


def announced_harvests(
    actor: Actor,
    *,
    county: str,
    product: UUID | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 200,
) -> list[Announced]:
    """Announced harvests of a county that are not sold ahead yet, the soonest first; needs `stock.read`.

    Args:
        product: of these goods alone.
        after: (expected_on, id) of the last row of the page before.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("stock.read", place=county)
    narrowed = (" AND v.product_id = %(product)s::uuid" if product else "") + (
        " AND (v.expected_on, v.id) > (%(day)s::date, %(key)s::uuid)" if after else ""
    )
    day, key = after or (None, None)
    return rows(
        f"{_ANNOUNCED}{narrowed} ORDER BY v.expected_on, v.id LIMIT %(limit)s::int",
        {"county": county, "product": product, "day": day, "key": key, "limit": limit},
        into=Announced,
    )


def parts_of(cycle: UUID) -> list[Part]:
    """Each household's part of a cycle. For rooms and surfaces that have asked who may see it."""
    return rows(f"{_PARTS} WHERE c.id = %s::uuid ORDER BY h.number, v.id", [cycle], into=Part)


def to_bring(actor: Actor, whose: HouseholdRow) -> list[Bring]:
    """What a household is to bring for what was ordered ahead, the soonest first: its own, or with
    `household.read` at its place.

    Raises:
        Forbidden: neither.
    """
    people.require_household(actor, whose)
    return rows(_TO_BRING, [whose.id], into=Bring)


def promised(pool: UUID) -> list[Promised]:
    """What is held of a pool's expected lots, by holder, who came first before others."""
    return rows(_PROMISED, [pool], into=Promised)


def free_lots(pool: UUID) -> list[LotState]:
    """What was weighed into a pool and is free, of a grade that can be sent."""
    return rows(_FREE_LOTS, [pool], into=LotState)


def offers_of(pool: UUID) -> list[AheadOffer]:
    """The offers that a pool feeds."""
    return rows(_OFFERS, [pool], into=AheadOffer)


def pack_ahead(pack: UUID) -> PackAhead:
    """What selling a pack ahead rests on.

    Raises:
        Missing: no such pack.
    """
    return one(
        "SELECT d.county, d.id, k.sold_by FROM catalog_pack k JOIN catalog_product d ON d.id = k.product_id"
        " WHERE k.id = %s::uuid AND d.kind = 'goods'",
        [pack],
        into=PackAhead,
        missing=_("There is no such pack."),
    )


_BROUGHT = """coalesce(sum(m.on_hand_delta) FILTER (
           WHERE NOT l.expected AND m.kind IN ('take_in', 'correct')), 0)::bigint"""

_CYCLE = """
SELECT c.id, c.county, c.state, d.id, d.name_zh, d.name_en, d.unit, c.percent, c.expected_on,
       (SELECT min(o.opens_at) FROM stock_supply s JOIN catalog_offer o ON o.id = s.offer_id
         WHERE s.pool_id = c.pool_id),
       c.closes_at, c.opened_at, c.closed_at, c.allotted_at,
       v.households, v.came, v.announced, w.ahead, r.ordered, w.brought, r.allotted
  FROM stock_cycle c
  JOIN catalog_product d ON d.id = c.product_id
  CROSS JOIN LATERAL (
       SELECT count(DISTINCT l.household_id) AS households, coalesce(sum(h.amount), 0)::bigint AS announced,
              count(DISTINCT l.household_id) FILTER (WHERE h.state = 'weighed') AS came
         FROM stock_lot l JOIN stock_harvest h ON h.id = l.harvest_id
        WHERE l.pool_id = c.pool_id AND l.expected) v
  CROSS JOIN LATERAL (
       SELECT coalesce(sum(m.on_hand_delta) FILTER (WHERE m.kind = 'expect' AND m.on_hand_delta > 0), 0
              )::bigint AS ahead, {brought} AS brought
         FROM stock_lot l JOIN stock_movement m ON m.lot_id = l.id
        WHERE l.pool_id = c.pool_id) w
  CROSS JOIN LATERAL (
       SELECT coalesce(sum(x.amount) FILTER (WHERE l.expected AND x.state IN ('held', 'moved')), 0
              )::bigint AS ordered,
              coalesce(sum(x.amount) FILTER (WHERE NOT l.expected AND x.state IN ('held', 'dispatched')
                  AND x.holder IN (SELECT y.holder FROM stock_reservation y
                                     JOIN stock_lot z ON z.id = y.lot_id
                                    WHERE z.pool_id = c.pool_id AND y.state = 'moved')), 0
              )::bigint AS allotted
         FROM stock_lot l JOIN stock_reservation x ON x.lot_id = l.id
        WHERE l.pool_id = c.pool_id) r
""".replace("{brought}", _BROUGHT)

_ANNOUNCED = """
SELECT v.id, d.id, d.name_zh, d.name_en, v.unit, h.number, v.place, v.amount, v.wished_fen, v.expected_on
  FROM stock_harvest v
  JOIN catalog_product d ON d.id = v.product_id
  JOIN people_household h ON h.id = v.household_id
 WHERE v.county = %(county)s AND v.state = 'announced' AND v.pool_name = ''
"""

_PARTS = """
SELECT h.id, h.user_id, h.number, v.id, v.amount,
       (SELECT coalesce(sum(x.amount), 0)::bigint FROM stock_reservation x
         WHERE x.lot_id = e.id AND x.state IN ('held', 'moved')),
       (SELECT {brought} FROM stock_lot l JOIN stock_movement m ON m.lot_id = l.id
         WHERE l.harvest_id = v.id AND l.pool_id = c.pool_id),
       d.name_zh, d.name_en, d.unit, c.expected_on
  FROM stock_cycle c
  JOIN stock_lot e ON e.pool_id = c.pool_id AND e.expected
  JOIN stock_harvest v ON v.id = e.harvest_id
  JOIN people_household h ON h.id = e.household_id
  JOIN catalog_product d ON d.id = c.product_id
""".replace("{brought}", _BROUGHT)

_TO_BRING = """
SELECT v.id, c.state, d.name_zh, d.name_en, d.category, d.icon, k.label_zh, k.label_en, k.content_amount,
       d.unit, sum(r.amount)::bigint, c.expected_on
  FROM stock_lot e
  JOIN stock_cycle c ON c.pool_id = e.pool_id AND c.state <> 'allotted'
  JOIN stock_harvest v ON v.id = e.harvest_id
  JOIN catalog_product d ON d.id = c.product_id
  JOIN stock_reservation r ON r.lot_id = e.id AND r.state = 'held'
  JOIN stock_supply s ON s.id = r.supply_id
  JOIN catalog_offer o ON o.id = s.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
 WHERE e.household_id = %s::uuid AND e.expected
 GROUP BY v.id, c.id, d.id, k.id
 ORDER BY c.expected_on, v.id, k.content_amount
"""

_PROMISED = """
SELECT r.holder, r.supply_id, sum(r.amount)::bigint, k.content_amount, min(r.held_at), max(r.expires_at)
  FROM stock_lot l
  JOIN stock_reservation r ON r.lot_id = l.id AND r.state = 'held'
  JOIN stock_supply s ON s.id = r.supply_id
  JOIN catalog_offer o ON o.id = s.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
 WHERE l.pool_id = %s::uuid AND l.expected
 GROUP BY r.holder, r.supply_id, k.content_amount
 ORDER BY min(r.held_at), r.holder
"""

_FREE_LOTS = """
SELECT id, household_id, station_id, harvested_on, on_hand - reserved, grade, standard_version, factor_milli
  FROM stock_lot
 WHERE pool_id = %s::uuid AND NOT expected AND has_free AND (standard_id IS NULL OR grade <> 'off')
 ORDER BY harvested_on, id
"""

_OFFERS = """
SELECT o.id, o.pack_id, o.outlet, o.price_fen, o.most_per_order, o.most_per_buyer, k.content_amount,
       d.withdrawn_at IS NULL AND h.closed_on IS NULL AND NOT EXISTS (
           SELECT 1 FROM catalog_offer x
            WHERE x.pack_id = o.pack_id AND x.outlet = o.outlet AND x.state <> 'off' AND x.id <> o.id)
  FROM stock_supply s
  JOIN catalog_offer o ON o.id = s.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
  JOIN catalog_shop h ON h.id = d.shop_id
 WHERE s.pool_id = %s::uuid
 ORDER BY o.id
"""
