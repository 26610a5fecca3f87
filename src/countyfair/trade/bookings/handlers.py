"""What bookings do when they hear that an order was paid."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.registers.notices.rules import TOO_LATE
from countyfair.trade.bookings.queries import told_bookings
from countyfair.trade.orders.events import Paid


def on_paid(batch: Sequence[Delivered[Paid]]) -> None:
    """Who paid for a booking is told its code. What is older than two days is no news."""
    keys = [one.event.order for one in batch if one.at > now() - TOO_LATE]
    news = [
        News(
            "booking.code", row.county, str(row.order), f"booking:{row.order}", row.buyer,
            {"number": row.number, "day": f"{row.first_on}"},
        )
        for row in told_bookings(keys)
    ]  # fmt: skip
    if news:
        notices.tell(Actor.system("bookings.on_paid"), news=news)
