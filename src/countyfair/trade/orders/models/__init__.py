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
from countyfair.trade.orders.models.outside import ChannelFee, Outside

__all__ = [
    "Allotment",
    "Basket",
    "BasketLine",
    "BearerRule",
    "Bill",
    "BillLine",
    "ChannelFee",
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
    "Outside",
    "PackedWeight",
    "Refund",
    "RefundLine",
    "Replacement",
    "Share",
    "ShareTerms",
    "Step",
    "Tick",
]
