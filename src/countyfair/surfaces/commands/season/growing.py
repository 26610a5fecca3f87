"""The households' side of a season: harvests, what they keep in store, and lots counted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.commands.sample.definition import Table
from countyfair.surfaces.commands.sample.goods import measured
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import LotRow, lots

#: A household brings a product so often while it is in season, and what keeps so often out of season.
DAYS_BETWEEN_HARVESTS = 9
DAYS_BETWEEN_STORES = 18
#: So many packs of the largest size at a time.
HARVEST_PACKS = (3, 9)
#: What is sold as it was picked, and not dried, pressed, smoked or stored.
PERISHES = ("fruit", "vegetable")
GROWERS = 6


@dataclass(frozen=True, slots=True)
class Growing:
    """What households of one county bring to the stations, and what is found when it is counted again."""

    agenda: Agenda
    cast: Cast

    def day(self, day: date) -> None:
        """Lay out a day's weighing, and on Mondays a recount."""
        for entry in self.cast.sample.products:
            if not entry["season"] or day.month in entry["season"]:
                self._bring(entry, day, every=DAYS_BETWEEN_HARVESTS, harvested=day)
            elif entry["category"] not in PERISHES:
                self._bring(entry, day, every=DAYS_BETWEEN_STORES, harvested=_last_day_of(entry, day))
        if day.weekday() == 0:
            self.agenda.on(day, 12, self.recount)

    def _bring(self, entry: Table, day: date, *, every: int, harvested: date) -> None:
        growers = self.cast.sample.households[:: max(1, len(self.cast.sample.households) // GROWERS)]
        shift = sum(entry["key"].encode())
        for number, household in enumerate(growers):
            if (day.toordinal() + shift + number * 2) % every == 0:
                hour = 7 + self.agenda.chance.random() * 4
                self.agenda.on(day, hour, partial(self.weigh_in, entry, household, harvested))

    def weigh_in(self, entry: Table, household: Table, harvested: date) -> None:
        """A household brings what it harvested to the station."""
        largest = max(pack["content"] for pack in entry["packs"])
        amount = largest * self.agenda.chance.randint(*HARVEST_PACKS)
        stock.take_in(
            self.cast.agent(household["station"]), lot=self.agenda.new_id(),
            household=self.cast.ids.of("household", household["key"]),
            product=self.cast.ids.of("product", entry["key"]),
            quantity=Quantity(amount, Unit(entry["unit"])), harvested_on=harvested,
            station=self.cast.station(household["station"]),
            measured=measured(entry, self.agenda.chance.randrange(100)),
        )  # fmt: skip
        self.agenda.tally["lot weighed in"] += 1

    def recount(self) -> None:
        """Two lots are counted again: of one a little is gone, of the other half is, whoever waits for it."""
        packer = self.cast.member("packer")
        weighed = lots(packer, county=self.cast.county, free_only=True, limit=150)
        found = [lot for lot in weighed if lot.station is not None][:50]  # and no places of services
        if not found:
            return
        little, half = (self.agenda.chance.choice(found) for _ in range(2))
        if little.on_hand > 1:
            stock.correct(
                packer, entry=self.agenda.new_id(), lot=little.id, reason="盘点",
                counted=little.on_hand - max(1, little.on_hand // 50),
            )  # fmt: skip
            self.agenda.tally["lot counted again"] += 1
        if half.id != little.id:
            self._spoils(half)

    def _spoils(self, lot: LotRow) -> None:
        lost = stock.correct_and_release(
            self.cast.member("packer"), entry=self.agenda.new_id(), lot=lot.id, counted=lot.on_hand // 2,
            reason="受潮霉变",
        )  # fmt: skip
        self.agenda.tally["lot found spoilt"] += 1
        self.agenda.tally["line lost to it"] += len(lost)


def _last_day_of(entry: Table, day: date) -> date:
    """The last day of the latest month in season before `day`."""
    end = day.replace(day=1) - timedelta(days=1)
    while end.month not in entry["season"]:
        end = end.replace(day=1) - timedelta(days=1)
    return end
