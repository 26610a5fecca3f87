"""Every write of promotions. Locks: promotions, by key."""

from countyfair.trade.promotions.actions.announcing import announce_at, follow_shops
from countyfair.trade.promotions.actions.bundling import close_bundles, make_bundle, release_parts
from countyfair.trade.promotions.actions.grouping import close_groups, fill_group, hold_groups, open_group
from countyfair.trade.promotions.actions.making import end_promotion, make_coupon
from countyfair.trade.promotions.actions.using import give_back

__all__ = [
    "announce_at",
    "close_bundles",
    "close_groups",
    "end_promotion",
    "fill_group",
    "follow_shops",
    "give_back",
    "hold_groups",
    "make_bundle",
    "make_coupon",
    "open_group",
    "release_parts",
]
