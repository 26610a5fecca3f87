"""A guest's whole purchase through the pages: all of it, its requests, and an empty page beside them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from uuid import UUID

from benchmarks import goods
from benchmarks.figures import NOTHING, Cost, Line, middle, ratio
from benchmarks.ground import at
from benchmarks.measures.bench import Bench, cost_of
from benchmarks.purchase import Walk, notice
from benchmarks.web import Answer, Bare, Visitor, Web
from countyfair.kernel.outbox import deliver_everything

MOST_PURCHASE_MS = 15.0
#: Purchases before the first that is measured: statements are prepared by then, names of places are known.
WARM = 150
NOTIFY = "/pay/sandbox/notify/"
PART = "A guest's two-line purchase through the pages (without pictures, styles, scripts)"


@dataclass
class Guest:
    """Who buys two products again and again, each time as somebody whom the house does not know."""

    visitor: Visitor
    products: Sequence[UUID]
    chance: Random
    links: list[str] = field(default_factory=list)
    requests: int = 0

    def buy(self, *, by_basket: bool = False) -> None:
        self.visitor.cookies = {}
        walk = Walk(self.visitor)
        self.links.append(walk.buy(self.chance.sample(self.products, 2), by_basket=by_basket))
        self.requests = len(walk.steps)

    def paid(self) -> None:
        """The provider's notice of the last purchase of which it has not told yet."""
        answer = self.visitor.tell(NOTIFY, *notice(self.links.pop()))
        if answer.status != 200:
            raise LookupError(f"the notice was answered {answer.status}: {answer.text[:300]}")


def purchases(bench: Bench, web: Web) -> None:
    """A guest's purchase of two products through the pages, in turns with pgbench."""
    bench.step("A guest's purchases through the pages, in turns with pgbench")
    with bench.ground.admin(bench.many) as admin:
        products = goods.some_products(admin, 200)
    guest = Guest(Visitor(web.port), products, Random(1))
    _warm(bench, guest)
    _bought(bench, web, guest)
    _beside(bench, web, products)
    _requests(bench, web, products)


def _warm(bench: Bench, guest: Guest) -> None:
    for number in range(WARM):
        if number == WARM // 2:  # plans made for tables without orders give way, as autovacuum makes them
            bench.ground.settle(bench.many)
        guest.buy(by_basket=number % 2 == 0)
    while guest.links:
        guest.paid()


def _bought(bench: Bench, web: Web, guest: Guest) -> None:
    longer, told = NOTHING, NOTHING
    by_cpu, rounds = list[float](), list[Cost]()
    for _ in range(bench.plan.rounds):
        longer += cost_of(bench, web, bench.plan.purchases, partial(guest.buy, by_basket=True))
        mine = cost_of(bench, web, bench.plan.purchases, guest.buy)
        other = bench.ground.pgbench(1, bench.plan.seconds)
        rounds.append(mine)
        by_cpu.append(ratio(mine.cpu_ms, other.cpu_ms))
        told += cost_of(bench, web, len(guest.links), guest.paid)
    rounds.sort(key=lambda cost: cost.cpu_ms)
    figures = _shown(rounds[len(rounds) // 2]) | {
        "least round": rounds[0].cpu_ms,
        "× pgbench, CPU": middle(by_cpu),
    }
    what = f"all of it, {guest.requests} requests"
    bench.report.add(Line(PART, what, figures, ("ms in all", MOST_PURCHASE_MS)))
    bench.report.add(Line(PART, "the same by the basket's page", _shown(longer)))
    bench.report.add(Line(PART, "then the provider's notice", _shown(told)))
    bench.report.add(
        Line(PART, "then the worker, told of the payment", _shown(_handled(bench, told.operations)))
    )


def _shown(cost: Cost) -> dict[str, float]:
    return {"ms in all": cost.cpu_ms, "app ms": cost.application_ms, "db ms": cost.database_ms}


class Accompanied(Visitor):
    """A visitor who, after each request to the house, looks at the yardstick's empty page."""

    def __init__(self, web: Web, bare: Bare) -> None:
        super().__init__(web.port)
        self.beside = Visitor(bare.port)

    def ask(
        self, method: str, address: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        answer = super().ask(method, address, body, more)
        self.beside.get("/")
        return answer


def _beside(bench: Bench, web: Web, products: Sequence[UUID]) -> None:
    """The application's part of a purchase, an empty page of Django after each request, and those alone."""
    bench.step("The same in step with an empty page of Django")
    with Bare(bench.ground.folder / "var") as bare:
        guest = Guest(Accompanied(web, bare), products, Random(2))
        for _ in range(WARM // 5):
            guest.buy()
        house, empty = web.cpu(), bare.cpu()
        for _ in range(bench.plan.purchases):
            guest.buy()
        house, empty = web.cpu() - house, bare.cpu() - empty
        alone, many, look = bare.cpu(), guest.requests * bench.plan.purchases, Visitor(bare.port)
        for _ in range(many):
            look.get("/")
        alone = bare.cpu() - alone
    figures = {
        "of a purchase, ms": house * 1000 / bench.plan.purchases,
        "an empty page, ms": empty * 1000 / many,
        "× an empty page": ratio(house / bench.plan.purchases, empty / many),
        "a page, back to back, ms": alone * 1000 / many,
    }
    bench.report.add(Line("The application's CPU, beside an empty page of Django", "in turns", figures))


def _requests(bench: Bench, web: Web, products: Sequence[UUID]) -> None:
    chance, costs = Random(3), dict[str, Cost]()
    for _ in range(bench.plan.purchases):
        for name, cost in _steps(bench, web, chance.sample(products, 2)):
            costs[name] = costs.get(name, NOTHING) + cost
    for name, cost in costs.items():
        figures = _shown(cost) | {"of them": cost.operations / bench.plan.purchases}
        bench.report.add(Line("Its requests, each", name, figures))


def _steps(bench: Bench, web: Web, products: list[UUID]) -> list[tuple[str, Cost]]:
    """One purchase, metered request by request."""
    visitor = Metered(bench, web)
    walk = Walk(visitor)
    walk.buy(products, by_basket=True)
    visitor.close()
    return list(zip(walk.steps, visitor.costs, strict=True))


class Metered(Visitor):
    """A visitor whose every request is metered."""

    def __init__(self, bench: Bench, web: Web) -> None:
        super().__init__(web.port)
        self.bench, self.web = bench, web
        self.costs: list[Cost] = []

    def ask(
        self, method: str, address: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        answers: list[Answer] = []
        asking = partial(super().ask, method, address, body, more)
        self.costs.append(cost_of(self.bench, self.web, 1, lambda: answers.append(asking())))
        return answers[0]


def _handled(bench: Bench, orders: int) -> Cost:
    """What the worker does when it hears of these payments, in one batch a handler."""
    with at(bench.ground, bench.many):
        server_before, cpu, started = bench.ground.cpu(), time.process_time(), time.perf_counter()
        deliver_everything()
        return Cost(
            orders,
            time.process_time() - cpu,
            bench.ground.cpu() - server_before,
            time.perf_counter() - started,
        )
