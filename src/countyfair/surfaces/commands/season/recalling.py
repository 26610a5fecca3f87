"""Recalls in a season: a lot is called back, and now and then that was a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.clock import now
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.stock.queries import lots
from countyfair.trade.trace import actions as trace

#: A lot is recalled on each so-manieth day, of those weighed in the days before it.
EVERY_DAYS, WEIGHED_WITHIN = 9, timedelta(days=8)
SEVERITIES = {"minor": 5, "moderate": 3, "serious": 2}
MISTAKEN = 0.4


@dataclass(frozen=True, slots=True)
class Recalling:
    """What one county calls back."""

    agenda: Agenda
    cast: Cast

    def day(self, day: date) -> None:
        """Lay out the recall of each so-manieth day."""
        if (day.toordinal() + int(self.cast.county)) % EVERY_DAYS == 0:
            self.agenda.on(day, 11, self.recall)

    def recall(self) -> None:
        """A test was bad: nothing of the lot is sold any more, and who has some of it is to be told."""
        packer, chance = self.cast.member("packer"), self.agenda.chance
        weighed = lots(packer, county=self.cast.county, since=now() - WEIGHED_WITHIN, limit=150)
        sold = [lot for lot in weighed if lot.reserved and lot.station and not lot.blocked_by]
        if not sold:
            return
        recall = self.agenda.new_id()
        found = trace.recall_lot(
            packer, recall=recall, lot=chance.choice(sold).id, reason="样例：抽检不合格",
            severity=chance.choices(list(SEVERITIES), weights=list(SEVERITIES.values()))[0],
        )  # fmt: skip
        self.agenda.tally["lot recalled"] += 1
        self.agenda.tally["order of a recalled lot"] += found
        if chance.random() < MISTAKEN:
            self.agenda.after(timedelta(days=1), partial(self.lift, recall))

    def lift(self, recall: UUID) -> None:
        """The test was mixed up with another one's."""
        trace.lift_recall(self.cast.member("packer"), recall=recall, reason="样例：样品弄混了")
        self.agenda.tally["recall lifted"] += 1
