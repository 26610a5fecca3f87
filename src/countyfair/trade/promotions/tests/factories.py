"""Coupons, made through the room's own verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.promotions import actions
from countyfair.trade.promotions.rules.bundling import BundleTerms
from countyfair.trade.promotions.rules.grouping import GroupTerms
from countyfair.trade.promotions.rules.making import CouponTerms


def coupon_terms(**said: Any) -> CouponTerms:
    """A tenth off, borne by the county centre, for a month, unless told otherwise."""
    opens = now() - timedelta(hours=1)
    plain = CouponTerms(
        code="AUTUMN10", name_zh="秋收券", name_en="Autumn coupon", bearer="centre", opens_at=opens,
        closes_at=opens + timedelta(days=30), percent=10,
    )  # fmt: skip
    if "off_fen" in said:
        plain = replace(plain, percent=0)
    return replace(plain, **said)


def a_group(
    offer: UUID, *, actor: Actor = SYSTEM, needed: int = 2, group_fen: int = 1980, days: int = 2
) -> UUID:
    """So many buyers together, a pack each, the centre bearing what it is less."""
    opens = now() - timedelta(hours=1)
    terms = GroupTerms(
        offer, "样例拼团", "Sample group", "centre", group_fen, needed, opens, opens + timedelta(days=days)
    )
    return actions.open_group(actor, group=uuid7(), county=COUNTY, terms=terms)


def a_coupon(*, actor: Actor = SYSTEM, **said: Any) -> UUID:
    return actions.make_coupon(actor, coupon=uuid7(), county=COUNTY, terms=coupon_terms(**said))


def a_bundle(
    parts: tuple[tuple[UUID, int], ...],
    bundle_fen: int,
    *,
    actor: Actor = SYSTEM,
    bearer: str = "centre",
    key: UUID | None = None,
) -> UUID:
    """Packs of the shop of the first offer that cost so much together, for a month."""
    opens = now() - timedelta(hours=1)
    shop = scalar(
        "SELECT d.shop_id FROM catalog_offer o JOIN catalog_product d ON d.id = o.product_id WHERE o.id = %s",
        [parts[0][0]],
    )
    terms = BundleTerms(
        UUID(str(shop)), "样例组合", "Sample bundle", bearer, bundle_fen, parts, opens,
        opens + timedelta(days=30),
    )  # fmt: skip
    return actions.make_bundle(actor, bundle=key or uuid7(), county=COUNTY, terms=terms)
