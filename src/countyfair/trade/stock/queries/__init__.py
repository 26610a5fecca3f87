"""Reads of stock that other rooms need."""

from countyfair.trade.stock.queries.lots import (
    Drawn,
    HeldRow,
    LotRow,
    MovementRow,
    drawn,
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
    "Drawn",
    "HeldRow",
    "LotRow",
    "MovementRow",
    "Quote",
    "SupplyRow",
    "availability",
    "drawn",
    "held_on",
    "lot",
    "lots",
    "movements",
    "product_on_sale",
    "proofs",
    "quote",
    "supplies",
]
