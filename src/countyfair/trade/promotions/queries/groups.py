"""A group as everybody with its link sees it, and the offer that one may be opened for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.rows import one, rows

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group, nothing personal: `joined` of `needed` places are taken. Prices of one pack."""

    id: UUID
    county: str
    name_zh: str
    name_en: str
    offer: UUID
    product: UUID
    product_zh: str
    product_en: str
    label_zh: str
    label_en: str
    category: str
    icon: str
    price_fen: int
    group_fen: int
    currency: str
    needed: int
    joined: int
    opens_at: datetime
    closes_at: datetime
    gathered: str
    is_ended: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody may join now."""
        in_time = self.opens_at <= now() < self.closes_at
        return in_time and not self.is_ended and self.gathered != "failed" and self.joined < self.needed


@dataclass(frozen=True, slots=True)
class Offered:
    """What is on sale in the shop."""

    price_fen: int
    shop: UUID
    organisation: UUID | None


def group(*, group: UUID) -> GroupSeen:
    """A group, by its link.

    Raises:
        Missing: there is none.
    """
    return one(f"{_SEEN} WHERE g.id = %s", [group], into=GroupSeen, missing=_("There is no such group."))


def group_of(*, holder: str) -> GroupSeen | None:
    """The group in which a holder, e.g. an order, has a place; None for one that has none."""
    standing = " JOIN promotions_redemption r ON r.promotion_id = g.id WHERE r.holder = %s AND r.uses = 1"
    return next(iter(rows(_SEEN + standing, [holder], into=GroupSeen)), None)


def offered(*, county: str, offer: UUID) -> Offered | None:
    """An offer that is on in the county's shop; None where it is not. For verbs of this room."""
    found = rows(
        """
        SELECT o.price_fen, h.id, h.organisation_id
          FROM catalog_offer o JOIN catalog_product d ON d.id = o.product_id
          JOIN catalog_shop h ON h.id = d.shop_id
         WHERE o.id = %s AND o.county = %s AND o.state = 'on' AND o.outlet = 'shop'""",
        [offer, county],
        into=Offered,
    )
    return found[0] if found else None


_SEEN = """
SELECT g.id, g.county, g.name_zh, g.name_en, o.id, d.id, d.name_zh, d.name_en, k.label_zh, k.label_en,
       d.category, d.icon, o.price_fen, g.group_fen, o.currency, g.limit_total, g.used, g.opens_at,
       g.closes_at, g.gathered, g.ended_at IS NOT NULL
  FROM promotions_promotion g
  JOIN catalog_offer o ON o.id = g.offer_id AND g.kind = 'group'
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
"""
