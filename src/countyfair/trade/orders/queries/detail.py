"""One order, whole, for its buyer or for who works on it: two statements."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.kernel.seal import token_matches, unseal
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.life import Places, Standing, possible

JOINS = ("stock", "payments", "logistics")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line as it was frozen. `packed` is what was really packed, `refunded_fen` what went back."""

    id: UUID
    position: int
    offer: UUID
    shop_name: str
    kind: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    category: str
    place: str
    quantity: int
    content_amount: int
    unit: str
    sold_by: str
    price_fen: int
    amount_fen: int
    packed: int | None
    refunded_fen: int
    returned: int


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of an order's life."""

    verb: str
    before: str
    after: str
    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ShareShown:
    """Who gets what of an order, its refunds taken off."""

    beneficiary: str
    owner: str
    lot: UUID | None
    lot_number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RefundShown:
    """What goes back to the buyer. `state` is of the payment: asked, done or failed."""

    id: UUID
    amount_fen: int
    reason: str
    at: datetime
    payment: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class ScanShown:
    """One thing that happened to a parcel."""

    kind: str
    place: str
    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class ParcelShown:
    """A parcel of the order and its way. `pickup_code` is shown to the buyer only."""

    id: UUID
    waybill: str
    state: str
    weight_g: int
    pickup_code: str
    scans: tuple[ScanShown, ...]


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order, whole. `contact` is None once erased; `verbs` are what this actor may do with it now."""

    id: UUID
    county: str
    number: str
    state: str
    outlet: str
    buyer: UUID | None
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    fulfilment: str
    destination: str
    station: UUID | None
    origin: UUID | None
    origin_place: str
    gateway: str
    intent: UUID
    intent_state: str
    placed_at: datetime
    pay_before: datetime | None
    paid_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    return_window_days: int
    contact: Contact | None
    lines: tuple[LineShown, ...]
    steps: tuple[StepShown, ...]
    shares: tuple[ShareShown, ...]
    refunds: tuple[RefundShown, ...]
    parcels: tuple[ParcelShown, ...]
    is_buyer: bool
    verbs: tuple[str, ...]

    @property
    def refunded_fen(self) -> int:
        return sum(refund.amount_fen for refund in self.refunds)


@dataclass(frozen=True, slots=True)
class _Head:
    id: UUID
    county: str
    number: str
    state: str
    outlet: str
    buyer: UUID | None
    goods_fen: int
    freight_fen: int
    total_fen: int
    currency: str
    fulfilment: str
    destination: str
    station: UUID | None
    origin: UUID | None
    origin_place: str
    gateway: str
    intent: UUID
    intent_state: str
    placed_at: datetime
    pay_before: datetime | None
    paid_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    return_window_days: int
    sealed: str
    lines: str | None
    steps: str | None
    shares: str | None
    refunds: str | None


@dataclass(frozen=True, slots=True)
class _Parcel:
    id: UUID
    waybill: str
    state: str
    weight_g: int
    pickup_code: str
    scans: str | None


def order(actor: Actor, *, order_id: UUID, token: str = "") -> OrderShown:
    """An order for its buyer, by log-in or by the token of its link, or for who may read it where it belongs.

    Only the buyer sees the pick-up code; only the buyer and who packs or delivers it see the contact.

    Raises:
        Missing: there is none, or none that this actor may know of.
    """
    found = rows(_HEAD, [order_id], into=_Head)
    if not found:
        raise Missing(_("There is no such order."))
    head = found[0]
    places = Places(head.county, head.origin_place, head.destination, head.fulfilment == "pickup")
    is_buyer = (head.buyer is not None and head.buyer == actor.user_id) or (
        bool(token) and token_matches(token, str(order_id), "order")
    )
    reads = any(actor.may("orders.read", place=place) for place in places.of_readers())
    if not is_buyer and not reads:
        raise Missing(_("There is no such order."))
    works = any(
        actor.may(power, place=place)
        for power in ("orders.pack", "orders.deliver")
        for place in places.of_readers()
    )
    return _shown(head, Standing(actor, is_buyer, places), with_contact=is_buyer or works)


def _shown(head: _Head, who: Standing, *, with_contact: bool) -> OrderShown:
    parcels = rows(_PARCELS, [str(head.id)], into=_Parcel)
    kept = {field.name: getattr(head, field.name) for field in fields(_Head)}
    sealed = kept.pop("sealed")
    kept["contact"] = Contact.from_text(unseal(sealed, "order.contact")) if sealed and with_contact else None
    kept["lines"] = _many(LineShown, head.lines, ids=("id", "offer"))
    kept["steps"] = _many(StepShown, head.steps, moments=("at",))
    kept["shares"] = _many(ShareShown, head.shares, ids=("lot",))
    kept["refunds"] = _many(RefundShown, head.refunds, ids=("id", "payment"), moments=("at",))
    return OrderShown(
        **kept,
        parcels=tuple(_parcel(row, who.is_buyer) for row in parcels),
        is_buyer=who.is_buyer,
        verbs=possible(head.state, who),
    )


def _parcel(row: _Parcel, is_buyer: bool) -> ParcelShown:
    code = row.pickup_code if is_buyer else ""
    return ParcelShown(
        row.id, row.waybill, row.state, row.weight_g, code, _many(ScanShown, row.scans, moments=("at",))
    )


def _many(
    kind: type[T], text: str | None, *, ids: tuple[str, ...] = (), moments: tuple[str, ...] = ()
) -> tuple[T, ...]:
    found: list[dict[str, Any]] = json.loads(text) if text else []
    for one in found:
        for name in ids:
            one[name] = UUID(one[name]) if one[name] else None
        for name in moments:
            one[name] = datetime.fromisoformat(one[name])
    return tuple(kind(**one) for one in found)


_HEAD = """
SELECT o.id, o.county, o.number, o.state, o.outlet, o.buyer_id, o.goods_fen, o.freight_fen, o.total_fen,
       o.currency, o.fulfilment, o.destination, o.station_id, o.origin_id, o.origin_place, o.gateway,
       o.intent,
       coalesce(i.state, ''), o.placed_at, o.pay_before, o.paid_at, o.delivered_at, o.completed_at,
       o.cancelled_at, o.return_window_days, coalesce(c.sealed, ''),
       (SELECT json_agg(json_build_object(
                   'id', l.id, 'position', l.position, 'offer', l.offer_id, 'shop_name', l.shop_name,
                   'kind', l.kind, 'name_zh', l.name_zh, 'name_en', l.name_en, 'label_zh', l.label_zh,
                   'label_en', l.label_en, 'category', l.category, 'place', l.place, 'quantity', l.quantity,
                   'content_amount', l.content_amount, 'unit', l.unit, 'sold_by', l.sold_by,
                   'price_fen', l.price_fen, 'amount_fen', l.amount_fen,
                   'packed', (SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                               ORDER BY w.at DESC, w.id DESC LIMIT 1),
                   'refunded_fen', coalesce(r.amount_fen, 0), 'returned', coalesce(r.quantity, 0))
                ORDER BY l.position)::text
          FROM orders_line l
          LEFT JOIN LATERAL (SELECT sum(x.amount_fen)::bigint AS amount_fen,
                                    sum(x.quantity)::bigint AS quantity
                               FROM orders_refundline x WHERE x.line_id = l.id) r ON true
         WHERE l.order_id = o.id),
       (SELECT json_agg(json_build_object('verb', s.verb, 'before', s.before, 'after', s.after,
                                          'reason', s.reason, 'at', s.at, 'actor', s.actor)
                        ORDER BY s.position)::text
          FROM orders_step s WHERE s.order_id = o.id),
       (SELECT json_agg(json_build_object('beneficiary', h.beneficiary, 'owner', h.owner, 'lot', h.lot_id,
                                          'lot_number', coalesce(t.number, ''), 'amount_fen', h.amount_fen)
                        ORDER BY h.beneficiary, h.owner, h.lot_id)::text
          FROM (SELECT x.beneficiary, x.owner, x.lot_id, sum(x.amount_fen)::bigint AS amount_fen
                  FROM orders_share x WHERE x.order_id = o.id GROUP BY x.beneficiary, x.owner, x.lot_id) h
          LEFT JOIN stock_lot t ON t.id = h.lot_id),
       (SELECT json_agg(json_build_object('id', f.id, 'amount_fen', f.amount_fen, 'reason', f.reason,
                                          'at', f.at, 'payment', p.id, 'state', coalesce(p.state, ''))
                        ORDER BY f.at, f.id)::text
          FROM orders_refund f LEFT JOIN payments_refund p ON p.source = 'order-refund:' || f.id
         WHERE f.order_id = o.id)
  FROM orders_order o
  LEFT JOIN orders_contact c ON c.order_id = o.id
  LEFT JOIN payments_intent i ON i.id = o.intent
 WHERE o.id = %s
"""

_PARCELS = """
SELECT p.id, p.waybill, p.state, p.weight_g, p.pickup_code,
       (SELECT json_agg(json_build_object('kind', s.kind, 'place', s.place, 'at', s.at,
                                          'evidence', s.evidence)
                        ORDER BY s.position)::text
          FROM logistics_scan s WHERE s.parcel_id = p.id)
  FROM logistics_parcel p WHERE p.reference = %s ORDER BY p.packed_at, p.id
"""
