"""Orders as the county's desk sees them: the day's work in numbers, lists by filter, one order whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.kernel.rows import one, rows
from countyfair.kernel.seal import unseal
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.life import Places, Standing, possible

JOINS = ("people", "stations", "stock", "payments", "logistics")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Today:
    """What waits in a county: orders by state, promises lost to a shortfall, lots of the day, refunds."""

    to_pack: int
    to_hand_over: int
    unpaid: int
    shortfalls: int
    lots: int
    refunds_failed: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list. Nothing personal; `goods` names its first line, `lines` counts them."""

    id: UUID
    number: str
    state: str
    fulfilment: str
    destination: str
    station_name: str
    origin_place: str
    origin_name: str
    total_fen: int
    currency: str
    placed_at: datetime
    goods: str
    goods_en: str
    lines: int


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line as it was frozen; `left_fen` after refunds, `packed` what the scale said."""

    id: UUID
    shop_name: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    place: str
    quantity: int
    content_amount: int
    unit: str
    sold_by: str
    price_fen: int
    amount_fen: int
    left_fen: int
    packed: int | None


@dataclass(frozen=True, slots=True)
class ShareSeen:
    """A row of the table of shares. `name` is what its owner is known by; a refund's rows are negative."""

    line: int | None
    beneficiary: str
    owner: str
    name: str
    lot: str
    amount_fen: int
    terms_version: int
    refunded: bool


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step of its life."""

    verb: str
    before: str
    after: str
    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """One thing that happened to a parcel."""

    kind: str
    place: str
    station: str
    at: datetime
    evidence: str
    actor: str


@dataclass(frozen=True, slots=True)
class ParcelSeen:
    """A parcel and its way."""

    waybill: str
    carrier: str
    state: str
    weight_g: int
    scans: tuple[ScanSeen, ...]


@dataclass(frozen=True, slots=True)
class CaptureSeen:
    """Money received."""

    gateway: str
    provider_key: str
    amount_fen: int
    station: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """Money on its way back. `state` is asked, done or failed."""

    id: UUID
    amount_fen: int
    state: str
    last_error: str
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenBackSeen:
    """What the desk gave back, and why."""

    amount_fen: int
    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """One order with everything that hangs on it, and the verbs that this actor may use on it now.

    `contact` is for who packs or delivers; None for others, and once it was erased.
    """

    id: UUID
    county: str
    number: str
    state: str
    outlet: str
    fulfilment: str
    destination: str
    station_name: str
    origin_place: str
    origin_name: str
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    gateway: str
    intent_state: str
    return_window_days: int
    placed_at: datetime
    pay_before: datetime | None
    freight_left_fen: int
    contact: Contact | None
    verbs: tuple[str, ...]
    lines: tuple[LineSeen, ...]
    shares: tuple[ShareSeen, ...]
    steps: tuple[StepSeen, ...]
    parcels: tuple[ParcelSeen, ...]
    captures: tuple[CaptureSeen, ...]
    refunds: tuple[RefundSeen, ...]
    given_back: tuple[GivenBackSeen, ...]

    @property
    def shared_fen(self) -> int:
        """What all shares come to: the total less what was given back."""
        return sum(share.amount_fen for share in self.shares)


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of a county's share terms; `until` None is the one that holds."""

    version: int
    household: Decimal
    station: Decimal
    centre: Decimal
    platform: Decimal
    return_window_days: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HeldFor:
    """Which order a promise of stock stands for."""

    holder: str
    order: UUID
    number: str
    state: str


def today(actor: Actor, *, county: str, since: datetime) -> Today:
    """What waits in a county, and what was weighed from `since` on, in one statement; needs `orders.read`.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    params = {"county": county, "since": since, "lost": SHORT}
    return one(_TODAY, params, into=Today, missing=_("There is no such county."))


def browse(
    actor: Actor,
    *,
    county: str,
    state: str = "",
    number: str = "",
    place: str = "",
    short: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Orders of a county, the newest first; needs `orders.read` in the whole county.

    Args:
        number: how the number begins.
        place: packed in, or sent to, this subtree.
        short: only those cancelled because their goods were not there.
        since, until: placed from the one until before the other.
        before: (placed_at, id) of the last row of the page before.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    at, key = before or (None, None)
    return rows(
        _BROWSE,
        {
            "county": county,
            "state": state,
            "number": number,
            "place": place,
            "short": short,
            "since": since,
            "until": until,
            "at": at,
            "key": key,
            "limit": limit,
            "lost": SHORT,
        },
        into=OrderRow,
    )


def whole(actor: Actor, *, order_id: UUID) -> OrderSeen:
    """One order with lines, shares, steps, parcels, payment and refunds, in one statement.

    Needs `orders.read` where it is packed, where it is picked up, or in its county.

    Raises:
        Missing: no such order.
        Forbidden: out of the actor's reach.
    """
    found = rows(_WHOLE, {"order": order_id}, into=_Found)
    if not found:
        raise Missing(_("There is no such order."))
    row: Mapping[str, Any] = json.loads(found[0].whole)
    places = Places(row["county"], row["origin_place"], row["destination"], row["fulfilment"] == "pickup")
    if not any(actor.may("orders.read", place=place) for place in (row["county"], *places.of_readers())):
        raise Forbidden(_("Your role does not allow this here."))
    is_buyer = actor.user_id is not None and str(actor.user_id) == row["buyer"]
    works = any(actor.may(power, place=row["county"]) for power in ("orders.pack", "orders.deliver"))
    return _seen(row, possible(row["state"], Standing(actor, is_buyer, places)), with_contact=works)


def terms_by_version(actor: Actor, *, county: str) -> list[TermsRow]:
    """Every version of a county's share terms, the latest first; needs `settlement.read` or `terms.manage`.

    Raises:
        Forbidden: neither power in the county.
    """
    if not actor.may("terms.manage", place=county):
        actor.require("settlement.read", place=county)
    return rows(
        "SELECT version, household_rate, station_rate, centre_rate, platform_rate, return_window_days,"
        " since, until"
        " FROM orders_shareterms WHERE county = %s ORDER BY version DESC",
        [county],
        into=TermsRow,
    )


def held_for(actor: Actor, *, county: str, holders: list[str]) -> dict[str, HeldFor]:
    """Which orders of a county these holders of stock are lines of; needs `orders.read` in the county.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    found = rows(
        "SELECT l.id::text, o.id, o.number, o.state FROM orders_line l"
        " JOIN orders_order o ON o.id = l.order_id"
        " WHERE l.id::text = ANY (%s::text[]) AND l.id = ANY (%s::uuid[]) AND o.county = %s",
        [holders, [holder for holder in holders if len(holder) == 36], county],
        into=HeldFor,
    )
    return {row.holder: row for row in found}


@dataclass(frozen=True, slots=True)
class _Found:
    whole: str


def _seen(row: Mapping[str, Any], verbs: tuple[str, ...], *, with_contact: bool) -> OrderSeen:
    sealed = row["sealed"] if with_contact else ""
    plain = {
        name: row[name]
        for name in (
            "county", "number", "state", "outlet", "fulfilment", "destination", "station_name",
            "origin_place", "origin_name", "goods_fen", "freight_fen", "total_fen", "currency", "gateway",
            "intent_state",
            "return_window_days", "freight_left_fen",
        )
    }  # fmt: skip
    return OrderSeen(
        id=UUID(row["id"]), placed_at=_at(row["placed_at"]), pay_before=_at_if_any(row["pay_before"]),
        verbs=verbs, contact=Contact.from_text(unseal(sealed, "order.contact")) if sealed else None,
        lines=tuple(LineSeen(**{**line, "id": UUID(line["id"])}) for line in row["lines"]),
        shares=tuple(ShareSeen(**share) for share in row["shares"]),
        steps=tuple(StepSeen(**_timed(step, "at")) for step in row["steps"]),
        parcels=tuple(
            ParcelSeen(
                **{**parcel, "scans": tuple(ScanSeen(**_timed(scan, "at")) for scan in parcel["scans"])}
            )
            for parcel in row["parcels"]
        ),
        captures=tuple(CaptureSeen(**_timed(one, "captured_at")) for one in row["captures"]),
        refunds=tuple(
            RefundSeen(**{**_timed(one, "asked_at", "done_at"), "id": UUID(one["id"])})
            for one in row["refunds"]
        ),
        given_back=tuple(GivenBackSeen(**_timed(one, "at")) for one in row["given_back"]),
        **plain,
    )  # fmt: skip


def _timed(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: _at_if_any(row[name]) for name in names}}


def _at(text: str) -> datetime:
    at = parse_datetime(text)
    if at is None:
        raise ValueError(text)
    return at


def _at_if_any(text: str | None) -> datetime | None:
    return _at(text) if text else None


#: Why `cancel_short` cancels; see `actions.cancelling`.
SHORT = "the goods are not there"

_TODAY = """
SELECT count(*) FILTER (WHERE o.state = 'paid'), count(*) FILTER (WHERE o.state = 'packed'),
       count(*) FILTER (WHERE o.state = 'placed'),
       (SELECT count(*) FROM orders_order c
         WHERE c.county = %(county)s AND c.state IN ('cancelled', 'refunded')
           AND c.cancelled_at >= %(since)s::timestamptz - interval '7 days'
           AND EXISTS (SELECT 1 FROM orders_step s WHERE s.order_id = c.id AND s.reason = %(lost)s)),
       (SELECT count(*) FROM stock_lot l
         WHERE l.county = %(county)s AND l.weighed_at >= %(since)s::timestamptz),
       (SELECT count(*) FROM payments_refund r WHERE r.county = %(county)s AND r.state = 'failed')
  FROM orders_order o WHERE o.county = %(county)s AND o.state IN ('placed', 'paid', 'packed')
"""

_BROWSE = """
SELECT o.id, o.number, o.state, o.fulfilment, o.destination, coalesce(t.name, ''), o.origin_place,
       coalesce(g.name, ''), o.total_fen, o.currency, o.placed_at, coalesce(l.name_zh, ''),
       coalesce(l.name_en, ''),
       (SELECT count(*) FROM orders_line m WHERE m.order_id = o.id)
  FROM orders_order o
  LEFT JOIN stations_station t ON t.id = o.station_id
  LEFT JOIN stations_station g ON g.id = o.origin_id
  LEFT JOIN LATERAL (SELECT name_zh, name_en FROM orders_line f WHERE f.order_id = o.id
                      ORDER BY f.position LIMIT 1) l ON true
 WHERE o.county = %(county)s AND (%(state)s = '' OR o.state = %(state)s) AND o.number ^@ %(number)s
   AND (o.origin_place ^@ %(place)s OR o.destination ^@ %(place)s)
   AND (NOT %(short)s::boolean
        OR EXISTS (SELECT 1 FROM orders_step s WHERE s.order_id = o.id AND s.reason = %(lost)s))
   AND (%(since)s::timestamptz IS NULL OR o.placed_at >= %(since)s::timestamptz)
   AND (%(until)s::timestamptz IS NULL OR o.placed_at < %(until)s::timestamptz)
   AND (%(at)s::timestamptz IS NULL OR (o.placed_at, o.id) < (%(at)s::timestamptz, %(key)s::uuid))
 ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s::int
"""

_WHOLE = """
SELECT json_build_object(
  'id', o.id, 'county', o.county, 'number', o.number, 'state', o.state, 'buyer', o.buyer_id,
  'outlet', o.outlet,
  'fulfilment', o.fulfilment, 'destination', o.destination, 'station_name', coalesce(t.name, ''),
  'origin_place', o.origin_place, 'origin_name', coalesce(g.name, ''), 'goods_fen', o.goods_fen,
  'freight_fen', o.freight_fen, 'total_fen', o.total_fen, 'currency', o.currency, 'gateway', o.gateway,
  'intent_state', coalesce((SELECT i.state FROM payments_intent i WHERE i.id = o.intent), ''),
  'return_window_days', o.return_window_days, 'placed_at', o.placed_at, 'pay_before', o.pay_before,
  'sealed', coalesce((SELECT c.sealed FROM orders_contact c WHERE c.order_id = o.id), ''),
  'freight_left_fen', coalesce((SELECT sum(s.amount_fen) FROM orders_share s
      WHERE s.order_id = o.id AND s.line_id IS NULL), 0),
  'lines', coalesce((SELECT json_agg(json_build_object(
      'id', l.id, 'shop_name', l.shop_name, 'name_zh', l.name_zh, 'name_en', l.name_en,
      'label_zh', l.label_zh,
      'label_en', l.label_en, 'place', l.place, 'quantity', l.quantity, 'content_amount', l.content_amount,
      'unit', l.unit, 'sold_by', l.sold_by, 'price_fen', l.price_fen, 'amount_fen', l.amount_fen,
      'left_fen', coalesce((SELECT sum(s.amount_fen) FROM orders_share s WHERE s.line_id = l.id
                             AND s.order_id = o.id), 0),
      'packed', (SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                  ORDER BY w.at DESC, w.id DESC LIMIT 1)
      ) ORDER BY l.position) FROM orders_line l WHERE l.order_id = o.id), '[]'),
  'shares', coalesce((SELECT json_agg(json_build_object(
      'line', l.position, 'beneficiary', s.beneficiary, 'owner', s.owner,
      'name', coalesce(h.number, p.name, ''), 'lot', coalesce(b.number, ''), 'amount_fen', s.amount_fen,
      'terms_version', s.terms_version, 'refunded', s.refund_id IS NOT NULL)
      ORDER BY s.refund_id NULLS FIRST, l.position NULLS LAST, s.beneficiary, s.id)
      FROM orders_share s LEFT JOIN orders_line l ON l.id = s.line_id
      LEFT JOIN stock_lot b ON b.id = s.lot_id
      LEFT JOIN people_household h ON s.beneficiary = 'household' AND h.id::text = s.owner
      LEFT JOIN stations_station p ON s.beneficiary = 'station' AND p.id::text = s.owner
      WHERE s.order_id = o.id), '[]'),
  'steps', coalesce((SELECT json_agg(json_build_object('verb', s.verb, 'before', s.before, 'after', s.after,
      'reason', s.reason, 'at', s.at, 'actor', s.actor) ORDER BY s.position)
      FROM orders_step s WHERE s.order_id = o.id), '[]'),
  'parcels', coalesce((SELECT json_agg(json_build_object('waybill', p.waybill, 'carrier', p.carrier,
      'state', p.state, 'weight_g', p.weight_g, 'scans', coalesce((SELECT json_agg(json_build_object(
          'kind', c.kind, 'place', c.place, 'station', coalesce(n.name, ''), 'at', c.at,
          'evidence', c.evidence,
          'actor', c.actor) ORDER BY c.position)
          FROM logistics_scan c LEFT JOIN stations_station n ON n.id = c.station_id
          WHERE c.parcel_id = p.id), '[]'))
      ORDER BY p.packed_at) FROM logistics_parcel p WHERE p.reference = o.id::text), '[]'),
  'captures', coalesce((SELECT json_agg(json_build_object('gateway', c.gateway,
      'provider_key', c.provider_key, 'amount_fen', c.amount_fen, 'station', coalesce(n.name, ''),
      'captured_at', c.captured_at)
      ORDER BY c.captured_at, c.id) FROM payments_intent i JOIN payments_capture c ON c.intent_id = i.id
      LEFT JOIN stations_station n ON n.id = c.station_id WHERE i.reference = o.id::text), '[]'),
  'refunds', coalesce((SELECT json_agg(json_build_object('id', r.id, 'amount_fen', r.amount_fen,
      'state', r.state, 'last_error', r.last_error, 'asked_at', r.asked_at, 'done_at', r.done_at)
      ORDER BY r.asked_at, r.id)
      FROM payments_intent i JOIN payments_capture c ON c.intent_id = i.id
      JOIN payments_refund r ON r.capture_id = c.id WHERE i.reference = o.id::text), '[]'),
  'given_back', coalesce((SELECT json_agg(json_build_object('amount_fen', r.amount_fen, 'reason', r.reason,
      'at', r.at, 'actor', r.actor) ORDER BY r.at, r.id) FROM orders_refund r WHERE r.order_id = o.id), '[]')
  )::text
  FROM orders_order o
  LEFT JOIN stations_station t ON t.id = o.station_id
  LEFT JOIN stations_station g ON g.id = o.origin_id
 WHERE o.id = %(order)s::uuid
"""
