"""Pay-out day: batches prepared, sent by another, withdrawn, and what the bank says of them."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement import queries as paid_out
from tests.machine.season import WHICH, Season, rule

MAKER, CHECKER = Actor.system("maker"), Actor.system("checker")


class Payouts(Season):
    """What the county's finance does."""

    def begin(self) -> None:
        super().begin()
        self.batches: list[UUID] = []

    @rule(whom=st.sampled_from(["household", "household", "station", "courier"]), again=st.booleans())
    def prepare_payout(self, whom: str, again: bool) -> None:
        batch = uuid7()
        with self.doing("prepare a payout"):
            for _time in range(1 + again):
                settlement.prepare(MAKER, batch_id=batch, county=COUNTY, whom=whom)
            self.batches.append(batch)

    @rule(
        needs="batches",
        which=WHICH,
        deed=st.sampled_from(["send", "send", "send", "withdraw", "by the same"]),
    )
    def decide_payout(self, which: int, deed: str) -> None:
        if self.batches:
            batch = self.batches[which % len(self.batches)]
            with self.doing(f"payout: {deed}"):
                if deed == "withdraw":
                    settlement.withdraw(MAKER, batch=batch)
                else:
                    settlement.send(CHECKER if deed == "send" else MAKER, batch=batch)

    @rule(
        needs="batches",
        which=WHICH,
        outcome=st.sampled_from(["paid", "paid", "returned"]),
        only=st.integers(1, 3),
    )
    def bank_answers(self, which: int, outcome: str, only: int) -> None:
        if self.batches:
            batch = self.batches[which % len(self.batches)]
            with self.doing(f"the bank says {outcome}"):
                said = [
                    settlement.BankSaid(row.number, outcome, reference="B1")
                    for row in paid_out.payouts(CHECKER, batch=batch)[:only]
                ]
                settlement.record_results(CHECKER, batch=batch, results=said)
