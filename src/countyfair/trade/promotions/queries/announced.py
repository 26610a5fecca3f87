"""What everybody is told of promotions at a shop: public coupons, groups with free places, bundles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.kernel.rows import column, rows

JOINS = ("catalog",)

#: So many are told at most, those that end first before the others.
MOST = 20


@dataclass(frozen=True, slots=True)
class Announced:
    """A coupon or a group that counts now.

    A coupon has a `code` and takes off `percent` or `off_fen`; without `of_shop` it counts for all of the
    county's. A group has what of its offer a pack costs alone and together, and `missing` places are free.
    `telling`: the county's shops that have something of their own running.
    """

    id: UUID
    kind: str
    name_zh: str
    name_en: str
    closes_at: datetime
    of_shop: bool
    code: str
    percent: int
    off_fen: int
    least_fen: int
    most_fen: int | None
    group_fen: int
    price_fen: int
    missing: int
    product: UUID | None
    product_zh: str
    product_en: str
    label_zh: str
    label_en: str
    telling: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Behind:
    """A shop that says otherwise than there is something to tell; `announces` is what it should say."""

    shop: UUID
    announces: bool


def announced(*, county: str, shop: UUID, product: UUID | None = None) -> list[Announced]:
    """The public coupons and open groups of a shop, as its page tells them; one statement.

    Args:
        product: only groups for packs of this one, as the goods' page tells them.
    """
    values = {"county": county, "shop": shop, "product": product, "moment": now(), "most": MOST}
    return rows(_ANNOUNCED, values, into=Announced)


def shops_of(*, county: str) -> Sequence[UUID]:
    """A county's shops that are open."""
    return column(
        "SELECT id FROM catalog_shop WHERE county = %s AND closed_on IS NULL ORDER BY id", [county], of=UUID
    )


def shops_behind(*, limit: int | None) -> list[Behind]:
    """The shops that do not say yet, or say still, that there is something to tell."""
    return rows(_BEHIND, {"moment": now(), "limit": limit}, into=Behind)


_ANNOUNCED = """
SELECT p.id, p.kind, p.name_zh, p.name_en, p.closes_at, p.shop_id IS NOT NULL, coalesce(p.code, ''),
       p.percent, p.off_fen, p.least_fen, p.most_fen, coalesce(p.group_fen, 0), coalesce(o.price_fen, 0),
       coalesce(p.limit_total - p.used, 0), d.id, coalesce(d.name_zh, ''), coalesce(d.name_en, ''),
       coalesce(k.label_zh, ''), coalesce(k.label_en, ''),
       ARRAY(SELECT DISTINCT t.shop_id FROM promotions_promotion t
              WHERE t.county = %(county)s AND t.shop_id IS NOT NULL AND t.ended_at IS NULL
                AND (t.public OR t.gathered = 'gathering') AND t.closes_at > %(moment)s)
  FROM promotions_promotion p
  LEFT JOIN catalog_offer o ON o.id = p.offer_id
  LEFT JOIN catalog_pack k ON k.id = o.pack_id
  LEFT JOIN catalog_product d ON d.id = o.product_id
 WHERE p.county = %(county)s AND p.ended_at IS NULL AND (p.public OR p.gathered = 'gathering')
   AND (p.shop_id = %(shop)s OR p.shop_id IS NULL)
   AND p.opens_at <= %(moment)s AND p.closes_at > %(moment)s
   AND (p.limit_total IS NULL OR p.used < p.limit_total)
   AND (p.kind = 'coupon' OR o.state = 'on' AND (%(product)s::uuid IS NULL OR d.id = %(product)s::uuid))
 ORDER BY p.closes_at, p.id LIMIT %(most)s::int
"""

_BEHIND = """
WITH running AS (
    SELECT DISTINCT p.county, p.shop_id FROM promotions_promotion p
     WHERE p.ended_at IS NULL AND (p.public OR p.gathered = 'gathering')
       AND p.closes_at > %(moment)s::timestamptz)
SELECT s.id, NOT s.announces FROM catalog_shop s
 WHERE s.closed_on IS NULL
   AND s.announces <> EXISTS (SELECT FROM running r
                               WHERE r.county = s.county AND (r.shop_id = s.id OR r.shop_id IS NULL))
 ORDER BY s.id LIMIT %(limit)s::int
"""
