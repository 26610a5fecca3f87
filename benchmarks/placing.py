"""Placing an order by the verb: reading the basis, deciding, writing; once and not through a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings

from benchmarks.figures import Cost
from benchmarks.goods import COUNTY
from benchmarks.ground import Ground
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.trade.orders import queries
from countyfair.trade.orders.actions import place_order
from countyfair.trade.orders.rules.contact import Contact

GUEST = Actor.guest("bench")
DESTINATION = "440305"
CONTACT = Contact("样例·甲", "19900060000", "样例路 1 号")
#: How many different orders a process turns round.
VARIETY = 60


@dataclass(frozen=True)
class Order:
    """What one order asks for, and what it comes to."""

    lines: tuple[tuple[UUID, int], ...]
    total_fen: int


def orders_of(offers: Sequence[UUID], lines: int, chance: Random) -> list[Order]:
    """Orders of `lines` different offers each, one pack of each; quoted beforehand as a page would."""
    made = []
    for _ in range(VARIETY):
        wanted = tuple((offer, 1) for offer in chance.sample(list(offers), lines))
        quote = queries.quote(
            GUEST, county=COUNTY, lines=wanted, fulfilment="delivery", destination=DESTINATION
        )
        made.append(Order(wanted, quote.total_fen))
    return made


def buy(order: Order) -> None:
    """Place it under a new id."""
    place_order(
        GUEST, order_id=uuid7(), county=COUNTY, contact=CONTACT, fulfilment="delivery", gateway="sandbox",
        expected_total_fen=order.total_fen, lines=order.lines, destination=DESTINATION,
    )  # fmt: skip


class Buyers:
    """Several buying processes, which start each round together."""

    def __init__(self, database_url: str, clients: int, offers: Sequence[UUID], lines: int) -> None:
        env = os.environ | {"DATABASE_URL": database_url}
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks", "buyer"], cwd=settings.ROOT, env=env,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(clients)
        ]  # fmt: skip
        for number, process in enumerate(self.processes):
            _tell(process, {"offers": [str(key) for key in offers], "lines": lines, "seed": number})
        for process in self.processes:
            _hear(process)

    def round(self, seconds: float, ground: Ground) -> tuple[Cost, list[float]]:
        """One round: what it cost, and how long each order took."""
        before = ground.cpu()
        for process in self.processes:
            _tell(process, {"seconds": seconds})
        said = [_hear(process) for process in self.processes]
        waits = [wait for one in said for wait in one["waits"]]
        cost = Cost(
            len(waits),
            sum(one["cpu"] for one in said),
            ground.cpu() - before,
            max(one["wall"] for one in said),
        )
        return cost, waits

    def close(self) -> None:
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
        for process in self.processes:
            process.terminate()
            process.wait()
            if process.stdout:
                process.stdout.close()


@contextmanager
def buyers(database_url: str, clients: int, offers: Sequence[UUID], lines: int) -> Iterator[Buyers]:
    """Buying processes, warm; gone when the block ends."""
    group = Buyers(database_url, clients, offers, lines)
    try:
        yield group
    finally:
        group.close()


def _tell(process: subprocess.Popen[str], what: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a buying process ended; its complaint stands above")
    heard: dict[str, Any] = json.loads(line)
    return heard
