"""How long things wait: for payment, for the return window, and for personal data to be erased."""

from __future__ import annotations

from datetime import datetime, timedelta

#: How long stock is held for who pays on line; longer for who brings cash to a station.
PAY_WITHIN = timedelta(minutes=30)
PAY_AT_COUNTER_WITHIN = timedelta(hours=48)

#: How long a buyer may pay what the goods weighed more.
TO_PAY_MORE = timedelta(days=3)

#: Contacts are erased so long after an order came to its end.
KEEP_CONTACT = timedelta(days=30)

#: Baskets nobody touched for so long are thrown away.
KEEP_BASKET = timedelta(days=60)


def pay_before(placed_at: datetime, *, by_hand: bool) -> datetime:
    """Until when an order's stock is held unpaid; `by_hand`: an agent takes the money."""
    return placed_at + (PAY_AT_COUNTER_WITHIN if by_hand else PAY_WITHIN)


def window_over(delivered_at: datetime, return_window_days: int) -> datetime:
    """When the buyer can no longer send back what was delivered then."""
    return delivered_at + timedelta(days=return_window_days)
