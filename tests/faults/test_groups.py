"""A group comes together once, or falls through once: at once, interrupted, and too late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Invalid, Refusal
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.commands import check
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders.actions.cancelling import undo
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.tests.factories import a_group

pytestmark = pytest.mark.django_db(transaction=True)

#: When the groups of these tests are over.
LATER = timedelta(days=3)
UNDO = "countyfair.trade.orders.actions.gathering.undo"


def join(fair: Fair, group: UUID, nth: int, *, pays: bool = True) -> orders.Placed:
    contact = replace(CONTACT, phone=f"1990000{nth:04d}")
    placed = place(fair, group=group, expected_total_fen=1980, gateway="sandbox", contact=contact)
    if pays:
        notify(placed.intent)
        payments.settle_waiting_notices()
        outbox.deliver_everything()
    return placed


def states() -> list[str]:
    return [str(row) for row in _all("SELECT state FROM orders_order ORDER BY id")]


def _all(text: str) -> list[Any]:
    with connections["default"].cursor() as cursor:
        cursor.execute(text)
        return [row[0] for row in cursor.fetchall()]


def assert_proved() -> None:
    broken = {proof.name for prove in check.PROVERS.values() for proof in prove() if proof.broken}
    assert broken == set()


def test_the_last_payment_fills_the_group_and_all_are_served() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    first = join(fair, group, 1)
    assert states() == ["gathering"]
    with pytest.raises(Refusal):
        orders.pack(SYSTEM, order_id=first.order, parcel=uuid7(), weight_g=600)
    join(fair, group, 2)
    assert states() == ["paid", "paid"]
    with at(now() + LATER):
        assert promotions.close_groups(SYSTEM) == 0
        outbox.deliver_everything()
    assert states() == ["paid", "paid"]
    orders.pack(SYSTEM, order_id=first.order, parcel=uuid7(), weight_g=600)
    assert_proved()


def test_a_short_group_gives_every_member_the_money_back_once_though_the_worker_dies_midway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer, needed=5)
    for nth in range(3):
        join(fair, group, nth)
    unpaid = join(fair, group, 9, pays=False)
    done: list[UUID] = []

    def dies(actor: Any, order: Any, *rest: Any, **more: Any) -> None:
        undo(actor, order, *rest, **more)
        done.append(order.id)
        if len(done) == 2:
            raise RuntimeError("the worker died")

    with at(now() + LATER):
        assert promotions.close_groups(SYSTEM) == 1
        monkeypatch.setattr(UNDO, dies)
        with pytest.raises(RuntimeError):
            orders.settle_group(SYSTEM, group=group, outcome="failed")
        assert len(done) == 2
        assert scalar("SELECT count(*) FROM payments_refund") == 0, "half done is not kept"
        monkeypatch.setattr(UNDO, undo)
        for _time in range(2):
            outbox.deliver_everything()
            orders.settle_group(SYSTEM, group=group, outcome="failed")
        assert states() == ["cancelled"] * 4
        assert _all("SELECT amount_fen FROM payments_refund") == [1980] * 3
        notify(unpaid.intent)
        payments.settle_waiting_notices()
        outbox.deliver_everything()
    assert states() == ["cancelled"] * 4
    assert _all("SELECT amount_fen FROM payments_refund") == [1980] * 4
    assert scalar("SELECT sum(reserved)::bigint FROM stock_lot") == 0
    assert scalar("SELECT used FROM promotions_promotion") == 0
    assert_proved()


def test_two_who_want_the_last_place_at_once_get_one_place() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    join(fair, group, 0, pays=False)

    def tries(nth: int) -> str:
        try:
            join(fair, group, nth, pays=False)
        except Invalid as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "joined"

    with ThreadPoolExecutor(4) as crowd:
        found = sorted(crowd.map(tries, range(1, 5)))
    assert found == ["group_full"] * 3 + ["joined"]
    assert scalar("SELECT used FROM promotions_promotion") == 2
    assert_proved()


def test_a_place_that_is_not_paid_is_free_again_and_nobody_has_two() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    join(fair, group, 1)
    with pytest.raises(Invalid):
        join(fair, group, 1, pays=False)
    join(fair, group, 2, pays=False)
    with at(now() + timedelta(hours=2)):
        assert orders.expire_unpaid(SYSTEM) == 1
        join(fair, group, 3)
    assert states() == ["paid", "cancelled", "paid"]
    assert_proved()
