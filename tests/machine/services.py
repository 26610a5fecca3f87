"""Services by date: nights of a farm stay booked, redeemed once, called off by their rule, or never used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, at, today
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.bookings import actions as bookings
from countyfair.trade.bookings.rules import code_of, shown
from countyfair.trade.bookings.tests.factories import GUEST, PRICE_FEN, Stay, a_stay, opened
from countyfair.trade.stock import actions as stock
from tests.machine.bought import Bought
from tests.machine.season import WHICH, Season, rule

#: By the house's usual rule all comes back so many days before, then half; later nothing.
ALL_BACK, HALF_BACK = 7, 2


@dataclass
class Booked:
    """A booking as its guest knows it."""

    of: Bought
    first_on: date
    is_redeemed: bool = False


class Services(Season):
    """A household that keeps two rooms, and guests."""

    def begin(self) -> None:
        super().begin()
        self.stay: Stay | None = None
        self.booked: list[Booked] = []

    def jobs(self) -> list[Callable[[], object]]:
        return [
            *super().jobs(),
            partial(bookings.close_no_shows, SYSTEM),
            partial(stock.close_past_days, SYSTEM),
        ]

    @rule(
        in_days=st.integers(0, 9), nights=st.integers(1, 3), rooms=st.integers(1, 2), pays=st.booleans(),
        twice=st.booleans(),
    )  # fmt: skip
    def book(self, in_days: int, nights: int, rooms: int, pays: bool, twice: bool) -> None:
        stay = self._stay()
        booking = None
        with self.doing("book"):
            first = today() + timedelta(days=in_days)
            total = PRICE_FEN * nights * rooms
            placing = partial(
                bookings.book, Actor.guest("stay"), order_id=uuid7(), offer=stay.offer, first_on=first,
                days=nights, places=rooms, contact=GUEST, gateway="sandbox", expected_total_fen=total,
            )  # fmt: skip
            placed = placing()
            for _time in range(twice):
                assert placing() == placed
            booking = Booked(Bought(placed.order, placed.intent, total, "sandbox", placing), first)
            self.booked.append(booking)
            self.bought.append(booking.of)
        if booking is not None:
            self.go_some_steps(booking.of, int(pays))

    @rule(needs="booked", which=WHICH, arrives=st.booleans(), phones=st.integers(1, 3))
    def redeem(self, which: int, arrives: bool, phones: int) -> None:
        """The guest says the code, in time or early; the host's phones send it, again and again."""
        if booking := self._booked(which):
            if arrives:
                self._wait_for(booking.first_on)
            with self.doing("redeem"):
                self._redeem(booking, phones)

    @rule(needs="booked", which=WHICH, twice=st.booleans())
    def call_off(self, which: int, twice: bool) -> None:
        if booking := self._booked(which):
            was = self.state_of(booking.of)
            with self.doing("call off"):
                days = (booking.first_on - today()).days
                percent = 100 if days >= ALL_BACK else 50 if days >= HALF_BACK else 0
                due = booking.of.total_fen * percent // 100 if was == "paid" else 0
                back = bookings.call_off(Actor.guest("stay"), order_id=booking.of.id, token=booking.of.token)
                if self.state_of(booking.of) != "cancelled":
                    booking.of.back_fen += back
                    self.tally["call off: half back"] += bool(back)
                else:
                    self.tally["call off: all back"] += bool(back)
                assert back == due
                for _time in range(twice):
                    again = bookings.call_off(
                        Actor.guest("stay"), order_id=booking.of.id, token=booking.of.token
                    )
                    assert again == 0

    @rule(in_days=st.integers(0, 9), nights=st.integers(1, 4), rooms=st.integers(0, 3))
    def open_nights(self, in_days: int, nights: int, rooms: int) -> None:
        stay = self._stay()
        with self.doing("open nights"):
            opened(stay, nights=nights, rooms=rooms, first=today() + timedelta(days=in_days))

    def serve(self, one: Bought) -> None:
        """A booking is redeemed on its day, all else goes into a parcel."""
        booking = next((booking for booking in self.booked if booking.of is one), None)
        if booking is None:
            super().serve(one)
            return
        self._wait_for(booking.first_on)
        with at(self.moment):
            self._redeem(booking, 1)

    def _redeem(self, booking: Booked, phones: int) -> None:
        code = shown(code_of(booking.of.id))
        for _phone in range(phones):
            found = bookings.redeem(SYSTEM, redemption=uuid7(), household=self.fair.households[0], code=code)
            assert found.again == booking.is_redeemed, "one booking, one stay"
            booking.is_redeemed = True

    def _stay(self) -> Stay:
        if self.stay is None:
            with at(self.moment):
                self.stay = a_stay(fair=self.fair, nights=12, rooms=2, in_days=0)
        return self.stay

    def _wait_for(self, day: date) -> None:
        self.moment = max(self.moment, datetime.combine(day, time(9), COUNTY_ZONE))

    def _booked(self, which: int) -> Booked | None:
        return self.booked[-1 - which % len(self.booked)] if self.booked else None
