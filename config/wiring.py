"""Who hears what, on one page: every event and its handlers, and the recurring jobs."""

from __future__ import annotations

from functools import partial

from countyfair.kernel.actor import Actor
from countyfair.kernel.jobs import Job
from countyfair.kernel.outbox import Wire
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.webhooks import actions as webhooks
from countyfair.outreach.webhooks import handlers as webhooks_hear
from countyfair.outreach.webhooks.rules import KINDS as HOOKED
from countyfair.registers.access import actions as access
from countyfair.registers.notices import actions as notices
from countyfair.registers.people import actions as people
from countyfair.registers.tasks import actions as tasks
from countyfair.surfaces.centre.tasks import WORKERS
from countyfair.trade.bookings import actions as bookings
from countyfair.trade.bookings import handlers as bookings_hears
from countyfair.trade.catalog import actions as goods
from countyfair.trade.catalog import handlers as catalog
from countyfair.trade.catalog.events import OfferChanged, ProductRenamed, ShelfChanged, ShopRenamed
from countyfair.trade.logistics.events import Arrived
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import handlers as hears
from countyfair.trade.orders.events import (
    Allotted,
    Cancelled,
    Charged,
    ClaimAnswered,
    Claimed,
    Completed,
    FeeKept,
    HandedOver,
    Joined,
    Packed,
    Paid,
    Refunded,
)
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.events import PaymentCaptured, PaymentCapturedLate
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.events import GroupClosed
from countyfair.trade.settlement import handlers as settlement
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock import handlers as stock_hears
from countyfair.trade.stock.events import Blocked, CycleClosed, Shortfall, TakenIn
from countyfair.trade.trace import actions as trace
from countyfair.trade.trace import handlers as trace_hears

WIRING: tuple[Wire, ...] = (
    Wire("catalog.counts", (OfferChanged, ProductRenamed, ShelfChanged), catalog.counts),
    Wire("bookings.on_paid", (Paid,), bookings_hears.on_paid),
    Wire("catalog.shop_names", (ShopRenamed,), catalog.shop_names),
    Wire("catalog.words", (OfferChanged, ProductRenamed), catalog.words),
    Wire("orders.on_captured", (PaymentCaptured, PaymentCapturedLate), hears.on_captured),
    Wire("orders.on_group_closed", (GroupClosed,), hears.on_group_closed),
    Wire("orders.on_shortfall", (Shortfall, Blocked), hears.on_shortfall),
    Wire("orders.reopen_claims", (Cancelled,), hears.reopen_claims),
    Wire(
        "orders.tell_buyers",
        (Joined, Paid, Allotted, Packed, HandedOver, Cancelled, Refunded, Arrived),
        hears.tell_buyers,
    ),
    Wire("orders.tell_of_claims", (Claimed, ClaimAnswered), hears.tell_of_claims),
    Wire("settlement.books", (Charged, Completed, FeeKept, Refunded), settlement.books),
    Wire("stock.tell_households", (CycleClosed,), stock_hears.tell_households),
    Wire("trace.on_taken_in", (TakenIn,), trace_hears.on_taken_in),
    Wire("webhooks.on_news", tuple(kind.event for kind in HOOKED.values()), webhooks_hear.on_news),
)

JOBS: tuple[Job, ...] = (
    Job("payments.settle_waiting_notices", 5, payments.settle_waiting_notices),
    Job("payments.settle_refunds", 10, payments.settle_refunds),
    Job("payments.look_at_silent_intents", 30, payments.look_at_silent_intents),
    Job("payments.fetch_bills", 600, payments.fetch_bills),
    Job(
        "people.forget_expired_sign_ins",
        3600,
        partial(people.forget_expired_sign_ins, Actor.system("people.forget_expired_sign_ins")),
    ),
    Job("access.forget_old", 3600, partial(access.forget_old, Actor.system("access.forget_old"))),
    Job(
        "stock.expire_reservations",
        5,
        partial(stock.expire_reservations, Actor.system("stock.expire_reservations")),
    ),
    Job("stock.close_cycles", 30, partial(stock.close_due_cycles, Actor.system("stock.close_cycles"))),
    Job("stock.close_past_days", 3600, partial(stock.close_past_days, Actor.system("stock.close_past_days"))),
    Job("orders.expire_unpaid", 15, partial(orders.expire_unpaid, Actor.system("orders.expire_unpaid"))),
    Job(
        "notices.send_due",
        10,
        partial(
            notices.send_due,
            Actor.system("notices.send_due"),
            books={
                "order": orders.addresses,
                "gift": orders.gift_addresses,
                "booking": bookings.addresses,
            },
        ),
    ),
    Job(
        "bookings.close_no_shows",
        3600,
        partial(bookings.close_no_shows, Actor.system("bookings.close_no_shows")),
    ),
    Job("orders.tell_stations", 900, partial(orders.tell_stations, Actor.system("orders.tell_stations"))),
    Job("orders.call_members", 300, partial(orders.call_members, Actor.system("orders.call_members"))),
    Job("orders.lapse_bills", 300, partial(orders.lapse_bills, Actor.system("orders.lapse_bills"))),
    Job("catalog.work_sheets", 2, partial(goods.work_sheets, Actor.system("catalog.work_sheets"))),
    Job("catalog.turn_days", 120, partial(goods.turn_days, Actor.system("catalog.turn_days"))),
    Job("orders.complete_due", 300, partial(orders.complete_due, Actor.system("orders.complete_due"))),
    Job("orders.erase_contacts", 3600, partial(orders.erase_contacts, Actor.system("orders.erase_contacts"))),
    Job(
        "promotions.close_bundles",
        60,
        partial(promotions.close_bundles, Actor.system("promotions.close_bundles")),
    ),
    Job(
        "promotions.close_groups",
        15,
        partial(promotions.close_groups, Actor.system("promotions.close_groups")),
    ),
    Job("tasks.work", 2, partial(tasks.work, Actor.system("tasks.work"), workers=WORKERS)),
    Job(
        "promotions.follow_shops",
        60,
        partial(promotions.follow_shops, Actor.system("promotions.follow_shops")),
    ),
    Job("trace.tell_buyers", 5, trace.tell_buyers),
    Job("orders.forget_claims", 3600, partial(orders.forget_claims, Actor.system("orders.forget_claims"))),
    Job("orders.forget_baskets", 3600, partial(orders.forget_baskets, Actor.system("orders.forget_baskets"))),
    Job("channels.read_intakes", 2, channels.read_intakes),
    Job("channels.sync", 60, channels.sync),
    Job("channels.place_mapped", 15, channels.place_mapped),
    Job("channels.book_settled", 30, channels.book_settled),
    Job("channels.forget_files", 3600, partial(channels.forget_files, Actor.system("channels.forget_files"))),
    Job("webhooks.send_due", 2, partial(webhooks.send_due, Actor.system("webhooks.send_due"))),
    Job("webhooks.forget_old", 3600, partial(webhooks.forget_old, Actor.system("webhooks.forget_old"))),
)
