"""What of an order is written down when it is placed: the arguments of `orders_place`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import uuid7
from countyfair.kernel.numbers import check_digit, digits
from countyfair.kernel.rows import array
from countyfair.kernel.seal import blind, seal
from countyfair.trade.logistics.rules import Freight
from countyfair.trade.orders.actions.discounting import discounts
from countyfair.trade.orders.queries.offered import Basis
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.quote import Quote, QuotedLine, origin
from countyfair.trade.orders.rules.shares import ShareOf, Terms, freight_shares, line_shares
from countyfair.trade.orders.rules.timing import pay_before
from countyfair.trade.payments.gateways import gateway_called

#: The arguments of `orders_place` by how they travel: scalars of one type as one array, since psycopg keeps
#: the parsed form of statements of up to fifty parameters only.
_TOGETHER = {
    "text": ("acting", "in_county", "new_number", "by_outlet", "in_currency", "how", "to_place", "from_place",
             "by_gateway", "new_content", "contact", "contact_phone"),
    "uuid": ("basket", "new_order", "by_buyer", "at_station", "from_station", "new_intent"),
    "int": ("by_freight", "by_terms", "window_days"),
    "bigint": ("goods", "freight", "discount"),
}  # fmt: skip
_ALONE = {
    "boolean": ("from_basket",),
    "timestamptz": ("moment", "pay_until"),
    "jsonb": ("discounts", "further"),
    "uuid[]": ("lines", "offers", "shops", "shares", "share_lines", "share_lots", "holds", "supplies",
               "hold_lots"),
    "date[]": ("expected",),
    "int[]": ("versions", "quantities", "share_factors", "share_standards"),
    "bigint[]": ("contents", "prices", "line_discounts", "lot_amounts", "share_amounts", "hold_amounts"),
    "text[]": ("shop_names", "kinds", "names_zh", "names_en", "labels_zh", "labels_en", "categories",
               "places", "units", "ways", "beneficiaries", "owners", "share_grades", "holders"),
}  # fmt: skip
_ARGUMENTS = [
    f"{name} => (%(each_{kind})s::{kind}[])[{at}]"
    for kind, names in _TOGETHER.items()
    for at, name in enumerate(names, 1)
] + [f"{name} => %({name})s::{kind}" for kind, names in _ALONE.items() for name in names]
_PLACE = "SELECT order_number, order_intent, order_total FROM orders_place({arguments})"
PLACE = _PLACE.format(arguments=", ".join(_ARGUMENTS))


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
    coupon: str = ""
    days: tuple[date, ...] = ()
    group: UUID | None = None

    def content(self, actor: Actor) -> str:
        """A keyed fingerprint of who wished what: equal for the same form sent again."""
        said: list[object] = [
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
            *([self.coupon] if self.coupon else []),
            *([self.group] if self.group else []),
        ]
        if self.days:
            said.append(self.days)
        return blind(json.dumps(said, default=str, ensure_ascii=False), "order.content")


def order_number(order: UUID, moment: datetime, attempt: int = 0) -> str:
    """The day, eight digits of the id, a check digit: `261123-48217730-5`. Unique within its county."""
    body = f"{moment.astimezone(COUNTY_ZONE):%y%m%d}{digits(order, 8, attempt)}"
    return f"{body[:6]}-{body[6:]}-{check_digit(body)}"


def frozen(
    actor: Actor, wish: Wish, found: Basis, priced: Quote, *, moment: datetime, number: str, content: str
) -> dict[str, Any]:
    """The parameters of `PLACE`."""
    if found.terms is None or priced.freight is None:
        raise ValueError("an order needs terms and freight")
    ids = [uuid7() for _line in priced.lines]
    said = _head(actor, wish, found, priced, found.terms, priced.freight) | {
        "new_number": number,
        "new_content": content,
        "moment": moment,
        "pay_until": pay_before(moment, by_hand=gateway_called(wish.gateway).by_hand),
    }
    less = discounts(actor, priced, ids, found.terms, wish.contact.phone, wish.group)
    said |= {"discounts": less, "further": _further(wish, priced)}
    lists = {f"each_{kind}": [said.pop(name) for name in names] for kind, names in _TOGETHER.items()}
    lists |= lines_of(priced.lines, ids, wish.days) | holds_of(priced.lines, ids)
    lists |= shares_of(_earned(priced, ids, found.terms))
    off = array([line.discount_fen for line in priced.lines]) if less else None
    return said | {name: array(values) for name, values in lists.items()} | {"line_discounts": off}


def _head(
    actor: Actor, wish: Wish, found: Basis, priced: Quote, terms: Terms, freight: Freight
) -> dict[str, Any]:
    station, place = origin(priced.lines, found.places, wish.county)
    return {
        "acting": actor.key,
        "from_basket": wish.lines is None,
        "basket": wish.basket,
        "new_order": wish.order,
        "in_county": wish.county,
        "by_buyer": actor.user_id if wish.outlet == "shop" else None,
        "by_outlet": wish.outlet,
        "goods": priced.goods_fen,
        "freight": freight.amount_fen,
        "discount": priced.discount_fen,
        "in_currency": priced.lines[0].offered.currency,
        "how": wish.fulfilment,
        "at_station": wish.station,
        "to_place": found.pickup.place if found.pickup else wish.destination,
        "from_station": station,
        "from_place": place,
        "by_gateway": wish.gateway,
        "new_intent": uuid7(),
        "by_freight": freight.version,
        "by_terms": terms.version,
        "window_days": terms.return_window_days,
        "contact": seal(wish.contact.to_text(), "order.contact"),
        "contact_phone": blind(wish.contact.phone, "phone"),
    }


def _further(wish: Wish, priced: Quote) -> str | None:
    """What few orders have, in the shape that `sql/orders.sql` tells; None where there is nothing of it."""
    capped = [
        [o.offer, line.quantity, o.most_per_buyer, o.capped_since]
        for line in priced.lines
        if (o := line.offered).most_per_buyer is not None
    ]
    if not capped and not wish.contact.gift:
        return None
    return json.dumps({"caps": capped, "gift": wish.contact.gift is not None}, default=str)


def lines_of(
    lines: Sequence[QuotedLine], ids: Sequence[UUID], days: Sequence[date] = ()
) -> dict[str, list[Any]]:
    """What of each line is frozen, as arrays in the order of the lines."""
    when = said_days(days) if days else ""
    offered = [line.offered for line in lines]
    return {
        "lines": list(ids),
        "offers": [o.offer for o in offered],
        "versions": [o.version for o in offered],
        "shops": [o.shop for o in offered],
        "shop_names": [o.shop_name for o in offered],
        "kinds": [o.kind for o in offered],
        "names_zh": [o.name_zh for o in offered],
        "names_en": [o.name_en for o in offered],
        "labels_zh": [o.label_zh + when for o in offered],
        "labels_en": [o.label_en and o.label_en + when for o in offered],
        "categories": [o.category for o in offered],
        "places": [o.place for o in offered],
        "expected": [o.expected_on for o in offered],
        "quantities": [line.quantity for line in lines],
        "contents": [o.content_amount for o in offered],
        "units": [o.unit for o in offered],
        "ways": [o.sold_by for o in offered],
        "prices": [o.price_fen for o in offered],
    }


def said_days(days: Sequence[date]) -> str:
    """What the label of a booked line ends with: its day, or its first and last."""
    return f" · {days[0]}" if len(days) == 1 else f" · {days[0]}/{days[-1]}"


def _earned(priced: Quote, ids: Sequence[UUID], terms: Terms) -> list[tuple[UUID | None, ShareOf]]:
    rows: list[tuple[UUID | None, ShareOf]] = []
    for line, key in zip(priced.lines, ids, strict=True):
        rows += [(key, share) for share in line_shares(line.gross_fen, line.draws, terms)]
    rows += [(None, share) for share in freight_shares(priced.freight.amount_fen if priced.freight else 0)]
    return rows


def shares_of(rows: Sequence[tuple[UUID | None, ShareOf]]) -> dict[str, list[Any]]:
    """Rows of the table of shares as arrays; each with the key of its line, None for the freight."""
    return {
        "shares": [uuid7() for _row in rows],
        "share_lines": [line for line, _share in rows],
        "beneficiaries": [share.beneficiary for _line, share in rows],
        "owners": [share.owner for _line, share in rows],
        "share_lots": [share.lot for _line, share in rows],
        "lot_amounts": [share.lot_amount for _line, share in rows],
        "share_amounts": [share.amount_fen for _line, share in rows],
        "share_grades": [share.grade for _line, share in rows],
        "share_factors": [share.factor_milli for _line, share in rows],
        "share_standards": [share.standard_version for _line, share in rows],
    }


def holds_of(lines: Sequence[QuotedLine], ids: Sequence[UUID]) -> dict[str, list[Any]]:
    """What the lines draw from stock, as arrays."""
    draws = [(line, key, draw) for line, key in zip(lines, ids, strict=True) for draw in line.draws]
    return {
        "holds": [uuid7() for _row in draws],
        "supplies": [line.offered.supply for line, _key, _draw in draws],
        "hold_lots": [draw.lot.id for _line, _key, draw in draws],
        "hold_amounts": [draw.amount for _line, _key, draw in draws],
        "holders": [str(key) for _line, key, _draw in draws],
    }
