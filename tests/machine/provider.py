"""A provider at work that may keep silent: somebody asks it, or the job finds what was paid."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider as Server
from countyfair.trade.payments.rules import FIRST_LOOK, SILENCE
from tests.machine.bought import Bought
from tests.machine.season import WHICH, Season, rule

#: A silent intent is asked about again when a quarter of its age has passed: at the most this long.
LONGEST_WAIT = SILENCE / 4 + FIRST_LOOK


class Provider(Season):
    """Buyers who pay where no notice tells of it."""

    provider: ClassVar[Server]

    def begin(self) -> None:
        super().begin()
        self.paid_in_silence: list[UUID] = []

    def ending(self) -> None:
        """No money stays unknown because a notice was lost: the job finds what was paid within its day."""
        super().ending()
        self._the_job_finds_what_was_paid_in_silence()

    @rule(which=WHICH, then=st.sampled_from(["comes back", "the job looks", "nothing"]))
    def pay_at_the_provider(self, which: int, then: str) -> None:
        """The provider has the money and its notice gets lost; somebody asks for it, or nobody."""
        if then == "the job looks":  # at orders of the last day only: days pass quickly here
            guest, lines = Actor.guest("silent"), ((self.stalls[0].offer, 1),)
            self.place(guest, "order", lines=lines, cash=False)
            which = 0
        one = self._unpaid(which) or self.bought_as(which)
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
        if one := self.bought_as(which):
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

    def _the_job_finds_what_was_paid_in_silence(self) -> None:
        self.moment += LONGEST_WAIT + timedelta(seconds=1)
        with at(self.moment):
            while payments.look_at_silent_intents():
                pass
        for intent in self.paid_in_silence:
            if money.intent(intent).opened_at >= self.moment - SILENCE:
                assert money.intent(intent).state == "paid"
                self.tally["silence broken"] += 1
