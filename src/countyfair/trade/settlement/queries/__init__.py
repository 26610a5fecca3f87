"""Reading settlement: what is owed, batches and their payouts, statements, and what proves them."""

from countyfair.trade.settlement.queries.owed import Owed, owed, returned_unpaid
from countyfair.trade.settlement.queries.payouts import (
    BatchRow,
    BatchWhole,
    PayoutRow,
    batch,
    batch_whole,
    batches,
    payout_statement,
    payouts,
)
from countyfair.trade.settlement.queries.proofs import proofs
from countyfair.trade.settlement.queries.shares import unearned
from countyfair.trade.settlement.queries.statements import PaidOut, paid_out, statement

__all__ = [
    "BatchRow",
    "BatchWhole",
    "Owed",
    "PaidOut",
    "PayoutRow",
    "batch",
    "batch_whole",
    "batches",
    "owed",
    "paid_out",
    "payout_statement",
    "payouts",
    "proofs",
    "returned_unpaid",
    "statement",
    "unearned",
]
