"""What searches and narrowed lists take on both shelves, and whether they find what was meant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from benchmarks import found, goods
from benchmarks.figures import NOTHING, Cost, Line
from benchmarks.ground import at
from benchmarks.measures.bench import MOST_SEARCH_MS, SEARCHES, Bench
from countyfair.runtime.postgres import server
from countyfair.trade.catalog import queries as catalog


def searches(bench: Bench) -> None:
    """What searches take on both shelves, all kinds mixed; and whether they find what was meant."""
    bench.step("Searches of every kind, on both shelves in turns")
    waits: dict[str, list[float]] = {bench.few: [], bench.many: []}
    costs = {bench.few: NOTHING, bench.many: NOTHING}
    for name in waits:
        with at(bench.ground, name):
            goods.gather_words(bench.ground.url(name))
    bench.ground.settle(*waits)
    for _round in range(bench.plan.rounds):
        for name, taken in waits.items():
            with bench.ground.admin(name) as admin:
                names = goods.some_names(admin, 60)
            with at(bench.ground, name):
                catalog.find(county=goods.COUNTY, text="b")  # the connection is open
                costs[name] += _searched(bench, found.mixed(names), taken)
    part = f"Searches of every kind, mixed; {bench.plan.many:,} products against {bench.plan.few:,}"
    for name, count in ((bench.few, bench.plan.few), (bench.many, bench.plan.many)):
        taken = sorted(waits[name])
        figures = {
            "p50 ms": taken[len(taken) // 2] * 1000, "p95 ms": taken[len(taken) * 95 // 100] * 1000,
            "CPU ms": costs[name].cpu_ms, "of it db": costs[name].database_ms, "searches": len(taken),
        }  # fmt: skip
        bench.report.add(Line(part, f"{count:,} products", figures, ("p95 ms", MOST_SEARCH_MS)))
    _narrowed(bench)
    _recall(bench)


def _narrowed(bench: Bench) -> None:
    """What lists and searches narrowed by several facets take, with the counts of what is left."""
    bench.step("Lists and searches narrowed, on both shelves in turns")
    for name, count in ((bench.few, bench.plan.few), (bench.many, bench.plan.many)):
        taken: list[float] = []
        with at(bench.ground, name):
            shelf = catalog.shelf_counts(county=goods.COUNTY)
            townships, brands = sorted(shelf.townships), list(shelf.brands)
            for number in range(60 * bench.plan.rounds):
                before = time.perf_counter()
                _narrow(number, townships, brands)
                taken.append(time.perf_counter() - before)
        taken.sort()
        figures = {
            "p50 ms": taken[len(taken) // 2] * 1000, "p95 ms": taken[len(taken) * 95 // 100] * 1000,
            "asked": len(taken),
        }  # fmt: skip
        bench.report.add(Line(_NARROWED, f"{count:,} products", figures, ("p95 ms", MOST_SEARCH_MS)))


def _narrow(number: int, townships: Sequence[str], brands: Sequence[UUID]) -> None:
    """One list or search of the fair, with its counts; most are narrowed, by one facet to six."""
    narrowed: dict[str, Any] = {
        "place": townships[number % len(townships)] if number % 2 else "",
        "month": number % 12 + 1 if number % 3 else 0,
        "band": number % 5 + 1 if number % 4 else 0,
        "category": "grain" if number % 5 == 0 else "",
        "certified": ("organic", "green", "origin", "production")[number % 4] if number % 7 in (1, 4) else "",
        "brand": brands[number % len(brands)] if number % 7 in (2, 4) else None,
        "grade": ("first", "second")[number % 2] if number % 7 in (3, 5) else "",
    }
    if number % 6 == 0:
        catalog.find(county=goods.COUNTY, text=SEARCHES["a common word"], **narrowed)
        return
    counts = catalog.shelf_counts(county=goods.COUNTY, **narrowed)
    along = ("place", "category")
    some = any(value for name, value in narrowed.items() if name not in along)
    catalog.shelf(county=goods.COUNTY, few=some and counts.few, **narrowed)


_NARROWED = "Lists and searches narrowed by up to six facets, with their counts"


def _searched(bench: Bench, texts: list[str], taken: list[float]) -> Cost:
    started, cpu, server_before = time.perf_counter(), time.process_time(), bench.ground.cpu()
    for text in texts:
        before = time.perf_counter()
        catalog.find(county=goods.COUNTY, text=text)
        taken.append(time.perf_counter() - before)
    return Cost(
        len(texts),
        time.process_time() - cpu,
        bench.ground.cpu() - server_before,
        time.perf_counter() - started,
    )


def _recall(bench: Bench) -> None:
    bench.step("Whether searches find what was meant")
    bench.ground.copy("found", server.DATABASE)
    with at(bench.ground, "found"):
        found.lay_out()
        answers = [found.recalled(query) for query in found.all_queries()]
    for kind, recall in found.by_kind(answers).items():
        count = sum(one.query.kind == kind for one in answers)
        bench.report.add(
            Line("Searches that find what was meant", kind, {"recall@10": recall, "queries": count})
        )
