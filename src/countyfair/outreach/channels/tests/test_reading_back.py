"""What a platform writes of an order is read as that order: for any order, encoding and format of dates."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.platforms.shape import TheirDetail, TheirOrder
from countyfair.outreach.channels.rules.joining import with_details
from countyfair.outreach.channels.rules.recognising import KNOWN
from countyfair.outreach.channels.rules.tables import open_table, text
from countyfair.outreach.channels.tests.making import made_order, orders_of, plant, write_orders
from countyfair.outreach.channels.tests.making.bills import settled
from countyfair.outreach.channels.tests.making.columns import Told
from countyfair.outreach.channels.tests.making.files import DATES, write_details
from countyfair.outreach.channels.tests.reading import charges_in, orders_in, read_file

EVERY = sorted(PLATFORMS)
#: What an export does not tell.
NO_SKU = {"kuaishou", "douyin", "sheet"}
ONE_LINE = {"pinduoduo", "kuaishou"}


def expected(platform: str, order: TheirOrder) -> TheirOrder:
    """An order as far as the platform's export tells it."""
    lines = tuple(replace(line, sku="" if platform in NO_SKU else line.sku) for line in order.lines)
    if platform in ONE_LINE:
        lines = (replace(lines[0], key="1"),)
    if platform == "kuaishou":
        order = replace(order, received_at=None)
    if platform == "taobao":
        lines = tuple(replace(line, key=str(at), goods="", sku="") for at, line in enumerate(lines, start=1))
    return replace(order, lines=lines)


def read_back(folder: Path, platform: str, path: Path) -> list[TheirOrder]:
    read = [replace(order, row=0) for order in orders_in(path)]
    if platform != "taobao":
        return read
    _what, details, wrong = read_file(folder / "taobao-details.csv")
    assert wrong == []
    by_number = {one.number: one for one in details if isinstance(one, TheirDetail)}
    return [with_details(order, by_number[order.number]) for order in read]


@pytest.mark.parametrize("platform", EVERY)
@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 99_999),
    first=st.integers(0, 10**9),
    stage=st.sampled_from([0, 1]),
    count=st.integers(1, 6),
    encoding=st.sampled_from(["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"]),
    when=st.sampled_from(DATES),
)
def test_any_order_is_read_as_it_was_written(
    platform: str, seed: int, first: int, stage: int, count: int, encoding: str, when: Told
) -> None:
    orders = list(orders_of(platform, count, seed=seed, stage=stage, first=first % 10**6))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_orders(path, platform, orders, encoding=encoding, when=when)
        if platform == "taobao":
            write_details(Path(folder) / "taobao-details.csv", orders, encoding=encoding)
        assert read_back(Path(folder), platform, path) == [expected(platform, order) for order in orders]


@pytest.mark.parametrize("platform", EVERY)
def test_a_workbook_says_the_same_as_the_csv(platform: str, tmp_path: Path) -> None:
    orders = list(orders_of(platform, 60, seed=3))
    for name in ("a.csv", "a.xlsx"):
        write_orders(tmp_path / name, platform, orders)
    assert orders_in(tmp_path / "a.csv") == orders_in(tmp_path / "a.xlsx")


@pytest.mark.parametrize("platform", EVERY)
def test_what_was_planted_is_found_again(platform: str, tmp_path: Path) -> None:
    planted = plant(tmp_path, platform, count=600, seed=5, encoding="gbk", short_every=7)
    before = {order.number: order for order in orders_in(planted.orders)}
    after = {order.number: order for order in orders_in(planted.later)}
    assert len(before) == 600
    assert len(after.keys() - before.keys()) == 60
    both = before.keys() & after.keys()
    assert {one for one in both if before[one].state != after[one].state} == planted.changed
    assert {one for one in both if after[one].refunded_fen} == planted.refunded
    assert min(len(planted.changed), len(planted.refunded), len(planted.short)) > 0


@pytest.mark.parametrize("platform", EVERY)
def test_a_settlement_adds_up_but_for_what_was_planted(platform: str, tmp_path: Path) -> None:
    planted = plant(tmp_path, platform, count=400, seed=6, short_every=7)
    gross: dict[str, int] = defaultdict(int)
    net: dict[str, int] = defaultdict(int)
    charges = charges_in(planted.statement)
    for charge in charges:
        net[charge.number] += charge.amount_fen
        if charge.kind in {"sale", "subsidy"}:
            gross[charge.number] += charge.amount_fen
    received = {
        one.number: one for one in orders_of(platform, 440, seed=6, stage=1) if one.state == "received"
    }
    assert {
        one: order.due_fen - gross[one] for one, order in received.items() if order.due_fen != gross[one]
    } == (planted.short)
    assert sum(gross.values()) == planted.due_fen - sum(planted.short.values())
    assert net.keys() == received.keys()
    if platform not in {"pinduoduo", "taobao"}:
        assert all(net[one] == settled(order, planted.short.get(one, 0)) for one, order in received.items())
    assert len({(charge.key, charge.kind) for charge in charges}) == len(charges)


def peak(path: Path) -> int:
    """Bytes that reading a file takes at most, beside what the caches hold."""
    tracemalloc.start()
    try:
        with open_table(path, known=KNOWN) as table:
            read = PLATFORMS["pinduoduo"].read_orders(table.rows(lambda _error: None))
            assert sum(1 for _order in read) > 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("suffix", "few", "many"), [("csv", 3_000, 6_000), ("xlsx", 500, 1_500)])
def test_memory_does_not_grow_with_the_rows(
    suffix: str, few: int, many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "_WINDOW", 4096)
    paths = {count: tmp_path / f"{count}.{suffix}" for count in (few, many)}
    for count, path in paths.items():
        write_orders(path, "pinduoduo", orders_of("pinduoduo", count))
    peak(paths[many])  # the caches of words and amounts are filled
    assert peak(paths[many]) < 1.3 * peak(paths[few])


def test_the_same_seed_makes_the_same_orders() -> None:
    assert made_order("douyin", 1, 5) == made_order("douyin", 1, 5)
    assert made_order("douyin", 1, 5) != made_order("douyin", 2, 5)
