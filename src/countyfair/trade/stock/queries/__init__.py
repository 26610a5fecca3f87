"""Reads of stock that other rooms need."""

from countyfair.trade.stock.queries.lots import (
    HeldRow,
    LotRow,
    MovementRow,
    held_on,
    lot,
    lots,
    movements,
)
from countyfair.trade.stock.queries.proofs import proofs
from countyfair.trade.stock.queries.selling import (
    Availability,
    Quote,
    SupplyRow,
    availability,
    product_on_sale,
    quote,
    supplies,
)

__all__ = [
    "Availability",
    "HeldRow",
    "LotRow",
    "MovementRow",
    "Quote",
    "SupplyRow",
    "availability",
    "held_on",
    "lot",
    "lots",
    "movements",
    "product_on_sale",
    "proofs",
    "quote",
    "supplies",
]
