"""Coupons, bundles, groups: made, ended, looked at; bundles and groups by everybody who has their id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from countyfair.kernel.clock import now
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import ROWS, Cursor, Limit, Page
from countyfair.surfaces.api.routes import Call, Routes, belongs
from countyfair.surfaces.api.shapes import NO_MONEY, County, Given, Money, Text, paged, shape
from countyfair.trade.promotions import actions, queries
from countyfair.trade.promotions.queries import BundleSeen, GroupSeen, PromotionRow, UseRow
from countyfair.trade.promotions.rules.bundling import MOST_PACKS, MOST_PARTS, BundleTerms
from countyfair.trade.promotions.rules.grouping import GroupTerms
from countyfair.trade.promotions.rules.making import CouponTerms

routes = Routes()

Uses = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
BearerName = Literal["household", "station", "centre", "platform"]


@dataclass(frozen=True, slots=True)
class PromotionSeen:
    """A promotion with its terms and its use, and where it stands now.

    `state` is coming, open, used_up, over or ended; of a group gathering, full or failed.
    """

    state: str
    promotion: PromotionRow


@dataclass(frozen=True, slots=True)
class GroupOpen:
    """A group, and whether somebody may join it now."""

    is_open: bool
    group: GroupSeen


PROMOTION = shape("Promotion", PromotionSeen)
PROMOTIONS = paged("Promotion", PromotionSeen)
USES = paged("PromotionUse", UseRow)
GROUP = shape("Group", GroupOpen)
BUNDLE = shape("Bundle", BundleSeen)


class Promised(Given):
    """What every promotion says; `id` is a UUID that the caller makes.

    Others than the households bear it only with the scope `terms.write` and who may set terms.
    """

    id: UUID
    name_zh: Annotated[Text, Field(min_length=1, max_length=60)]
    name_en: Annotated[Text, Field(max_length=80)] = ""
    bearer: BearerName
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime


class CouponWanted(Promised):
    """A coupon: either `percent` or `off`; without a shop it counts for all that the county sells.

    `public`: its code stands on the stalls' pages.
    """

    code: Annotated[Text, Field(min_length=1, max_length=40)]
    shop: UUID | None = None
    percent: Annotated[int, Field(strict=True, ge=0, le=90)] = 0
    off: Money = NO_MONEY
    least: Money = NO_MONEY
    most: Money | None = None
    limit_total: Uses | None = None
    limit_each: Uses | None = None
    public: bool = False


class GroupWanted(Promised):
    """So many buyers get a pack of an offer each at `price`, if all have paid by `closes_at`."""

    offer: UUID
    price: Money
    needed: Annotated[int, Field(strict=True, ge=2, le=1000)]


class BundlePart(Given):
    """So many packs of an offer in each set."""

    offer: UUID
    packs: Annotated[int, Field(strict=True, ge=1, le=MOST_PACKS)]


class BundleWanted(Promised):
    """Packs of one shop that are on sale now cost `price` together, which is less than one by one."""

    shop: UUID
    price: Money
    parts: Annotated[list[BundlePart], Field(min_length=1, max_length=MOST_PARTS)]


@routes.reads("/bundles/{bundle}", BUNDLE)
def bundle(call: Call, bundle: UUID) -> BundleSeen:
    """The packs of a bundle and what a set costs. An order that has all of them is charged so by itself.

    A part's `price` is what a pack costs alone; it is null where that cannot be had now.
    """
    return queries.bundle(promotion=bundle)


@routes.reads("/groups/{group}", GROUP)
def group(call: Call, group: UUID) -> GroupOpen:
    """How a group stands. Who joins it orders one pack of its offer with `group`."""
    seen = queries.group(group=group)
    return GroupOpen(seen.is_open, seen)


@routes.reads("/counties/{county}/promotions", PROMOTIONS, scope="catalog.read")
def promotions(call: Call, county: County, cursor: Cursor = "", limit: Limit = ROWS) -> Page[PromotionSeen]:
    """A county's coupons, bundles and groups, or those of one's own shops, the newest first."""
    call.require_or_keep("catalog.read", county)
    found = queries.promotions(
        call.actor, county=county, after=cursors.moment_and_key(cursor), limit=limit + 1
    )
    return cursors.page(
        [_seen(row) for row in found], limit, lambda one: (one.promotion.made_at, one.promotion.id)
    )


@routes.reads("/counties/{county}/promotions/{promotion}", PROMOTION, scope="catalog.read")
def promotion(call: Call, county: County, promotion: UUID) -> PromotionSeen:
    """One promotion with its terms and its use."""
    return _seen(_row(call, county, promotion))


@routes.reads("/counties/{county}/promotions/{promotion}/uses", USES, scope="orders.read")
def promotion_uses(
    call: Call, county: County, promotion: UUID, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[UseRow]:
    """The uses of a promotion, the latest first; `holder` is the order's id. Needs `catalog.read` too."""
    found = queries.uses(
        call.actor, _row(call, county, promotion), after=cursors.moment_and_key(cursor), limit=limit + 1
    )
    return cursors.page(found, limit, lambda row: (row.at, row.id))


@routes.writes("/counties/{county}/coupons", PROMOTION, scope="catalog.write", makes=True)
def give_out_coupon(call: Call, county: County, body: CouponWanted) -> PromotionSeen:
    """Give out a coupon."""
    terms = CouponTerms(
        body.code, body.name_zh, body.name_en, body.bearer, body.opens_at or now(), body.closes_at,
        shop=body.shop, percent=body.percent, off_fen=body.off.amount, least_fen=body.least.amount,
        most_fen=body.most.amount if body.most else None, limit_total=body.limit_total,
        limit_each=body.limit_each, public=body.public,
    )  # fmt: skip
    actions.make_coupon(call.actor, coupon=body.id, county=county, terms=terms)
    return promotion(call, county, body.id)


@routes.writes("/counties/{county}/groups", PROMOTION, scope="catalog.write", makes=True)
def open_group(call: Call, county: County, body: GroupWanted) -> PromotionSeen:
    """Open a group for a pack on offer; whoever has its id may join."""
    terms = GroupTerms(
        body.offer, body.name_zh, body.name_en, body.bearer, body.price.amount, body.needed,
        body.opens_at or now(), body.closes_at,
    )  # fmt: skip
    actions.open_group(call.actor, group=body.id, county=county, terms=terms)
    return promotion(call, county, body.id)


@routes.writes("/counties/{county}/bundles", PROMOTION, scope="catalog.write", makes=True)
def make_bundle(call: Call, county: County, body: BundleWanted) -> PromotionSeen:
    """Let packs of one shop cost less together; the basket finds it by itself."""
    terms = BundleTerms(
        body.shop, body.name_zh, body.name_en, body.bearer, body.price.amount,
        tuple((part.offer, part.packs) for part in body.parts), body.opens_at or now(), body.closes_at,
    )  # fmt: skip
    actions.make_bundle(call.actor, bundle=body.id, county=county, terms=terms)
    return promotion(call, county, body.id)


@routes.writes("/counties/{county}/promotions/{promotion}/end", PROMOTION, scope="catalog.write")
def end_promotion(call: Call, county: County, promotion: UUID) -> PromotionSeen:
    """Let nobody use it from now on; what was bought with it stays."""
    _row(call, county, promotion)
    actions.end_promotion(call.actor, promotion=promotion)
    return _seen(_row(call, county, promotion))


def _row(call: Call, county: str, key: UUID) -> PromotionRow:
    return belongs(county, lambda: queries.promotion(call.actor, promotion=key), lambda row: row.county)


def _seen(row: PromotionRow) -> PromotionSeen:
    return PromotionSeen(row.state, row)
