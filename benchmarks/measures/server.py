"""What is read off the server and the browser: statements, bytes, plans."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from django.db import connection

from benchmarks import goods
from benchmarks.figures import Line
from benchmarks.ground import Ground, at
from benchmarks.measures.bench import SEARCHES, WEB, Bench
from benchmarks.measures.pages import addresses
from benchmarks.purchase import Walk
from benchmarks.web import Answer, Visitor, Web
from benchmarks.weight import transferred
from countyfair.trade.catalog import queries as catalog

MOST_STATEMENTS, MOST_BYTES = 6, 60_000


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
    for what, found in addresses(products, names).items():
        if what not in ("home", "product"):
            visitor.get(found[0])
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
