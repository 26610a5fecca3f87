"""Reads of promotions that others need."""

from countyfair.trade.promotions.queries.managing import PromotionRow, UseRow, promotion, promotions, uses
from countyfair.trade.promotions.queries.proofs import proofs
from countyfair.trade.promotions.queries.using import coupon

__all__ = ["PromotionRow", "UseRow", "coupon", "promotion", "promotions", "proofs", "uses"]
