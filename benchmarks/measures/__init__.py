"""What is measured, in its order: in turns with pgbench, or the small shelf with the full one."""

from __future__ import annotations

from collections.abc import Collection

from benchmarks.figures import Report
from benchmarks.ground import Ground
from benchmarks.measures.bench import FULL, PARTS, QUICK, Bench, Plan, Step
from benchmarks.measures.filling import fill
from benchmarks.measures.orders import placing
from benchmarks.measures.pages import pages
from benchmarks.measures.purchases import purchases
from benchmarks.measures.searches import searches
from benchmarks.measures.server import plans, statements, weight

__all__ = ["FULL", "PARTS", "QUICK", "Plan", "measure"]


def measure(plan: Plan, step: Step, parts: Collection[str] = PARTS) -> Report:
    """Everything or some parts, on a server of its own that is gone afterwards."""
    of_many = {"purchases": purchases, "statements": statements, "weight": weight}
    step("Starting PostgreSQL")
    with Ground() as ground:
        bench = Bench(plan, ground, Report(), step)
        fill(bench)
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
