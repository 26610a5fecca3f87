"""Members of a group hear that they are in, that it is nearly over, full, or fell through; each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions
from countyfair.trade.orders.tests.factories import a_fair
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions import queries as promotions_read
from countyfair.trade.promotions.tests.factories import a_group
from tests.faults.test_groups import join

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_machine(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def told(order: UUID) -> object:
    """The kinds by which a guest was told, in order: by message alone."""
    return scalar(
        "SELECT string_agg(kind, ' ' ORDER BY id) FROM notices_notification WHERE recipient = %s",
        [f"order:{order}"],
    )


def test_a_full_group_is_told_as_such_and_not_as_a_payment() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    orders = [join(fair, group, nth).order for nth in (1, 2)]
    assert [told(order) for order in orders] == ["group.full", "group.full"]


def test_a_group_that_falls_through_says_how_much_comes_back() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer, needed=3, days=1)
    paid, unpaid = join(fair, group, 1).order, join(fair, group, 2, pays=False).order
    with at(now() + timedelta(days=1)):
        promotions.close_groups(SYSTEM)
        for _time in range(2):
            outbox.deliver_everything()
    assert told(paid) == "group.failed"
    assert (
        scalar("SELECT facts ->> 'amount' FROM notices_notification WHERE kind = 'group.failed'") == "19.80"
    )
    assert told(unpaid) == "order.cancelled"


def test_members_are_called_once_shortly_before_the_end() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer, needed=3)
    paid, unpaid = join(fair, group, 1).order, join(fair, group, 2, pays=False).order
    closes = promotions_read.group(group=group).closes_at
    made = []
    for before in (7, 5, 4, 0):
        with at(closes - before * HOUR):
            made.append(actions.call_members(SYSTEM))
    assert made == [0, 2, 0, 0]
    assert (told(paid), told(unpaid)) == ("group.last_call", "group.unpaid")
    assert (
        scalar("SELECT facts ->> 'missing' FROM notices_notification WHERE kind = 'group.last_call'") == "1"
    )


def test_with_every_place_taken_who_has_not_paid_is_called_and_the_others_once_it_is_free() -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    paid = join(fair, group, 1).order
    closes = promotions_read.group(group=group).closes_at
    with at(closes - 5 * HOUR):
        unpaid = join(fair, group, 2, pays=False).order
        assert actions.call_members(SYSTEM) == 0, "who has just ordered is about to pay"
    with at(closes - 5 * HOUR + timedelta(minutes=15)):
        assert actions.call_members(SYSTEM) == 1
    assert (told(paid), told(unpaid)) == (None, "group.unpaid")
    with at(closes - 4 * HOUR):
        actions.cancel(SYSTEM, order_id=unpaid, reason="样例")
        assert actions.call_members(SYSTEM) == 1
    assert told(paid) == "group.last_call"
