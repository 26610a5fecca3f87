"""Who bears a discount, to the fen: docs/promotions.md is recomputed, and its table of rules compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from countyfair.kernel.ids import uuid7
from countyfair.trade.orders.rules.shares import Held, Terms, given_back, line_shares, still_held
from countyfair.trade.orders.rules.sharing import Less, bearing, shares_after
from countyfair.trade.promotions.rules.discounts import STACKING, STACKING_VERSION, Priced, taken_off
from countyfair.trade.promotions.tests.test_discounts import terms as coupon
from countyfair.trade.stock.rules import Draw, LotState

PAGE = (Path(__file__).parents[5] / "docs" / "promotions.md").read_text(encoding="utf-8")
TERMS = Terms(1, Decimal("0.80"), Decimal("0.06"), Decimal("0.08"), Decimal("0.06"), 7)
BEARERS = ("household", "station", "centre", "platform")


def table(head: str) -> list[list[str]]:
    lines = PAGE[PAGE.index(head) :].splitlines()[2:]
    rows = lines[: next(at for at, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def draws(*amounts: int) -> list[Draw]:
    return [
        Draw(LotState(uuid7(), uuid7(), uuid7(), date(2026, 11, 1), amount), amount) for amount in amounts
    ]


def test_the_table_of_rules_is_the_one_on_the_page() -> None:
    assert f"Version {STACKING_VERSION}." in PAGE
    assert table("| order | kind |") == [
        [str(row.order), row.kind, str(row.most), "yes" if row.alone else "no"] for row in STACKING
    ]


def test_the_example_is_recomputed() -> None:
    goods = {"rice": Priced(uuid7(), uuid7(), 2, 5960), "honey": Priced(uuid7(), uuid7(), 1, 1999)}
    off = dict(zip(goods, taken_off(list(goods.values()), [coupon(percent=10)]), strict=True))
    rows = table("| borne by | goods |")
    assert len(rows) == 8
    for bearer, name, *fens in rows:
        price, less = goods[name].amount_fen, sum(one.amount_fen for one in off[name])
        gross = line_shares(price, draws(1000), TERMS)
        shares = [*gross, *bearing(gross, [Less(uuid7(), bearer, less)])]
        held = [sum(row.amount_fen for row in shares if row.beneficiary == one) for one in BEARERS]
        assert list(map(int, fens)) == [price, less, price - less, *held], (bearer, name)


@given(
    some.lists(some.integers(1, 5000), min_size=1, max_size=4),
    some.integers(2, 50_000),
    some.lists(some.tuples(some.sampled_from(BEARERS), some.integers(1, 20_000)), min_size=1, max_size=2),
    some.data(),
)
def test_rows_sum_to_what_is_paid_and_refunds_leave_nobody_a_fen(
    amounts: list[int], price: int, discounts: list[tuple[str, int]], said: some.DataObject
) -> None:
    whole = sum(fen for _bearer, fen in discounts)
    if whole >= price:
        discounts, whole = [("centre", price - 1)], price - 1
    found = shares_after(
        price - whole, draws(*amounts), TERMS, [Less(uuid7(), *one) for one in discounts], price - whole
    )
    assert sum(row.amount_fen for row in found) == price - whole
    rows = [Held(None, row) for row in found]
    held = still_held(rows)
    nets: dict[tuple[str, str], int] = {}
    for one in held:
        whose = (one.share.beneficiary, one.share.owner)
        nets[whose] = nets.get(whose, 0) + one.share.amount_fen
    assert all(fen > 0 for (bearer, _owner), fen in nets.items() if bearer in ("household", "station"))
    left = price - whole
    while left:
        part = said.draw(some.integers(1, left))
        rows += given_back(part, still_held(rows))
        left -= part
        assert sum(row.share.amount_fen for row in still_held(rows)) == left
    assert still_held(rows) == []


@pytest.mark.parametrize("weight", [900, 950, 1000, 1100])
def test_weighing_changes_a_discount_in_proportion(weight: int) -> None:
    paid = 3600 * weight // 1000
    found = shares_after(paid, draws(weight), TERMS, [Less(uuid7(), "household", 400)], 3600)
    full = line_shares(4000 * weight // 1000, draws(weight), TERMS)
    assert sum(row.amount_fen for row in found) == paid
    assert sum(row.amount_fen for row in found if row.beneficiary == "centre") == sum(
        row.amount_fen for row in full if row.beneficiary == "centre"
    )
