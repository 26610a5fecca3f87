"""What is done with payments: asked for, taken, closed, given back."""

from countyfair.trade.payments.actions.asking import ask_provider, close_silence, look_at_silent_intents
from countyfair.trade.payments.actions.billing import (
    claim_bills,
    end_gap,
    fetch_bill,
    fetch_bills,
    note_bill,
    take_bill,
)
from countyfair.trade.payments.actions.closing import cancel_intent, expire
from countyfair.trade.payments.actions.opening import first_link, open_intent, payment_code, payment_link
from countyfair.trade.payments.actions.owing import Owing, ask_refund, ask_refund_of, ask_refunds
from countyfair.trade.payments.actions.refunding import (
    hand_back_cash,
    record_answer,
    retry_refund,
    settle_refunds,
)
from countyfair.trade.payments.actions.taking import (
    Receipt,
    receive_notice,
    settle_notice,
    settle_waiting_notices,
    take_cash,
)

__all__ = [
    "Owing",
    "Receipt",
    "ask_provider",
    "ask_refund",
    "ask_refund_of",
    "ask_refunds",
    "cancel_intent",
    "claim_bills",
    "close_silence",
    "end_gap",
    "expire",
    "fetch_bill",
    "fetch_bills",
    "first_link",
    "hand_back_cash",
    "look_at_silent_intents",
    "note_bill",
    "open_intent",
    "payment_code",
    "payment_link",
    "receive_notice",
    "record_answer",
    "retry_refund",
    "settle_notice",
    "settle_refunds",
    "settle_waiting_notices",
    "take_bill",
    "take_cash",
]
