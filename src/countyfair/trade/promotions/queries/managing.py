"""Promotions as those see them who make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import one, rows

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A promotion with its terms and its use so far; `shop` None: on all that the county sells."""

    id: UUID
    county: str
    kind: str
    name_zh: str
    name_en: str
    code: str
    bearer: str
    percent: int
    off_fen: int
    least_fen: int
    most_fen: int | None
    limit_total: int | None
    limit_each: int | None
    opens_at: datetime
    closes_at: datetime
    made_at: datetime
    ended_at: datetime | None
    used: int
    taken_off_fen: int
    shop: UUID | None
    shop_name_zh: str
    shop_name_en: str
    organisation: UUID | None
    group_fen: int | None
    gathered: str
    bundle_fen: int | None
    public: bool

    @property
    def state(self) -> str:
        """coming, open, used_up, over or ended; of a group gathering, full or failed."""
        moment = now()
        if self.gathered:
            return self.gathered
        if self.ended_at is not None and self.ended_at < self.closes_at:
            return "ended"
        if self.closes_at <= moment:
            return "over"
        if self.opens_at > moment:
            return "coming"
        return "used_up" if self.limit_total is not None and self.used >= self.limit_total else "open"


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use: `holder` is the key of the order; `taken_back` when it came to nothing."""

    id: UUID
    holder: str
    at: datetime
    amount_fen: int
    taken_back: bool


def promotions(
    actor: Actor, *, county: str, after: tuple[datetime, UUID] | None = None, limit: int = 500
) -> list[PromotionRow]:
    """A county's promotions, the newest first: all with `catalog.read` there, or those of one's own shops.

    Args:
        after: when the last one of the page before was made, and its id.

    Raises:
        Forbidden: no `catalog.read` in the county or at any organisation.
    """
    own = list(actor.organisations("catalog.read"))
    everything = actor.may("catalog.read", place=county)
    if not everything and not own:
        actor.require("catalog.read", place=county)
    at, key = after or (None, None)
    return rows(
        f"{_ROWS} WHERE p.county = %s AND (%s::boolean OR h.organisation_id = ANY (%s::uuid[]))"
        " AND (%s::timestamptz IS NULL OR (p.made_at, p.id) < (%s::timestamptz, %s::uuid))"
        " ORDER BY p.made_at DESC, p.id DESC LIMIT %s::int",
        [county, everything, own, at, at, key, limit],
        into=PromotionRow,
    )


def promotion(actor: Actor, *, promotion: UUID) -> PromotionRow:
    """One promotion; needs `catalog.read` in its county or at its shop's operator.

    Raises:
        Missing: there is none.
        Forbidden: no such power there.
    """
    found = one(
        f"{_ROWS} WHERE p.id = %s",
        [promotion],
        into=PromotionRow,
        missing=_("There is no such promotion."),
    )
    actor.require("catalog.read", place=found.county, organisation=found.organisation)
    return found


def uses(
    actor: Actor, seen: PromotionRow, *, after: tuple[datetime, UUID] | None = None, limit: int = 100
) -> list[UseRow]:
    """The uses of a promotion, the latest first; needs `orders.read` in its county or at its shop's operator.

    Args:
        after: when the last one of the page before was, and its id.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("orders.read", place=seen.county, organisation=seen.organisation)
    at, key = after or (None, None)
    return rows(
        """
        SELECT r.id, r.holder, r.at, r.amount_fen,
               EXISTS (SELECT FROM promotions_redemption b WHERE b.holder = r.holder
                          AND b.promotion_id = r.promotion_id AND b.uses = -1)
          FROM promotions_redemption r
         WHERE r.promotion_id = %s AND r.uses = 1
           AND (%s::timestamptz IS NULL OR (r.at, r.id) < (%s::timestamptz, %s::uuid))
         ORDER BY r.at DESC, r.id DESC LIMIT %s::int""",
        [seen.id, at, at, key, limit],
        into=UseRow,
    )


_ROWS = """
SELECT p.id, p.county, p.kind, p.name_zh, p.name_en, coalesce(p.code, ''), p.bearer, p.percent,
       p.off_fen, p.least_fen, p.most_fen, p.limit_total, p.limit_each, p.opens_at, p.closes_at,
       p.made_at, p.ended_at, p.used,
       (SELECT coalesce(sum(r.amount_fen), 0)::bigint FROM promotions_redemption r
         WHERE r.promotion_id = p.id),
       p.shop_id, coalesce(h.name_zh, ''), coalesce(h.name_en, ''), h.organisation_id, p.group_fen,
       p.gathered, p.bundle_fen, p.public
  FROM promotions_promotion p LEFT JOIN catalog_shop h ON h.id = p.shop_id"""
