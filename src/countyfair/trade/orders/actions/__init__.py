"""Every write of baskets and orders."""

from countyfair.trade.orders.actions.placing import Placed, place_order
from countyfair.trade.orders.actions.terms import set_terms

__all__ = ["Placed", "place_order", "set_terms"]
