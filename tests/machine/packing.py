"""Packing by weight, handing over, delivering, and giving back part of what was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries.shown import LineShown
from tests.machine.bought import Bought
from tests.machine.season import WHICH, Season, rule

#: What is heavier by more than this is given away; and what it comes to below so many fen.
TOLERANCE, LEAST_ASKED_FEN = Fraction(1, 10), 100


class Packing(Season):
    """What who packs, carries and gives out does."""

    @rule(
        needs="bought", which=WHICH, weight=st.integers(1, 5000), differs=st.sampled_from([-20, -5, 0, 5, 20])
    )
    def pack(self, which: int, weight: int, differs: int) -> None:
        if one := self.bought_as(which):
            with self.doing("pack"):
                self._pack(one, weight, differs)

    @rule(needs="bought", which=WHICH)
    def hand_over(self, which: int) -> None:
        if one := self.bought_as(which):
            with self.doing("hand over"):
                orders.hand_over(SYSTEM, order_id=one.id)

    @rule(needs="bought", which=WHICH, knows_code=st.booleans())
    def deliver(self, which: int, knows_code: bool) -> None:
        if one := self.bought_as(which):
            with self.doing("deliver"):
                self.give_out(one, knows_code=knows_code)

    @rule(needs="bought", which=WHICH, steps=st.integers(1, 6))
    def go_on(self, which: int, steps: int) -> None:
        """An order goes the way that most orders go, some steps of it."""
        self.go_some_steps(self.bought_as(which), steps)

    @rule(
        needs="bought",
        which=WHICH,
        part=st.integers(1, 100),
        packs=st.integers(0, 2),
        restock=st.booleans(),
        twice=st.booleans(),
    )
    def refund(self, which: int, part: int, packs: int, restock: bool, twice: bool) -> None:
        one = self.bought_as(which)
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
            one.back_fen += sum(part.amount_fen for part in parts)
            self.tally[f"refund {'all' if self.state_of(one) == 'refunded' else 'part'} of {state}"] += 1
            if self.is_in_a_payout(one):
                self.tally["refund after payout"] += 1

    def serve(self, one: Bought) -> None:
        self._pack(one, 900, int(one.id.int % 3 - 1) * 5)

    def give_out(self, one: Bought, *, knows_code: bool) -> None:
        code = next((row.pickup_code for row in parcels_of([str(one.id)])), "")
        try:
            orders.deliver(SYSTEM, order_id=one.id, code=code if knows_code else "none")
        except Invalid:
            orders.deliver(SYSTEM, order_id=one.id, evidence="签收")

    def _pack(self, one: Bought, weight: int, differs: int) -> None:
        """Pack it, what is sold by weight so many per cent lighter or heavier, as far as that can be."""
        lines = [row for row in read.order(SYSTEM, order_id=one.id).lines if row.sold_by == "weight"]
        ordered = {row.id: row.quantity * row.content_amount for row in lines}
        weighed = {key: grams + grams * differs // 100 for key, grams in ordered.items()}
        agreed = False
        try:
            orders.pack(SYSTEM, order_id=one.id, parcel=uuid7(), weight_g=weight, weights=weighed)
        except Invalid as refusal:
            if refusal.code not in ("no_more", "too_light"):
                raise
            agreed = refusal.code == "too_light"
            weighed = weighed if agreed else ordered
            orders.pack(
                SYSTEM, order_id=one.id, parcel=uuid7(), weight_g=weight, weights=weighed,
                lighter_agreed=agreed,
            )  # fmt: skip
        one.lighter_fen, one.heavier_fen = bill(lines, weighed, may_ask=one.gateway != "counter")
        for said, is_so in (
            ("packed lighter than accepted", agreed),
            ("packed lighter", one.lighter_fen),
            ("packed heavier, paid later", one.heavier_fen),
            (
                "packed heavier, given away",
                sum(weighed.values()) > sum(ordered.values()) and not one.heavier_fen,
            ),
        ):
            self.tally[said] += bool(is_so)


def bill(lines: Sequence[LineShown], weighed: Mapping[UUID, int], *, may_ask: bool) -> tuple[int, int]:
    """What lines sold by weight come to less, and more, in fen: counted beside `rules.billing`."""
    more = Fraction(0)
    for line in lines:
        ordered = line.quantity * line.content_amount
        counts = min(weighed[line.id], int(ordered * (1 + TOLERANCE)))
        more += round(Fraction(line.amount_fen * counts, ordered)) - line.amount_fen
    asked = int(more) if may_ask and more >= LEAST_ASKED_FEN else 0
    return max(0, int(-more)), asked
