"""What promotions take off, to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.trade.promotions.rules.discounts import Priced, Terms, WhyNot, taken_off, why_not

SHOP, OTHER, OFFER = uuid7(), uuid7(), uuid7()


def terms(
    *,
    shop: UUID | None = None,
    percent: int = 0,
    off_fen: int = 0,
    least_fen: int = 0,
    most_fen: int | None = None,
    used_up: bool = False,
) -> Terms:
    moment = now()
    return Terms(
        uuid7(), 1, "450225", shop, "coupon", "样例券", "", "SAMPLE", "centre", percent, off_fen, least_fen,
        most_fen, moment - timedelta(hours=1), moment + timedelta(hours=1), None, used_up,
    )  # fmt: skip


def off(lines: list[Priced], one: Terms) -> list[int]:
    return [sum(row.amount_fen for row in rows) for rows in taken_off(lines, [one])]


def test_a_percentage_is_split_by_what_each_line_costs() -> None:
    lines = [Priced(SHOP, OFFER, 2, 5960), Priced(SHOP, OFFER, 1, 1999)]
    assert off(lines, terms(percent=10)) == [596, 200]


def test_a_coupon_of_one_stall_leaves_the_others_alone() -> None:
    lines = [Priced(SHOP, OFFER, 1, 3000), Priced(OTHER, OFFER, 1, 3000)]
    assert off(lines, terms(shop=OTHER, off_fen=500)) == [0, 500]


def test_it_takes_off_no_more_than_its_most() -> None:
    assert off([Priced(SHOP, OFFER, 1, 100_000)], terms(percent=50, most_fen=2000)) == [2000]


def test_every_pack_costs_a_fen_at_least() -> None:
    assert off([Priced(SHOP, OFFER, 3, 900)], terms(off_fen=5000)) == [897]


def test_why_a_coupon_takes_nothing_off() -> None:
    lines, moment = [Priced(SHOP, OFFER, 1, 3000)], now()
    assert why_not(lines, terms(percent=10), moment) is None
    assert why_not(lines, terms(percent=10, least_fen=3001), moment) is WhyNot.TOO_LITTLE
    assert why_not(lines, terms(percent=10, shop=OTHER), moment) is WhyNot.OTHER_SHOP
    assert why_not(lines, terms(percent=10, used_up=True), moment) is WhyNot.USED_UP
    assert why_not(lines, terms(percent=10), moment + timedelta(hours=2)) is WhyNot.NOT_OPEN


def test_two_coupons_are_never_together() -> None:
    with pytest.raises(ValueError, match="at most 1"):
        taken_off([Priced(SHOP, OFFER, 1, 3000)], [terms(percent=10), terms(percent=10)])


@given(
    some.lists(some.tuples(some.integers(1, 9), some.integers(1, 99_999)), min_size=1, max_size=6),
    some.integers(1, 90),
    some.integers(0, 50_000),
)
def test_parts_sum_exactly_and_no_line_falls_below_a_fen_a_pack(
    said: list[tuple[int, int]], percent: int, off_fen: int
) -> None:
    lines = [Priced(SHOP, OFFER, packs, packs * fen) for packs, fen in said]
    whole = sum(line.amount_fen for line in lines)
    parts = off(lines, terms(off_fen=off_fen) if off_fen else terms(percent=percent))
    wanted = off_fen or round(whole * percent / 100)
    room = whole - sum(line.packs for line in lines)
    assert abs(sum(parts) - min(wanted, room)) <= (0 if off_fen else 1)
    assert all(line.amount_fen - part >= line.packs for line, part in zip(lines, parts, strict=True))


def test_a_group_pays_its_price_whatever_one_pays_alone() -> None:
    group = replace(terms(), kind="group", offer=OFFER, group_fen=1980)
    lines = [Priced(SHOP, OFFER, 2, 5960), Priced(SHOP, uuid7(), 1, 3000)]
    assert off(lines, group) == [2000, 0]
    assert off([Priced(SHOP, OFFER, 1, 1500)], group) == [0], "cheaper alone by now: nothing is added"
    with pytest.raises(ValueError, match="alone"):
        taken_off(lines, [group, terms(percent=10)])
