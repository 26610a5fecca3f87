"""How much is measured, on what ground, and what an act costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.figures import Cost, Report
from benchmarks.ground import Ground
from benchmarks.web import Web

Step = Callable[[str], None]

#: Names under which statements are logged.
WEB, BUYER = "bench-web", "bench-buyer"
MOST_SEARCH_MS = 30.0
#: Each of the first three fills a page on either shelf, so that the shelves differ and not the pages.
SEARCHES = {
    "a common word": "有机",
    "pinyin": "youji",
    "a letter that all share": "b",
    "what none is": "武器",
}
#: What may be asked for by itself.
PARTS = ("placing", "purchases", "pages", "searches", "statements", "weight", "plans")


@dataclass(frozen=True)
class Plan:
    """How much is measured. `few` and `many` are products on the shelf."""

    few: int
    many: int
    scale: int
    rounds: int
    seconds: float
    purchases: int
    visits: int


FULL = Plan(few=1_000, many=100_000, scale=20, rounds=5, seconds=2.0, purchases=80, visits=25)
QUICK = Plan(few=1_000, many=10_000, scale=5, rounds=5, seconds=1.0, purchases=40, visits=10)


@dataclass
class Bench:
    """A server filled twice: the same county with few products and with many."""

    plan: Plan
    ground: Ground
    report: Report
    step: Step

    @property
    def few(self) -> str:
        return f"shelf_{self.plan.few}"

    @property
    def many(self) -> str:
        return f"shelf_{self.plan.many}"

    @contextmanager
    def web(self, name: str) -> Iterator[Web]:
        with Web(self.ground.url(name, WEB), self.ground.folder / "var") as web:
            yield web


def cost_of(bench: Bench, web: Web, times: int, act: Callable[[], object]) -> Cost:
    before, server_before, started = web.cpu(), bench.ground.cpu(), time.perf_counter()
    for _ in range(times):
        act()
    wall = time.perf_counter() - started
    return Cost(times, web.cpu() - before, bench.ground.cpu() - server_before, wall)
