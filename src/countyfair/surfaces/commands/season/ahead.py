"""Harvests sold ahead in a season: announced, ordered, weighed in whole or short, and allotted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from countyfair.kernel.clock import now, today
from countyfair.kernel.money import Money
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.surfaces.commands.sample.definition import Table
from countyfair.surfaces.commands.season.agenda import Agenda
from countyfair.surfaces.commands.season.buying import Buying
from countyfair.surfaces.commands.season.cast import Cast
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions.offering import Outlet

OPENING_DAY = 0
OPEN_FOR, READY_IN = timedelta(days=4), timedelta(days=6)
BUYERS = (4, 7)
SHORT = 0.6


@dataclass(frozen=True, slots=True)
class SellingAhead:
    """A harvest cycle a week in one county."""

    agenda: Agenda
    cast: Cast
    buying: Buying
    #: The latest offer ahead of each product that was sold ahead before.
    offered: dict[str, UUID] = field(default_factory=dict)

    def day(self, day: date) -> None:
        """On Mondays two households announce what they will harvest, and it is sold ahead."""
        if day.weekday() == OPENING_DAY:
            self.agenda.on(day, 9, self.open)

    def open(self) -> None:
        """Two households announce, the desk opens the cycle, buyers order, the harvest comes."""
        entry = self.agenda.chance.choice(self._in_season())
        households = self.agenda.chance.sample(self.cast.sample.households, 2)
        box = min((pack for pack in entry["packs"] if pack["sold_by"] == "piece"), key=_content)
        amounts = [box["content"] * self.agenda.chance.randint(4, 8) for _household in households]
        harvests = [
            self._announce(entry, household, amount, box["price_fen"], READY_IN - timedelta(days=number))
            for number, (household, amount) in enumerate(zip(households, amounts, strict=True))
        ]
        cycle, offer = self.agenda.new_id(), self.agenda.new_id()
        stock.open_cycle(
            self.cast.member("offers"), cycle=cycle, harvests=harvests, pack=self._pack(entry, box),
            price=Money(max(1, box["price_fen"] * 95 // 100)), outlets=[Outlet(offer, "shop")],
            closes_at=now() + OPEN_FOR,
        )  # fmt: skip
        self.offered[entry["key"]] = offer
        self.agenda.tally["harvest sold ahead"] += 1
        for _buyer in range(self.agenda.chance.randint(*BUYERS)):
            wait = timedelta(minutes=self.agenda.chance.randint(10, 90 * 60))
            self.agenda.after(wait, partial(self.order, offer))
        for harvest, household, amount in zip(harvests, households, amounts, strict=True):
            self.agenda.after(READY_IN, partial(self.bring, entry, harvest, household, amount))
        self.agenda.after(READY_IN + timedelta(hours=6), partial(self.allot, cycle))

    def order(self, offer: UUID) -> None:
        """A buyer orders ahead of the harvest."""
        self.buying.order_packs(offer, self.agenda.chance.choice((1, 1, 2)))
        self.agenda.tally["order ahead of a harvest"] += 1

    def bring(self, entry: Table, harvest: UUID, household: Table, announced: int) -> None:
        """The harvest is weighed in: as it was announced, or short by bad weather."""
        short = self.agenda.chance.random() < SHORT
        amount = max(1, announced * self.agenda.chance.randint(20, 60) // 100) if short else announced
        stock.take_in_announced(
            self.cast.agent(household["station"]), harvest=harvest, lot=self.agenda.new_id(),
            quantity=Quantity(amount, Unit(entry["unit"])), harvested_on=today(),
            station=self.cast.station(household["station"]),
        )  # fmt: skip
        self.agenda.tally["announced harvest weighed in" + (" short" if short else "")] += 1

    def allot(self, cycle: UUID) -> None:
        """What was weighed goes to who had ordered, fairly cut where it is short."""
        outcome = orders.allot_cycle(self.cast.member("offers"), cycle=cycle)
        self.agenda.tally["order ahead served whole"] += outcome.whole
        self.agenda.tally["order ahead cut"] += outcome.cut
        self.agenda.tally["order ahead called off"] += outcome.off

    def _in_season(self) -> list[Table]:
        """Goods without a standard that come by the piece and are in season when the harvest is ready."""
        month = (today() + READY_IN).month
        return [
            entry
            for entry in self.cast.sample.products
            if (not entry["season"] or month in entry["season"])
            and "standard" not in entry
            and any(pack["sold_by"] == "piece" for pack in entry["packs"])
        ]

    def _announce(
        self, entry: Table, household: Table, amount: int, price_fen: int, ready_in: timedelta
    ) -> UUID:
        """By the station's agent for the household, in the three steps of the form.

        No two of a cycle are ready on one day: which of them an order draws on first is the same each time.
        """
        agent, harvest = self.cast.agent(household["station"]), self.agenda.new_id()
        stock.begin_harvest(
            agent, harvest=harvest, household=self.cast.ids.of("household", household["key"]),
            product=self.cast.ids.of("product", entry["key"]),
        )  # fmt: skip
        stock.say_amount(
            agent, harvest=harvest, quantity=Quantity(amount, Unit(entry["unit"])),
            expected_on=today() + ready_in,
        )  # fmt: skip
        stock.announce_harvest(agent, harvest=harvest, wished=Money(price_fen))
        self.agenda.tally["harvest announced"] += 1
        return harvest

    def _pack(self, entry: Table, box: Table) -> UUID:
        """The pack in which goods are sold ahead: made once, and off the shelf before it opens again."""
        pack = self.cast.ids.of("pack", f"{entry['key']}:ahead of the season")
        desk = self.cast.member("offers")
        if entry["key"] in self.offered:
            catalog.take_down(desk, offer=self.offered[entry["key"]])
            return pack
        catalog.add_pack(
            desk, pack=pack, product=self.cast.ids.of("product", entry["key"]), code=f"{box['code']}-new",
            label_zh=f"新收 {box['label_zh']}", label_en=f"New harvest, {box['label_en']}",
            content_amount=box["content"], sold_by="piece", tare_g=box.get("tare_g", 0),
        )  # fmt: skip
        return pack


def _content(pack: Table) -> int:
    return int(pack["content"])
