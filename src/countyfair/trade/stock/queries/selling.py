"""What can be bought now, and everything a checkout must know of it, in one statement each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, one, one_line, rows
from countyfair.trade.catalog.queries import NO_PRODUCT, PAGE, ProductPage, page_of
from countyfair.trade.stock.rules import Blend, LotState, available

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class Availability:
    """How many whole packs of an offer its outlet may sell now."""

    offer: UUID
    packs: int


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer with all that it rests on.

    `supply`, `pool` are None for an offer that nothing feeds yet. `free` is what the pool has for it in
    base units, before the cap.
    """

    offer: UUID
    version: int
    state: str
    outlet: str
    county: str
    price_fen: int
    currency: str
    opens_at: datetime | None
    closes_at: datetime | None
    most_per_order: int
    pack: UUID
    pack_code: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    tare_g: int
    product: UUID
    product_code: str
    name_zh: str
    name_en: str
    kind: str
    category: str
    place: str
    unit: str
    icon: str
    withdrawn_at: datetime | None
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    operator_kind: str
    organisation: UUID | None
    household: UUID | None
    shop_closed_on: date | None
    supply: UUID | None
    pool: UUID | None
    cap_amount: int | None
    used: int
    free: int
    blend_of: Sequence[str] | None
    blend_percent: int
    lot_ids: Sequence[UUID] | None
    lot_households: Sequence[UUID] | None
    lot_stations: Sequence[UUID | None] | None
    lot_days: Sequence[date] | None
    lot_frees: Sequence[int] | None
    lot_grades: Sequence[str] | None
    lot_versions: Sequence[int] | None
    lot_factors: Sequence[int] | None

    @property
    def lots(self) -> list[LotState]:
        """As many lots as all lines of the pool want together, oldest harvest first."""
        columns = zip(
            self.lot_ids or (),
            self.lot_households or (),
            self.lot_stations or (),
            self.lot_days or (),
            self.lot_frees or (),
            self.lot_grades or (),
            self.lot_versions or (),
            self.lot_factors or (),
            strict=True,
        )
        return [LotState(*one) for one in columns]

    @property
    def blend(self) -> Blend | None:
        """How what is drawn must be blended."""
        return Blend(frozenset(self.blend_of or ()), self.blend_percent) if self.blend_percent else None

    @property
    def available(self) -> int:
        """Whole packs that may be sold now."""
        return available(self.free, self.cap_amount, self.used, self.content_amount)

    def on_sale(self, moment: datetime) -> bool:
        """Whether it can be bought at `moment`: put up, in its window, product and shop still there."""
        return (
            self.state == "on"
            and (self.opens_at is None or self.opens_at <= moment)
            and (self.closes_at is None or moment < self.closes_at)
            and self.withdrawn_at is None
            and self.shop_closed_on is None
        )


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """An outlet's tap on a pool. Amounts in base units; `free` is what the pool has for it.

    `takes` are the grades of its `standard` that it draws on (none: whatever lies there);
    `blend_percent` of each purchase are of the grades in `blend_of` at least.
    """

    id: UUID
    offer: UUID
    outlet: str
    state: str
    pack_code: str
    label_zh: str
    product: UUID
    name_zh: str
    unit: str
    cap_amount: int | None
    used: int
    free: int
    standard: UUID | None
    takes: Sequence[str]
    blend_of: Sequence[str]
    blend_percent: int


def availability(offers: Sequence[UUID]) -> dict[UUID, int]:
    """Whole packs that can be bought now, by offer; an offer that nothing feeds has none. One statement."""
    found = rows(_AVAILABILITY, [list(offers)], into=Availability, keep_plan=True)
    return dict.fromkeys(offers, 0) | {row.offer: row.packs for row in found}


def product_on_sale(
    *, product: UUID, outlet: str = "shop", moment: datetime | None = None
) -> tuple[ProductPage, dict[UUID, int]]:
    """A product, and by offer how many whole packs can be bought now; one statement.

    Raises:
        Missing: there is none, or it was withdrawn.
    """
    values = {"product": product, "outlet": outlet, "moment": moment or now()}
    *columns, left = one(_ON_SALE, values, into=Columns, missing=NO_PRODUCT, keep_plan=True)
    page = page_of(*columns)
    packs = {UUID(offer): count for offer, count in json.loads(left or "{}").items()}
    return page, {offer.id: packs.get(offer.id, 0) for offer in page.offers}


def quote(wanted: Sequence[tuple[UUID, int]]) -> list[Quote]:
    """What (offer, packs) pairs rest on, in the order asked; offers that do not exist are left out.

    One statement. Lots come only as far as all lines of their pool together need.
    """
    return rows(
        _QUOTE,
        {"offers": [offer for offer, _ in wanted], "packs": [packs for _, packs in wanted]},
        into=Quote,
    )


def supplies(actor: Actor, *, county: str, product: UUID | None = None, limit: int = 500) -> list[SupplyRow]:
    """The taps of a county's pools, by product; needs `stock.read` there.

    Raises:
        Forbidden: the actor may not read this county's stock.
    """
    actor.require("stock.read", place=county)
    return rows(_SUPPLIES, {"county": county, "product": product, "limit": limit}, into=SupplyRow)


# What a supply `s` takes of a lot `l`, and what of that its pool has free and its blend can carry. Written
# out where it is needed, so that the server plans it with the rest.
_TAKES = "({0}.standard_id IS NULL OR l.standard_id = {0}.standard_id AND l.grade = ANY ({0}.takes))"
_POOLED = """JOIN LATERAL (
       SELECT CASE WHEN s.blend_percent > 0 THEN least(a.free, a.fine * 100 / s.blend_percent)
                   ELSE a.free END AS free
         FROM (SELECT coalesce(sum(l.on_hand - l.reserved), 0)::bigint AS free,
                      coalesce(sum(l.on_hand - l.reserved) FILTER (WHERE l.grade = ANY (s.blend_of)), 0
                      )::bigint AS fine
                 FROM stock_lot l WHERE l.pool_id = s.pool_id AND l.has_free
                  AND {takes}) a) p ON true"""
_FREE = _POOLED.format(takes=_TAKES.format("s"))

_OF_OFFERS = """
SELECT s.offer_id, greatest(0, least(p.free, s.cap_amount - s.used)) / k.content_amount
  FROM stock_supply s
  JOIN catalog_offer o ON o.id = s.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
  {free}
 WHERE s.offer_id = ANY(%s::uuid[])
"""
_AVAILABILITY = _OF_OFFERS.format(free=_FREE)

_BESIDE = """
SELECT page.*, (
    SELECT json_object_agg(s.offer_id,
                           greatest(0, least(p.free, s.cap_amount - s.used)) / k.content_amount)::text
      FROM catalog_offer o
      JOIN catalog_pack k ON k.id = o.pack_id
      JOIN stock_supply s ON s.offer_id = o.id
      {free}
     WHERE o.product_id = %(product)s::uuid AND o.outlet = %(outlet)s)
  FROM ({page}) page
"""
_ON_SALE = one_line(_BESIDE.format(page=PAGE, free=_FREE))

_OF_COUNTY = """
SELECT s.id, s.offer_id, o.outlet, o.state, k.code, k.label_zh, d.id, d.name_zh, d.unit,
       s.cap_amount, s.used, p.free, s.standard_id, s.takes, s.blend_of, s.blend_percent
  FROM stock_supply s
  JOIN catalog_offer o ON o.id = s.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
  {free}
 WHERE s.county = %(county)s AND (%(product)s::uuid IS NULL OR d.id = %(product)s::uuid)
 ORDER BY d.name_zh, k.code, o.outlet
 LIMIT %(limit)s::int
"""
_SUPPLIES = _OF_COUNTY.format(free=_FREE)

# The lots of a pool up to where the running sum passes what all lines of the pool want together; of a blend,
# those of its fine grades and the others each.
_OF_WANTED = """
WITH wanted AS (
    SELECT w.offer, w.position, o.*, s.id AS supply, s.pool_id AS pool, s.cap_amount,
           coalesce(s.used, 0) AS used, s.standard_id, s.takes, s.blend_of, s.blend_percent,
           k.code AS pack_code, k.label_zh, k.label_en, k.content_amount,
           k.sold_by, k.tare_g, sum(w.packs * k.content_amount) OVER (PARTITION BY s.pool_id) AS pool_wants
      FROM unnest(%(offers)s::uuid[], %(packs)s::bigint[]) WITH ORDINALITY AS w (offer, packs, position)
      JOIN catalog_offer o ON o.id = w.offer
      JOIN catalog_pack k ON k.id = o.pack_id
      LEFT JOIN stock_supply s ON s.offer_id = o.id)
SELECT w.offer, w.version, w.state, w.outlet, w.county, w.price_fen, w.currency, w.opens_at, w.closes_at,
       w.most_per_order, w.pack_id, w.pack_code, w.label_zh, w.label_en, w.content_amount, w.sold_by,
       w.tare_g, d.id, d.code, d.name_zh, d.name_en, d.kind, d.category, d.place, d.unit, d.icon,
       d.withdrawn_at, h.id, h.name_zh, h.name_en, h.operator_kind, h.organisation_id, h.household_id,
       h.closed_on, w.supply, w.pool, w.cap_amount, w.used,
       CASE WHEN w.blend_percent > 0 THEN least(p.free, p.fine * 100 / w.blend_percent)
            ELSE coalesce(p.free, 0) END,
       w.blend_of, coalesce(w.blend_percent, 0), p.ids, p.households, p.stations, p.days, p.frees, p.grades,
       p.versions, p.factors
  FROM wanted w
  JOIN catalog_product d ON d.id = w.product_id
  JOIN catalog_shop h ON h.id = d.shop_id
  LEFT JOIN LATERAL (
       SELECT max(r.free_in_all)::bigint AS free,
              coalesce(sum(r.free) FILTER (WHERE r.fine), 0)::bigint AS fine,
              array_agg(r.id ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS ids,
              array_agg(r.household_id ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS households,
              array_agg(r.station_id ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS stations,
              array_agg(r.harvested_on ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS days,
              array_agg(r.free ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS frees,
              array_agg(r.grade ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS grades,
              array_agg(r.standard_version ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS versions,
              array_agg(r.factor_milli ORDER BY r.harvested_on, r.id) FILTER (WHERE r.needed) AS factors
         FROM (SELECT l.*, sum(l.free) OVER () AS free_in_all,
                      sum(l.free) OVER (PARTITION BY l.fine ORDER BY l.harvested_on, l.id) - l.free
                      < w.pool_wants AS needed
                 FROM (SELECT l.id, l.household_id, l.station_id, l.harvested_on,
                              l.on_hand - l.reserved AS free, l.grade, l.standard_version, l.factor_milli,
                              w.blend_percent > 0 AND l.grade = ANY (w.blend_of) AS fine
                         FROM stock_lot l WHERE l.pool_id = w.pool AND l.has_free
                          AND {takes}) l) r
       ) p ON true
 ORDER BY w.position
"""
_QUOTE = _OF_WANTED.format(takes=_TAKES.format("w"))
