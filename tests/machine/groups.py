"""Group buying: opened, joined, full with the last payment, or fallen through when its time is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders.tests.factories import CONTACT
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.tests.factories import a_group
from tests.machine.season import WHICH, Season, rule

#: What a pack costs who joins, and how long one may.
TOGETHER_FEN, OPEN_FOR = 980, timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Group:
    """A group and how many it needs."""

    id: UUID
    needed: int


class Groups(Season):
    """Buyers who want the price of a group."""

    def begin(self) -> None:
        super().begin()
        self.groups: list[Group] = []

    def jobs(self) -> list[Callable[[], object]]:
        return [*super().jobs(), partial(promotions.close_groups, SYSTEM)]

    @rule(needed=st.integers(2, 3), come=st.integers(0, 4), last_pays=st.booleans())
    def open_a_group(self, needed: int, come: int, last_pays: bool) -> None:
        """And so many come: too few, enough, or one too many."""
        with self.doing("open a group"):
            group = a_group(self.stalls[0].offer, needed=needed, group_fen=TOGETHER_FEN)
            self.groups.append(Group(group, needed))
        if self.groups:
            for buyer in range(come):
                self.join(0, buyer, pays=last_pays or buyer + 1 < come, cash=bool(buyer % 2))

    @rule(needs="groups", which=WHICH, buyer=st.integers(0, 5), pays=st.booleans(), cash=st.booleans())
    def join(self, which: int, buyer: int, pays: bool, cash: bool) -> None:
        if not self.groups:
            return
        group = self.groups[-1 - which % len(self.groups)]
        price = scalar("SELECT price_fen FROM catalog_offer WHERE id = %s", [self.stalls[0].offer])
        one = self.place(
            Actor.guest("group"), "join a group", lines=((self.stalls[0].offer, 1),), cash=cash,
            group=group.id, contact=replace(CONTACT, phone=f"1990000010{buyer}"),
        )  # fmt: skip
        if one is not None:
            # Whoever put the price below that of the group since does not make its members pay more.
            assert one.total_fen == min(TOGETHER_FEN, int(str(price)))
            self.go_some_steps(one, int(pays))
            self.tally["the last place is paid"] += self._stands(group) == "full"

    @rule(needs="groups", which=WHICH, rings=st.booleans())
    def time_of_a_group_is_over(self, which: int, rings: bool) -> None:
        """Too few had paid, or it was full before; and one who had joined pays all the same."""
        if not self.groups:
            return
        group = self.groups[-1 - which % len(self.groups)]
        self.moment += OPEN_FOR
        with at(self.moment):
            promotions.close_groups(SYSTEM)
            outbox.deliver_everything()
        self.tally[f"the time of a group is over: {self._stands(group)}"] += 1
        late = [one for one in self.bought if one.gateway == "sandbox" and self.state_of(one) == "cancelled"]
        if rings and late:
            with self.doing("pay for what is called off"):
                self.pay(late[-1])

    def _stands(self, group: Group) -> str:
        return str(scalar("SELECT gathered FROM promotions_promotion WHERE id = %s", [group.id]))
