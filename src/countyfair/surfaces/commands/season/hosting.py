"""Services in a season: days opened, nights and seats booked, redeemed on the spot, called off, or missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.seal import link_token
from countyfair.surfaces.commands.sample.definition import Table
from countyfair.surfaces.commands.sample.goods import SERVICE_DAYS
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.buying import Buying
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.bookings import actions as bookings
from countyfair.trade.bookings.rules import code_of, days_of
from countyfair.trade.orders import queries as read
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries.services import service_days

#: How often a service is booked on a day, and what becomes of it.
BOOKED = 0.3
CALLED_OFF, MISSED = 0.15, 0.1
#: Guests book so many days ahead.
AHEAD = (1, 9)
OPENING_DAY = 0


@dataclass(frozen=True, slots=True)
class Hosting:
    """What the hosts of one county and their guests do."""

    agenda: Agenda
    cast: Cast
    buying: Buying

    def day(self, day: date) -> None:
        """Lay out a day's bookings; on Mondays hosts open another week."""
        for entry in self.cast.sample.services:
            if day.weekday() == OPENING_DAY:
                self.agenda.on(day, 8, partial(self.open_week, entry))
            if self.agenda.chance.random() < BOOKED:
                self.agenda.on(day, 9 + 12 * self.agenda.chance.random(), partial(self.book, entry))

    def open_week(self, entry: Table) -> None:
        """The host opens the week after what is open already."""
        first = today() + timedelta(days=SERVICE_DAYS)
        stock.open_days(
            self._host(entry), household=self.cast.ids.of("household", entry["household"]),
            product=self.cast.ids.of("product", entry["key"]), places=entry["places"],
            days=[day for day in days_of(first, 7) if day.isoweekday() in entry["weekdays"]],
        )  # fmt: skip
        self.agenda.tally["week of a service opened"] += 1

    def book(self, entry: Table) -> None:
        """A guest takes a free day and pays; later comes, calls off, or does not come."""
        chance, free = self.agenda.chance, self._free(entry)
        if not free:
            return
        first_on, offer = chance.choice(free), self.cast.ids.of("offer", entry["packs"][0]["code"])
        guest = Actor.guest(str(self.agenda.new_id()))
        cost = read.quote(guest, county=self.cast.county, lines=((offer, 1),), days=(first_on,))
        order = self.agenda.new_id()
        placed = bookings.book(
            guest, order_id=order, offer=offer, first_on=first_on, days=1, places=1,
            contact=self.cast.buyer(chance), gateway="sandbox", expected_total_fen=cost.goods_fen,
        )  # fmt: skip
        self.agenda.tally["service booked"] += 1
        self.agenda.after(timedelta(minutes=5), partial(self.buying.pay_online, placed.intent))
        drawn = chance.random()
        if drawn < CALLED_OFF:
            self.agenda.after(timedelta(hours=chance.randint(1, 30)), partial(self.call_off, order))
        elif drawn >= CALLED_OFF + MISSED:
            self.agenda.on(first_on, 15 + 4 * chance.random(), partial(self.redeem, entry, order))

    def call_off(self, order: UUID) -> None:
        """The guest cannot come; what comes back is as the rule of the service says."""
        bookings.call_off(Actor.guest("season"), order_id=order, token=link_token(str(order), "order"))
        self.agenda.tally["service called off"] += 1

    def redeem(self, entry: Table, order: UUID) -> None:
        """The guest is there and shows the code."""
        bookings.redeem(
            self._host(entry), redemption=self.agenda.new_id(),
            household=self.cast.ids.of("household", entry["household"]), code=code_of(order),
        )  # fmt: skip
        self.agenda.tally["service redeemed"] += 1

    def _free(self, entry: Table) -> list[date]:
        least, most = (today() + timedelta(days=days) for days in AHEAD)
        days = service_days(product=self.cast.ids.of("product", entry["key"]), since=least, until=most)
        return sorted(one.day for one in days if one.free)

    def _host(self, entry: Table) -> Actor:
        """The station's agent does it for the household."""
        whose = next(one for one in self.cast.sample.households if one["key"] == entry["household"])
        return self.cast.agent(whose["station"])
