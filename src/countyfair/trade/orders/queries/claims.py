"""Claims: one for its buyer or for who works on it, a county's queue, what a station waits for."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import one, rows
from countyfair.kernel.seal import token_matches, unseal
from countyfair.trade.orders.queries.claim_rows import (
    AnswerShown,
    ClaimedLine,
    ClaimHead,
    ClaimRow,
    ClaimShown,
    ClaimsOn,
    ClaimStepShown,
    PhotoShown,
    Waiting,
)
from countyfair.trade.orders.queries.shown import OrderShown
from countyfair.trade.orders.rules.claims import LIFE, claimable_until
from countyfair.trade.orders.rules.life import Places, Standing, possible

JOINS = ("stations",)

#: Where the queue goes on: when its last row was asked, and its key.
After = tuple[datetime, UUID]
_MISSING = _("There is no such claim.")


@dataclass(frozen=True, slots=True)
class _Found(ClaimHead):
    buyer: UUID | None
    sealed: str
    photos: str | None
    steps: str | None
    answers: str | None


def claim(actor: Actor, *, claim_id: UUID, token: str = "") -> ClaimShown:
    """A claim for its buyer, by log-in or the token of the order's link, or for who works on it.

    Who may answer it (`orders.refund` in the county) sees all; who receives its goods (`orders.return` where
    it was packed or picked up) neither words nor photos.

    Raises:
        Missing: there is none, or none that this actor may know of.
    """
    found = one(_CLAIM, [claim_id], into=_Found, missing=_MISSING)
    places = Places(found.county, found.origin_place, found.destination, found.fulfilment == "pickup")
    is_buyer = (found.buyer is not None and found.buyer == actor.user_id) or (
        bool(token) and token_matches(token, str(found.order), "order")
    )
    answers = actor.may("orders.refund", place=found.county)
    receives = any(actor.may("orders.return", place=place) for place in places.of("way"))
    if not (is_buyer or answers or receives):
        raise Missing(_MISSING)
    who = Standing(actor, is_buyer, places)
    return _shown(found, who, sees=is_buyer or answers, answers=answers)


def claims_on(actor: Actor, *, order: OrderShown) -> ClaimsOn:
    """The claims on an order that was read for this actor: one statement, none before it is delivered.

    Its buyer and who answers claims (`orders.refund`) see them; others see none.
    """
    sees = order.is_buyer or actor.may("orders.refund", place=order.county)
    if order.delivered_at is None or not sees:
        return ClaimsOn((), {})
    found = rows(_ON_ORDER, [order.id], into=_OnLine)
    open_ = order.state in ("delivered", "completed")
    return ClaimsOn(
        tuple(ClaimedLine(**row) for line in found for row in _told(line.claims, ids=("id", "line"))),
        {line.id: claimable_until(order.delivered_at, line.days) for line in found if open_},
    )


def claim_photo(actor: Actor, *, claim_id: UUID, photo_id: UUID, token: str = "") -> bytes:
    """The file of a claim's picture, WebP; for its buyer and who may answer it.

    Raises:
        Missing: there is none, or none that this actor may see.
    """
    shown = claim(actor, claim_id=claim_id, token=token)
    if photo_id not in {photo.id for photo in shown.photos}:
        raise Missing(_MISSING)
    sql = "SELECT picture FROM orders_claimphoto WHERE id = %s"
    return one(sql, [photo_id], into=bytes, missing=_MISSING)


def claims_of(
    actor: Actor, *, county: str, state: str = "asked", after: After | None = None, limit: int = 50
) -> list[ClaimRow]:
    """A county's claims in a state, "" for all that were sent; who has waited longest stands first.

    Raises:
        Forbidden: no `orders.refund` in the county.
    """
    actor.require("orders.refund", place=county)
    moment, key = after or (None, None)
    wanted = ["c.county = %(county)s", "c.asked_at IS NOT NULL"]
    wanted += ["c.state = %(state)s"] if state else []
    wanted += ["(c.asked_at, c.id) > (%(moment)s::timestamptz, %(key)s::uuid)"] if after else []
    params = {"county": county, "state": state, "moment": moment, "key": key, "limit": limit}
    return rows(_LIST.format(where=" AND ".join(wanted)), params, into=ClaimRow)


def claims_waiting(actor: Actor, *, county: str) -> Waiting:
    """How many claims wait at a county's desk; needs `orders.refund`.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.refund", place=county)
    return one(
        "SELECT count(*), min(asked_at) FROM orders_claim WHERE county = %s AND state = 'asked'",
        [county], into=Waiting, missing=_MISSING,
    )  # fmt: skip


def to_receive(actor: Actor, *, station: UUID) -> list[ClaimRow]:
    """Claims whose goods are to come back to this station: it packed them, or gave them out.

    Raises:
        Forbidden: no `orders.return` at the station's place.
    """
    sql = "SELECT place FROM stations_station WHERE id = %s"
    place = one(sql, [station], into=str, missing=_("There is no such station."))
    actor.require("orders.return", place=place)
    here = "(o.origin_id = %(station)s::uuid OR o.station_id = %(station)s::uuid)"
    where = f"c.state = 'awaiting' AND {here}"
    return rows(_LIST.format(where=where), {"station": station, "limit": 200}, into=ClaimRow)


def _shown(found: _Found, who: Standing, *, sees: bool, answers: bool) -> ClaimShown:
    told = _told(found.answers, moments=("at",), ids=("replacement",))
    if not answers:
        told = [row | {"proposed": "", "bearer": "", "why": "", "actor": ""} for row in told]
    photos = _told(found.photos, ids=("id",)) if sees else []
    return ClaimShown(
        **{field.name: getattr(found, field.name) for field in fields(ClaimHead)},
        words=unseal(found.sealed, "order.claim") if sees and found.sealed else "",
        photos=tuple(PhotoShown(**row) for row in photos),
        steps=tuple(ClaimStepShown(**row) for row in _told(found.steps, moments=("at",))),
        answers=tuple(AnswerShown(**row) for row in told),
        is_buyer=who.is_buyer,
        verbs=possible(found.state, who, table=LIFE),
    )


def _told(
    text: str | None, *, moments: tuple[str, ...] = (), ids: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text) if text else []
    return [
        row
        | {name: datetime.fromisoformat(row[name]) for name in moments}
        | {name: UUID(row[name]) if row[name] else None for name in ids}
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class _OnLine:
    id: UUID
    days: int
    claims: str | None


_CLAIM = """
SELECT c.id, c.county, o.id, o.number, l.id, c.kind, c.noticed, c.packs, c.amount, l.unit, c.wish, c.state,
       c.delivered_at, c.begun_at, c.asked_at, c.closed_at, c.erased_at, o.currency, l.name_zh, l.name_en,
       l.label_zh, l.label_en, l.category, l.quantity,
       coalesce((SELECT w.amount FROM orders_packedweight w WHERE w.line_id = l.id
                  ORDER BY w.at DESC, w.id DESC LIMIT 1), l.quantity * l.content_amount),
       coalesce(b.billed_fen, l.amount_fen), o.fulfilment,
       o.origin_place, o.destination, r.good_packs, r.bad_packs, o.buyer_id, c.sealed,
       (SELECT json_agg(json_build_object('id', p.id, 'width', p.width, 'height', p.height)
                        ORDER BY p.at, p.id)
          FROM orders_claimphoto p WHERE p.claim_id = c.id)::text,
       (SELECT json_agg(json_build_object('verb', s.verb, 'after', s.after, 'at', s.at, 'actor', s.actor)
                        ORDER BY s.position)
          FROM orders_claimstep s WHERE s.claim_id = c.id)::text,
       (SELECT json_agg(json_build_object(
                 'what', a.what, 'amount_fen', a.amount_fen, 'freight_fen', a.freight_fen, 'said', a.said,
                 'goods_back', a.goods_back, 'proposed', a.proposed, 'bearer', a.bearer, 'why', a.why,
                 'rules_version', a.rules_version, 'at', a.at, 'actor', a.actor, 'replacement', n.order_id)
                        ORDER BY a.at, a.id)
          FROM orders_claimanswer a LEFT JOIN orders_replacement n ON n.answer_id = a.id
         WHERE a.claim_id = c.id)::text
  FROM orders_claim c
  JOIN orders_order o ON o.id = c.order_id
  JOIN orders_line l ON l.id = c.line_id
  LEFT JOIN orders_billline b ON b.line_id = l.id
  LEFT JOIN orders_claimreceipt r ON r.claim_id = c.id
 WHERE c.id = %s
"""

_ON_ORDER = """
SELECT l.id, t.claim_window_days,
       (SELECT json_agg(json_build_object('id', c.id, 'line', c.line_id, 'kind', c.kind, 'packs', c.packs,
                                          'state', c.state) ORDER BY c.begun_at, c.id)
          FROM orders_claim c WHERE c.order_id = l.order_id AND c.line_id = l.id)::text
  FROM orders_line l
  JOIN orders_shareterms t ON t.county = l.county AND t.version = l.terms_version
 WHERE l.order_id = %s ORDER BY l.position
"""

_LIST = """
SELECT c.id, o.id, o.number, c.kind, c.state, c.packs,
       (SELECT count(*) FROM orders_claimphoto p WHERE p.claim_id = c.id), c.asked_at,
       l.name_zh, l.name_en, l.label_zh, l.label_en, coalesce(a.fen, 0)::bigint, coalesce(a.bearer, '')
  FROM orders_claim c
  JOIN orders_order o ON o.id = c.order_id
  JOIN orders_line l ON l.id = c.line_id
  LEFT JOIN LATERAL (SELECT n.amount_fen + n.freight_fen AS fen, n.bearer FROM orders_claimanswer n
                      WHERE n.claim_id = c.id ORDER BY n.at DESC, n.id DESC LIMIT 1) a ON true
 WHERE {where}
 ORDER BY c.asked_at, c.id LIMIT %(limit)s::int
"""
