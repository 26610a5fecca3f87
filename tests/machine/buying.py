"""Buying: at home and at the counter, once or twice, and called off."""

from __future__ import annotations

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.tests.factories import CONTACT, FAR, NEAR
from tests.machine import books
from tests.machine.bought import REPLACEMENT
from tests.machine.season import WHICH, Season, rule

WAYS = ((True, NEAR), (False, NEAR), (False, FAR))


class Buying(Season):
    """Buyers, and the counter's agent who buys for villagers."""

    @rule(
        packs=st.tuples(st.integers(0, 4), st.integers(0, 3)).filter(any), way=st.integers(0, 2),
        cash=st.booleans(), stale=st.integers(0, 9).map(lambda n: n == 0),
    )  # fmt: skip
    def order(self, packs: tuple[int, int], way: int, cash: bool, stale: bool) -> None:
        basket = uuid7()
        guest = Actor.guest(str(basket))
        for stall, quantity in zip(self.stalls, packs, strict=False):
            if quantity:
                orders.add_to_basket(guest, basket=basket, offer=stall.offer, quantity=quantity)
        pickup, destination = WAYS[way]
        self.place(
            guest, "order", basket=basket, pickup=pickup, destination=destination, cash=cash, stale=stale
        )

    @rule(packs=st.integers(1, 4))
    def order_at_the_counter(self, packs: int) -> None:
        lines = ((self.stalls[2].offer, packs),)
        self.place(self.fair.agent, "order at the counter", lines=lines, outlet="station")

    @rule(needs="bought", which=WHICH)
    def press_again(self, which: int) -> None:
        if (one := self.bought_as(which)) and one.gateway != REPLACEMENT:
            with self.doing("press twice"):
                first = one.again()
                assert (first.order, first.intent, first.total_fen) == (one.id, one.intent, one.total_fen)

    @rule(needs="bought", which=WHICH, packs=st.integers(1, 2))
    def send_other_content_under_the_same_id(self, which: int, packs: int) -> None:
        if one := self.bought_as(which):
            with self.doing("other content"):
                orders.place_order(
                    Actor.guest("somebody else"), order_id=one.id, county=COUNTY,
                    lines=((self.stalls[0].offer, packs),), contact=CONTACT, fulfilment="pickup",
                    station=self.fair.station, gateway="counter", expected_total_fen=one.total_fen + 1,
                )  # fmt: skip
                raise AssertionError("an order was answered to who never placed it")

    @rule(needs="bought", which=WHICH, by_centre=st.booleans(), are_back=st.booleans())
    def cancel(self, which: int, by_centre: bool, are_back: bool) -> None:
        if one := self.bought_as(which):
            was = self.state_of(one)
            with self.doing("cancel"):
                if by_centre:
                    orders.cancel(SYSTEM, order_id=one.id, reason="样例", goods_are_back=are_back)
                else:
                    orders.cancel(Actor.guest("link"), order_id=one.id, token=one.token)
                if was == "handed_over" and not are_back:
                    self.lost += books.sent_g(one.id)
