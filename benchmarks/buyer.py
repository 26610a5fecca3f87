"""One buying process of the benchmark: places orders by the verb, as fast as it is answered.

Spoken to in lines of JSON. First what to buy: `{"offers": [...], "lines": 2}`; it answers `{}` when
it is warm. Then `{"seconds": 2.0}` for each round, answered with what the round took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from random import Random
from uuid import UUID

from benchmarks.placing import Order, buy, orders_of


def main() -> None:
    """Read the task, warm up, then play rounds until the input ends."""
    task = json.loads(sys.stdin.readline())
    chance = Random(task["seed"])
    orders: Sequence[Order] = orders_of([UUID(key) for key in task["offers"]], task["lines"], chance)
    turn = cycle(orders)
    for _ in range(30):
        buy(next(turn))
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        seconds = json.loads(line)["seconds"]
        waits: list[float] = []
        cpu, started = time.process_time(), time.perf_counter()
        while (now := time.perf_counter()) < started + seconds:
            buy(next(turn))
            waits.append(time.perf_counter() - now)
        taken = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - started, "waits": waits}
        print(json.dumps(taken), flush=True)
