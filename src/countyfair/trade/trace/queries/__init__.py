"""Reads of trace that surfaces need."""

from countyfair.trade.trace.queries.addresses import addresses
from countyfair.trade.trace.queries.histories import (
    LotParcel,
    history,
    lot_by_number,
    paper,
    parcel_by_waybill,
    parcels_with,
)
from countyfair.trade.trace.queries.proofs import proofs
from countyfair.trade.trace.queries.recalls import (
    RecallRow,
    TellingRow,
    recall,
    recalls,
    tellings,
)

__all__ = [
    "LotParcel",
    "RecallRow",
    "TellingRow",
    "addresses",
    "history",
    "lot_by_number",
    "paper",
    "parcel_by_waybill",
    "parcels_with",
    "proofs",
    "recall",
    "recalls",
    "tellings",
]
