"""Stock driven at random on a real PostgreSQL, against a model that is nothing but sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, SoldOut, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, a_household
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.tests.factories import Stall, a_lot, a_stall, holds

pytestmark = pytest.mark.django_db(transaction=True)

HOLDERS = st.sampled_from([f"order-{n}" for n in range(12)])


class Season(RuleBasedStateMachine):
    """One pool, two outlets, twelve orders; the clock only goes forward."""

    @initialize(cap=st.none() | st.integers(0, 6000))
    def open(self, cap: int | None) -> None:
        self.moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
        with at(self.moment):
            self.household = a_household()
            shop = a_stall(lots=(2000,), cap=cap)
            offer = an_offer(pack=shop.pack, outlet="station")
            supply = actions.feed(SYSTEM, offer=offer).id
        self.outlets = [shop, Stall(shop.product, shop.pack, offer, supply, shop.lots)]
        self.lots = list(shop.lots)
        self.harvested = 2000
        self.lost = 0
        self.sold: dict[str, int] = {}
        self.paid: set[str] = set()
        self.returned: dict[str, int] = {}

    @rule(amount=st.integers(1, 3000))
    def weigh_in(self, amount: int) -> None:
        with at(self.moment):
            self.lots.append(a_lot(product=self.outlets[0].product, amount=amount, household=self.household))
        self.harvested += amount

    @rule(holder=HOLDERS, packs=st.integers(1, 4), outlet=st.integers(0, 1), timed=st.booleans())
    def order(self, holder: str, packs: int, outlet: int, timed: bool) -> None:
        if scalar("SELECT 1 FROM stock_reservation WHERE holder = %s LIMIT 1", [holder]):
            return
        expires = self.moment + timedelta(minutes=15) if timed else None
        try:
            with at(self.moment):
                wanted = holds(self.outlets[outlet], packs, holder)
                actions.reserve(SYSTEM, county=COUNTY, holds=wanted, expires=expires)
        except SoldOut:
            assert queries.availability([self.outlets[outlet].offer])[self.outlets[outlet].offer] < packs

    @rule(holder=HOLDERS)
    def pay(self, holder: str) -> None:
        with at(self.moment):
            if actions.keep(SYSTEM, holders=[holder]) != "gone":
                self.paid.add(holder)

    @rule(holder=HOLDERS)
    def cancel(self, holder: str) -> None:
        with at(self.moment):
            actions.release(SYSTEM, holders=[holder])

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)
        with at(self.moment):
            actions.expire_reservations(SYSTEM)

    @rule(holder=HOLDERS)
    def send(self, holder: str) -> None:
        held = self._amount(holder, "held")
        try:
            with at(self.moment):
                actions.dispatch(SYSTEM, holders=[holder])
        except Conflict:
            return
        self.sold[holder] = self.sold.get(holder, 0) + held

    @rule(holder=HOLDERS, amount=st.integers(1, 900))
    def comes_back(self, holder: str, amount: int) -> None:
        there = self.sold.get(holder, 0) - self.returned.get(holder, 0)
        try:
            with at(self.moment):
                actions.take_back(SYSTEM, holder=holder, amount=amount, source=str(uuid7()))
        except Conflict:
            assert amount > there
            return
        assert amount <= there
        self.returned[holder] = self.returned.get(holder, 0) + amount

    @rule(which=st.integers(0, 50), counted=st.integers(0, 3000), anyway=st.booleans())
    def recount(self, which: int, counted: int, anyway: bool) -> None:
        lot = self.lots[which % len(self.lots)]
        before = queries.lot(SYSTEM, lot=lot)
        with at(self.moment):
            if anyway:
                actions.correct_and_release(SYSTEM, entry=uuid7(), lot=lot, counted=counted, reason="复秤")
            else:
                try:
                    actions.correct(SYSTEM, entry=uuid7(), lot=lot, counted=counted, reason="复秤")
                except Conflict:
                    assert counted < before.reserved
                    return
        self.lost += before.on_hand - counted

    @rule(holder=HOLDERS)
    def a_stale_checkout_is_refused_whole(self, holder: str) -> None:
        lot = queries.lot(SYSTEM, lot=self.lots[0])
        too_much = lot.on_hand - lot.reserved + 1
        asked = actions.Hold(uuid7(), self.outlets[1].supply, lot.id, too_much, holder)
        with pytest.raises((Stale, SoldOut)), at(self.moment):
            actions.reserve(SYSTEM, county=COUNTY, holds=[asked], expires=None)

    @invariant()
    def what_lies_there_is_what_came_in_less_what_left(self) -> None:
        if not hasattr(self, "lots"):
            return
        on_hand = sum(queries.lot(SYSTEM, lot=lot).on_hand for lot in self.lots)
        assert on_hand == self.harvested - self.lost - sum(self.sold.values()) + sum(self.returned.values())

    @invariant()
    def every_proof_holds(self) -> None:
        assert [proof for proof in queries.proofs() if proof.broken] == []

    def _amount(self, holder: str, state: str) -> int:
        found = scalar(
            "SELECT coalesce(sum(amount), 0)::bigint FROM stock_reservation WHERE holder = %s AND state = %s",
            [holder, state],
        )
        return int(str(found))

    def teardown(self) -> None:
        """Every run has an empty shop: the holders' keys come again."""
        if hasattr(self, "lots"):
            empty_the_shop()


def empty_the_shop() -> None:
    with transaction.atomic():
        scalar("SELECT 1 FROM (SELECT set_config('session_replication_role', 'replica', true)) c")
        for table in ("stock_movement", "stock_reservation", "stock_supply", "stock_lot", "stock_pool"):
            scalar(f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone")


@pytest.mark.slow
def test_whatever_happens_in_a_season_nothing_is_sold_that_was_not_harvested() -> None:
    run_state_machine_as_test(
        Season,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
