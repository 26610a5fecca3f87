"""One order, whole, for its buyer or for who works on it: one statement."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import one, one_line
from countyfair.kernel.seal import token_matches, unseal
from countyfair.trade.orders.queries.shown import (
    CaptureShown,
    LineShown,
    OrderHead,
    OrderShown,
    ParcelShown,
    RefundShown,
    RepaymentShown,
    ScanShown,
    ShareShown,
    StepShown,
)
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.life import Places, Standing, possible

JOINS = ("people", "stations", "stock", "payments", "logistics")

T = TypeVar("T")
Told = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Found(OrderHead):
    sealed: str
    lines: str | None
    steps: str | None
    shares: str | None
    refunds: str | None
    parcels: str | None
    captures: str | None
    repayments: str | None


def order(actor: Actor, *, order_id: UUID, token: str = "") -> OrderShown:
    """An order for its buyer, by log-in or by the token of its link, or for who may read it where it belongs.

    Only the buyer sees the pick-up code and the contact, which `actions.open_contact` opens to who works
    on the order, on record; only who holds `orders.read` sees whose the shares are by name, and the payments.

    Raises:
        Missing: there is none, or none that this actor may know of.
    """
    missing = _("There is no such order.")
    statement = _ORDER if actor.grants else _ORDER_OF_BUYER
    found = one(statement, [order_id], into=_Found, missing=missing, keep_plan=True)
    places = Places.going(found.county, found.origin_place, found.destination, found.fulfilment)
    is_buyer = (found.buyer is not None and found.buyer == actor.user_id) or (
        bool(token) and token_matches(token, str(order_id), "order")
    )
    reads = any(actor.may("orders.read", place=place) for place in places.of_readers())
    if not is_buyer and not reads:
        raise Missing(missing)
    return _shown(found, Standing(actor, is_buyer, places), reads=reads)


def _shown(found: _Found, who: Standing, *, reads: bool) -> OrderShown:
    sealed = found.sealed if who.is_buyer else ""
    shares = _told(found.shares)
    if not reads:
        shares = [share | {"name": ""} for share in shares]
    parcels = _parcels(_told(found.parcels), with_code=who.is_buyer)
    return OrderShown(
        **{field.name: getattr(found, field.name) for field in fields(OrderHead)},
        contact=Contact.from_text(unseal(sealed, "order.contact")) if sealed else None,
        lines=_many(LineShown, _told(found.lines), ids=("id", "offer", "brand")),
        steps=_many(StepShown, _told(found.steps), moments=("at",)),
        shares=_many(ShareShown, shares, ids=("lot",)),
        refunds=_many(RefundShown, _told(found.refunds), ids=("id", "payment"), moments=("at",)),
        parcels=parcels,
        captures=_many(CaptureShown, _told(found.captures), moments=("captured_at",)) if reads else (),
        repayments=_many(
            RepaymentShown, _told(found.repayments), ids=("id",), moments=("asked_at", "done_at")
        )
        if reads
        else (),
        is_buyer=who.is_buyer,
        verbs=possible(found.state, who, {parcel.state for parcel in parcels}),
    )


def _told(rows: str | None) -> Told:
    return json.loads(rows) if rows else []


def _parcels(told: Told, *, with_code: bool) -> tuple[ParcelShown, ...]:
    for parcel in told:
        parcel["scans"] = _many(ScanShown, parcel["scans"], moments=("at",))
        parcel["pickup_code"] = parcel["pickup_code"] if with_code else ""
    return _many(ParcelShown, told, ids=("id",))


def _many(
    kind: type[T], told: Told, *, ids: tuple[str, ...] = (), moments: tuple[str, ...] = ()
) -> tuple[T, ...]:
    for row in told:
        for name in ids:
            row[name] = UUID(row[name]) if row[name] else None
        for name in moments:
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    return tuple(kind(**row) for row in told)


_LINES = """
SELECT json_agg(x ORDER BY x.position)
  FROM (SELECT l.id, l.position, l.offer_id AS offer, l.shop_name, l.name_zh, l.name_en, l.label_zh,
               l.label_en, l.place, l.quantity, l.content_amount, l.unit, l.sold_by, l.price_fen,
               l.amount_fen AS ordered_fen, coalesce(b.billed_fen, l.amount_fen) AS amount_fen,
               coalesce(b.final_fen - b.billed_fen, 0) AS asked_fen,
               (SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                 ORDER BY w.at DESC, w.id DESC LIMIT 1) AS packed,
               coalesce(r.fen, 0) AS refunded_fen, coalesce(r.quantity, 0) AS returned, l.brand_id AS brand
          FROM orders_line l
          LEFT JOIN orders_billline b ON b.line_id = l.id
          LEFT JOIN LATERAL (SELECT sum(x.amount_fen) AS fen, sum(x.quantity) AS quantity
                               FROM orders_refundline x WHERE x.line_id = l.id) r ON true
         WHERE l.order_id = o.id) x"""

_STEPS = """
SELECT json_agg(json_build_object('verb', s.verb, 'before', s.before, 'after', s.after, 'reason', s.reason,
                                  'at', s.at, 'actor', s.actor) ORDER BY s.position)
  FROM orders_step s WHERE s.order_id = o.id"""

_SHARES = """
SELECT json_agg(json_build_object(
         'line', l.position, 'beneficiary', s.beneficiary, 'owner', s.owner,
         'name', {name}, 'lot', s.lot_id, 'lot_number', coalesce(b.number, ''),
         'amount_fen', s.amount_fen, 'terms_version', s.terms_version, 'refunded', s.refund_id IS NOT NULL)
       ORDER BY s.refund_id NULLS FIRST, l.position, s.beneficiary, s.id)
  FROM orders_share s
  LEFT JOIN orders_line l ON l.id = s.line_id
  LEFT JOIN stock_lot b ON b.id = s.lot_id{whose}
 WHERE s.order_id = o.id"""
_NAMED = _SHARES.format(
    name="coalesce(h.number, p.name, '')",
    whose="""
  LEFT JOIN people_household h ON h.id = CASE WHEN s.beneficiary = 'household' THEN s.owner::uuid END
  LEFT JOIN stations_station p ON p.id = CASE WHEN s.beneficiary = 'station' THEN s.owner::uuid END""",
)
_UNNAMED = _SHARES.format(name="''", whose="")

_REFUNDS = """
SELECT json_agg(json_build_object('id', f.id, 'amount_fen', f.amount_fen, 'reason', f.reason, 'at', f.at,
                                  'actor', f.actor, 'payment', p.id, 'state', coalesce(p.state, ''))
                ORDER BY f.at, f.id)
  FROM orders_refund f LEFT JOIN payments_refund p ON p.source = 'order-refund:' || f.id
 WHERE f.order_id = o.id"""

_PARCELS = """
SELECT json_agg(json_build_object(
         'id', p.id, 'waybill', p.waybill, 'carrier', p.carrier, 'state', p.state, 'weight_g', p.weight_g,
         'pickup_code', p.pickup_code,
         'scans', coalesce((SELECT json_agg(json_build_object(
                      'kind', s.kind, 'place', s.place, 'station_name', coalesce(n.name, ''), 'at', s.at,
                      'evidence', s.evidence, 'actor', s.actor) ORDER BY s.position)
                    FROM logistics_scan s LEFT JOIN stations_station n ON n.id = s.station_id
                   WHERE s.parcel_id = p.id), '[]'))
       ORDER BY p.packed_at, p.id)
  FROM logistics_parcel p WHERE p.reference = o.id::text"""

_CAPTURES = """
SELECT json_agg(json_build_object('gateway', c.gateway, 'provider_key', c.provider_key,
                                  'amount_fen', c.amount_fen, 'station_name', coalesce(n.name, ''),
                                  'captured_at', c.captured_at) ORDER BY c.captured_at, c.id)
  FROM payments_intent x JOIN payments_capture c ON c.intent_id = x.id
  LEFT JOIN stations_station n ON n.id = c.station_id WHERE x.reference = o.id::text"""

_REPAYMENTS = """
SELECT json_agg(json_build_object('id', r.id, 'amount_fen', r.amount_fen, 'state', r.state,
                                  'last_error', r.last_error, 'asked_at', r.asked_at, 'done_at', r.done_at)
                ORDER BY r.asked_at, r.id)
  FROM payments_intent x JOIN payments_capture c ON c.intent_id = x.id
  JOIN payments_refund r ON r.capture_id = c.id WHERE x.reference = o.id::text"""

_HEAD = """
SELECT o.id, o.county, o.number, o.state, o.outlet, o.buyer_id, o.goods_fen, o.freight_fen, o.total_fen,
       o.currency, o.fulfilment, o.destination, o.station_id, coalesce(t.name, ''), o.origin_id,
       o.origin_place, coalesce(g.name, ''), o.gateway, o.intent, coalesce(i.state, ''), o.placed_at,
       o.pay_before, o.paid_at, o.delivered_at, o.completed_at, o.cancelled_at, o.return_window_days,
       b.refund_fen, b.asked_fen, b.state, b.intent, b.pay_before, o.gift,
       coalesce(c.sealed, '')"""


def _statement(*many: str) -> str:
    """The head of an order and its parts, in the order of `_Found`, each as JSON."""
    parts = ", ".join(f"({part})::text" for part in many)
    return one_line(
        f"""{_HEAD}, {parts}
  FROM orders_order o
  LEFT JOIN orders_contact c ON c.order_id = o.id
  LEFT JOIN payments_intent i ON i.id = o.intent
  LEFT JOIN orders_bill b ON b.order_id = o.id
  LEFT JOIN stations_station t ON t.id = o.station_id
  LEFT JOIN stations_station g ON g.id = o.origin_id
 WHERE o.id = %s"""
    )


_ORDER = _statement(_LINES, _STEPS, _NAMED, _REFUNDS, _PARCELS, _CAPTURES, _REPAYMENTS)
#: For who holds no role, and so can only be its buyer: not what the buyer is not shown.
_ORDER_OF_BUYER = _statement(_LINES, _STEPS, _UNNAMED, _REFUNDS, _PARCELS, "NULL", "NULL")
