"""Coupons: so much off, so often, for so many; counted beside the rules that price an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.tests.factories import CONTACT
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.rules.discounts import Bearer
from countyfair.trade.promotions.rules.making import CouponTerms
from tests.machine.season import WHICH, Season, rule


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon as its buyers read it: either per cent or fen."""

    id: UUID
    code: str
    percent: int
    off_fen: int

    def takes_off(self, goods_fen: int, packs: int) -> int:
        """What it takes off goods for so much: of every pack, a fen is left."""
        wanted = self.off_fen or round(Fraction(goods_fen * self.percent, 100))
        return min(wanted, goods_fen - packs)


class Coupons(Season):
    """A shop that gives out coupons, and three buyers who have heard of them."""

    def begin(self) -> None:
        super().begin()
        self.coupons: list[Coupon] = []

    @rule(
        percent=st.sampled_from([0, 7, 10, 90]), bearer=st.sampled_from(list(Bearer)),
        limit=st.none() | st.integers(1, 3), each=st.none() | st.integers(1, 2),
        least=st.sampled_from([0, 0, 5000]), uses=st.integers(0, 3),
    )  # fmt: skip
    def give_out_a_coupon(
        self, percent: int, bearer: Bearer, limit: int | None, each: int | None, least: int, uses: int
    ) -> None:
        """And some use it at once."""
        made = uuid7()
        coupon = Coupon(made, f"C{made.hex[-8:]}".upper(), percent, 0 if percent else 777)
        with self.doing("give out a coupon"):
            until = self.moment + timedelta(days=9)
            terms = CouponTerms(
                coupon.code, "样例券", "Sample coupon", str(bearer), self.moment, until,
                percent=percent, off_fen=coupon.off_fen, limit_total=limit, limit_each=each, least_fen=least,
            )  # fmt: skip
            for _time in range(2):
                promotions.make_coupon(SYSTEM, coupon=made, county=COUNTY, terms=terms)
            self.coupons.append(coupon)
        for buyer in range(uses):
            self.order_with_a_coupon(0, (1, buyer), 2 * buyer % 3 // 2, cash=True, steps=buyer)

    @rule(
        needs="coupons", which=WHICH, packs=st.tuples(st.integers(0, 3), st.integers(0, 2)).filter(any),
        buyer=st.integers(0, 2), cash=st.booleans(), steps=st.integers(0, 5),
    )  # fmt: skip
    def order_with_a_coupon(
        self, which: int, packs: tuple[int, int], buyer: int, cash: bool, steps: int
    ) -> None:
        if not self.coupons:
            return
        coupon = self.coupons[-1 - which % len(self.coupons)]
        lines = tuple(
            (stall.offer, wanted) for stall, wanted in zip(self.stalls, packs, strict=False) if wanted
        )
        guest = Actor.guest("coupon")
        with self.doing("look at the full price"):
            full = read.quote(guest, county=COUNTY, lines=lines)
        contact = replace(CONTACT, phone=f"1990000000{buyer}")
        one = self.place(
            guest, "order with a coupon", lines=lines, cash=cash, coupon=coupon.code, contact=contact
        )
        if one is not None:
            goods = sum(line.amount_fen for line in full.lines)
            assert one.total_fen == goods - coupon.takes_off(goods, sum(packs)), (coupon, packs)
            self.go_some_steps(one, steps)

    @rule(needs="coupons", which=WHICH)
    def end_a_coupon(self, which: int) -> None:
        if self.coupons:
            with self.doing("end a coupon"):
                promotions.end_promotion(SYSTEM, promotion=self.coupons[which % len(self.coupons)].id)
