"""Many buyers at once, each on a connection of their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, SoldOut, Stale
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.trade.catalog.tests.factories import an_offer
from countyfair.trade.stock import actions, queries
from countyfair.trade.stock.tests.factories import Stall, a_stall, holds

pytestmark = pytest.mark.django_db(transaction=True)

#: More threads than a test server's connections only wait for each other.
AT_ONCE = 24


def buy(stall: Stall, holder: str, packs: int = 1) -> str:
    """What became of one buyer: stale reads are read again, as a checkout does."""
    for _attempt in range(60):
        try:
            actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, packs, holder), expires=None)
        except SoldOut:
            return "sold out"
        except Stale:
            continue
        return "got it"
    return "never settled"


def all_at_once(jobs: list[Callable[[], str]]) -> Counter[str]:
    """Run every job on a connection of its own, started together as far as threads allow."""
    gate = threading.Barrier(min(AT_ONCE, len(jobs)))

    def job(number: int) -> str:
        if number < gate.parties:
            gate.wait(timeout=30)
        try:
            return jobs[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(job, range(len(jobs))))


def test_two_buyers_of_the_last_pack_get_one_pack() -> None:
    stall = a_stall(lots=(500,))

    outcomes = all_at_once([partial(buy, stall, who) for who in ("alice", "bob")])

    assert outcomes == {"got it": 1, "sold out": 1}


@pytest.mark.slow
def test_two_hundred_buyers_of_fifty_packs_get_exactly_fifty() -> None:
    stall = a_stall(lots=(7 * 500 + 100, 13 * 500, 25_000))
    spoilt = 25_000 - 30 * 500 + 100
    actions.write_off(SYSTEM, entry=uuid7(), lot=stall.lots[2], amount=spoilt, reason="样例")

    outcomes = all_at_once([partial(buy, stall, f"buyer-{n}") for n in range(200)])

    assert outcomes == {"got it": 50, "sold out": 150}
    assert queries.availability([stall.offer]) == {stall.offer: 0}
    assert all(not proof.broken for proof in queries.proofs())


def test_two_outlets_of_one_pool_never_sell_the_same_grams() -> None:
    stall = a_stall(lots=(10 * 500,))
    at_station = a_second_outlet(stall)

    outcomes = all_at_once([partial(buy, stall if n % 2 else at_station, f"buyer-{n}") for n in range(30)])

    assert outcomes == {"got it": 10, "sold out": 20}
    assert all(not proof.broken for proof in queries.proofs())


def test_an_order_that_expires_while_it_is_paid_is_either_kept_or_gone_never_both() -> None:
    stall = a_stall(lots=(20 * 500,))
    for n in range(20):
        actions.reserve(
            SYSTEM, county=COUNTY, holds=holds(stall, 1, f"order-{n}"), expires=now() + timedelta(minutes=5)
        )

    def expire() -> str:
        with at(now() + timedelta(minutes=6)):
            actions.expire_reservations(SYSTEM, batch=7)
        return "expired"

    jobs: list[Callable[[], str]] = []
    for n in range(20):
        jobs += [partial(actions.keep, SYSTEM, holders=[f"order-{n}"]), expire]
    outcomes = all_at_once(jobs)

    assert outcomes["kept"] + outcomes["retaken"] == 20
    assert queries.lot(SYSTEM, lot=stall.lots[0]).reserved == 20 * 500
    assert all(not proof.broken for proof in queries.proofs())


def test_release_and_dispatch_of_one_order_at_once_leave_one_of_the_two() -> None:
    stall = a_stall(lots=(20 * 500,))
    for n in range(10):
        actions.reserve(SYSTEM, county=COUNTY, holds=holds(stall, 1, f"order-{n}"), expires=None)

    def send(holder: str) -> str:
        try:
            return "sent" if actions.dispatch(SYSTEM, holders=[holder]) else "nothing"
        except Conflict:
            return "refused"

    def cancel(holder: str) -> str:
        return "released" if actions.release(SYSTEM, holders=[holder]) else "too late"

    jobs: list[Callable[[], str]] = []
    for n in range(10):
        jobs += [partial(send, f"order-{n}"), partial(cancel, f"order-{n}")]
    outcomes = all_at_once(jobs)

    assert outcomes["sent"] + outcomes["released"] == 10
    assert outcomes["sent"] == outcomes["too late"]
    assert all(not proof.broken for proof in queries.proofs())


def a_second_outlet(stall: Stall) -> Stall:
    """The same pack at the stations, drawing on the same pool."""
    offer = an_offer(pack=stall.pack, outlet="station")
    return Stall(stall.product, stall.pack, offer, actions.feed(SYSTEM, offer=offer).id, stall.lots)
