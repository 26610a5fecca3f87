"""Reads of promotions that others need."""

from countyfair.trade.promotions.queries.announced import Announced, announced
from countyfair.trade.promotions.queries.bundles import (
    BundleSeen,
    PartSeen,
    Sellable,
    bundle,
    bundle_terms,
    bundles,
    bundles_of,
    bundles_seen,
    sellable,
)
from countyfair.trade.promotions.queries.groups import GroupSeen, group, group_of
from countyfair.trade.promotions.queries.managing import PromotionRow, UseRow, promotion, promotions, uses
from countyfair.trade.promotions.queries.proofs import proofs
from countyfair.trade.promotions.queries.telling import announced_with
from countyfair.trade.promotions.queries.using import coupon, group_terms

__all__ = [
    "Announced",
    "BundleSeen",
    "GroupSeen",
    "PartSeen",
    "PromotionRow",
    "Sellable",
    "UseRow",
    "announced",
    "announced_with",
    "bundle",
    "bundle_terms",
    "bundles",
    "bundles_of",
    "bundles_seen",
    "coupon",
    "group",
    "group_of",
    "group_terms",
    "promotion",
    "promotions",
    "proofs",
    "sellable",
    "uses",
]
