"""Every write of bookings. Order of locks: the booking, then its order and what comes after it there."""

from countyfair.trade.bookings.actions.booking import book
from countyfair.trade.bookings.actions.calling_off import call_off, close_no_shows
from countyfair.trade.bookings.actions.redeeming import Redeemed, redeem
from countyfair.trade.bookings.actions.telling import addresses
from countyfair.trade.bookings.actions.terms import set_rule

__all__ = ["Redeemed", "addresses", "book", "call_off", "close_no_shows", "redeem", "set_rule"]
