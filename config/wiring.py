"""Who hears what, on one page: every event and its handlers, and the recurring jobs."""

from __future__ import annotations

from functools import partial

from countyfair.kernel.actor import Actor
from countyfair.kernel.jobs import Job
from countyfair.kernel.outbox import Wire
from countyfair.registers.people import actions as people
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import handlers as hears
from countyfair.trade.payments.events import PaymentCaptured, PaymentCapturedLate
from countyfair.trade.stock.events import Shortfall

WIRING: tuple[Wire, ...] = (
    Wire("orders.on_captured", (PaymentCaptured, PaymentCapturedLate), hears.on_captured),
    Wire("orders.on_shortfall", (Shortfall,), hears.on_shortfall),
)

JOBS: tuple[Job, ...] = (
    Job(
        "people.forget_expired_sign_ins",
        3600,
        partial(people.forget_expired_sign_ins, Actor.system("people.forget_expired_sign_ins")),
    ),
    Job("orders.expire_unpaid", 15, partial(orders.expire_unpaid, Actor.system("orders.expire_unpaid"))),
    Job("orders.complete_due", 300, partial(orders.complete_due, Actor.system("orders.complete_due"))),
    Job("orders.erase_contacts", 3600, partial(orders.erase_contacts, Actor.system("orders.erase_contacts"))),
    Job("orders.forget_baskets", 3600, partial(orders.forget_baskets, Actor.system("orders.forget_baskets"))),
)
