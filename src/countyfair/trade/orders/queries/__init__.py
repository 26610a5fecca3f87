"""What others may read of baskets and orders, each a statement or two."""

from countyfair.trade.orders.queries.detail import order
from countyfair.trade.orders.queries.lists import HeldFor, OrderRow, held_for, my_orders, orders_of
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.quoting import (
    basket,
    basket_count,
    quote,
    shares_of_price,
    weight_tolerance,
)
from countyfair.trade.orders.queries.shares import ShareRow, shares_of
from countyfair.trade.orders.queries.shown import OrderShown
from countyfair.trade.orders.queries.terms import TermsRow, terms_by_version, terms_of
from countyfair.trade.orders.queries.today import Today, today

__all__ = [
    "HeldFor",
    "OrderRow",
    "OrderShown",
    "ShareRow",
    "TermsRow",
    "Today",
    "basket",
    "basket_count",
    "held_for",
    "my_orders",
    "order",
    "orders_of",
    "proofs",
    "quote",
    "shares_of",
    "shares_of_price",
    "terms_by_version",
    "terms_of",
    "today",
    "weight_tolerance",
]
