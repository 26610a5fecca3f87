"""Every write of stock. All of them append movements; counters follow by themselves."""

from countyfair.trade.stock.actions.allotting import Ground, prepare_allotting, settle_cycle
from countyfair.trade.stock.actions.announcing import (
    ANNOUNCES,
    announce_harvest,
    begin_harvest,
    say_amount,
    take_in_announced,
    tell_of_harvest,
    withdraw_harvest,
)
from countyfair.trade.stock.actions.blocking import block, unblock
from countyfair.trade.stock.actions.closing import close_cycle, close_due_cycles
from countyfair.trade.stock.actions.counting import (
    correct,
    correct_and_release,
    write_off,
    write_off_returned,
)
from countyfair.trade.stock.actions.cycles import open_cycle
from countyfair.trade.stock.actions.feeding import bear_brand, change_cap, feed, set_grades
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
from countyfair.trade.stock.actions.opening import close_past_days, open_days

__all__ = [
    "ANNOUNCES",
    "Ground",
    "Hold",
    "announce_harvest",
    "bear_brand",
    "begin_harvest",
    "block",
    "change_cap",
    "close_cycle",
    "close_due_cycles",
    "close_past_days",
    "correct",
    "correct_and_release",
    "dispatch",
    "expire_reservations",
    "feed",
    "keep",
    "open_cycle",
    "open_days",
    "prepare_allotting",
    "release",
    "reserve",
    "say_amount",
    "set_grades",
    "settle_cycle",
    "take_back",
    "take_in",
    "take_in_announced",
    "tell_of_harvest",
    "unblock",
    "withdraw_harvest",
    "write_off",
    "write_off_returned",
]
