"""The county's side of a season: packing, hand-over, delivery, refunds, price changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Unit
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import link_token
from countyfair.registers.stations.queries import StationRow
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import offers
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries import OrderShown, at_station
from countyfair.trade.orders.queries.at_station import StationOrder

#: How often nobody is at home, how often nobody answers then, and how often a pack came spoiled.
NOBODY_THERE = 0.06
NOBODY_ANSWERS = 0.2
SPOILED = 0.04
#: How often a buyer pays what the goods weighed more.
PAYS_MORE = 0.8
#: A station packs, and gives to the round, at most so many orders a day.
MOST = 200


@dataclass(frozen=True, slots=True)
class Selling:
    """What agents, centre and courier of one county do."""

    agenda: Agenda
    cast: Cast
    #: How a buyer pays an intent online, and what becomes of an order that was delivered.
    pays: Callable[[UUID], None]
    delivered: Callable[[UUID], None]
    #: Where a parcel waits for the round, which stops nowhere else.
    stops: set[str] = field(default_factory=set)

    def day(self, day: date) -> None:
        """Lay out a day's work."""
        for station in self._packing():
            self.agenda.on(day, 9 + self.agenda.chance.random(), partial(self.pack_all, station))
            self.agenda.on(day, 16, partial(self.hand_over_all, station))
        if day.weekday() == 3:
            self.agenda.on(day, 8, self.change_a_price)

    def pack_all(self, station: str) -> None:
        """Pack what waits at a station; the centre's also packs what lies at several."""
        actor, at = self._counter(station)
        for waiting in at_station.to_pack(actor, at, limit=MOST):
            weights = {line.id: self._weighed(line.quantity * line.content_amount)
                       for line in waiting.lines if line.sold_by == "weight"}  # fmt: skip
            try:
                self._pack(actor, waiting, weights)
            except Conflict as refusal:
                if refusal.code not in ("expected", "gone"):
                    raise
                continue  # it waits for its harvest, or was recalled and waits to be cancelled
            self.agenda.tally["order packed"] += 1
            if waiting.station == at.id:
                self._comes_to_its_buyer(waiting.id)  # it is picked up where it was packed
            else:
                self.stops.add(station)

    def _pack(self, actor: Actor, waiting: StationOrder, weights: dict[UUID, int]) -> None:
        """Pack it; what is heavier than its lots allow is packed as it was ordered."""
        parcel, gross = self.agenda.new_id(), self._gross(waiting)
        try:
            orders.pack(actor, order_id=waiting.id, parcel=parcel, weight_g=gross, weights=weights)
        except Invalid as refusal:
            if refusal.code != "no_more":
                raise
            ordered = {line.id: line.quantity * line.content_amount for line in waiting.lines}
            exact = {line: ordered[line] for line in weights}
            orders.pack(actor, order_id=waiting.id, parcel=parcel, weight_g=gross, weights=exact)
        if weights:
            self._pays_more(waiting.id)

    def _pays_more(self, order: UUID) -> None:
        """What weighed more is paid by most buyers, after a while."""
        shown = self._as_its_buyer_sees_it(order)
        self.agenda.tally[f"weighed order {shown.bill_state}"] += 1
        if shown.bill_state == "asked" and shown.bill_intent and self.agenda.chance.random() < PAYS_MORE:
            self.agenda.after(timedelta(hours=6), partial(self.pays, shown.bill_intent))

    def hand_over_all(self, station: str) -> None:
        """Give the round what is packed; each then takes its days to arrive."""
        if station not in self.stops:
            return
        self.stops.remove(station)
        actor, at = self._counter(station)
        for row in at_station.to_hand_over(actor, at, limit=MOST):
            orders.hand_over(actor, order_id=row.id)
            self.agenda.tally["order handed over"] += 1
            self._comes_to_its_buyer(row.id)

    def _comes_to_its_buyer(self, order: UUID) -> None:
        days = timedelta(days=self.agenda.chance.choice((1, 2, 2, 3, 3, 4, 6)), hours=-4)
        self.agenda.after(days, partial(self.arrive, order))

    def arrive(self, order: UUID) -> None:
        """The round brings the parcel to the station or to the door, where now and then nobody answers."""
        shown = self._as_its_buyer_sees_it(order)
        if shown.state == "packed":
            self.deliver(order)
        if shown.state != "handed_over":
            return
        parcel = shown.parcels[0].id
        if shown.station is not None:
            logistics.arrive(self._agent_at(shown.station), parcel=parcel, station=shown.station)
            self.agenda.tally["parcel arrived at a station"] += 1
            self.agenda.after(
                timedelta(hours=self.agenda.chance.randint(1, 40)), partial(self.deliver, order)
            )
        elif self.agenda.chance.random() < NOBODY_THERE:
            orders.fail_delivery(self.cast.member("packer"), order_id=order, reason="absent")
            self.agenda.tally["delivery failed"] += 1
            self.agenda.after(timedelta(days=1), partial(self.try_again, order))
        else:
            self.deliver(order)

    def try_again(self, order: UUID) -> None:
        """What nobody took rides once more, or comes back where the buyer does not answer."""
        packer = self.cast.member("packer")
        if self.agenda.chance.random() < NOBODY_ANSWERS:
            good = self.agenda.chance.random() < 0.7
            orders.return_to_sender(packer, order_id=order, reason="联系不上收件人", goods_are_good=good)
            self.agenda.tally["parcel returned"] += 1
        else:
            orders.send_out_again(packer, order_id=order)
            self.agenda.tally["parcel sent out again"] += 1
            self.agenda.after(timedelta(hours=5), partial(self.arrive, order))

    def deliver(self, order: UUID) -> None:
        """The buyer gets the parcel: at the station with the code, at the door against a signature."""
        shown = self._as_its_buyer_sees_it(order)
        if shown.state not in ("packed", "handed_over"):
            return
        if shown.station is not None:
            code = shown.parcels[0].pickup_code
            orders.deliver(self._agent_at(shown.station), order_id=order, code=code)
        else:
            orders.deliver(self.cast.member("packer"), order_id=order, evidence="签收：样例")
        self.agenda.tally["order delivered"] += 1
        self.delivered(order)
        if self.agenda.chance.random() < SPOILED:
            days = timedelta(days=self.agenda.chance.choice((1, 2, 4, 12, 20)))
            self.agenda.after(days, partial(self.refund, order, self.agenda.chance.random()))

    def _as_its_buyer_sees_it(self, order: UUID) -> OrderShown:
        return read.order(Actor.guest("season"), order_id=order, token=link_token(str(order), "order"))

    def refund(self, order: UUID, how_much: float) -> None:
        """A pack came spoiled: part of a line is given back, some of it long after the pay-out."""
        shown = self._as_its_buyer_sees_it(order)
        line = shown.lines[0]
        amount = max(1, round(line.amount_fen * (0.2 + 0.8 * how_much)))
        part = orders.Part(line.id, min(amount, line.amount_fen - line.refunded_fen))
        orders.refund(
            self.cast.member("packer"), order_id=order, refund_id=self.agenda.new_id(), parts=[part],
            reason="spoiled",
        )  # fmt: skip
        self.agenda.tally[f"refund given of {shown.state}"] += 1

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
        """Who packs at a station. At the centre's it is the centre's staff: what no single station packs."""
        at = self.cast.counter(station)
        return self.cast.member("packer") if at.kind == "centre" else self.cast.agent(station), at

    def _agent_at(self, station: UUID) -> Actor:
        return self.cast.agent(self.cast.key_of(station))

    def _weighed(self, amount: int) -> int:
        return max(1, round(amount * (0.97 + 0.06 * self.agenda.chance.random())))

    def _gross(self, waiting: StationOrder) -> int:
        grams: Sequence[int] = [
            line.quantity * line.content_amount for line in waiting.lines if line.unit == Unit.GRAM
        ]
        return sum(grams) + 250
