"""A little trade with something of everything in it: for proofs to hold over, and to be broken in."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.rows import Columns, rows
from countyfair.kernel.seal import link_token
from countyfair.outreach.channels import actions as channels
from countyfair.outreach.channels.platforms.shape import Charge as Kind
from countyfair.outreach.channels.platforms.shape import TheirCharge
from countyfair.outreach.channels.queries.shops import listings
from countyfair.outreach.channels.tests.factories import a_connection, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.bookings import actions as bookings
from countyfair.trade.bookings.rules import code_of
from countyfair.trade.bookings.tests.factories import a_stay, booked
from countyfair.trade.catalog.tests.factories import a_pack, a_product
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, marked, place
from countyfair.trade.orders.tests.outside import offered_at
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.gateways.shape import Billed
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.promotions.tests.factories import a_bundle, a_coupon, a_group
from countyfair.trade.settlement.tests.factories import a_batch, bank_says
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.tests.factories import a_cycle, a_harvest
from countyfair.trade.trace import actions as trace

#: As small as a document can be that a reader opens.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def some_trade() -> Fair:
    """Orders in every state that lasts, a refund before and one after pay-out, a payout that came back."""
    fair = a_fair()
    place(fair)
    orders.cancel(SYSTEM, order_id=place(fair).order, reason="样例")
    paid(fair)
    packed(paid(fair))
    weighed(fair)
    early, late = (delivered(packed(paid(fair, packs=2))) for _ in range(2))
    give_back(early, "early")
    with at(now() + timedelta(days=8)):
        orders.complete_due(SYSTEM)
        outbox.deliver_everything()
        batch = a_batch()
        bank_says(batch, "paid")
        bank_says(batch, "returned", only=1)
        give_back(late, "late")
        claimed(fair)
        delivered(packed(paid(fair)))
        outbox.deliver_everything()
    recalled(fair)
    discounted(fair)
    sold_ahead(fair)
    stall = a_stall(fair.households, fair.station)
    marked(fair, stall)
    delivered(packed(paid(fair, offer=stall.offer)))
    grouped(fair)
    from_outside(fair)
    billed()
    return fair


def billed() -> None:
    """A provider's bill that tells of one payment and what was kept of it."""
    key, fen = rows(
        "SELECT provider_key, amount_fen FROM payments_capture WHERE gateway = 'sandbox'"
        " ORDER BY captured_at LIMIT 1",
        into=Columns,
    )[0]
    line = Billed("payment", key, key, None, fen, 18)
    payments.take_bill(SYSTEM, gateway="sandbox", day=today(), billed=[line])


def from_outside(fair: Fair) -> None:
    """Orders of a platform: one settled and earned less a fee, one that waits to be packed."""
    offer, shop = offered_at(fair, "pinduoduo"), a_connection(fair)
    channels.bring(SYSTEM, connection=shop, told=[their_order("T0", state="closed")])
    known = listings(SYSTEM, county=fair.county)
    channels.map_listing(SYSTEM, listing=known[0].id, offer=offer)
    gone = replace(their_order("T1"), state="received", waybill="7511", carrier="中通")
    channels.bring(SYSTEM, connection=shop, told=[gone, their_order("T2")])
    moved: list[tuple[Kind, int]] = [("sale", 6000), ("commission", -300)]
    told = [TheirCharge(f"T1-{kind}", "T1", "", kind, fen, now(), kind) for kind, fen in moved]
    channels.charge(SYSTEM, connection=shop, told=told)
    channels.book_settled()
    with at(now() + timedelta(days=8)):
        orders.complete_due(SYSTEM)
        outbox.deliver_everything()


def sold_ahead(fair: Fair) -> None:
    """A harvest that fell short of what was ordered ahead: allotted, and sent as far as it reaches."""
    product = a_product()
    pack = a_pack(product=product, content_amount=500)
    harvest, offer = a_harvest(fair.households[0], product, jin=10), uuid7()
    cycle = a_cycle([harvest], pack, price_fen=2980, offer=offer)
    ordered = [paid(fair, packs=packs, offer=offer) for packs in (5, 2)]
    stock.take_in_announced(
        fair.agent, harvest=harvest, lot=uuid7(), quantity=Quantity(2000, Unit.GRAM), harvested_on=today(),
        station=fair.station,
    )  # fmt: skip
    orders.allot_cycle(SYSTEM, cycle=cycle)
    outbox.deliver_everything()
    delivered(packed(ordered[0]))
    outbox.deliver_everything()


def grouped(fair: Fair) -> None:
    """A group that gathers, with one member who has paid."""
    group = a_group(fair.stall.offer, days=13)
    placed = place(fair, group=group, expected_total_fen=1980, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()


def discounted(fair: Fair) -> None:
    """Two orders with a coupon: one delivered, one called off, whose use came back. One with a bundle."""
    a_coupon(code="TRADE5", off_fen=500)
    for _nth in range(2):
        placed = place(fair, coupon="TRADE5", expected_total_fen=2480, gateway="sandbox")
        notify(placed.intent)
        payments.settle_waiting_notices()
        outbox.deliver_everything()
        if _nth:
            orders.cancel(SYSTEM, order_id=placed.order, reason="样例")
        else:
            delivered(packed(placed.order))
    a_bundle(((fair.stall.offer, 5),), 14_000)
    placed = place(fair, packs=5, expected_total_fen=14_000, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()


def some_services(fair: Fair) -> None:
    """Bookings of a farm stay: one that waits for its guest, one redeemed, one called off half of it back."""
    stay = a_stay(fair=fair, rooms=3)
    waiting, came, gone = (booked(stay, nights=2) for _ in range(3))
    for one in (waiting, came, gone):
        notify(one.intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()
    with at(now() + timedelta(days=stay.days_ahead - 3)):
        bookings.call_off(SYSTEM, order_id=gone.order, token=gone.token)
    with at(now() + timedelta(days=stay.days_ahead)):
        bookings.redeem(SYSTEM, redemption=uuid7(), household=stay.household, code=code_of(came.order))
    outbox.deliver_everything()


def recalled(fair: Fair) -> UUID:
    """A lot that was tested and sold, delivered once, waited for once; then recalled, its buyers told."""
    stall = a_stall(fair.households, fair.station, lots=(5_000,))
    trace.note(
        SYSTEM, note=uuid7(), lot=stall.lots[0], kind="tested", on=today(), laboratory="样例站",
        passed=True, paper=PDF,
    )  # fmt: skip
    delivered(packed(paid(fair, offer=stall.offer)))
    paid(fair, offer=stall.offer)
    recall = uuid7()
    trace.recall_lot(SYSTEM, recall=recall, lot=stall.lots[0], severity="moderate", reason="样例：农残超标")
    outbox.deliver_everything()
    trace.tell_buyers()
    return recall


def paid(fair: Fair, *, packs: int = 1, offer: UUID | None = None) -> UUID:
    lines = ((offer, packs),) if offer else None
    placed = place(fair, packs=packs, lines=lines, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    outbox.deliver_everything()
    return placed.order


def weighed(fair: Fair) -> None:
    """Two loose kilos, one of which was lighter and one heavier than ordered; both were handed over."""
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight", price_fen=4000)
    for grams in (950, 1050):
        placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000, gateway="sandbox")
        notify(placed.intent)
        payments.settle_waiting_notices()
        outbox.deliver_everything()
        weights = {read.order(SYSTEM, order_id=placed.order).lines[0].id: grams}
        orders.pack(SYSTEM, order_id=placed.order, parcel=uuid7(), weight_g=1200, weights=weights)
        orders.hand_over(SYSTEM, order_id=placed.order)


def packed(order: UUID) -> UUID:
    orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=900)
    return order


def delivered(order: UUID) -> UUID:
    orders.hand_over(SYSTEM, order_id=order)
    orders.deliver(SYSTEM, order_id=order, evidence="签收：样例")
    return order


def claimed(fair: Fair) -> None:
    """Two packs never came, which the courier bears; one of another order was spoiled, and is back.

    A third buyer gets the goods again.
    """
    missing, spoiled = (delivered(packed(paid(fair, packs=2))) for _ in range(2))
    _answered(missing, "missing", 1000, bearer="courier", why="样例")
    back = _answered(spoiled, "spoiled", 500, goods_back=True)
    orders.receive_claimed(SYSTEM, claim_id=back, good_packs=1, bad_packs=0)
    _answered(delivered(packed(paid(fair, packs=1))), "short", 500, again=True, bearer="platform", why="样例")


def _answered(order: UUID, kind: str, amount: int, **answer: Any) -> UUID:
    """A claim on an order's first line, sent and paid back in full."""
    line, claim = read.order(SYSTEM, order_id=order).lines[0], uuid7()
    token = link_token(str(order), "order")
    guest = Actor.guest("sample")
    orders.begin_claim(
        guest, claim_id=claim, order_id=order, line_id=line.id, kind=kind, amount=amount, on_receipt=False,
        words="样例", token=token,
    )  # fmt: skip
    orders.add_claim_photo(guest, photo_id=uuid7(), claim_id=claim, data=drawn(), token=token)
    orders.send_claim(guest, claim_id=claim, token=token)
    due = 0 if answer.get("again") else line.price_fen * amount // line.content_amount
    orders.answer_claim(SYSTEM, claim_id=claim, answer=orders.Answer(uuid7(), due, **answer))
    return claim


def drawn() -> bytes:
    """A picture as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(file, "PNG")
    return file.getvalue()


def give_back(order: UUID, why: str) -> None:
    """Half of the first line goes back, one pack of it to the shelf."""
    line = read.order(SYSTEM, order_id=order).lines[0]
    part = orders.Part(line.id, line.amount_fen // 2, quantity=1, restock=True)
    orders.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[part], reason=why)
