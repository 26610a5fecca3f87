"""Shops on platforms and what they sell there: for the desk, and for the verbs of this room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows, scalar
from countyfair.outreach.channels.rules.mapping import Candidate, Goods, Suggestion, suggestions

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class ShopThere:
    """A shop of ours on a platform, and how much waits there for somebody.

    `to_map` goods nobody has said what they are; `waiting` orders wait for that, `short` ones for goods;
    `differing` things do not fit.
    """

    id: UUID
    county: str
    platform: str
    name: str
    their_shop: str
    shop: UUID
    shop_name: str
    buffer: int
    trouble: str
    begun_at: datetime
    ended_at: datetime | None
    to_map: int
    waiting: int
    short: int
    differing: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Goods as they are called there, and what they are here. `orders` wait until somebody has said it."""

    id: UUID
    connection: UUID
    platform: str
    shop_name: str
    code: str
    title: str
    spec: str
    price_fen: int
    standing: str
    offer: UUID | None
    packs: int
    orders: int

    @property
    def goods(self) -> Goods:
        return Goods(self.code, self.title, self.spec, self.price_fen)


@dataclass(frozen=True, slots=True)
class Offered:
    """One of our offers that is put up on a platform."""

    platform: str
    offer: UUID
    code: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    price_fen: int


def shops_there(actor: Actor, *, county: str) -> list[ShopThere]:
    """A county's shops on platforms, those that ended last; needs `channel.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    return rows(f"{_SHOPS} WHERE c.county = %s {_SHOPS_ORDER}", [county], into=ShopThere)


def shop_there(actor: Actor, *, connection: UUID) -> ShopThere:
    """One shop on a platform; needs `channel.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    sql = f"{_SHOPS} WHERE c.id = %s"
    found = one(sql, [connection], into=ShopThere, missing=_("There is no such shop on a platform."))
    actor.require("channel.read", place=found.county)
    return found


def offers_on(actor: Actor, *, county: str, platforms: Collection[str]) -> list[Offered]:
    """What a county sells on these platforms now, by platform and name; needs `channel.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    return rows(_OFFERS, [county, sorted(platforms)], into=Offered)


def shop_called(actor: Actor, *, county: str, name: str) -> UUID | None:
    """The open shop on a platform of this name, or of this platform where the county has but one there.

    Raises:
        Forbidden: no `channel.read` in the county.
    """
    there = [row for row in shops_there(actor, county=county) if row.ended_at is None]
    found = [row.id for row in there if row.name == name] or [row.id for row in there if row.platform == name]
    return found[0] if len(found) == 1 else None


def listings(
    actor: Actor, *, county: str, standing: str = "new", after: UUID | None = None, limit: int = 50
) -> list[Listed]:
    """Goods of a county's shops on platforms in one standing; new ones first that most orders wait for.

    Args:
        after: go on after this one; for goods that are not new.

    Raises:
        Forbidden: no `channel.read` in the county.
    """
    actor.require("channel.read", place=county)
    named = {"county": county, "standing": standing, "after": after, "limit": limit}
    return rows(_LISTINGS, named, into=Listed)


def suggested(actor: Actor, *, county: str, goods: list[Listed]) -> dict[UUID, list[Suggestion]]:
    """Which offers of the county each of these goods may be, the best first.

    Raises:
        Forbidden: no `channel.read` in the county.
    """
    actor.require("channel.read", place=county)
    found = offers_on(actor, county=county, platforms={each.platform for each in goods})
    there: dict[str, list[Candidate]] = {}
    for row in found:
        candidate = Candidate(row.offer, row.code, row.name_zh, row.label_zh, row.price_fen)
        there.setdefault(row.platform, []).append(candidate)
    return {each.id: suggestions(each.goods, there.get(each.platform, ())) for each in goods}


def county_of_shop(shop: UUID) -> str:
    """Where a shop is; "" for none. For the verbs of this room."""
    found = scalar("SELECT max(county) FROM catalog_shop WHERE id = %s AND closed_on IS NULL", [shop])
    return str(found or "")


def outlet_of(offer: UUID) -> tuple[str, str]:
    """County and outlet of an offer; "", "" for none. For the verbs of this room."""
    found = rows("SELECT county, outlet FROM catalog_offer WHERE id = %s", [offer], into=_Place)
    return (found[0].county, found[0].outlet) if found else ("", "")


@dataclass(frozen=True, slots=True)
class _Place:
    county: str
    outlet: str


_SHOPS = """
SELECT c.id, c.county, c.platform, c.name, c.their_shop, s.id, s.name_zh, c.buffer, c.trouble, c.begun_at,
       c.ended_at,
       (SELECT count(*) FROM channels_listing l WHERE l.connection_id = c.id AND l.standing = 'new'),
       (SELECT count(*) FROM channels_arrival a WHERE a.connection_id = c.id AND a.standing = 'unmapped'),
       (SELECT count(*) FROM channels_arrival a WHERE a.connection_id = c.id AND a.standing = 'short'),
       (SELECT count(*) FROM channels_difference d WHERE d.connection_id = c.id AND d.ended_at IS NULL)
  FROM channels_connection c JOIN catalog_shop s ON s.id = c.shop_id
"""
_SHOPS_ORDER = "ORDER BY c.ended_at IS NOT NULL, c.platform, c.name, c.id"

_LISTINGS = """
SELECT l.id, c.id, c.platform, c.name, l.code, l.title, l.spec, l.price_fen, l.standing, l.offer_id, l.packs,
       w.orders
  FROM channels_listing l JOIN channels_connection c ON c.id = l.connection_id
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT a.id) AS orders
         FROM channels_arrivalline n JOIN channels_arrival a ON a.id = n.arrival_id
        WHERE n.listing_id = l.id AND a.standing = 'unmapped') w
 WHERE l.county = %(county)s AND l.standing = %(standing)s
   AND (%(after)s::uuid IS NULL OR l.id > %(after)s::uuid)
 ORDER BY CASE WHEN l.standing = 'new' THEN w.orders END DESC NULLS LAST, l.id LIMIT %(limit)s::int
"""

_OFFERS = """
SELECT o.outlet, o.id, k.code, p.name_zh, p.name_en, k.label_zh, k.label_en, o.price_fen
  FROM catalog_offer o JOIN catalog_pack k ON k.id = o.pack_id JOIN catalog_product p ON p.id = o.product_id
 WHERE o.county = %s AND o.outlet = ANY (%s::text[]) AND o.state = 'on'
 ORDER BY o.outlet, p.name_zh, k.label_zh, o.id
"""
