"""One statement that reads all a quote rests on: basket, offers, lots, terms, freight rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from countyfair.kernel.rows import one_line, rows
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders.rules.ahead import sold_ahead
from countyfair.trade.orders.rules.quote import Offered
from countyfair.trade.orders.rules.shares import Terms
from countyfair.trade.stock.rules import Blend, LotState

JOINS = ("stations", "catalog", "stock", "logistics")

#: An order draws on at most so many lots of one pool; it chooses among ten times as many for a blend.
MOST_LOTS = 500


@dataclass(frozen=True, slots=True)
class Pickup:
    """The station where a buyer means to pick up."""

    station: UUID
    place: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What an order with this id says already."""

    content: str
    number: str
    intent: UUID
    total_fen: int


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a quote rests on, read in one snapshot. `terms` None: the county has none yet.

    `places` tells where the stations are at which the lots lie.
    """

    wanted: tuple[tuple[Offered, int], ...]
    terms: Terms | None
    freight: tuple[FreightRule, ...]
    places: dict[UUID, str]
    pickup: Pickup | None
    known: Known | None


class _Row(NamedTuple):
    terms: str | None
    freight: str | None
    pickup_place: str | None
    pickup_open: bool | None
    known_content: str | None
    known_number: str | None
    known_intent: UUID | None
    known_total: int | None
    quantity: int | None
    offer: UUID
    county: str
    version: int
    outlet: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    price_fen: int
    currency: str
    most_per_order: int
    shop: UUID
    shop_name: str
    product: UUID
    kind: str
    name_zh: str
    name_en: str
    category: str
    place: str
    unit: str
    icon: str
    label_zh: str
    label_en: str
    content_amount: int
    sold_by: str
    tare_g: int
    supply: UUID | None
    pool: UUID | None
    cap_left: int | None
    lots: Sequence[UUID] | None
    households: Sequence[UUID] | None
    stations: Sequence[UUID | None] | None
    station_places: Sequence[str | None] | None
    harvested: Sequence[date] | None
    free: Sequence[int] | None
    grades: Sequence[str] | None
    standard_versions: Sequence[int] | None
    factors: Sequence[int] | None
    blend_of: Sequence[str] | None
    blend_percent: int | None
    expected_on: date | None
    most_per_buyer: int | None
    put_up_at: datetime | None
    bundled: bool


_BASIS = """
SELECT head.terms, head.freight, head.pickup_place, head.pickup_open,
       head.content, head.number, head.intent, head.total_fen,
       goods.*
  FROM (
    SELECT (SELECT json_build_array(t.version, t.household_rate::text, t.station_rate::text,
                                    t.centre_rate::text, t.platform_rate::text, t.return_window_days,
                                    t.weight_tolerance::text)::text
              FROM orders_shareterms t
             WHERE t.county = %(county)s AND t.since <= %(moment)s
               AND (t.until IS NULL OR t.until > %(moment)s)
             ORDER BY t.version DESC LIMIT 1) AS terms,
           (SELECT json_agg(json_build_array(f.destination, f.fulfilment, f.first_g, f.first_fen, f.further_g,
                                             f.further_fen, f.free_from_fen, f.refused, f.version))::text
              FROM logistics_freightrule f
             WHERE f.county = %(county)s AND f.since <= %(moment)s
               AND (f.until IS NULL OR f.until > %(moment)s)) AS freight,
           station.place AS pickup_place, station.is_open AS pickup_open,
           known.content, known.number, known.intent, known.total_fen
      FROM (SELECT) AS always
      LEFT JOIN stations_station station ON station.id = %(station)s::uuid AND station.county = %(county)s
      LEFT JOIN orders_order known ON known.id = %(order)s::uuid
  ) head
  LEFT JOIN LATERAL (
    SELECT w.quantity, o.id, o.county, o.version, o.outlet,
           CASE WHEN p.withdrawn_at IS NULL AND s.closed_on IS NULL THEN o.state ELSE 'off' END,
           o.opens_at, o.closes_at, o.price_fen, o.currency, o.most_per_order,
           s.id, s.name_zh, p.id, p.kind, p.name_zh, p.name_en, p.category, p.place, p.unit, p.icon,
           k.label_zh, k.label_en, k.content_amount, k.sold_by, k.tare_g,
           w.supply, w.pool, w.cap_left, lots.ids, lots.households, lots.stations, lots.places,
           lots.harvested, lots.free, lots.grades, lots.versions, lots.factors, w.blend_of, w.blend_percent,
           o.expected_on, o.most_per_buyer, CASE WHEN o.most_per_buyer > 0 THEN o.put_up_at END,
           o.bundled
      FROM (
        SELECT l.offer, l.quantity, l.position, su.id AS supply, su.pool_id AS pool,
               su.cap_amount - su.used AS cap_left, su.standard_id AS standard, su.takes, su.blend_of,
               su.blend_percent,
               sum(l.quantity * pack.content_amount) OVER (PARTITION BY su.pool_id) AS needed
          FROM ({wanted}) l
          JOIN catalog_offer offer ON offer.id = l.offer{of_county}
          JOIN catalog_pack pack ON pack.id = offer.pack_id
          LEFT JOIN stock_supply su ON su.offer_id = l.offer
      ) w
      JOIN catalog_offer o ON o.id = w.offer
      JOIN catalog_pack k ON k.id = o.pack_id
      JOIN catalog_product p ON p.id = o.product_id
      JOIN catalog_shop s ON s.id = p.shop_id
      LEFT JOIN LATERAL (
        SELECT array_agg(f.id ORDER BY f.day, f.id) AS ids,
               array_agg(f.household_id ORDER BY f.day, f.id) AS households,
               array_agg(f.station_id ORDER BY f.day, f.id) AS stations,
               array_agg(f.place ORDER BY f.day, f.id) AS places,
               array_agg(f.day ORDER BY f.day, f.id) AS harvested,
               array_agg(f.free ORDER BY f.day, f.id) AS free,
               array_agg(f.grade ORDER BY f.day, f.id) AS grades,
               array_agg(f.version ORDER BY f.day, f.id) AS versions,
               array_agg(f.factor ORDER BY f.day, f.id) AS factors
          FROM (SELECT lot.*, st.place, sum(lot.free) OVER o - lot.free AS earlier,
                       coalesce(sum(lot.free) FILTER (WHERE lot.fine) OVER o, 0) AS finer
                  FROM (SELECT id, household_id, station_id, harvested_on AS day, on_hand - reserved AS free,
                               grade, standard_version AS version, factor_milli AS factor,
                               w.blend_percent > 0 AND grade = ANY (w.blend_of) AS fine
                          FROM stock_lot t WHERE pool_id = w.pool AND has_free
                           AND (w.standard IS NULL OR t.standard_id = w.standard AND grade = ANY (w.takes))
                               {of_days}
                         ORDER BY harvested_on, id
                         LIMIT CASE WHEN w.blend_percent > 0 THEN 10 ELSE 1 END * {most_lots}) lot
                  LEFT JOIN stations_station st ON st.id = lot.station_id
                WINDOW o AS (ORDER BY lot.day, lot.id)) f
         WHERE CASE WHEN f.fine THEN f.finer - f.free ELSE f.earlier - f.finer END
               < w.needed * %(ease)s::bigint
      ) lots ON w.pool IS NOT NULL
     ORDER BY w.position
  ) goods ON true
"""
_LINES = """
SELECT u.offer, u.quantity, u.position
  FROM unnest(%(offers)s::uuid[], %(quantities)s::int[]) WITH ORDINALITY AS u (offer, quantity, position)
"""
_IN_BASKET = """
SELECT line.offer_id AS offer, line.quantity, row_number() OVER (ORDER BY line.added_at, line.id) AS position
  FROM orders_basketline line JOIN orders_basket b ON b.id = line.basket_id
"""
_GUESTS = f"{_IN_BASKET} WHERE b.id = %(basket)s::uuid AND b.user_id IS NULL"
_MEMBERS = f"{_IN_BASKET} WHERE b.user_id = %(user)s::uuid"


@lru_cache
def _statement(wanted: str, of_one_county: bool, of_days: bool = False) -> str:
    """The text for one source of lines. A text for each lets the server plan it once and for all: in one
    text for all of them it found no plan that suited every source, and planned each time anew.
    """
    return one_line(
        _BASIS.format(
            wanted=wanted,
            of_county=" AND offer.county = %(county)s" if of_one_county else "",
            most_lots=MOST_LOTS,
            of_days="AND t.service_on = ANY (%(days)s::date[])" if of_days else "",
        )
    )


def basis(
    *,
    county: str,
    moment: datetime,
    order: UUID | None = None,
    user: UUID | None = None,
    basket: UUID | None = None,
    lines: Sequence[tuple[UUID, int]] | None = None,
    station: UUID | None = None,
    ease: int = 1,
    days: Sequence[date] = (),
) -> Basis:
    """Read what a quote rests on, in one statement.

    Args:
        county: six digits; "" reads a whole basket whatever its counties, without terms and freight.
        order: the id under which it may have been placed already.
        user: the member whose basket it is, else `basket` is the guest's.
        lines: (offer, packs) instead of a basket.
        station: where the buyer means to pick up.
        ease: how many times the lots that are needed are read, so that one may choose among them.
        days: of a service, the days it is wanted for: only their lots are read, and all of them.
    """
    source = _LINES if lines is not None else _MEMBERS if user else _GUESTS
    found = rows(
        _statement(source, bool(county), bool(days)),
        {
            "county": county,
            "moment": moment,
            "order": order,
            "user": user,
            "basket": basket,
            "offers": [offer for offer, _ in lines or ()],
            "quantities": [quantity for _, quantity in lines or ()],
            "station": station,
            "ease": MOST_LOTS if days else ease,
            "days": list(days),
        },
        into=_Row,
        keep_plan=True,
    )
    head = found[0]
    return Basis(
        wanted=tuple((_offered(row), row.quantity) for row in found if row.quantity is not None),
        terms=_terms(head.terms),
        freight=_freight(head.freight),
        places={
            station: place
            for row in found
            for station, place in zip(row.stations or (), row.station_places or (), strict=True)
            if station is not None and place is not None
        },
        pickup=Pickup(station, head.pickup_place, bool(head.pickup_open))
        if station is not None and head.pickup_place is not None
        else None,
        known=Known(head.known_content, head.known_number or "", head.known_intent, head.known_total or 0)
        if head.known_content is not None and head.known_intent is not None
        else None,
    )


@lru_cache(maxsize=1024)
def _terms(text: str | None) -> Terms | None:
    if text is None:
        return None
    version, household, station, centre, platform, days, tolerance = json.loads(text)
    rates = (Decimal(household), Decimal(station), Decimal(centre), Decimal(platform))
    return Terms(version, *rates, days, Decimal(tolerance))


@lru_cache(maxsize=1024)
def _freight(text: str | None) -> tuple[FreightRule, ...]:
    return tuple(FreightRule(*row) for row in json.loads(text)) if text else ()


def _offered(row: _Row) -> Offered:
    lots = zip(
        row.lots or (),
        row.households or (),
        row.stations or (),
        row.harvested or (),
        row.free or (),
        row.grades or (),
        row.standard_versions or (),
        row.factors or (),
        strict=True,
    )
    return Offered(
        row.offer,
        row.county,
        row.version,
        row.outlet,
        row.state,
        row.opens_at,
        row.closes_at,
        row.price_fen,
        row.currency,
        row.most_per_order,
        row.shop,
        row.shop_name,
        row.product,
        row.kind,
        row.name_zh,
        row.name_en,
        row.category,
        row.place,
        row.unit,
        row.icon,
        *sold_ahead(row.label_zh, row.label_en, row.expected_on),
        row.content_amount,
        row.sold_by,
        row.tare_g,
        row.supply,
        row.pool,
        row.cap_left,
        tuple(LotState(*lot) for lot in lots),
        Blend(frozenset(row.blend_of or ()), row.blend_percent) if row.blend_percent else None,
        row.expected_on,
        row.most_per_buyer,
        row.put_up_at,
        row.bundled,
    )
