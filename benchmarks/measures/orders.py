"""Placing an order by the verb, in turns with pgbench's transaction."""

from __future__ import annotations

from uuid import UUID

from benchmarks import goods
from benchmarks.figures import NOTHING, Line, middle, ratio
from benchmarks.measures.bench import BUYER, Bench
from benchmarks.placing import buyers


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
