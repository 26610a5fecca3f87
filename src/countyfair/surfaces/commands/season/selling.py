"""The county's side of a season: weigh-ins, packing, hand-over, delivery, corrections, price changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.seal import link_token
from countyfair.registers.stations import queries as stations
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces.commands.sample.definition import Table
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import offers
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries import OrderShown, at_station
from countyfair.trade.orders.queries.at_station import StationOrder
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import lots

#: A household brings a product so often while it is in season, in packs of the largest size.
DAYS_BETWEEN_HARVESTS = 9
HARVEST_PACKS = (2, 9)
#: A station packs, and gives to the round, at most so many orders a day.
MOST = 200


@dataclass(frozen=True, slots=True)
class Selling:
    """What households, agents, centre and courier of one county do."""

    agenda: Agenda
    cast: Cast

    def day(self, day: date) -> None:
        """Lay out a day's work."""
        for entry in self.cast.sample.products:
            if not entry["season"] or day.month in entry["season"]:
                self._harvests(entry, day)
        for station in self._packing():
            self.agenda.on(day, 9 + self.agenda.chance.random(), partial(self.pack_all, station))
            self.agenda.on(day, 16, partial(self.hand_over_all, station))
        if day.weekday() == 0:
            self.agenda.on(day, 12, self.recount)
        if day.weekday() == 3:
            self.agenda.on(day, 8, self.change_a_price)

    def _harvests(self, entry: Table, day: date) -> None:
        growers = self.cast.sample.households[:: max(1, len(self.cast.sample.households) // 6)]
        shift = sum(entry["key"].encode())
        for number, household in enumerate(growers):
            if (day.toordinal() + shift + number * 2) % DAYS_BETWEEN_HARVESTS == 0:
                hour = 7 + self.agenda.chance.random() * 4
                self.agenda.on(day, hour, partial(self.weigh_in, entry, household))

    def weigh_in(self, entry: Table, household: Table) -> None:
        """A household brings its harvest to the station."""
        largest = max(pack["content"] for pack in entry["packs"])
        amount = largest * self.agenda.chance.randint(*HARVEST_PACKS)
        stock.take_in(
            self.cast.agent(household["station"]), lot=self.agenda.new_id(),
            household=self.cast.ids.of("household", household["key"]),
            product=self.cast.ids.of("product", entry["key"]),
            quantity=Quantity(amount, Unit(entry["unit"])), harvested_on=today(),
            station=self.cast.station(household["station"]),
        )  # fmt: skip
        self.agenda.tally["lot weighed in"] += 1

    def pack_all(self, station: str) -> None:
        """Pack what waits at a station; the centre's also packs what lies at several."""
        actor, at = self._counter(station)
        for waiting in at_station.to_pack(actor, at, limit=MOST):
            weights = {line.id: self._weighed(line.quantity * line.content_amount)
                       for line in waiting.lines if line.sold_by == "weight"}  # fmt: skip
            orders.pack(
                actor, order_id=waiting.id, parcel=self.agenda.new_id(), weight_g=self._gross(waiting),
                weights=weights,
            )  # fmt: skip
            self.agenda.tally["order packed"] += 1
            if waiting.station == at.id:
                self._comes_to_its_buyer(waiting.id)  # it is picked up where it was packed

    def hand_over_all(self, station: str) -> None:
        """Give the round what is packed; each then takes its days to arrive."""
        actor, at = self._counter(station)
        for row in at_station.to_hand_over(actor, at, limit=MOST):
            orders.hand_over(actor, order_id=row.id)
            self.agenda.tally["order handed over"] += 1
            self._comes_to_its_buyer(row.id)

    def _comes_to_its_buyer(self, order: UUID) -> None:
        days = timedelta(days=self.agenda.chance.choice((1, 2, 2, 3, 3, 4, 6)), hours=-4)
        self.agenda.after(days, partial(self.deliver, order))

    def deliver(self, order: UUID) -> None:
        """The buyer gets the parcel: at the station with the code, at the door against a signature."""
        shown = read.order(self.cast.member("packer"), order_id=order)
        if shown.state not in ("packed", "handed_over"):
            return
        if shown.station is not None:
            by_link = read.order(Actor.guest("season"), order_id=order, token=link_token(str(order), "order"))
            code = by_link.parcels[0].pickup_code
            orders.deliver(self._agent_at(shown.station), order_id=order, code=code)
        else:
            orders.deliver(self.cast.member("packer"), order_id=order, evidence="签收：样例")
        self.agenda.tally["order delivered"] += 1
        self._perhaps_refund(shown)

    def _perhaps_refund(self, shown: OrderShown) -> None:
        if self.agenda.chance.random() < 0.04:
            days = self.agenda.chance.choice((1, 2, 4, 12, 20))
            self.agenda.after(
                timedelta(days=days), partial(self.refund, shown.id, self.agenda.chance.random())
            )

    def refund(self, order: UUID, how_much: float) -> None:
        """A pack came spoiled: part of a line is given back, some of it long after the pay-out."""
        shown = read.order(self.cast.member("packer"), order_id=order)
        line = shown.lines[0]
        amount = max(1, round(line.amount_fen * (0.2 + 0.8 * how_much)))
        part = orders.Part(line.id, min(amount, line.amount_fen - line.refunded_fen))
        orders.refund(
            self.cast.member("packer"), order_id=order, refund_id=self.agenda.new_id(), parts=[part],
            reason="spoiled",
        )  # fmt: skip
        self.agenda.tally["refund given"] += 1

    def recount(self) -> None:
        """A lot is counted again: a little is gone, or more than is promised, which is refused."""
        found = lots(self.cast.member("packer"), county=self.cast.county, free_only=True, limit=50)
        if not found:
            return
        lot = self.agenda.chance.choice(found)
        counted = lot.on_hand - max(1, lot.on_hand // 50)
        stock.correct(
            self.cast.member("packer"), entry=self.agenda.new_id(), lot=lot.id, counted=counted, reason="盘点"
        )
        self.agenda.tally["lot counted again"] += 1

    def change_a_price(self) -> None:
        """The centre changes one price a week; orders placed before keep theirs."""
        found = [
            row for row in offers(self.cast.member("offers"), county=self.cast.county) if row.state == "on"
        ]
        row = self.agenda.chance.choice(sorted(found, key=lambda one: str(one.id)))
        price = max(100, round(row.price_fen * self.agenda.chance.choice((0.95, 1.05, 1.1))))
        catalog.change_offer(
            self.cast.member("offers"), offer=row.id, version=row.version, price=Money(price)
        )
        self.agenda.tally["price changed"] += 1

    def _packing(self) -> list[str]:
        """The stations that pack: those with an agent, and the centre's."""
        known = self.cast.sample.stations
        return [one["key"] for one in known if one["key"] in self.cast.agents or one["kind"] == "centre"]

    def _counter(self, station: str) -> tuple[Actor, StationRow]:
        return self.cast.agent(station), stations.station(self.cast.station(station))

    def _agent_at(self, station: UUID) -> Actor:
        return self.cast.agent(self.cast.key_of(station))

    def _weighed(self, amount: int) -> int:
        return max(1, round(amount * (0.97 + 0.06 * self.agenda.chance.random())))

    def _gross(self, waiting: StationOrder) -> int:
        grams: Sequence[int] = [
            line.quantity * line.content_amount for line in waiting.lines if line.unit == Unit.GRAM
        ]
        return sum(grams) + 250
