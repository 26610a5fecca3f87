"""What a parcel costs, what its waybill says, the life of a parcel, and why it could not be given."""

from countyfair.trade.logistics.rules.freight import (
    NOT_SENT,
    ON_SPOT,
    Freight,
    FreightRule,
    Rate,
    check_table,
    freight,
    rates,
)
from countyfair.trade.logistics.rules.parcels import (
    LIFE,
    MOST_TRIES,
    MOVES,
    check_tried,
    check_tries,
    check_way,
    is_waybill,
    moved,
    waybill,
)

__all__ = [
    "LIFE",
    "MOST_TRIES",
    "MOVES",
    "NOT_SENT",
    "ON_SPOT",
    "Freight",
    "FreightRule",
    "Rate",
    "check_table",
    "check_tried",
    "check_tries",
    "check_way",
    "freight",
    "is_waybill",
    "moved",
    "rates",
    "waybill",
]
