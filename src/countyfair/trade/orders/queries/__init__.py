"""What others may read of baskets and orders, each a statement or two."""

from countyfair.trade.orders.queries.detail import OrderShown, order
from countyfair.trade.orders.queries.lists import (
    OrderRow,
    ToHandOut,
    ToPack,
    my_orders,
    orders_of,
    packing_list,
    to_hand_out,
)
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.quoting import basket, basket_count, quote, shares_of_price
from countyfair.trade.orders.queries.shares import ShareRow, shares_of
from countyfair.trade.orders.queries.terms import terms_of

__all__ = [
    "OrderRow",
    "OrderShown",
    "ShareRow",
    "ToHandOut",
    "ToPack",
    "basket",
    "basket_count",
    "my_orders",
    "order",
    "orders_of",
    "packing_list",
    "proofs",
    "quote",
    "shares_of",
    "shares_of_price",
    "terms_of",
    "to_hand_out",
]
