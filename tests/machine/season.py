"""The machine: a county's people doing anything at any moment, through the verbs the pages call."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import Money
from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import link_token
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.tests.factories import CONTACT, FAR, NEAR, Fair, Stall, a_stall
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments import queries as money
from countyfair.trade.payments.gateways.shape import Refusing
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.settlement import actions as settlement
from countyfair.trade.settlement import queries as paid_out
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import lot as lot_row
from countyfair.trade.stock.queries import supplies
from countyfair.trade.stock.tests.factories import a_lot
from tests.machine import books

MAKER, CHECKER = Actor.system("maker"), Actor.system("checker")
WHICH = st.integers(0, 11)
BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
WAYS = ((True, NEAR), (False, NEAR), (False, FAR))


@dataclass
class Bought:
    """An order as its buyer remembers it."""

    id: UUID
    intent: UUID
    total_fen: int
    gateway: str
    again: Callable[[], orders.Placed]
    captures: list[str] = field(default_factory=list)

    @property
    def token(self) -> str:
        return link_token(str(self.id), "order")


class Season(RuleBasedStateMachine):
    """Two products, three offers (one at the station's counter), two households, and one moving clock.

    A verb may refuse; then nothing has happened, and what must hold still does. `tally` counts what
    was done and refused over all runs, so that a test can tell that everything was tried.
    """

    fair: ClassVar[Fair]
    tally: ClassVar[Counter[str]] = Counter()

    @initialize(cap=st.none() | st.integers(0, 6000))
    def open(self, cap: int | None) -> None:
        """Begin, in a session of its own: a failure may have left the last one amid a statement."""
        connection.close()
        self.moment = BEGIN
        self.bought: list[Bought] = []
        self.batches: list[UUID] = []
        self.harvested = self.lost = 0
        with at(self.moment):
            households = self.fair.households
            rice = a_stall(households, self.fair.station, lots=(3000, 2000), cap=cap)
            beef = a_stall(households, None, lots=(4000,), price_fen=1999, content=700, sold_by="weight")
            counter = an_offer(pack=rice.pack, price_fen=2500, outlet="station")
            supply = stock.feed(SYSTEM, offer=counter).id
        self.harvested = 9000
        self.stalls = [rice, beef, Stall(rice.product, rice.pack, counter, supply, ())]
        self.lots = [*rice.lots, *beef.lots]

    # --- harvest and shelf ---------------------------------------------------------------------

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

    # --- buying --------------------------------------------------------------------------------

    @rule(
        packs=st.tuples(st.integers(0, 4), st.integers(0, 3)).filter(any), way=st.integers(0, 2),
        cash=st.booleans(), stale=st.integers(0, 9).map(lambda n: n == 0),
    )  # fmt: skip
    def order(self, packs: tuple[int, int], way: int, cash: bool, stale: bool) -> None:
        basket = uuid7()
        guest = Actor.guest(str(basket))
        for stall, quantity in zip(self.stalls, packs, strict=False):
            if quantity:
                orders.add_to_basket(guest, basket=basket, offer=stall.offer, quantity=quantity)
        pickup, destination = WAYS[way]
        self._place(
            guest, "order", basket=basket, pickup=pickup, destination=destination, cash=cash, stale=stale
        )

    @rule(packs=st.integers(1, 4))
    def order_at_the_counter(self, packs: int) -> None:
        lines = ((self.stalls[2].offer, packs),)
        self._place(self.fair.agent, "order at the counter", lines=lines, outlet="station")

    @rule(which=WHICH)
    def press_again(self, which: int) -> None:
        if one := self._bought(which):
            with self.doing("press twice"):
                first = one.again()
                assert (first.order, first.intent, first.total_fen) == (one.id, one.intent, one.total_fen)

    @rule(which=WHICH, packs=st.integers(1, 2))
    def send_other_content_under_the_same_id(self, which: int, packs: int) -> None:
        if one := self._bought(which):
            with self.doing("other content"):
                orders.place_order(
                    Actor.guest("somebody else"), order_id=one.id, county=COUNTY,
                    lines=((self.stalls[0].offer, packs),), contact=CONTACT, fulfilment="pickup",
                    station=self.fair.station, gateway="counter", expected_total_fen=one.total_fen + 1,
                )  # fmt: skip
                raise AssertionError("an order was answered to who never placed it")

    @rule(which=WHICH, by_centre=st.booleans(), are_back=st.booleans())
    def cancel(self, which: int, by_centre: bool, are_back: bool) -> None:
        if one := self._bought(which):
            was = self._state(one)
            with self.doing("cancel"):
                if by_centre:
                    orders.cancel(SYSTEM, order_id=one.id, reason="样例", goods_are_back=are_back)
                else:
                    orders.cancel(Actor.guest("link"), order_id=one.id, token=one.token)
                if was == "handed_over" and not are_back:
                    self.lost += self._grams(one)

    # --- money in ------------------------------------------------------------------------------

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
        one = self._bought(which)
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
        if one := self._bought(which):
            with self.doing("pay cash"):
                for _time in range(times):
                    payments.take_cash(self.fair.agent, intent=one.intent, station=self.fair.station)

    # --- serving -------------------------------------------------------------------------------

    @rule(which=WHICH, weight=st.integers(1, 5000))
    def pack(self, which: int, weight: int) -> None:
        if one := self._bought(which):
            with self.doing("pack"):
                self._pack(one, weight)

    @rule(which=WHICH)
    def pay_more(self, which: int) -> None:
        """What the goods weighed more is paid, in time, too late, or once more."""
        one = self._bought(which)
        asked = scalar("SELECT intent FROM orders_bill WHERE order_id = %s", [one.id]) if one else None
        if asked is not None:
            with self.doing("pay more"), at(self.moment):
                notify(UUID(str(asked)))
                payments.settle_waiting_notices()

    @rule(which=WHICH)
    def hand_over(self, which: int) -> None:
        if one := self._bought(which):
            with self.doing("hand over"):
                orders.hand_over(SYSTEM, order_id=one.id)

    @rule(which=WHICH, knows_code=st.booleans())
    def deliver(self, which: int, knows_code: bool) -> None:
        if one := self._bought(which):
            with self.doing("deliver"):
                self._deliver(one, knows_code)

    @rule(which=WHICH, steps=st.integers(1, 6))
    def go_on(self, which: int, steps: int) -> None:
        """An order goes the way that most orders go, some steps of it."""
        if one := self._bought(which):
            for _step in range(steps):
                with self.doing("go on"):
                    self._next_step(one)

    @rule(
        which=WHICH,
        part=st.integers(1, 100),
        packs=st.integers(0, 2),
        restock=st.booleans(),
        twice=st.booleans(),
    )
    def refund(self, which: int, part: int, packs: int, restock: bool, twice: bool) -> None:
        one = self._bought(which)
        if one is None:
            return
        shown = read.order(SYSTEM, order_id=one.id)
        parts = [
            orders.Part(line.id, max(1, (line.amount_fen - line.refunded_fen) * part // 100), packs, restock)
            for line in shown.lines
            if line.amount_fen > line.refunded_fen
        ]
        freight_back = shown.refunded_fen - sum(line.refunded_fen for line in shown.lines)
        freight = shown.freight_fen - freight_back
        if freight and part == 100:
            parts.append(orders.Part(None, freight))
        state, refund = shown.state, uuid7()
        with self.doing("refund"):
            for _time in range(1 + twice):
                orders.refund(SYSTEM, order_id=one.id, refund_id=refund, parts=parts, reason="不新鲜")
            self.tally[f"refund {'all' if self._state(one) == 'refunded' else 'part'} of {state}"] += 1
            if self._is_in_a_payout(one):
                self.tally["refund after payout"] += 1

    # --- money out -----------------------------------------------------------------------------

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

    @rule(whom=st.sampled_from(["household", "household", "station", "courier"]), again=st.booleans())
    def prepare_payout(self, whom: str, again: bool) -> None:
        batch = uuid7()
        with self.doing("prepare a payout"):
            for _time in range(1 + again):
                settlement.prepare(MAKER, batch_id=batch, county=COUNTY, whom=whom)
            self.batches.append(batch)

    @rule(which=WHICH, deed=st.sampled_from(["send", "send", "send", "withdraw", "by the same"]))
    def decide_payout(self, which: int, deed: str) -> None:
        if self.batches:
            batch = self.batches[which % len(self.batches)]
            with self.doing(f"payout: {deed}"):
                if deed == "withdraw":
                    settlement.withdraw(MAKER, batch=batch)
                else:
                    settlement.send(CHECKER if deed == "send" else MAKER, batch=batch)

    @rule(which=WHICH, outcome=st.sampled_from(["paid", "paid", "returned"]), only=st.integers(1, 3))
    def bank_answers(self, which: int, outcome: str, only: int) -> None:
        if self.batches:
            batch = self.batches[which % len(self.batches)]
            with self.doing(f"the bank says {outcome}"):
                said = [
                    settlement.BankSaid(row.number, outcome, reference="B1")
                    for row in paid_out.payouts(CHECKER, batch=batch)[:only]
                ]
                settlement.record_results(CHECKER, batch=batch, results=said)

    # --- time and news -------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0.1, 0.6, 3, 30, 50, 24 * 4, 24 * 8]))
    def time_passes(self, hours: float) -> None:
        self.moment += timedelta(hours=hours)

    @rule(which=st.integers(0, 3))
    def a_job_runs(self, which: int) -> None:
        with at(self.moment):
            (
                partial(stock.expire_reservations, SYSTEM),
                partial(orders.expire_unpaid, SYSTEM),
                partial(orders.complete_due, SYSTEM),
                partial(orders.lapse_bills, SYSTEM),
            )[which]()

    @rule(which=st.integers(0, 2), limit=st.sampled_from([1, 3, 500]))
    def news_arrives(self, which: int, limit: int) -> None:
        wires = outbox.wires()
        with at(self.moment):
            outbox.deliver(SYSTEM, handler=wires[which % len(wires)].name, limit=limit)

    @rule()
    def all_is_heard(self) -> None:
        self.rest()

    # --- what must hold ------------------------------------------------------------------------

    @invariant()
    def nothing_is_wrong(self) -> None:
        if hasattr(self, "lots"):
            assert books.wrong(books.AT_ALL_TIMES) == {}
            assert books.disproved("stock", "ledger", "payments", "logistics") == {}

    @invariant()
    def no_more_is_sold_than_was_harvested(self) -> None:
        if hasattr(self, "lots"):
            assert books.sold_and_held_g() <= self.harvested - self.lost

    def teardown(self) -> None:
        """At the end all news is heard, and every proof of the house holds."""
        if hasattr(self, "lots"):
            try:
                self.rest()
                with at(self.moment):
                    middle = BEGIN + (self.moment - BEGIN) / 2
                    ended = self.moment + timedelta(seconds=1)
                    assert books.statements_that_do_not_add_up(ended, middle) == []
            finally:
                books.forget_the_season()

    def rest(self) -> None:
        """Run every job and hear all news until nothing moves; then look at everything."""
        with at(self.moment):
            for _round in range(3):
                payments.settle_waiting_notices()
                orders.expire_unpaid(SYSTEM)
                stock.expire_reservations(SYSTEM)
                orders.complete_due(SYSTEM)
                outbox.deliver_everything()
            self.hear_what_was_held_back()
        for found in (books.wrong(books.AT_REST), books.disproved()):
            assert not found, found

    def hear_what_was_held_back(self) -> None:
        """The server's own work, such as its statistics, may hold the news back for a moment."""
        patience = time.monotonic() + 60
        while (held := outbox.lags()) and time.monotonic() < patience:
            assert not any(lag.last_error for lag in held), held
            time.sleep(0.02)
            outbox.deliver_everything()
        assert not held, held

    # --- how -----------------------------------------------------------------------------------

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Do it now; a refusal is an answer, counted with its kind."""
        try:
            with at(self.moment):
                yield
        except Refusal as refusal:
            self.tally[f"{what}: refused"] += 1
            self.tally[f"refused {type(refusal).__name__}"] += 1
        else:
            self.tally[what] += 1

    def _place(
        self, actor: Actor, what: str, *, basket: UUID | None = None,
        lines: tuple[tuple[UUID, int], ...] | None = None, pickup: bool = True, destination: str = "",
        cash: bool = True, outlet: str = "shop", stale: bool = False,
    ) -> None:  # fmt: skip
        gateway = "counter" if cash else "sandbox"
        way = "pickup" if pickup else "delivery"
        station = self.fair.station if pickup else None
        with self.doing(what):
            cost = read.quote(
                actor, county=COUNTY, basket=basket, lines=lines, fulfilment=way, outlet=outlet,
                destination="" if pickup else destination, station=station,
            )  # fmt: skip
            placing = partial(
                orders.place_order, actor, order_id=uuid7(), county=COUNTY, basket=basket, lines=lines,
                contact=CONTACT, fulfilment=way, destination="" if pickup else destination, station=station,
                gateway=gateway, outlet=outlet, expected_total_fen=cost.total_fen - stale,
            )  # fmt: skip
            placed = placing()
            self.bought.append(Bought(placed.order, placed.intent, placed.total_fen, gateway, placing))

    def _next_step(self, one: Bought) -> None:
        match self._state(one):
            case "placed":
                if one.gateway == "counter":
                    payments.take_cash(self.fair.agent, intent=one.intent, station=self.fair.station)
                else:
                    notify(one.intent)
                    payments.settle_waiting_notices()
                outbox.deliver_everything()
            case "paid":
                self._pack(one, 900)
            case "packed":
                orders.hand_over(SYSTEM, order_id=one.id)
            case "handed_over":
                self._deliver(one, knows_code=True)
            case "delivered":
                self.moment += timedelta(days=8)
                with at(self.moment):
                    orders.complete_due(SYSTEM)
                    outbox.deliver_everything()

    def _pack(self, one: Bought, weight: int) -> None:
        lines = [row for row in read.order(SYSTEM, order_id=one.id).lines if row.sold_by == "weight"]
        ordered = {row.id: row.quantity * row.content_amount for row in lines}
        differs = (weight % 3 - 1) * 5  # per cent: some are lighter, some as ordered, some heavier
        weights = {key: grams + grams * differs // 100 for key, grams in ordered.items()}
        try:
            orders.pack(SYSTEM, order_id=one.id, parcel=uuid7(), weight_g=weight, weights=weights)
        except Invalid as refusal:
            if refusal.code != "no_more":
                raise
            orders.pack(SYSTEM, order_id=one.id, parcel=uuid7(), weight_g=weight, weights=ordered)

    def _deliver(self, one: Bought, knows_code: bool) -> None:
        code = next((row.pickup_code for row in parcels_of([str(one.id)])), "")
        try:
            orders.deliver(SYSTEM, order_id=one.id, code=code if knows_code else "none")
        except Invalid:
            orders.deliver(SYSTEM, order_id=one.id, evidence="签收")

    def _bought(self, which: int) -> Bought | None:
        return self.bought[-1 - which % len(self.bought)] if self.bought else None

    def _state(self, one: Bought) -> str:
        return str(scalar("SELECT state FROM orders_order WHERE id = %s", [one.id]))

    def _grams(self, one: Bought) -> int:
        return int(
            str(
                scalar(
                    "SELECT sum(quantity * content_amount)::bigint FROM orders_line WHERE order_id = %s",
                    [one.id],
                )
            )
        )

    def _is_in_a_payout(self, one: Bought) -> bool:
        claimed = "SELECT count(*) FROM settlement_earning WHERE order_key = %s AND payout_id IS NOT NULL"
        return bool(scalar(claimed, [str(one.id)]))
