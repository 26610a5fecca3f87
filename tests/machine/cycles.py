"""Harvests sold ahead: announced, ordered, brought in part or not at all, closed and allotted once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog.tests.factories import a_pack
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest
from tests.machine.season import WHICH, Season, rule

#: A box that is sold ahead, grams; and what half a kilogram, a jin, of an announced harvest weighs.
BOX_G, JIN_G = 500, 500


@dataclass
class Ahead:
    """A cycle with its offer, and its households' harvests by the grams announced."""

    id: UUID
    offer: UUID
    harvests: dict[UUID, int]
    is_over: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that waits for a harvest: so many packs for so much; `is_paid` holds them until they come."""

    line: UUID
    order: UUID
    packs: int
    amount_fen: int
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Got:
    """What became of such a line."""

    line: UUID
    packs: int
    is_off: bool


class Cycles(Season):
    """What is sold before it is harvested."""

    def begin(self) -> None:
        super().begin()
        self.cycles: list[Ahead] = []

    def jobs(self) -> list[Callable[[], object]]:
        return [*super().jobs(), partial(stock.close_due_cycles, SYSTEM)]

    @rule(jin=st.tuples(st.integers(2, 8), st.integers(2, 8)), packs=st.lists(st.integers(1, 4), max_size=4))
    def sell_ahead(self, jin: tuple[int, int], packs: list[int]) -> None:
        """Both households announce, it is sold ahead, and so many buyers order it."""
        rice = self.stalls[0].product
        with self.doing("sell ahead"):
            harvests = {
                a_harvest(household, rice, jin=amount): amount * JIN_G
                for household, amount in zip(self.fair.households, jin, strict=True)
            }
            offer = uuid7()
            cycle = a_cycle(list(harvests), a_pack(product=rice, content_amount=BOX_G), offer=offer)
            self.cycles.append(Ahead(cycle, offer, harvests))
        for number, wanted in enumerate(packs):
            self.order_ahead(0, wanted, beside=number == 3, cash=number != 2, pays=number != 1)

    @rule(
        needs="cycles",
        which=WHICH,
        packs=st.integers(1, 4),
        beside=st.booleans(),
        cash=st.booleans(),
        pays=st.booleans(),
    )
    def order_ahead(self, which: int, packs: int, beside: bool, cash: bool, pays: bool) -> None:
        if ahead := self._cycle(which):
            lines = ((ahead.offer, packs),) + (((self.stalls[0].offer, 1),) if beside else ())
            one = self.place(Actor.guest("early"), "order ahead", lines=lines, cash=cash)
            self.go_some_steps(one, int(pays))

    @rule(needs="cycles", which=WHICH, whose=st.integers(0, 1), per_cent=st.integers(10, 120))
    def bring(self, which: int, whose: int, per_cent: int) -> None:
        """A load of what was announced, less or more of it; the first one closes the cycle."""
        if ahead := self._cycle(which):
            harvest, announced = list(ahead.harvests.items())[whose]
            grams = announced * per_cent // 100
            with self.doing("bring what was announced"):
                lot = stock.take_in_announced(
                    self.fair.agent, harvest=harvest, lot=uuid7(), quantity=Quantity(grams, Unit.GRAM),
                    harvested_on=today(), station=self.fair.station,
                )  # fmt: skip
                self.lots.append(lot.id)
                self.harvested += grams

    @rule(needs="cycles", which=WHICH, close=st.booleans(), twice=st.booleans())
    def allot(self, which: int, close: bool, twice: bool) -> None:
        ahead = self._cycle(which)
        if ahead is None:
            return
        with self.doing("allot"):
            if close:
                stock.close_cycle(SYSTEM, cycle=ahead.id)
            wanted, brought = _wanted(ahead.offer), _brought_g(ahead.id)
            outcome = orders.allot_cycle(SYSTEM, cycle=ahead.id)
            if ahead.is_over:
                assert outcome == orders.Outcome(0, 0, 0)
            else:
                self._look_at(wanted, brought)
            ahead.is_over = True
            for _time in range(twice):
                assert orders.allot_cycle(SYSTEM, cycle=ahead.id) == orders.Outcome(0, 0, 0)

    def _look_at(self, wanted: Sequence[Wanted], brought: int) -> None:
        """Nobody got more than they ordered, nor all together more than came; the rest is paid back."""
        got = {row.line: row for row in _got([one.line for one in wanted])}
        assert sum(row.packs for row in got.values()) * BOX_G <= brought
        paid = [one for one in wanted if one.is_paid]
        asked = sum(one.packs for one in paid) * BOX_G
        for one in wanted:
            found = got[one.line]
            if not one.is_paid:
                assert found.is_off or found.packs == one.packs
                self.tally["allotted unpaid: called off" if found.is_off else "allotted unpaid: all"] += 1
                continue
            share = Fraction(brought * one.packs, asked)
            assert found.packs == one.packs if asked <= brought else int(share) <= found.packs <= share + 1
            short = one.packs - found.packs
            kind = "whole" if not short else "short" if found.packs else "none"
            self.tally[f"allotted {kind}"] += 1
            if short and not found.is_off:
                self.order_called(one.order).back_fen += -(-one.amount_fen * short // one.packs)

    def _cycle(self, which: int) -> Ahead | None:
        return self.cycles[-1 - which % len(self.cycles)] if self.cycles else None


def _brought_g(cycle: UUID) -> int:
    """What lies there of a cycle, free to be given to who ordered it."""
    return int(
        str(
            scalar(
                "SELECT coalesce(sum(l.on_hand - l.reserved), 0)::bigint FROM stock_lot l"
                " JOIN stock_cycle c ON c.pool_id = l.pool_id"
                " WHERE c.id = %s AND NOT l.expected AND l.blocked_by = ''",
                [cycle],
            )
        )
    )


def _wanted(offer: UUID) -> list[Wanted]:
    """The lines that hold something of what is expected."""
    return rows(
        """
        SELECT l.id, l.order_id, l.quantity, l.amount_fen, bool_and(r.expires_at IS NULL)
          FROM orders_line l JOIN stock_reservation r ON r.holder = l.id::text AND r.state = 'held'
          JOIN stock_lot t ON t.id = r.lot_id AND t.expected
         WHERE l.offer_id = %s GROUP BY l.id""",
        [offer],
        into=Wanted,
    )


def _got(lines: Sequence[UUID]) -> list[Got]:
    return rows(
        """
        SELECT l.id, coalesce(a.packs, 0), o.state = 'cancelled'
          FROM orders_line l JOIN orders_order o ON o.id = l.order_id
          LEFT JOIN orders_allotment a ON a.line_id = l.id
         WHERE l.id = ANY(%s::uuid[])""",
        [list(lines)],
        into=Got,
    )
