"""Buyers hear how their orders stand, agents what waits; each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from countyfair.kernel.clock import COUNTY_ZONE, at, now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.logistics.events import Arrived
from countyfair.trade.orders import actions, handlers
from countyfair.trade.orders.events import Cancelled, HandedOver, Packed, Paid, Refunded
from countyfair.trade.orders.tests.factories import CONTACT, a_fair, place
from countyfair.trade.orders.tests.test_life import packed, pay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def hear(event: handlers.Told, moment: datetime | None = None) -> None:
    handlers.tell_buyers([Delivered(uuid7(), "450225", moment or now(), "system:test", event)])


def kinds() -> object:
    return scalar("SELECT array_agg(DISTINCT kind ORDER BY kind) FROM notices_notification")


def test_each_step_of_an_order_is_told_once() -> None:
    fair = a_fair()
    placed = place(fair)
    refund = uuid7()
    news = (
        Paid(placed.order, placed.intent, placed.total_fen), HandedOver(placed.order),
        Cancelled(placed.order, None, 0), Refunded(placed.order, refund, 100, "completed"),
        Arrived(uuid7(), str(placed.order), fair.station),
    )  # fmt: skip
    for _again in range(2):
        for one in news:
            hear(one)
    assert kinds() == ["order.cancelled", "order.handed_over", "order.ready", "order.refunded"]
    assert scalar("SELECT count(*) FROM notices_notification") == 4


def test_what_is_picked_up_where_it_is_packed_is_ready_once_packed() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    hear(Packed(placed.order))
    hear(Arrived(uuid7(), str(placed.order), fair.station))
    assert kinds() == ["order.ready"]
    assert scalar("SELECT count(*) FROM notices_notification") == 1


def test_old_events_are_no_news() -> None:
    placed = place(a_fair())
    hear(HandedOver(placed.order), now() - timedelta(days=3))
    assert kinds() is None


def test_the_address_is_opened_on_record_and_for_the_house_only() -> None:
    placed = place(a_fair())
    found = actions.addresses(SYSTEM, [placed.order])
    assert found[placed.order].phone == "+86" + CONTACT.phone
    assert scalar("SELECT purpose FROM orders_contactread") == "tell_news"
    with pytest.raises(Forbidden):
        actions.addresses(an_actor("county_admin"), [placed.order])


def test_agents_get_one_digest_a_day_from_seven_on() -> None:
    fair = a_fair()
    pay(fair, place(fair))
    day = datetime(2026, 11, 23, tzinfo=COUNTY_ZONE)
    made = []
    for moment in (
        day.replace(hour=6),
        day.replace(hour=8),
        day.replace(hour=9),
        day.replace(day=24, hour=8),
    ):
        with at(moment):
            made.append(actions.tell_stations(SYSTEM) > 0)
    assert made == [False, True, False, True]
