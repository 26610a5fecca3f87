"""The season with a provider at work that may keep silent, and with tills that are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.registers.stations import actions as stations
from countyfair.registers.stations.queries import till
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider
from countyfair.trade.payments.rules import FIRST_LOOK, SILENCE
from tests.machine import books
from tests.machine.season import WHICH, Bought, Season

#: A silent intent is asked about again when a quarter of its age has passed: at the most this long.
LONGEST_WAIT = SILENCE / 4 + FIRST_LOOK


class WholeSeason(Season):
    """All of `Season`; and buyers who pay where no notice tells of it, and agents who count their till."""

    provider: ClassVar[Provider]

    def __init__(self) -> None:
        super().__init__()
        self.paid_in_silence: list[UUID] = []

    @initialize(
        cap=st.none() | st.integers(1500, 6000),
        ways=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=5),
    )
    def open(self, cap: int | None, ways: list[tuple[bool, int]]) -> None:
        """Not from nothing: some orders have gone some of their way, so that every verb finds its matter."""
        super().open(cap)
        for cash, steps in ways:
            self._place(
                Actor.guest("before"), "order", lines=((self.stalls[0].offer, 1),), pickup=True, cash=cash
            )
            for _step in range(steps):
                with self.doing("go on"):
                    self._next_step(self.bought[-1])

    # --- the provider --------------------------------------------------------------------------

    @rule(which=WHICH, then=st.sampled_from(["comes back", "the job looks", "nothing"]))
    def pay_at_the_provider(self, which: int, then: str) -> None:
        """The provider has the money and its notice gets lost; somebody asks for it, or nobody."""
        if then == "the job looks":  # at orders of the last day only: days pass quickly here
            guest, lines = Actor.guest("silent"), ((self.stalls[0].offer, 1),)
            self._place(guest, "order", lines=lines, pickup=True, cash=False)
            which = 0
        one = self._unpaid(which) or self._bought(which)
        if one is None or one.gateway != "sandbox":
            return
        asked = {
            "intent": str(one.intent), "reference": str(one.id), "amount_fen": one.total_fen,
            "currency": "CNY", "expires": "",
        }  # fmt: skip
        with at(self.moment):
            self.provider.ask(asked)
            self.provider.pay(str(one.intent), "lost")
        self.paid_in_silence.append(one.intent)
        self.tally["paid in silence"] += 1
        if then == "comes back":
            self._come_back(one)
        elif then == "the job looks":
            self.moment += timedelta(minutes=20)
            self._look_at_silence()

    @rule(which=WHICH)
    def the_payer_comes_back(self, which: int) -> None:
        if one := self._bought(which):
            self._come_back(one)

    def _come_back(self, one: Bought) -> None:
        """The order's page asks the provider at once."""
        with at(self.moment):
            before = money.intent(one.intent).state
            after = payments.ask_provider(SYSTEM, intent=one.intent).state
        if one.intent in self.paid_in_silence:
            assert after == "paid"
        self.tally[f"asked at once: {before} is {after}"] += 1

    def _unpaid(self, which: int) -> Bought | None:
        """An order through the provider whose money has not come: awaited, or given up."""
        left = [
            one
            for one in self.bought
            if one.gateway == "sandbox" and money.intent(one.intent).state != "paid"
        ]
        return left[-1 - which % len(left)] if left else None

    @rule(minutes=st.sampled_from([1, 20]))
    def silent_intents_are_looked_at(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)
        self._look_at_silence()

    def _look_at_silence(self) -> None:
        with at(self.moment):
            self.tally["found by the job"] += payments.look_at_silent_intents()

    @rule()
    def the_provider_gives_back(self) -> None:
        with at(self.moment):
            self.tally["given back by the provider"] += payments.settle_refunds()

    # --- tills ---------------------------------------------------------------------------------

    @rule(
        off=st.sampled_from([0, 0, 50, -50, -1]), quarters=st.integers(0, 5), why=st.booleans(),
        twice=st.booleans(),
    )  # fmt: skip
    def count_till(self, off: int, quarters: int, why: bool, twice: bool) -> None:
        """The till is counted, right or wrong, and part of it banked; five quarters cannot be."""
        count, station = uuid7(), self.fair.station
        with self.doing("count a till"):
            counted = max(0, till(SYSTEM, station=station).expected_fen + off)
            for _time in range(1 + twice):
                stations.count_till(
                    self.fair.agent, count_id=count, station=station, counted_fen=counted,
                    banked_fen=counted * quarters // 4, reason="找零" if why else "",
                )  # fmt: skip
            kind = "over" if off > 0 else "short" if off else "even"
            self.tally[f"till counted {kind}, {'some' if counted and quarters else 'none'} banked"] += 1

    # --- what must hold ------------------------------------------------------------------------

    @invariant()
    def tills_and_bank_are_right(self) -> None:
        if hasattr(self, "lots"):
            assert books.wrong(books.OF_TILLS) == {}

    def teardown(self) -> None:
        """No money stays unknown because a notice was lost: the job finds what was paid within its day."""
        if hasattr(self, "lots"):
            try:
                self.the_job_finds_what_was_paid_in_silence()
            except BaseException:
                books.forget_the_season()
                raise
        super().teardown()

    def the_job_finds_what_was_paid_in_silence(self) -> None:
        self.moment += LONGEST_WAIT + timedelta(seconds=1)
        with at(self.moment):
            while payments.look_at_silent_intents():
                pass
        for intent in self.paid_in_silence:
            if money.intent(intent).opened_at >= self.moment - SILENCE:
                assert money.intent(intent).state == "paid"
                self.tally["silence broken"] += 1
