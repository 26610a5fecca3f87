"""What is measured, in its order: in turns with pgbench, or the small shelf with the full one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from random import Random
from typing import Any
from urllib.parse import quote as quoted
from uuid import UUID

from django.db import connection

from benchmarks import found, goods
from benchmarks.figures import NOTHING, Cost, Line, Report, middle, ratio
from benchmarks.ground import Ground, at
from benchmarks.placing import buyers
from benchmarks.purchase import Walk, notice
from benchmarks.web import Answer, Visitor, Web
from benchmarks.weight import transferred
from countyfair.kernel.actor import Actor
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.places.actions import load_divisions
from countyfair.runtime import database
from countyfair.runtime.messages import compile_stale
from countyfair.runtime.postgres import server
from countyfair.surfaces.commands.sample.definition import FOLDER, sample_counties
from countyfair.surfaces.commands.sample.opening import open_county
from countyfair.trade.catalog import queries as catalog

Step = Callable[[str], None]

#: Names under which statements are logged.
WEB, BUYER = "bench-web", "bench-buyer"
MOST_STATEMENTS, MOST_PURCHASE_MS, MOST_BYTES = 6, 15.0, 60_000
MOST_SEARCH_MS = 30.0
NOTIFY = "/pay/sandbox/notify/"
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
QUICK = Plan(few=1_000, many=10_000, scale=5, rounds=3, seconds=1.0, purchases=60, visits=10)
#: Purchases before the first that is measured: statements are prepared by then, names of places are known.
WARM = 150


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


def measure(plan: Plan, step: Step, parts: Collection[str] = PARTS) -> Report:
    """Everything or some parts, on a server of its own that is gone afterwards."""
    of_many = {"purchases": purchases, "statements": statements, "weight": weight}
    step("Starting PostgreSQL")
    with Ground() as ground:
        bench = Bench(plan, ground, Report(), step)
        _fill(bench)
        if "placing" in parts:
            placing(bench)
        with bench.web(bench.few) as few, bench.web(bench.many) as many:
            if "pages" in parts:
                pages(bench, few, many)
            for name, measured in of_many.items():
                if name in parts:
                    measured(bench, many)
        if "searches" in parts:
            searches(bench)
        if "plans" in parts:
            plans(bench)
        return bench.report


def _fill(bench: Bench) -> None:
    ground = bench.ground
    connection.settings_dict["OPTIONS"]["host"] = str(ground.home.sockets)
    connection.settings_dict.update(NAME=server.DATABASE, USER=server.ROLE, HOST="")
    bench.step("Making tables, a county, its people")
    compile_stale(FOLDER.parent.parent / "src")
    with at(ground, server.DATABASE):
        database.migrate()
        house = Actor.system("bench")
        load_divisions(house, folder=FOLDER.parent / "places", counties=[goods.COUNTY])
        for sample in sample_counties():
            if sample.code == goods.COUNTY:
                open_county(sample, step=lambda: None)
    for name, count in ((bench.few, bench.plan.few), (bench.many, bench.plan.many)):
        bench.step(f"Filling a shelf with {count:,} products")
        ground.copy(name, server.DATABASE)
        with ground.admin(name) as admin:
            goods.fill(admin, count)
    bench.step("Filling pgbench")
    ground.prepare_pgbench(bench.plan.scale)
    ground.settle(bench.few, bench.many, "pgbench")


def placing(bench: Bench) -> None:
    """Placing an order by the verb, in turns with pgbench's transaction."""
    with bench.ground.admin(bench.many) as admin:
        spread = goods.some_offers(admin, 400)
    cases = [
        ("1 line", spread, 1, 1), ("2 lines", spread, 2, 1), ("1 line", spread, 1, 8),
        ("2 lines", spread, 2, 8),
        ("1 line, one hot product", spread[:1], 1, 8),
    ]  # fmt: skip
    for what, offers, lines, clients in cases:
        bench.step(f"Placing orders: {what}, {clients} at once, in turns with pgbench")
        _placed(bench, f"{what}, {clients} at once", offers, lines, clients)


def _placed(bench: Bench, what: str, offers: list[UUID], lines: int, clients: int) -> None:
    ours, theirs, waits = NOTHING, NOTHING, list[float]()
    by_cpu, by_wall = list[float](), list[float]()
    with buyers(bench.ground.url(bench.many, BUYER), clients, offers, lines) as group:
        for _ in range(bench.plan.rounds):
            mine, took = group.round(bench.plan.seconds, bench.ground)
            other = bench.ground.pgbench(clients, bench.plan.seconds)
            ours, theirs, waits = ours + mine, theirs + other, waits + took
            by_cpu.append(ratio(mine.cpu_ms, other.cpu_ms))
            by_wall.append(ratio(mine.wall_ms, other.wall_ms))
    waits.sort()
    figures = {
        "× pgbench, CPU": middle(by_cpu),
        "× pgbench, time": middle(by_wall),
        "app ms": ours.application_ms,
        "db ms": ours.database_ms,
        "pgbench ms": theirs.cpu_ms,
        "p50 ms": waits[len(waits) // 2] * 1000,
        "p99 ms": waits[len(waits) * 99 // 100] * 1000,
        "orders": ours.operations,
    }
    bench.report.add(
        Line("Placing an order (the verb; CPU of one, and pgbench's TPC-B beside it)", what, figures)
    )


def purchases(bench: Bench, web: Web) -> None:
    """A guest's purchase of two products through the pages, in turns with pgbench."""
    bench.step("A guest's purchases through the pages, in turns with pgbench")
    with bench.ground.admin(bench.many) as admin:
        products = goods.some_products(admin, 200)
    visitor, chance = Visitor(web.port), Random(1)
    links: list[str] = []

    def buy(*, by_basket: bool = False) -> Walk:
        visitor.cookies = {}
        walk = Walk(visitor)
        links.append(walk.buy(chance.sample(products, 2), by_basket=by_basket))
        return walk

    for number in range(WARM):
        if number == WARM // 2:  # plans made for tables without orders give way, as autovacuum makes them
            bench.ground.settle(bench.many)
        walk = buy(by_basket=number % 2 == 0)
    for link in links:
        visitor.tell(NOTIFY, *notice(link))
    links.clear()
    bought, longer, theirs, told = NOTHING, NOTHING, NOTHING, NOTHING
    by_cpu = []
    for _ in range(bench.plan.rounds):
        mine = _cost(bench, web, bench.plan.purchases, buy)
        longer += _cost(bench, web, bench.plan.purchases, partial(buy, by_basket=True))
        other = bench.ground.pgbench(1, bench.plan.seconds)
        bought, theirs = bought + mine, theirs + other
        by_cpu.append(ratio(mine.cpu_ms, other.cpu_ms))
        waiting = list(links)
        links.clear()
        told += _cost(bench, web, len(waiting), partial(_tell_next, visitor, waiting))
    handled = _handled(bench, told.operations)
    part = "A guest's two-line purchase through the pages (without pictures, styles, scripts)"
    bench.report.add(
        Line(
            part,
            f"all of it, {len(walk.steps)} requests",
            _shown(bought, by_cpu),
            ("ms in all", MOST_PURCHASE_MS),
        )
    )
    bench.report.add(Line(part, "the same by the basket's page", _shown(longer)))
    bench.report.add(Line(part, "then the provider's notice", _shown(told)))
    bench.report.add(Line(part, "then the worker, told of the payment", _shown(handled)))
    costs: dict[str, Cost] = {}
    for _ in range(bench.plan.purchases):
        for name, cost in _steps(bench, web, chance.sample(products, 2)):
            costs[name] = costs.get(name, NOTHING) + cost
    for name, cost in costs.items():
        bench.report.add(
            Line(
                "Its requests, each", name, _shown(cost) | {"of them": cost.operations / bench.plan.purchases}
            )
        )


def _shown(cost: Cost, by_cpu: list[float] | None = None) -> dict[str, float]:
    beside = {"× pgbench, CPU": middle(by_cpu)} if by_cpu else {}
    return {"ms in all": cost.cpu_ms, "app ms": cost.application_ms, "db ms": cost.database_ms} | beside


def _tell_next(visitor: Visitor, links: list[str]) -> None:
    _tell(visitor, links.pop())


def _tell(visitor: Visitor, link: str) -> None:
    answer = visitor.tell(NOTIFY, *notice(link))
    if answer.status != 200:
        raise LookupError(f"the notice was answered {answer.status}: {answer.text[:300]}")


def _cost(bench: Bench, web: Web, times: int, act: Callable[[], object]) -> Cost:
    before, server_before, started = web.cpu(), bench.ground.cpu(), time.perf_counter()
    for _ in range(times):
        act()
    wall = time.perf_counter() - started
    return Cost(times, web.cpu() - before, bench.ground.cpu() - server_before, wall)


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
        self.costs.append(_cost(self.bench, self.web, 1, lambda: answers.append(asking())))
        return answers[0]


class Logged(Visitor):
    """A visitor of whose every request the statements are kept."""

    def __init__(self, ground: Ground, web: Web) -> None:
        super().__init__(web.port)
        self.ground = ground
        self.said: list[list[str]] = []

    def ask(
        self, method: str, address: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        with self.ground.logged(WEB) as said:
            answer = super().ask(method, address, body, more)
            time.sleep(0.1)  # until the log is written
        self.said.append(said)
        return answer


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


def pages(bench: Bench, few: Web, many: Web) -> None:
    """Lists, searches and products on the small shelf and the full one, in turns."""
    plan = bench.plan
    bench.step(f"Pages with {plan.few:,} and {plan.many:,} products, in turns")
    part = f"Pages, CPU of application and database; {plan.many:,} products against {plan.few:,}"
    for what in (*_addresses([], []), "basket", "checkout"):
        looks = [
            Look(bench, web, _visit(bench, name, what))
            for web, name in ((few, bench.few), (many, bench.many))
        ]
        for _ in range(plan.rounds):
            for look in looks:
                look.round()
        one, other = looks
        figures = {
            "few: ms": one.cost.cpu_ms, "many: ms": other.cost.cpu_ms, "of it db": other.cost.database_ms,
            "× in CPU": ratio(other.cost.cpu_ms, one.cost.cpu_ms),
            "× in time": ratio(middle(other.waits), middle(one.waits)),
        }  # fmt: skip
        bench.report.add(Line(part, what, figures))


class Look:
    """Somebody who looks at the same kind of page again and again, at one server."""

    def __init__(self, bench: Bench, web: Web, visit: Visit) -> None:
        self.bench, self.web = bench, web
        self.visitor, self.turn = Visitor(web.port), cycle(visit.addresses)
        self.cost, self.waits = NOTHING, list[float]()
        if visit.basket:
            _put_in(self.visitor, visit.basket)
        for _ in range(12):
            self._once()
        self.waits.clear()

    def round(self) -> None:
        self.cost += _cost(self.bench, self.web, self.bench.plan.visits, self._once)

    def _once(self) -> None:
        started = time.perf_counter()
        answer = self.visitor.get(next(self.turn))
        self.waits.append(time.perf_counter() - started)
        if answer.status != 200:
            raise LookupError(f"{answer.url} answered {answer.status}")


@dataclass(frozen=True)
class Visit:
    """Addresses of one kind of page; `basket` is a product to put in first, None for none."""

    addresses: list[str]
    basket: UUID | None = None


def _visit(bench: Bench, name: str, what: str) -> Visit:
    with bench.ground.admin(name) as admin:
        products, names = goods.some_products(admin, 50), goods.some_names(admin, 50)
    if what == "basket":
        return Visit(["/basket/"], products[0])
    if what == "checkout":
        return Visit([f"/checkout/{goods.COUNTY}/"], products[0])
    return Visit(_addresses(products, names)[what])


def _addresses(products: list[UUID], names: list[str]) -> dict[str, list[str]]:
    return {
        "home": ["/"],
        "list": [f"/goods/?place={goods.COUNTY}"],
        "list of a row": [f"/goods/?place={goods.COUNTY}&category=grain"],
        "list of a month": [f"/goods/?place={goods.COUNTY}&month=11"],
        "list narrowed thrice": [f"/goods/?place={goods.COUNTY}101&month=11&price=3"],
        "list of a month and price": [f"/goods/?place={goods.COUNTY}&month=3&price=2"],
        "search narrowed": [
            f"/goods/?place={goods.COUNTY}&month=11&price=3&q={quoted(SEARCHES['a common word'])}"
        ],
        "search: one product's name": [f"/goods/?q={quoted(name)}" for name in names],
        **{f"search: {what}": [f"/goods/?q={quoted(text)}"] for what, text in SEARCHES.items()},
        "product": [f"/goods/{key}/" for key in products],
    }


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
            townships = sorted(catalog.shelf_counts(county=goods.COUNTY).townships)
            for number in range(60 * bench.plan.rounds):
                before = time.perf_counter()
                _narrow(number, townships)
                taken.append(time.perf_counter() - before)
        taken.sort()
        figures = {
            "p50 ms": taken[len(taken) // 2] * 1000, "p95 ms": taken[len(taken) * 95 // 100] * 1000,
            "asked": len(taken),
        }  # fmt: skip
        bench.report.add(Line(_NARROWED, f"{count:,} products", figures, ("p95 ms", MOST_SEARCH_MS)))


def _narrow(number: int, townships: Sequence[str]) -> None:
    """One list or search of the fair, with its counts, narrowed by one to four facets."""
    narrowed: dict[str, Any] = {
        "place": townships[number % len(townships)] if number % 2 else "",
        "month": number % 12 + 1 if number % 3 else 0,
        "band": number % 5 + 1 if number % 4 else 0,
        "category": "grain" if number % 5 == 0 else "",
    }
    if number % 6 == 0:
        catalog.find(county=goods.COUNTY, text=SEARCHES["a common word"], **narrowed)
        return
    counts = catalog.shelf_counts(county=goods.COUNTY, **narrowed)
    some = bool(narrowed["month"] or narrowed["band"])
    catalog.shelf(county=goods.COUNTY, few=some and counts.few, **narrowed)


_NARROWED = "Lists and searches narrowed by one to four facets, with their counts"


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


def _put_in(visitor: Visitor, product: UUID) -> None:
    page = visitor.get(f"/goods/{product}/")
    visitor.post("/basket/add/", page.form("/basket/add/"))


def statements(bench: Bench, web: Web) -> None:
    """Statements a request makes the server execute, BEGIN and COMMIT and settings included."""
    bench.step("Counting statements at the server")
    with bench.ground.admin(bench.many) as admin:
        products, names = goods.some_products(admin, 3), goods.some_names(admin, 3)
    counted: dict[str, list[str]] = {}
    Visitor(web.port).get("/readyz")  # with a process's first connection Django looks up types of its own
    visitor = Logged(bench.ground, web)
    walk = Walk(visitor)
    walk.buy(products[:2], by_basket=True)
    for step, said in zip(walk.steps, visitor.said, strict=True):
        counted[step] = max(counted.get(step, []), said, key=len)
    for what, addresses in _addresses(products, names).items():
        if what not in ("home", "product"):
            visitor.get(addresses[0])
            counted[what] = visitor.said[-1]
    bench.report.statements |= counted
    part = "Statements of a request, counted at the server"
    for what, said in counted.items():
        bench.report.add(Line(part, what, {"statements": len(said)}, ("statements", MOST_STATEMENTS)))


def weight(bench: Bench, web: Web) -> None:
    """What a first visit to a product transfers."""
    bench.step("Weighing a first visit")
    with bench.ground.admin(bench.many) as admin:
        product = goods.some_products(admin, 1)[0]
    size, how = transferred(web, f"/goods/{product}/")
    bench.report.add(
        Line("First visit, without pictures", "product page", {"bytes": size}, ("bytes", MOST_BYTES), how)
    )


def plans(bench: Bench) -> None:
    """How the server goes about lists, searches and details on the full shelf."""
    bench.step("Keeping the plans")
    with bench.ground.admin(bench.many) as admin:
        product = goods.some_products(admin, 1)[0]
    asked: dict[str, Callable[[], object]] = {
        "list": lambda: catalog.shelf(county=goods.COUNTY),
        "list of a row": lambda: catalog.shelf(county=goods.COUNTY, category="grain"),
        "search": lambda: catalog.search(county=goods.COUNTY, text=SEARCHES["a common word"]),
        "product": lambda: catalog.product_page(product=product),
    }
    with at(bench.ground, bench.many), ExitStack() as stack:
        said: list[tuple[str, Any]] = []

        def keep(execute: Callable[..., object], sql: str, params: Any, *rest: object) -> object:
            said.append((sql, params))
            return execute(sql, params, *rest)

        stack.enter_context(connection.execute_wrapper(keep))
        for what, ask in asked.items():
            said.clear()
            ask()
            sql, params = said[-1]
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                bench.report.plans[what] = [row[0] for row in cursor.fetchall()]
