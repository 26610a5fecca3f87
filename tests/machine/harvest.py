"""Harvest and shelf: weighed in, counted anew, spoiled; capped, priced, put up and taken down."""

from __future__ import annotations

from hypothesis import strategies as st

from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import lot as lot_row
from countyfair.trade.stock.queries import supplies
from countyfair.trade.stock.tests.factories import a_lot
from tests.machine.season import WHICH, Season, rule


class Harvest(Season):
    """What households bring, and what is done with it before anybody buys."""

    @rule(amount=st.integers(1, 3000), kind=st.integers(0, 1), household=st.integers(0, 1))
    def weigh_in(self, amount: int, kind: int, household: int) -> None:
        with self.doing("weigh in"):
            self.lots.append(
                a_lot(
                    product=self.stalls[kind].product, amount=amount,
                    household=self.fair.households[household], station=self.fair.station,
                    actor=self.fair.agent,
                )
            )  # fmt: skip
            self.harvested += amount

    @rule(which=WHICH, counted=st.integers(0, 4000), anyway=st.booleans())
    def recount(self, which: int, counted: int, anyway: bool) -> None:
        lot = self.lots[which % len(self.lots)]
        before = lot_row(SYSTEM, lot=lot).on_hand
        counting = stock.correct_and_release if anyway else stock.correct
        entry = uuid7()
        with self.doing("recount and release" if anyway else "recount"):
            for _twice in range(2):
                counting(SYSTEM, entry=entry, lot=lot, counted=counted, reason="复秤")
            self.lost += before - counted

    @rule(which=WHICH, amount=st.integers(1, 900))
    def spoil(self, which: int, amount: int) -> None:
        with self.doing("write off"):
            lot = self.lots[which % len(self.lots)]
            stock.write_off(SYSTEM, entry=uuid7(), lot=lot, amount=amount, reason="坏了")
            self.lost += amount

    @rule(which=st.integers(0, 2), cap=st.none() | st.integers(0, 8000), believes=st.booleans())
    def change_cap(self, which: int, cap: int | None, believes: bool) -> None:
        offer = self.stalls[which].offer
        before = next(row.cap_amount for row in supplies(SYSTEM, county=COUNTY) if row.offer == offer)
        with self.doing("change a cap"):
            stock.change_cap(SYSTEM, offer=offer, cap=cap, believed=before if believes else 1)

    @rule(which=st.integers(0, 2), price=st.integers(1, 5000))
    def change_price(self, which: int, price: int) -> None:
        offer = self.stalls[which].offer
        version = int(str(scalar("SELECT version FROM catalog_offer WHERE id = %s", [offer])))
        with self.doing("change a price"):
            catalog.change_offer(SYSTEM, offer=offer, version=version, price=Money(price))

    @rule(which=st.integers(0, 2), up=st.booleans())
    def shelf(self, which: int, up: bool) -> None:
        stall = self.stalls[which]
        with self.doing("put up" if up else "take down"):
            if up:
                outlet = "station" if which == 2 else "shop"
                catalog.put_up(SYSTEM, offer=stall.offer, pack=stall.pack, price=Money(2980), outlet=outlet)
            else:
                catalog.take_down(SYSTEM, offer=stall.offer)
