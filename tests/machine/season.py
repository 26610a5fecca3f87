"""The machine: a county's people doing anything at any moment, through the verbs the pages call.

Here is what all subjects share: the fair and its clock, how an order goes its way, what holds after every
step, and how a season ends. The rules of each subject stand in a file of its own; `whole.py` joins them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.db import connection
from hypothesis import stateful
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.tests.factories import CONTACT, Fair, Stall, a_stall
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.stock import actions as stock
from tests.machine import books, checks
from tests.machine.bought import Bought, kept

WHICH = st.integers(0, 11)
#: The names of all rules there are.
RULES: set[str] = set()
Step = TypeVar("Step", bound=Callable[..., None])
BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)


def rule(*, needs: str = "", **drawn: st.SearchStrategy[Any]) -> Callable[[Step], Step]:
    """A rule of the machine, counted each time it runs.

    Args:
        needs: what must be there already for it to find its matter, e.g. "claims".
    """

    def ruled(step: Step) -> Step:
        RULES.add(step.__name__)

        @wraps(step)
        def counted(season: Season, *given: Any, **more: Any) -> None:
            season.tally[f"rule {step.__name__}"] += 1
            step(season, *given, **more)

        found = cast(Any, stateful.rule)(**drawn)(counted)
        return cast(
            Step, precondition(lambda season: bool(getattr(season, needs, None)))(found) if needs else found
        )

    return ruled


class Season(RuleBasedStateMachine):
    """Two products, three offers (one at the station's counter), two households, and one moving clock.

    A verb may refuse; then nothing has happened, and what must hold still does. `tally` counts what
    was done and refused over all runs, so that a test can tell that everything was tried.
    """

    fair: ClassVar[Fair]
    tally: ClassVar[Counter[str]] = Counter()

    @initialize(
        cap=st.none() | st.integers(1500, 6000),
        ways=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=5),
        plenty=st.booleans(),
    )
    def open(self, cap: int | None, ways: list[tuple[bool, int]], plenty: bool) -> None:
        """Begin, in a session of its own: a failure may have left the last one amid a statement.

        Not from nothing: some orders have gone some of their way, so that every verb finds its matter.
        """
        connection.close()
        self.begin()
        with at(self.moment):
            households = self.fair.households
            sacks, side = ((30_000, 20_000), 40_000) if plenty else ((3000, 2000), 4000)
            rice = a_stall(households, self.fair.station, lots=sacks, cap=None if plenty else cap)
            beef = a_stall(households, None, lots=(side,), price_fen=1999, content=700, sold_by="weight")
            counter = an_offer(pack=rice.pack, price_fen=2500, outlet="station")
            supply = stock.feed(SYSTEM, offer=counter).id
        self.harvested = sum(sacks) + side
        self.stalls = [rice, beef, Stall(rice.product, rice.pack, counter, supply, ())]
        self.lots = [*rice.lots, *beef.lots]
        for cash, steps in ways:
            lines = ((rice.offer, 1),)
            self.place(Actor.guest("before"), "order", lines=lines, cash=cash)
            self.go_some_steps(self.bought[-1] if self.bought else None, steps)

    def begin(self) -> None:
        """Nothing has happened yet. A subject that remembers more begins it here."""
        self.moment = BEGIN
        self.bought: list[Bought] = []
        self.harvested = self.lost = 0

    def jobs(self) -> list[Callable[[], object]]:
        """What runs by itself. A subject that has jobs of its own adds them."""
        return [
            partial(stock.expire_reservations, SYSTEM),
            partial(orders.expire_unpaid, SYSTEM),
            partial(orders.complete_due, SYSTEM),
            partial(orders.lapse_bills, SYSTEM),
        ]

    def ending(self) -> None:
        """What still happens before a season ends."""

    # --- time and news -------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0.1, 0.6, 3, 30, 50, 24 * 4, 24 * 8]))
    def time_passes(self, hours: float) -> None:
        self.moment += timedelta(hours=hours)

    @rule(which=WHICH)
    def a_job_runs(self, which: int) -> None:
        jobs = self.jobs()
        with at(self.moment):
            jobs[which % len(jobs)]()

    @rule(which=WHICH, limit=st.sampled_from([1, 3, 500]))
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
            for found in (
                books.wrong(checks.AT_ALL_TIMES),
                books.disproved("stock", "ledger", "payments", "logistics"),
            ):
                assert not found, found

    @invariant()
    def no_more_is_sold_than_was_harvested(self) -> None:
        if hasattr(self, "lots"):
            assert books.sold_and_held_g() <= self.harvested - self.lost

    def teardown(self) -> None:
        """At the end all news is heard, and every proof of the house holds."""
        if hasattr(self, "lots"):
            try:
                self.ending()
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
                for job in self.jobs():
                    job()
                outbox.deliver_everything()
            self._hear_what_was_held_back()
        for found in (books.wrong(checks.AT_REST), books.disproved()):
            assert not found, found
        self.look_at_rest()

    def look_at_rest(self) -> None:
        """Every buyer has paid the price less discounts and what came back, counted beside the books."""
        there = kept()
        for one in self.bought:
            found = there[one.id]
            assert found.kept_fen == one.due_fen(found.state, paid_more=found.paid_more), (one, found)

    def _hear_what_was_held_back(self) -> None:
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

    def place(
        self, actor: Actor, what: str, *, basket: UUID | None = None,
        lines: tuple[tuple[UUID, int], ...] | None = None, pickup: bool = True, destination: str = "",
        cash: bool = True, outlet: str = "shop", stale: bool = False, coupon: str = "",
        group: UUID | None = None, contact: Contact = CONTACT, gateway: str = "",
    ) -> Bought | None:  # fmt: skip
        """Look what it costs, and order it; None where it was refused."""
        gateway = gateway or ("counter" if cash else "sandbox")
        way = "pickup" if pickup else "delivery"
        station = self.fair.station if pickup else None
        one = None
        with self.doing(what):
            cost = read.quote(
                actor, county=COUNTY, basket=basket, lines=lines, fulfilment=way, outlet=outlet,
                destination="" if pickup else destination, station=station, coupon=coupon, group=group,
            )  # fmt: skip
            placing = partial(
                orders.place_order, actor, order_id=uuid7(), county=COUNTY, basket=basket, lines=lines,
                contact=contact, fulfilment=way, destination="" if pickup else destination, station=station,
                gateway=gateway, outlet=outlet, coupon=coupon, group=group,
                expected_total_fen=cost.total_fen - stale,
            )  # fmt: skip
            placed = placing()
            one = Bought(placed.order, placed.intent, placed.total_fen, gateway, placing)
            self.bought.append(one)
        return one

    def go_some_steps(self, one: Bought | None, steps: int) -> None:
        """An order goes the way that most orders go, so many steps of it."""
        if one is not None:
            for _step in range(steps):
                with self.doing("go on"):
                    self.next_step(one)

    def next_step(self, one: Bought) -> None:
        match self.state_of(one):
            case "placed":
                self.pay(one)
            case "paid":
                self.serve(one)
            case "packed":
                orders.hand_over(SYSTEM, order_id=one.id)
            case "handed_over":
                self.give_out(one, knows_code=True)
            case "delivered":
                self.moment += timedelta(days=8)
                with at(self.moment):
                    orders.complete_due(SYSTEM)
                    outbox.deliver_everything()

    def pay(self, one: Bought) -> None:
        if one.gateway == "counter":
            payments.take_cash(self.fair.agent, intent=one.intent, station=self.fair.station)
        elif one.gateway == "sandbox":
            notify(one.intent)
            payments.settle_waiting_notices()
        else:
            self.pay_there(one)
        outbox.deliver_everything()

    def pay_there(self, one: Bought) -> None:
        """A buyer pays at a provider of the real world."""
        raise NotImplementedError

    def serve(self, one: Bought) -> None:
        """What is done with an order that is paid."""
        raise NotImplementedError

    def give_out(self, one: Bought, *, knows_code: bool) -> None:
        """A buyer takes the goods over."""
        raise NotImplementedError

    def bought_as(self, which: int) -> Bought | None:
        """One of the orders, the latest first."""
        return self.bought[-1 - which % len(self.bought)] if self.bought else None

    def order_called(self, key: UUID) -> Bought:
        """An order by its key."""
        return next(one for one in self.bought if one.id == key)

    def state_of(self, one: Bought) -> str:
        return str(scalar("SELECT state FROM orders_order WHERE id = %s", [one.id]))

    def is_in_a_payout(self, one: Bought) -> bool:
        claimed = "SELECT count(*) FROM settlement_earning WHERE order_key = %s AND payout_id IS NOT NULL"
        return bool(scalar(claimed, [str(one.id)]))
