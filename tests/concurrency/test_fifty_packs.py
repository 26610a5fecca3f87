"""Two hundred buyers of the last fifty packs, through the real pages of a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from countyfair.kernel.rows import scalar
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SAMPLE, SHIPPED
from countyfair.surfaces.commands.check import PROVERS
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall
from countyfair.trade.stock.queries import availability
from tests.concurrency.served import serving
from tests.databases import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS, PROCESSES, PACKS = 200, 4, 50
CROWDED = 180.0  # seconds within which a crowd has been served


def crowd(address: str, fair: Fair) -> list[dict[str, Any]]:
    """What became of each buyer, of several processes that press the last button at once."""
    said = (address, fair.stall.product, fair.stall.offer, fair.county, fair.station, BUYERS // PROCESSES)
    command = [sys.executable, "-m", "tests.concurrency.buyers", *map(str, said)]
    clients = [
        subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(PROCESSES)
    ]
    try:
        for client in clients:
            assert client.stdout is not None
            assert client.stdout.readline() == "ready\n", "a buyer never reached the last button"
        for client in clients:
            assert client.stdin is not None
            client.stdin.write("now\n")
            client.stdin.flush()
        told = [client.communicate(timeout=CROWDED)[0] for client in clients]
    finally:
        for client in clients:
            client.kill()
            client.wait()
    return [json.loads(line) for text in told for line in text.splitlines()]


def fifty_of_two_hundred(address: str, fair: Fair) -> None:
    """Fifty orders and a hundred and fifty polite refusals, and books that prove."""
    stall = a_stall(fair.households, fair.station, lots=(20 * 500 + 100, 17 * 500 + 100, 13 * 500 + 100))
    earlier = int(str(scalar("SELECT count(*) FROM orders_order")))

    outcomes = crowd(address, replace(fair, stall=stall))

    assert [one for one in outcomes if one["what"] not in ("ordered", "sold out")] == []
    assert Counter(one["what"] for one in outcomes) == {"ordered": PACKS, "sold out": BUYERS - PACKS}
    assert {one["status"] for one in outcomes} == {302, 409}
    acknowledged = [one["order"] for one in outcomes if one["what"] == "ordered"]
    kept = "SELECT count(*) FROM orders_order WHERE id = ANY(%s::uuid[]) AND state = 'placed'"
    assert scalar(kept, [acknowledged]) == PACKS
    assert scalar("SELECT count(*) FROM orders_order") == earlier + PACKS
    assert availability([stall.offer]) == {stall.offer: 0}
    assert [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken] == []


@pytest.mark.slow
def test_five_times_two_hundred_buyers_of_fifty_packs_get_exactly_fifty(tmp_path: Path) -> None:
    load_divisions(LOADER, folder=SHIPPED, counties=SAMPLE)
    fair = a_fair()
    with serving(tmp_path / "server.log") as address:
        for _time in range(5):
            fifty_of_two_hundred(address, fair)


@pytest.mark.nightly
def test_twenty_times_two_hundred_buyers_of_fifty_packs_get_exactly_fifty(tmp_path: Path) -> None:
    load_divisions(LOADER, folder=SHIPPED, counties=SAMPLE)
    fair = a_fair()
    with serving(tmp_path / "server.log") as address:
        for _time in range(20):
            fifty_of_two_hundred(address, fair)
