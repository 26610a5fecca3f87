"""Every write of promotions. Locks: promotions, by key."""

from countyfair.trade.promotions.actions.making import end_promotion, make_coupon
from countyfair.trade.promotions.actions.using import give_back

__all__ = ["end_promotion", "give_back", "make_coupon"]
