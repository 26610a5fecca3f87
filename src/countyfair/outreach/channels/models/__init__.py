"""The tables of this room: shops on platforms, what came from them, and what was wrong with it."""

from countyfair.outreach.channels.models.money import Booking, Charge, Difference
from countyfair.outreach.channels.models.orders import Arrival, ArrivalLine
from countyfair.outreach.channels.models.shops import Connection, Intake, IntakePart, Listing

__all__ = [
    "Arrival",
    "ArrivalLine",
    "Booking",
    "Charge",
    "Connection",
    "Difference",
    "Intake",
    "IntakePart",
    "Listing",
]
