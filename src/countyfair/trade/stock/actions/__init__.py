"""Every write of stock. All of them append movements; counters follow by themselves."""

from countyfair.trade.stock.actions.counting import (
    correct,
    correct_and_release,
    write_off,
    write_off_returned,
)
from countyfair.trade.stock.actions.feeding import change_cap, feed
from countyfair.trade.stock.actions.holding import (
    Hold,
    dispatch,
    expire_reservations,
    keep,
    release,
    reserve,
    take_back,
)
from countyfair.trade.stock.actions.intake import take_in

__all__ = [
    "Hold",
    "change_cap",
    "correct",
    "correct_and_release",
    "dispatch",
    "expire_reservations",
    "feed",
    "keep",
    "release",
    "reserve",
    "take_back",
    "take_in",
    "write_off",
    "write_off_returned",
]
