"""The buyers' side of a season: baskets, orders, payments, second thoughts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.kernel.seal import link_token
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.surfaces.commands.season.provider import SeasonProvider
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.rules.quote import Quote
from countyfair.trade.payments import queries as payments
from countyfair.trade.payments.actions import take_cash
from countyfair.trade.stock.queries import availability

#: When people buy: the hours of a day with their weights.
HOURS = {8: 2, 10: 4, 12: 5, 14: 3, 16: 3, 19: 6, 20: 8, 21: 7, 22: 3}
SECOND_THOUGHTS = 0.03
#: Most buy what the shop's page shows, as they loaded it; some come by a link that somebody sent them.
LOOKS_AT_THE_SHELF = 0.88
A_PAGE_IS_LOOKED_AT = timedelta(hours=3)
TYPES_A_COUPON = 0.12


@dataclass(slots=True)
class Shelf:
    """What the shop's page showed when it was last loaded."""

    seen: datetime | None = None
    offers: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Buying:
    """What buyers of one county's goods do. `a_day` orders on an ordinary day, more at weekends."""

    agenda: Agenda
    cast: Cast
    provider: SeasonProvider
    a_day: int
    shelf: Shelf = field(default_factory=Shelf)
    #: Codes of coupons that buyers have heard of.
    codes: list[str] = field(default_factory=list)

    def day(self, day: date) -> None:
        """Lay out a day's purchases."""
        wanted = round(
            self.a_day * (1.4 if day.weekday() >= 5 else 1) * (0.8 + 0.4 * self.agenda.chance.random())
        )
        for _ in range(wanted):
            hour = self.agenda.chance.choices(list(HOURS), weights=list(HOURS.values()))[0]
            self.agenda.on(day, hour + self.agenda.chance.random(), self.buy)

    def buy(self) -> None:
        """A guest fills a basket, looks at what it costs, and orders."""
        basket = self.agenda.new_id()
        guest = Actor.guest(str(basket))
        for number, pack in enumerate(self._chosen()):
            with clock.at(self.agenda.moment + timedelta(seconds=number)):  # one after the other
                orders.add_to_basket(
                    guest, basket=basket, offer=pack, quantity=self.agenda.chance.choice((1, 1, 1, 2, 3))
                )
        picks_up = self.agenda.chance.random() < 0.25
        station = self.cast.station(self.agenda.chance.choice(sorted(self.cast.agents))) if picks_up else None
        destination = "" if picks_up else self.agenda.chance.choice(self.cast.destinations)
        fulfilment = "pickup" if picks_up else "delivery"
        costs = partial(
            read.quote, guest, county=self.cast.county, basket=basket, fulfilment=fulfilment,
            destination=destination, station=station,
        )  # fmt: skip
        cost, coupon = self._with_coupon(costs)
        by_cash = picks_up and self.agenda.chance.random() < 0.5
        order = self.agenda.new_id()
        placing = partial(
            orders.place_order, guest, order_id=order, county=self.cast.county, basket=basket,
            contact=self.cast.buyer(self.agenda.chance), fulfilment=fulfilment, destination=destination,
            station=station, gateway="counter" if by_cash else "sandbox", expected_total_fen=cost.total_fen,
            coupon=coupon,
        )  # fmt: skip
        placed = placing()
        self.agenda.tally["order placed"] += 1
        self.agenda.tally[f"for {fulfilment}"] += 1
        self.agenda.tally["with a coupon"] += bool(coupon)
        if self.agenda.chance.random() < 0.05:
            placing()  # the button was pressed twice
            self.agenda.tally["button pressed twice"] += 1
        self._then_pay(order, placed.intent, station if by_cash else None)

    def order_packs(self, offer: UUID, packs: int, *, group: UUID | None = None) -> None:
        """A guest orders one thing straight from its page, has it sent, and pays at once."""
        guest, lines = Actor.guest(str(self.agenda.new_id())), ((offer, packs),)
        destination = self.agenda.chance.choice(self.cast.destinations)
        cost = read.quote(
            guest, county=self.cast.county, lines=lines, fulfilment="delivery", destination=destination,
            group=group,
        )  # fmt: skip
        placed = orders.place_order(
            guest, order_id=self.agenda.new_id(), county=self.cast.county, lines=lines, group=group,
            contact=self.cast.buyer(self.agenda.chance), fulfilment="delivery", destination=destination,
            gateway="sandbox", expected_total_fen=cost.total_fen,
        )  # fmt: skip
        self.agenda.tally["order placed"] += 1
        self.agenda.tally["for delivery"] += 1
        wait = timedelta(seconds=self.agenda.chance.randint(20, 1500))
        self.agenda.after(wait, partial(self.pay_online, placed.intent))

    def _with_coupon(self, costs: Callable[..., Quote]) -> tuple[Quote, str]:
        """What a basket costs, and the code that was typed; one that takes nothing off is taken out again."""
        if self.codes and self.agenda.chance.random() < TYPES_A_COUPON:
            code = self.agenda.chance.choice(self.codes)
            try:
                return costs(coupon=code), code
            except Invalid:
                self.agenda.tally["coupon took nothing off"] += 1
        return costs(), ""

    def _chosen(self) -> list[UUID]:
        """A few packs, most of them of what is well known."""
        every = [
            self.cast.ids.of("offer", pack["code"])
            for product in self.cast.sample.products
            for pack in product["packs"]
        ]
        fame = {offer: 1 + number % 7 for number, offer in enumerate(every)}
        looks = self.agenda.chance.random() < LOOKS_AT_THE_SHELF
        there = self._on_the_shelf(every) if looks else every
        count = self.agenda.chance.choice((1, 1, 2, 2, 3))
        drawn = self.agenda.chance.choices(there, weights=[fame[offer] for offer in there], k=count)
        return list(dict.fromkeys(drawn))

    def _on_the_shelf(self, every: list[UUID]) -> list[UUID]:
        """The offers that the page showed as available when it was loaded; others have bought since."""
        shelf, moment = self.shelf, self.agenda.moment
        if shelf.seen is None or moment - shelf.seen > A_PAGE_IS_LOOKED_AT:
            left = availability(every)
            shelf.seen, shelf.offers = moment, [offer for offer in every if left[offer] > 0] or every
        return shelf.offers

    def _then_pay(self, order: UUID, intent: UUID, station: UUID | None) -> None:
        if self.agenda.chance.random() < 0.06:
            self.agenda.tally["never paid"] += 1
        elif station is not None:
            wait = timedelta(hours=self.agenda.chance.randint(1, 20))
            self.agenda.after(wait, partial(self.pay_cash, intent, station))
        else:
            wait = timedelta(seconds=self.agenda.chance.randint(20, 1500))
            self.agenda.after(wait, partial(self.pay_online, intent))
        if self.agenda.chance.random() < SECOND_THOUGHTS:
            wait = timedelta(minutes=self.agenda.chance.randint(5, 600))
            self.agenda.after(wait, partial(self.cancel, order))

    def pay_cash(self, intent: UUID, station: UUID) -> None:
        """The buyer brings the money to the station."""
        take_cash(self.cast.agent(self.cast.key_of(station)), intent=intent, station=station)
        self.agenda.tally["paid in cash"] += 1

    def pay_online(self, intent: UUID) -> None:
        """The buyer pays at the provider's page; notices come as they will."""
        asked = payments.intent(intent)
        if asked.state != "awaiting":
            return
        self.provider.pay(asked)
        self.agenda.tally["paid online"] += 1

    def cancel(self, order: UUID) -> None:
        """The buyer thinks better of it, by the link of the order; too late is refused."""
        try:
            orders.cancel(Actor.guest("season"), order_id=order, token=link_token(str(order), "order"))
        except Refusal:
            self.agenda.tally["cancelled too late"] += 1
        else:
            self.agenda.tally["cancelled by the buyer"] += 1
