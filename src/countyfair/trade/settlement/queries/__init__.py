"""Reading settlement: what is owed, batches and their payouts, statements, and what proves them."""

from countyfair.trade.settlement.queries.payouts import (
    BatchRow,
    Owed,
    PayoutRow,
    batch,
    batches,
    owed,
    payout_statement,
    payouts,
)
from countyfair.trade.settlement.queries.proofs import proofs
from countyfair.trade.settlement.queries.shares import unearned
from countyfair.trade.settlement.queries.statements import PaidOut, paid_out, statement

__all__ = [
    "BatchRow",
    "Owed",
    "PaidOut",
    "PayoutRow",
    "batch",
    "batches",
    "owed",
    "paid_out",
    "payout_statement",
    "payouts",
    "proofs",
    "statement",
    "unearned",
]
