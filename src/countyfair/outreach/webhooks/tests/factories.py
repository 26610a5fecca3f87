"""A webhook with an event that was tried in vain, for tests of rooms above."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import Delivered
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.outreach.webhooks import actions
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.trade.orders.events import Paid


def a_webhook(owner: Actor | None = None, *, county: str = COUNTY) -> tuple[UUID, UUID]:
    """A webhook and its one delivery: to a name that nobody has, so that a try was made in vain."""
    staff = owner or an_actor("centre_staff", place=county)
    made = actions.subscribe(
        staff, subscription=uuid7(), county=county, url="https://erp.example/hooks", kinds=[Paid.NAME]
    )
    paid = Delivered(uuid7(), county, now(), "system:test", Paid(uuid7(), uuid7(), 2980))
    actions.queue(SYSTEM, news=[paid])
    actions.send_due(SYSTEM)
    key = scalar("SELECT id FROM webhooks_delivery WHERE subscription_id = %s", [made.id])
    assert isinstance(key, UUID)
    return made.id, key
