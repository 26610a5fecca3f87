"""Reads of promotions that others need."""

from countyfair.trade.promotions.queries.bundles import (
    BundleSeen,
    Sellable,
    bundle,
    bundles,
    bundles_seen,
    sellable,
)
from countyfair.trade.promotions.queries.groups import GroupSeen, group, group_of
from countyfair.trade.promotions.queries.managing import PromotionRow, UseRow, promotion, promotions, uses
from countyfair.trade.promotions.queries.proofs import proofs
from countyfair.trade.promotions.queries.using import coupon, group_terms

__all__ = [
    "BundleSeen",
    "GroupSeen",
    "PromotionRow",
    "Sellable",
    "UseRow",
    "bundle",
    "bundles",
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
