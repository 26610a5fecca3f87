from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.refusal import SoldOut
from countyfair.trade.stock.rules import (
    Blend,
    HeldAmount,
    LotState,
    Promise,
    allocate,
    allocate_lines,
    allot,
    available,
    drawable,
    give_up,
    lot_number,
)

POOL, OTHER = UUID(int=1), UUID(int=2)


def a_lot_state(number: int, day: int, free: int) -> LotState:
    return LotState(UUID(int=number), UUID(int=100 + number), None, date(2026, 11, day), free)


def test_a_short_harvest_is_allotted_as_the_page_says() -> None:
    page = Path("docs/stock.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\d) \| (\d+) \| [\d.]+ \| \d+ \| \.\d+ \| (\d+) \|$", page, re.MULTILINE)
    packs = {holder: int(wanted) for holder, wanted, _got in table}
    assert len(packs) == 3
    promises = [
        Promise(holder, wanted, 1000, datetime(2026, 12, 1, int(holder), tzinfo=UTC))
        for holder, wanted in packs.items()
    ]
    assert allot(promises, 20_400) == {holder: int(got) for holder, _wanted, got in table}
    assert allot(promises, 31_000) == packs
    assert allot(promises, 999) == {"1": 0, "2": 0, "3": 0}


def test_who_came_first_gets_the_pack_of_a_tie() -> None:
    promises = [
        Promise(holder, 1, 1000, datetime(2026, 12, 1, hour, tzinfo=UTC))
        for holder, hour in (("late", 3), ("first", 1), ("next", 2))
    ]
    assert allot(promises, 2000) == {"first": 1, "next": 1, "late": 0}


@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([250, 500, 1000])), min_size=1, max_size=8),
    st.integers(0, 60_000),
)
def test_nobody_gets_less_than_the_whole_packs_of_their_part(
    wants: list[tuple[int, int]], brought: int
) -> None:
    promises = [
        Promise(str(n), packs, content, datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=n))
        for n, (packs, content) in enumerate(wants)
    ]
    got = allot(promises, brought)
    wanted = sum(one.amount for one in promises)
    assert sum(got[one.holder] * one.content for one in promises) <= brought
    for one in promises:
        part = one.packs if wanted <= brought else brought * one.packs // wanted
        assert part <= got[one.holder] <= min(one.packs, part + 1)


def test_the_oldest_harvest_goes_first_and_lots_of_one_day_by_id() -> None:
    lots = [a_lot_state(3, 2, 5), a_lot_state(2, 1, 5), a_lot_state(1, 1, 5)]

    draws = allocate(lots, 12)

    assert [(draw.lot.id.int, draw.amount) for draw in draws] == [(1, 5), (2, 5), (3, 2)]


def test_more_than_there_is_is_sold_out_and_says_what_is_left() -> None:
    with pytest.raises(SoldOut) as refused:
        allocate([a_lot_state(1, 1, 5), a_lot_state(2, 1, 0)], 6)

    assert refused.value.details == {"left": 5}


def test_two_lines_of_one_pool_do_not_draw_the_same_grams() -> None:
    lots = {POOL: [a_lot_state(1, 1, 600), a_lot_state(2, 2, 400)]}

    first, second = allocate_lines([(POOL, 500), (POOL, 500)], lots)

    assert [(draw.lot.id.int, draw.amount) for draw in first] == [(1, 500)]
    assert [(draw.lot.id.int, draw.amount) for draw in second] == [(1, 100), (2, 400)]
    with pytest.raises(SoldOut) as refused:
        allocate_lines([(POOL, 500), (POOL, 501)], lots)
    assert refused.value.details == {"line": 1, "left": 500}


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 1000)), max_size=8),
    st.lists(st.integers(1, 800), min_size=1, max_size=5),
)
def test_whatever_is_drawn_sums_to_what_was_wanted_and_no_lot_gives_more_than_it_has(
    stock: list[tuple[int, int]], wants: list[int]
) -> None:
    lots = [a_lot_state(number, day, free) for number, (day, free) in enumerate(stock)]
    try:
        lines = allocate_lines([(POOL, want) for want in wants], {POOL: lots})
    except SoldOut:
        assert sum(wants) > sum(lot.free for lot in lots)
        return
    assert [sum(draw.amount for draw in line) for line in lines] == wants
    for lot in lots:
        assert sum(d.amount for line in lines for d in line if d.lot.id == lot.id) <= lot.free


@pytest.mark.parametrize(
    ("free", "cap", "used", "content", "packs"),
    [
        (2600, None, 0, 500, 5),
        (2600, 1500, 0, 500, 3),
        (2600, 1500, 1400, 500, 0),
        (0, 1500, 0, 500, 0),
        (2600, 1000, 1200, 500, 0),
    ],
)
def test_an_outlet_sells_whole_packs_within_the_pool_and_its_cap(
    free: int, cap: int | None, used: int, content: int, packs: int
) -> None:
    assert available(free, cap, used, content) == packs


def held(number: int, minute: int, amount: int, *, paid: bool) -> HeldAmount:
    moment = datetime(2026, 11, 1, 8, minute, tzinfo=UTC)
    return HeldAmount(UUID(int=number), f"h{number}", amount, paid, moment)


def test_a_shortfall_takes_from_the_unpaid_first_then_from_the_latest() -> None:
    reservations = [held(1, 1, 500, paid=True), held(2, 2, 500, paid=False), held(3, 3, 500, paid=True)]

    assert [one.id.int for one in give_up(reservations, 400)] == [2]
    assert [one.id.int for one in give_up(reservations, 501)] == [2, 3]
    assert give_up(reservations, 0) == []


def test_a_lot_number_needs_no_counter_and_starts_with_the_day() -> None:
    first, second = (lot_number(UUID(int=number), date(2026, 11, 23)) for number in (1, 2))

    assert first != second
    assert re.fullmatch(r"261123-[A-Z2-7]{8}", first)


def test_the_worked_example_of_the_page_comes_out_as_it_says() -> None:
    page = (Path(__file__).parents[5] / "docs" / "stock.md").read_text(encoding="utf-8")
    lots = [
        LotState(UUID(int=ord(name)), UUID(int=1), None, date.fromisoformat(day), int(free))
        for name, day, free in re.findall(r"^\| ([A-Z]) \| (\d{4}-\d\d-\d\d) \| (\d+) \|$", page, re.M)
    ]
    wanted = re.findall(r"^\| (\d) \| (\d+) g \| (.+) \|$", page, re.M)

    lines = allocate_lines([(POOL, int(amount)) for _line, amount, _drawn in wanted], {POOL: lots})

    assert len(lots) >= 3
    assert len(wanted) >= 2
    assert [", ".join(f"{draw.amount} of {chr(draw.lot.id.int)}" for draw in line) for line in lines] == [
        drawn for _line, _amount, drawn in wanted
    ]
    flat = " ".join(page.split())
    told = re.search(r"free (\d+) g, cap (\d+) g, used (\d+) g, packs of (\d+) g: (\d+) packs", flat)
    assert told is not None
    free, cap, used, content, packs = map(int, told.groups())
    assert available(free, cap, used, content) == packs


def graded(number: int, day: int, free: int, grade: str) -> LotState:
    return LotState(UUID(int=number), UUID(int=1), None, date(2026, 11, day), free, grade, standard_version=1)


def test_the_worked_example_of_a_blend_comes_out_as_it_says() -> None:
    page = (Path(__file__).parents[5] / "docs" / "stock.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| ([A-Z]) \| 2026-11-(\d\d) \| (\w+) \| (\d+) \|$", page, re.M)
    lots = [
        graded(ord(name), int(day), int(free), grade) for name, day, grade, free in shown if grade != "off"
    ]
    blend = Blend(frozenset({"first"}), 60)
    wanted = re.findall(r"^\| (\d+) g \| (\d+) g \| (.+) \|$", page, re.M)

    assert len(shown) > len(lots) > 3
    assert len(wanted) == 2
    for amount, fine, drawn in wanted:
        assert blend.needs(int(amount)) == int(fine)
        draws = allocate(lots, int(amount), blend)
        assert ", ".join(f"{draw.amount} of {chr(draw.lot.id.int)}" for draw in draws) == drawn
    told = re.search(r"It can give (\d+) g in all: .* although (\d+) g lie there", page)
    assert told is not None
    assert (drawable(lots, blend), drawable(lots)) == tuple(map(int, told.groups()))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 500), st.booleans()), max_size=6),
    st.integers(1, 100),
    st.integers(1, 1500),
)
def test_a_blend_keeps_its_promise_and_gives_all_that_it_can(
    stock: list[tuple[int, int, bool]], percent: int, wanted: int
) -> None:
    lots = [
        graded(number, day, free, "first" if fine else "second")
        for number, (day, free, fine) in enumerate(stock)
    ]
    blend = Blend(frozenset({"first"}), percent)
    most = drawable(lots, blend)
    if wanted > most:
        with pytest.raises(SoldOut):
            allocate(lots, wanted, blend)
        return
    draws = allocate(lots, wanted, blend)
    assert sum(draw.amount for draw in draws) == wanted
    assert all(0 < draw.amount <= draw.lot.free for draw in draws)
    assert len({draw.lot.id for draw in draws}) == len(draws)
    assert sum(draw.amount for draw in draws if blend.is_fine(draw.lot)) * 100 >= wanted * percent
    assert allocate(list(reversed(lots)), wanted, blend) == draws


def test_a_lot_that_no_standard_graded_is_never_fine() -> None:
    spoken = LotState(UUID(int=1), UUID(int=1), None, date(2026, 11, 1), 500, "first")

    assert drawable([spoken], Blend(frozenset({"first"}), 50)) == 0
