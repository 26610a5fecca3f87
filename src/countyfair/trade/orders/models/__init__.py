"""The tables of this room: orders and all that hangs on them, and claims on what was delivered."""

from countyfair.trade.orders.models.billing import Allotment, Bill, BillLine, PackedWeight
from countyfair.trade.orders.models.claims import (
    BearerRule,
    Claim,
    ClaimAnswer,
    ClaimPhoto,
    ClaimReceipt,
    ClaimStep,
    Replacement,
)
from countyfair.trade.orders.models.discounts import LineDiscount
from countyfair.trade.orders.models.orders import (
    Basket,
    BasketLine,
    Contact,
    ContactRead,
    Line,
    Order,
    Refund,
    RefundLine,
    Share,
    ShareTerms,
    Step,
    Tick,
)

__all__ = [
    "Allotment",
    "Basket",
    "BasketLine",
    "BearerRule",
    "Bill",
    "BillLine",
    "Claim",
    "ClaimAnswer",
    "ClaimPhoto",
    "ClaimReceipt",
    "ClaimStep",
    "Contact",
    "ContactRead",
    "Line",
    "LineDiscount",
    "Order",
    "PackedWeight",
    "Refund",
    "RefundLine",
    "Replacement",
    "Share",
    "ShareTerms",
    "Step",
    "Tick",
]
