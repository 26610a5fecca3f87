"""Money at day's and week's end: tills counted, households paid, what the bank sends back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.registers.stations import actions as stations
from countyfair.registers.stations.queries import till
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.queries import cash_to_hand_back
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement import queries as statements

COUNTING_DAYS = (1, 4)
PAY_OUT_DAY = 4
RETURNED = 0.02


@dataclass(frozen=True, slots=True)
class Paying:
    """What agents and the centre's finance do with money."""

    agenda: Agenda
    cast: Cast

    def day(self, day: date) -> None:
        """Lay out the counting of tills, twice a week, and on Fridays the pay-out."""
        for key in sorted(self.cast.agents):
            if day.weekday() in COUNTING_DAYS:
                self.agenda.on(day, 17.5, partial(self.hand_back, key))
                self.agenda.on(day, 18, partial(self.count, key))
        if day.weekday() == PAY_OUT_DAY:
            self.agenda.on(day, 15, self.pay_out)

    def hand_back(self, key: str) -> None:
        """Refunds of cash are handed back where they were paid, as far as the till reaches."""
        agent, station = self.cast.agent(key), self.cast.station(key)
        for refund in cash_to_hand_back(agent, station=station):
            payments.hand_back_cash(agent, refund=refund.id, station=station)
            self.agenda.tally["cash handed back"] += 1

    def count(self, key: str) -> None:
        """Count a till that holds money, bank it; now and then a coin is missing."""
        agent, station = self.cast.agent(key), self.cast.station(key)
        expected = till(agent, station=self.cast.counter(key)).expected_fen
        if expected <= 0:
            return
        missing = 50 if expected > 50 and self.agenda.chance.random() < 0.05 else 0
        stations.count_till(
            agent, count_id=self.agenda.new_id(), station=station, counted_fen=expected - missing,
            banked_fen=(expected - missing) * 4 // 5, reason="少五角，已找过" if missing else "",
        )  # fmt: skip
        self.agenda.tally["till counted"] += 1

    def pay_out(self) -> None:
        """Finance prepares, a second person sends, the bank answers three days later."""
        batch = self.agenda.new_id()
        settlement.prepare(self.cast.member("finance"), batch_id=batch, county=self.cast.county)
        settlement.send(self.cast.member("finance-second"), batch=batch)
        settlement.bank_file(self.cast.member("finance-second"), batch=batch)
        self.agenda.tally["pay-out sent"] += 1
        self.agenda.after(timedelta(days=3), partial(self.hear_the_bank, batch))

    def hear_the_bank(self, batch: UUID) -> None:
        """Enter what the bank says of each payout; a few come back."""
        finance = self.cast.member("finance")
        said = []
        for row in statements.payouts(finance, batch=batch):
            came_back = self.agenda.chance.random() < RETURNED
            outcome, reason = ("returned", "账号有误") if came_back else ("paid", "")
            said.append(settlement.BankSaid(row.number, outcome, f"YH{row.number}", reason))
            self.agenda.tally[f"payout {outcome}"] += 1
        settlement.record_results(finance, batch=batch, results=said)
