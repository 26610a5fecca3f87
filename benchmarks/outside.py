"""How fast a platform's orders come home: `python -m benchmarks.outside [ROWS]` (200,000 unless told).

A county's shelf, a shop on Pinduoduo whose goods are known, and a file of so many orders, two thirds of them
to be taken in: stock, shares, money and packing lists with each. A worker reads it as `countyfair worker`
does, and the same file again. Before and meanwhile a guest buys in the shop, as in `benchmarks.purchase`.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import django

PLATFORM = "pinduoduo"
#: Purchases before the import and while it runs, at most; grams of each of the goods.
BEFORE, MEANWHILE, PLENTY = 120, 100_000, 50_000_000


def main(count: int) -> None:
    """Print a line for the file, its repeat, and the shop meanwhile."""
    ground_of: Any = import_module("benchmarks.ground")
    with ground_of.Ground() as ground:
        folder = Path(ground.folder)
        database = _filled(ground)
        with ground_of.at(ground, database):
            shop = _known_goods(folder)
            path = folder / "orders.csv"
            making: Any = import_module("countyfair.outreach.channels.tests.making")
            making.write_orders(path, PLATFORM, _fresh(making, count))
            print(f"{count:,} orders in {path.stat().st_size / 1e6:.0f} MB", flush=True)
            again = folder / "again.csv"
            again.write_bytes(path.read_bytes() + b"\r\n")
            web_of: Any = import_module("benchmarks.web")
            with web_of.Web(ground.url(database, "bench-web"), folder / "var") as web:
                buy = _buyer(web, ground, database)
                usual = _purchases(buy, lambda done: done >= BEFORE)
                first = _read(ground, database, path, shop, buy)
                _say("read", count, first, usual)
                repeated = _read(ground, database, again, shop, buy)
                _say("again", count, repeated, usual)
            _prove(count)


def _filled(ground: Any) -> str:
    """A county with a shelf of a thousand products; the name of its database."""
    bench: Any = import_module("benchmarks.measures.bench")
    filling: Any = import_module("benchmarks.measures.filling")
    made = bench.Bench(
        replace(bench.QUICK, many=1_100, scale=1), ground, None, lambda what: print(what, flush=True)
    )
    filling.fill(made)
    return str(made.few)


def _known_goods(folder: Path) -> UUID:
    """A shop on the platform; every one of its goods is a stall's with plenty behind it."""
    fairs: Any = import_module("countyfair.trade.orders.tests.factories")
    catalog: Any = import_module("countyfair.trade.catalog.tests.factories")
    stock: Any = import_module("countyfair.trade.stock.actions")
    channels: Any = import_module("countyfair.outreach.channels.actions")
    rows: Any = import_module("countyfair.kernel.rows")
    making: Any = import_module("countyfair.outreach.channels.tests.making")
    factories: Any = import_module("countyfair.outreach.channels.tests.factories")
    system = factories_system()
    fair = _a_fair(fairs)
    shop: UUID = factories.a_connection(fair, PLATFORM)
    seen = [replace(one, state="unpaid", paid_at=None) for one in making.orders_of(PLATFORM, 60, seed=9)]
    path = folder / "seen.csv"
    making.write_orders(path, PLATFORM, seen)
    ids: Any = import_module("countyfair.kernel.ids")
    row = channels.open_file(
        system, intake=ids.uuid7(), county=fair.county, name=path.name, path=path, connection=shop
    )
    channels.start_intake(system, intake=row.id)
    channels.read_intakes()
    for listing in rows.column("SELECT id FROM channels_listing", of=UUID):
        stall = fairs.a_stall(fair.households, fair.station, lots=(PLENTY, PLENTY))
        offer = catalog.an_offer(pack=stall.pack, outlet=PLATFORM)
        stock.feed(system, offer=offer)
        channels.map_listing(system, listing=listing, offer=offer)
    return shop


def _a_fair(fairs: Any) -> Any:
    """A station, two households and a stall, in the county that has its terms already."""
    people: Any = import_module("countyfair.registers.people.tests.factories")
    stations: Any = import_module("countyfair.registers.stations.tests.factories")
    station = stations.a_station()
    households = (people.a_household(place=people.VILLAGE), people.a_household(place=people.VILLAGE))
    stall = fairs.a_stall(households, station, lots=(PLENTY,))
    return fairs.Fair(people.COUNTY, station, None, households, stall)


def factories_system() -> Any:
    return import_module("countyfair.registers.people.tests.factories").SYSTEM


def _fresh(making: Any, count: int) -> Any:
    """Orders of the last hours, so that no deadline of the county's has passed."""
    clock: Any = import_module("countyfair.kernel.clock")
    moved = clock.now() - timedelta(days=3)
    for one in making.orders_of(PLATFORM, count, seed=1):
        shift = moved - (one.ordered_at or moved)
        yield replace(
            one,
            **{
                name: at + shift
                for name in ("ordered_at", "paid_at", "shipped_at", "received_at")
                if (at := getattr(one, name)) is not None
            },
        )


def _buyer(web: Any, ground: Any, database: str) -> Callable[[], None]:
    purchases: Any = import_module("benchmarks.measures.purchases")
    goods: Any = import_module("benchmarks.goods")
    pages: Any = import_module("benchmarks.web")
    with ground.admin(database) as admin:
        products = goods.some_products(admin, 200)
    guest = purchases.Guest(pages.Visitor(web.port), products, Random(1))
    for _warm in range(purchases.WARM):
        guest.buy()

    def buy() -> None:
        guest.buy()

    return buy


def _purchases(buy: Callable[[], None], is_over: Callable[[int], bool]) -> float:
    """The middle time of a purchase, in ms, bought until it is over; a short pause after each."""
    spent: list[float] = []
    while not is_over(len(spent)) or not spent:
        begun = time.perf_counter()
        buy()
        spent.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.2)
    return statistics.median(spent)


def _read(ground: Any, database: str, path: Path, shop: UUID, buy: Callable[[], None]) -> dict[str, float]:
    """A worker of its own reads the file; seconds, megabytes, and a purchase meanwhile."""
    channels: Any = import_module("countyfair.outreach.channels.actions")
    ids: Any = import_module("countyfair.kernel.ids")
    goods: Any = import_module("benchmarks.goods")
    system = factories_system()
    begun, server = time.perf_counter(), ground.cpu()
    row = channels.open_file(
        system, intake=ids.uuid7(), county=goods.COUNTY, name=path.name, path=path, connection=shop
    )
    looked = time.perf_counter() - begun
    channels.start_intake(system, intake=row.id)
    env = os.environ | {"DATABASE_URL": ground.url(database, "bench-worker")}
    begun = time.perf_counter()
    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.outside", "--worker"], env=env, stdout=subprocess.PIPE, text=True
    )
    meanwhile = _purchases(buy, lambda done: worker.poll() is not None or done >= MEANWHILE)
    told, _nothing = worker.communicate()
    seconds = time.perf_counter() - begun
    own, memory = map(float, told.split())
    return {
        "looked": looked, "seconds": seconds, "own": own, "memory": memory, "server": ground.cpu() - server,
        "meanwhile": meanwhile,
    }  # fmt: skip


def _say(what: str, count: int, told: dict[str, float], usual: float) -> None:
    print(
        f"{what:6} {told['seconds']:6.1f} s (looked at in {told['looked']:.1f} s), "
        f"{told['seconds'] / count * 1e3:.3f} ms a row; CPU {told['own']:.0f} s worker, "
        f"{told['server']:.0f} s PostgreSQL; {told['memory']:.0f} MB; "
        f"a purchase meanwhile {told['meanwhile']:.0f} ms, "
        f"{told['meanwhile'] / usual:.2f} × the usual {usual:.0f} ms",
        flush=True,
    )


def _prove(count: int) -> None:
    """What was taken in is all there."""
    books: Any = import_module("countyfair.surfaces.commands.check")
    rows: Any = import_module("countyfair.kernel.rows")
    broken = [proof.name for prove in books.PROVERS.values() for proof in prove() if proof.broken]
    told = rows.rows(
        "SELECT standing, count(*) FROM channels_arrival GROUP BY standing ORDER BY 1", into=rows.Columns
    )
    print(f"of {count:,}: {dict(told)}; proofs broken: {broken or 'none'}", flush=True)


def work() -> None:
    """The worker: reads what waits; prints its CPU seconds and its most megabytes."""
    channels: Any = import_module("countyfair.outreach.channels.actions")
    channels.read_intakes()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(time.process_time(), memory)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://countyfair@/countyfair?host=/nonexistent")
    django.setup()
    if sys.argv[1:] == ["--worker"]:
        work()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 200_000)
