"""Orders and settlements written to disk as they come: csv in GBK or UTF-8 with its mark, or xlsx."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import openpyxl

from countyfair.outreach.channels.platforms.shape import TheirOrder
from countyfair.outreach.channels.tests.making.bills import BILL_ROWS
from countyfair.outreach.channels.tests.making.columns import ORDER_ROWS, Row, Told, taobao_details
from countyfair.outreach.channels.tests.making.truth import orders_of

#: Kuaishou's columns that an order leaves empty, so that a row has the 61 it has.
_EMPTY = tuple(f"其他列{at}" for at in range(34))
_TITLES = {
    "pinduoduo": "店铺名称：融水山货\n起止时间：2026-11\n\n",
    "taobao": "#支付宝账务明细查询\n#账号：[made]\n",
}


def dashed(moment: datetime | None) -> str:
    """2026-11-01 08:05:09"""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def slashed(moment: datetime | None) -> str:
    """2026/11/1 8:05:09"""
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M:%S}" if moment else ""


def iso(moment: datetime | None) -> str:
    """2026-11-01T08:05:09+08:00"""
    return moment.isoformat() if moment else ""


DATES: tuple[Told, ...] = (dashed, slashed, iso)


@dataclass(frozen=True, slots=True)
class Planted:
    """Files, and what is in them. `later` overlaps `orders` and tells changed states; `short`: order → fen
    that its settlement lacks; `due_fen`: what is owed before fees for all that the settlement tells of."""

    orders: Path
    later: Path
    statement: Path
    details: Path | None
    count: int
    changed: frozenset[str]
    refunded: frozenset[str]
    short: dict[str, int]
    due_fen: int


def plant(
    folder: Path,
    platform: str,
    *,
    count: int,
    seed: int = 1,
    encoding: str = "utf-8-sig",
    suffix: str = "csv",
    short_every: int = 97,
) -> Planted:
    """A first export of `count` orders, a later one of its last half and a tenth more, and a settlement.

    Every `short_every`-th order that was received is settled one yuan and some fen short.
    """
    half, more = count // 2, count // 10
    orders = folder / f"{platform}-orders.{suffix}"
    later = folder / f"{platform}-later.{suffix}"
    statement = folder / f"{platform}-statement.csv"
    write_orders(orders, platform, orders_of(platform, count, seed=seed), encoding=encoding)
    write_orders(
        later,
        platform,
        orders_of(platform, count - half + more, seed=seed, stage=1, first=half),
        encoding=encoding,
    )
    details = folder / "taobao-details.csv" if platform == "taobao" else None
    if details:
        write_details(details, orders_of(platform, count + more, seed=seed), encoding=encoding)
    short: dict[str, int] = {}
    changed, refunded, due = _told(platform, seed, count, half, more, short, short_every)
    received = (
        one for one in orders_of(platform, count + more, seed=seed, stage=1) if one.state == "received"
    )
    write_statement(statement, platform, received, short, encoding="gbk")
    return Planted(orders, later, statement, details, count, changed, refunded, short, due)


def _told(
    platform: str, seed: int, count: int, half: int, more: int, short: dict[str, int], short_every: int
) -> tuple[frozenset[str], frozenset[str], int]:
    changed, refunded = set(), set()
    due = received = 0
    for at, after in enumerate(orders_of(platform, count + more, seed=seed, stage=1)):
        if after.state == "received":
            received += 1
            due += after.due_fen
            if received % short_every == 0:
                short[after.number] = 100 + received % 50
        if half <= at < count:
            before = next(orders_of(platform, 1, seed=seed, first=at))
            if before.state != after.state:
                changed.add(after.number)
            if after.refunded_fen:
                refunded.add(after.number)
    return frozenset(changed), frozenset(refunded), due


def write_orders(
    path: Path,
    platform: str,
    orders: Iterable[TheirOrder],
    *,
    encoding: str = "utf-8-sig",
    when: Told = dashed,
) -> None:
    """An order export; its name says whether it is csv or xlsx."""
    told = ORDER_ROWS[platform]
    rows = (row for order in orders for row in told(order, when))
    if platform == "kuaishou":
        rows = ({**row, **dict.fromkeys(_EMPTY, "")} for row in rows)
    if path.suffix == ".xlsx":
        _write_xlsx(path, rows)
    else:
        _write_csv(path, rows, encoding, "")


def write_details(path: Path, orders: Iterable[TheirOrder], *, encoding: str = "gbk") -> None:
    """Taobao's second file."""
    _write_csv(path, (row for order in orders for row in taobao_details(order)), encoding, "")


def write_statement(
    path: Path, platform: str, orders: Iterable[TheirOrder], short: dict[str, int], *, encoding: str = "gbk"
) -> None:
    """A settlement of these orders; `short`: what it lacks of each."""
    told = BILL_ROWS[platform]
    rows = (row for order in orders for row in told(order, short.get(order.number, 0)))
    if path.suffix == ".xlsx":
        _write_xlsx(path, rows)
    else:
        _write_csv(path, rows, encoding, _TITLES.get(platform, ""))


def _headed(rows: Iterable[Row]) -> Iterator[list[str]]:
    whole = iter(rows)
    first = next(whole, None)
    if first is not None:
        names = list(first)
        yield names
        yield from ([row[name] for name in names] for row in chain([first], whole))


def _write_csv(path: Path, rows: Iterable[Row], encoding: str, title: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(title)
        csv.writer(file).writerows(_headed(rows))


def _write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("订单")
    for row in _headed(rows):
        page.append([cell[2:-1] if cell.startswith('="') else cell for cell in row])
    book.save(path)
