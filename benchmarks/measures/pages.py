"""Lists, searches and products on the small shelf and the full one, in turns."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import quote as quoted
from uuid import UUID

from benchmarks import goods
from benchmarks.figures import NOTHING, Line, middle, ratio
from benchmarks.measures.bench import SEARCHES, Bench, cost_of
from benchmarks.web import Visitor, Web


def pages(bench: Bench, few: Web, many: Web) -> None:
    """Lists, searches and products on the small shelf and the full one, in turns."""
    plan = bench.plan
    bench.step(f"Pages with {plan.few:,} and {plan.many:,} products, in turns")
    part = f"Pages, CPU of application and database; {plan.many:,} products against {plan.few:,}"
    for what in (*addresses([], []), "basket", "checkout"):
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
        self.cost += cost_of(self.bench, self.web, self.bench.plan.visits, self._once)

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
    return Visit(addresses(products, names)[what])


def addresses(products: list[UUID], names: list[str]) -> dict[str, list[str]]:
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


def _put_in(visitor: Visitor, product: UUID) -> None:
    page = visitor.get(f"/goods/{product}/")
    visitor.post("/basket/add/", page.form("/basket/add/"))
