"""The table of life and the split of money, held against the page that teaches them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden
from countyfair.trade.orders.rules.life import LIFE, STATES, Places, Standing, next_state, possible
from countyfair.trade.orders.rules.shares import (
    Held,
    Terms,
    freight_shares,
    given_back,
    line_shares,
    still_held,
)
from countyfair.trade.stock.rules import Draw, LotState

PAGE = (Path(__file__).parents[5] / "docs" / "orders.md").read_text(encoding="utf-8")
TERMS = Terms(1, Decimal("0.80"), Decimal("0.06"), Decimal("0.08"), Decimal("0.06"), 7)
HERE = Places("450225", "450225100200", "450225100201", is_pickup=True)


def cells(heading: str, table: int = 0) -> list[list[str]]:
    """The cells of a table below a heading of the page."""
    text = PAGE.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[c.strip() for c in line.strip("|").split("|")] for line in tables[table].splitlines()[2:]]


def draw(amount: int, station: bool = True) -> Draw:
    lot = LotState(uuid7(), uuid7(), uuid7() if station else None, date(2026, 11, 1), amount)
    return Draw(lot, amount)


def test_the_page_shows_the_table_of_life() -> None:
    assert [tuple(row) for row in cells("The life of an order")] == [
        (
            move.before,
            move.verb,
            "; picked up: ".join(", ".join(who) for who in (move.who, move.at_counter) if who),
            move.after,
        )
        for move in LIFE
    ]


def test_every_state_is_reached_and_every_state_but_the_ends_is_left() -> None:
    reached = {move.after for move in LIFE} | {"placed"}
    assert reached == set(STATES)
    assert {move.before for move in LIFE} == set(STATES) - {"refunded"}


def test_who_may_not_is_told_so_before_where_it_stands() -> None:
    stranger = Standing(Actor.guest("x"), False, HERE)
    buyer = Standing(Actor.guest("x"), True, HERE)
    with pytest.raises(Forbidden):
        next_state("delivered", "cancel", stranger)
    with pytest.raises(Conflict) as refused:
        next_state("completed", "cancel", buyer)
    assert refused.value.details == {"state": "completed"}
    assert possible("paid", buyer) == ("cancel",)
    assert possible("paid", stranger) == ()


def test_the_worked_example_of_shares_holds() -> None:
    first, second = draw(1000), draw(500, station=False)
    rows = [*line_shares(8943, [first, second], TERMS), *freight_shares(800)]
    assert [row.amount_fen for row in rows] == [int(row[-1]) for row in cells("Shares: a worked example", 1)]
    assert sum(row.amount_fen for row in rows) == 9743
    assert rows[0].owner == str(first.lot.household)
    assert "9,743" in PAGE


def test_the_worked_example_of_shares_by_grade_holds() -> None:
    shown = [row for row in cells("Shares: a worked example", 2) if row[0].startswith("household")]
    draws = [
        Draw(
            LotState(
                uuid7(), uuid7(), None, date(2026, 11, 1), int(grams), grade, 3, int(Decimal(factor) * 1000)
            ),
            int(grams),
        )
        for grade, (_who, _lot, grams, factor, _exact, _fen) in zip(("first", "second"), shown, strict=True)
    ]
    rows = [row for row in line_shares(8943, draws, TERMS) if row.beneficiary == "household"]
    assert [row.amount_fen for row in rows] == [int(row[-1]) for row in shown]
    assert [(row.grade, row.factor_milli, row.standard_version) for row in rows] == [
        ("first", 1000, 3), ("second", 800, 3),
    ]  # fmt: skip


@given(
    amount=some.integers(1, 10**9),
    weights=some.lists(some.tuples(some.integers(1, 10**6), some.booleans()), min_size=1, max_size=6),
    rates=some.lists(some.integers(0, 1_000_000), min_size=3, max_size=3).filter(lambda r: sum(r) <= 10**6),
)
def test_shares_always_sum_and_are_never_negative(
    amount: int, weights: list[tuple[int, bool]], rates: list[int]
) -> None:
    parts = [Decimal(rate).scaleb(-6) for rate in (*rates, 10**6 - sum(rates))]
    terms = Terms(1, parts[0], parts[1], parts[2], parts[3], 7)
    rows = line_shares(amount, [draw(grams, station) for grams, station in weights], terms)
    assert sum(row.amount_fen for row in rows) == amount
    assert all(row.amount_fen > 0 for row in rows)


@given(amount=some.integers(1, 10**6), parts=some.lists(some.integers(1, 10**6), max_size=5))
def test_refunds_take_from_each_no_more_than_it_holds(amount: int, parts: list[int]) -> None:
    line = uuid7()
    rows = [Held(line, share) for share in line_shares(amount, [draw(300), draw(700)], TERMS)]
    for part in parts:
        held = still_held(rows)
        left = sum(row.share.amount_fen for row in held)
        if part > left:
            with pytest.raises(ValueError, match="cannot give back"):
                given_back(part, held)
        else:
            rows += given_back(part, held)
            assert sum(row.share.amount_fen for row in still_held(rows)) == left - part
