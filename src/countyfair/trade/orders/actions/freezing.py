"""What of an order is written down when it is placed: the arguments of `orders_place`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import uuid7
from countyfair.kernel.numbers import check_digit, digits
from countyfair.kernel.seal import blind, seal
from countyfair.trade.orders.queries.offered import Basis
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.quote import Quote, origin
from countyfair.trade.orders.rules.shares import ShareOf, Terms, freight_shares, line_shares
from countyfair.trade.orders.rules.timing import pay_before
from countyfair.trade.payments.gateways import gateway_called

PLACE = """
SELECT order_number, order_intent, order_total FROM orders_place(
    %s::text, %s::boolean, %s::uuid, %s::uuid, %s::text, %s::text, %s::uuid, %s::text, %s::bigint, %s::bigint,
    %s::text, %s::text, %s::uuid, %s::text, %s::uuid, %s::text, %s::text, %s::uuid, %s::int, %s::int, %s::int,
    %s::text, %s::timestamptz, %s::timestamptz, %s::text, %s::text,
    %s::uuid[], %s::uuid[], %s::int[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::bigint[],
    %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[],
    %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[])
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the checkout form said, checked. `lines` None: all of the basket that is of this county."""

    order: UUID
    county: str
    basket: UUID | None
    lines: tuple[tuple[UUID, int], ...] | None
    contact: Contact
    fulfilment: str
    destination: str
    station: UUID | None
    gateway: str
    outlet: str
    expected_total_fen: int

    def content(self, actor: Actor) -> str:
        """A keyed fingerprint of who wished what: equal for the same form sent again."""
        said = [
            actor.key,
            self.county,
            self.basket,
            self.lines,
            self.contact.to_text(),
            self.fulfilment,
            self.destination,
            self.station,
            self.gateway,
            self.outlet,
            self.expected_total_fen,
        ]
        return blind(json.dumps(said, default=str, ensure_ascii=False), "order.content")


def order_number(order: UUID, moment: datetime, attempt: int = 0) -> str:
    """The day, eight digits of the id, a check digit: `261123-48217730-5`. Unique within its county."""
    body = f"{moment.astimezone(COUNTY_ZONE):%y%m%d}{digits(order, 8, attempt)}"
    return f"{body[:6]}-{body[6:]}-{check_digit(body)}"


def frozen(
    actor: Actor, wish: Wish, found: Basis, priced: Quote, *, moment: datetime, number: str, content: str
) -> list[Any]:
    """The arguments of `orders_place`, in its order."""
    if found.terms is None or priced.freight is None:
        raise ValueError("an order needs terms and freight")
    terms, freight = found.terms, priced.freight
    station, place = origin(priced.lines, found.places, wish.county)
    by_hand = gateway_called(wish.gateway).by_hand
    ids = [uuid7() for _line in priced.lines]
    return [
        actor.key, wish.lines is None, wish.basket, wish.order, wish.county, number,
        actor.user_id if wish.outlet == "shop" else None, wish.outlet, priced.goods_fen, freight.amount_fen,
        priced.lines[0].offered.currency, wish.fulfilment, wish.station,
        found.pickup.place if found.pickup else wish.destination,
        station, place, wish.gateway, uuid7(), freight.version, terms.version, terms.return_window_days,
        content, moment, pay_before(moment, by_hand=by_hand),
        seal(wish.contact.to_text(), "order.contact"), blind(wish.contact.phone, "phone"),
        *_lines(priced, ids), *_shares(priced, ids, terms), *_holds(priced, ids),
    ]  # fmt: skip


def _lines(priced: Quote, ids: Sequence[UUID]) -> list[list[Any]]:
    offered = [line.offered for line in priced.lines]
    return [
        list(ids),
        [o.offer for o in offered],
        [o.version for o in offered],
        [o.shop for o in offered],
        [o.shop_name for o in offered],
        [o.kind for o in offered],
        [o.name_zh for o in offered],
        [o.name_en for o in offered],
        [o.label_zh for o in offered],
        [o.label_en for o in offered],
        [o.category for o in offered],
        [o.place for o in offered],
        [line.quantity for line in priced.lines],
        [o.content_amount for o in offered],
        [o.unit for o in offered],
        [o.sold_by for o in offered],
        [o.price_fen for o in offered],
    ]


def _shares(priced: Quote, ids: Sequence[UUID], terms: Terms) -> list[list[Any]]:
    rows: list[tuple[UUID | None, ShareOf]] = []
    for line, key in zip(priced.lines, ids, strict=True):
        rows += [(key, share) for share in line_shares(line.amount_fen, line.draws, terms)]
    rows += [(None, share) for share in freight_shares(priced.freight.amount_fen if priced.freight else 0)]
    return [
        [uuid7() for _row in rows],
        [line for line, _share in rows],
        [share.beneficiary for _line, share in rows],
        [share.owner for _line, share in rows],
        [share.lot for _line, share in rows],
        [share.lot_amount for _line, share in rows],
        [share.amount_fen for _line, share in rows],
    ]


def _holds(priced: Quote, ids: Sequence[UUID]) -> list[list[Any]]:
    draws = [(line, key, draw) for line, key in zip(priced.lines, ids, strict=True) for draw in line.draws]
    return [
        [uuid7() for _row in draws],
        [line.offered.supply for line, _key, _draw in draws],
        [draw.lot.id for _line, _key, draw in draws],
        [draw.amount for _line, _key, draw in draws],
        [str(key) for _line, key, _draw in draws],
    ]
