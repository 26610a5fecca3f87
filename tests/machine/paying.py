"""Paying: what the provider says, in time, twice, too late or falsely; cash; and money that goes back."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.gateways.shape import Refusing
from countyfair.trade.payments.tests.factories import notify
from tests.machine.bought import REPLACEMENT
from tests.machine.season import WHICH, Season, rule


class Paying(Season):
    """Money in, and the answers of the provider to money that is asked back."""

    @rule(
        which=WHICH,
        how=st.sampled_from(["in time", "in time", "twice", "paid twice", "forged", "wrong amount", "early"]),
        settled=st.booleans(),
    )
    def notice(self, which: int, how: str, settled: bool) -> None:
        if how == "early":
            notify(uuid7())
            self.tally["notice early"] += 1
            return
        one = self.bought_as(which)
        if one is None or one.gateway != "sandbox":
            return
        with at(self.moment):
            if how == "forged":
                assert notify(one.intent, key="not the key").answer == "forged"
            elif how == "wrong amount":
                notify(one.intent, notice=f"W{one.id}", payment=f"W{one.id}", amount_fen=one.total_fen + 1)
            elif how == "paid twice":
                number = len(one.captures)
                notify(one.intent, notice=f"N{number}-{one.id}", payment=f"P{number}-{one.id}")
                one.captures.append(f"P{number}-{one.id}")
            else:
                for _time in range(2 if how == "twice" else 1):
                    notify(one.intent)
            if settled:
                payments.settle_waiting_notices()
        self.tally[f"notice {how}"] += 1

    @rule()
    def settle_notices(self) -> None:
        with at(self.moment):
            payments.settle_waiting_notices()

    @rule(which=WHICH, times=st.integers(1, 2))
    def pay_cash(self, which: int, times: int) -> None:
        if (one := self.bought_as(which)) and one.gateway != REPLACEMENT:
            with self.doing("pay cash"):
                for _time in range(times):
                    payments.take_cash(self.fair.agent, intent=one.intent, station=self.fair.station)

    @rule(which=WHICH)
    def pay_more(self, which: int) -> None:
        """What the goods weighed more is paid, in time, too late, or once more."""
        one = self.bought_as(which)
        asked = scalar("SELECT intent FROM orders_bill WHERE order_id = %s", [one.id]) if one else None
        if asked is not None:
            with self.doing("pay more"), at(self.moment):
                notify(UUID(str(asked)))
                payments.settle_waiting_notices()

    @rule(answer=st.sampled_from(["done", "done", "refused", "silence"]))
    def answer_refunds(self, answer: str) -> None:
        said = Refusing("no such payment") if answer == "refused" else answer
        with at(self.moment):
            for refund in money.refunds(SYSTEM, county=COUNTY):
                if refund.state == "asked" and refund.gateway == "sandbox":
                    payments.record_answer(SYSTEM, refund=refund.id, answer=said)
                    self.tally[f"refund answered {answer}"] += 1
                elif refund.state == "failed":
                    payments.retry_refund(SYSTEM, refund=refund.id)

    @rule(times=st.integers(1, 2))
    def hand_back_cash(self, times: int) -> None:
        for refund in money.cash_to_hand_back(SYSTEM, station=self.fair.station):
            with self.doing("hand back cash"):
                for _time in range(times):
                    payments.hand_back_cash(self.fair.agent, refund=refund.id, station=self.fair.station)
