"""An order keeps whose mark its goods bore, and a mark that is withdrawn is on no order after that."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from time import monotonic
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import scalar
from countyfair.kernel.verbs import verb
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import queries
from countyfair.trade.orders.tests.factories import Fair, a_fair, marked, place
from countyfair.trade.orders.tests.test_concurrency import all_at_once

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


def a_marked_fair() -> tuple[Fair, UUID, UUID]:
    """A fair whose offer bears a mark, the brand, and the licence."""
    fair = a_fair()
    brand, licence = marked(fair, fair.stall)
    return fair, brand, licence


def kept(order: UUID) -> tuple[object, object]:
    found = scalar(
        "SELECT json_build_array(brand_id, brand_version) FROM orders_line WHERE order_id = %s", [order]
    )
    brand, version = found if isinstance(found, list) else (None, None)
    return brand and UUID(brand), version


def nothing_is_broken() -> None:
    assert [proof.name for proof in queries.proofs() if proof.broken] == []


def test_a_line_keeps_the_brand_that_it_was_bought_under_whatever_becomes_of_it() -> None:
    fair, brand, licence = a_marked_fair()
    order = place(fair).order
    assert kept(order) == (brand, 1)

    catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")

    assert kept(order) == (brand, 1)
    assert kept(place(fair).order) == (None, None)
    nothing_is_broken()


def test_goods_without_a_mark_have_none_on_their_line() -> None:
    fair = a_fair()
    assert kept(place(fair).order) == (None, None)


@verb
def _withdraw_slowly(actor: Actor, *, licence: UUID, written: Event, finish: Event) -> None:
    """A withdrawal that has been written, and is not over until it may finish."""
    catalog.withdraw_licence(actor, licence=licence, reason="样例")
    written.set()
    finish.wait(20)


def _on_its_own(job: Callable[[], T]) -> T:
    try:
        return job()
    finally:
        connection.close()


def _somebody_waits_for_a_lock() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = monotonic() + 20
    while not scalar(waiting):
        assert monotonic() < deadline


def test_an_order_waits_for_a_withdrawal_under_way_and_has_no_mark_then() -> None:
    fair, _brand, licence = a_marked_fair()
    written, finish = Event(), Event()
    slowly = partial(_withdraw_slowly, SYSTEM, licence=licence, written=written, finish=finish)
    with ThreadPoolExecutor(2) as threads:
        try:
            withdrawn = threads.submit(_on_its_own, slowly)
            assert written.wait(20)
            order = threads.submit(_on_its_own, lambda: place(fair).order)
            _somebody_waits_for_a_lock()
            assert not order.done()
        finally:
            finish.set()
        withdrawn.result(20)
        assert kept(order.result(20)) == (None, None)
    nothing_is_broken()


def test_buyers_and_a_withdrawal_at_once_leave_no_mark_without_a_licence() -> None:
    fair, _brand, licence = a_marked_fair()

    def buy(number: int) -> str:
        return "mark" if kept(place(fair, actor=Actor.guest(f"buyer-{number}")).order)[0] else "none"

    def withdraw() -> str:
        catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")
        return "withdrawn"

    found = all_at_once([*(partial(buy, number) for number in range(11)), withdraw])

    assert found["withdrawn"] == 1
    assert found["mark"] + found["none"] == 11
    nothing_is_broken()
