"""An order lives by its table: paid, packed, handed over, delivered, completed, or called off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.paying import Money, mark_paid
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.queries.shares import shares_of
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock import actions as stock

pytestmark = pytest.mark.django_db

GUEST = Actor.guest("sample")


def key_of(sql: str, *params: object) -> UUID:
    """The one id that a statement answers."""
    return UUID(str(scalar(sql, params)))


def state(placed: Placed) -> object:
    return scalar("SELECT state FROM orders_order WHERE id = %s", [placed.order])


def reserved() -> object:
    return scalar("SELECT sum(reserved)::bigint FROM stock_lot")


def on_hand() -> object:
    return scalar("SELECT sum(on_hand)::bigint FROM stock_lot")


def owed_back(placed: Placed) -> object:
    return scalar(
        "SELECT coalesce(sum(r.amount_fen), 0)::bigint FROM payments_refund r"
        " JOIN payments_capture c ON c.id = r.capture_id WHERE c.intent_id = %s",
        [placed.intent],
    )


def pay(fair: Fair, placed: Placed) -> None:
    """Cash at the counter, and the news of it (tests share one transaction, so it is told by hand)."""
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    tell(placed)


def tell(placed: Placed) -> None:
    capture = key_of("SELECT id FROM payments_capture WHERE intent_id = %s", placed.intent)
    mark_paid(
        SYSTEM,
        captured=[Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)],
    )


def packed(fair: Fair, placed: Placed) -> str:
    return actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=600).pickup_code


def test_from_payment_to_completion() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)
    pay(fair, placed)
    assert state(placed) == "paid"
    code = packed(fair, placed)
    actions.hand_over(fair.agent, order_id=placed.order)
    assert (reserved(), on_hand()) == (0, 19_000)
    actions.deliver(fair.agent, order_id=placed.order, code=code)
    assert actions.complete_due(SYSTEM) == 0
    with at(now() + timedelta(days=8)):
        assert actions.complete_due(SYSTEM) == 1
    assert state(placed) == "completed"
    assert [row.state for row in parcels_of([str(placed.order)])] == ["delivered"]


def test_a_parcel_of_a_thousand_times_its_goods_is_not_believed() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)  # a kilogram of goods
    pay(fair, placed)
    with pytest.raises(Invalid) as refused:
        actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=1_500_000)
    assert refused.value.field == "weight"
    assert "1500" in str(refused.value.sentence)
    assert state(placed) == "paid"
    assert actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=9_000).waybill


def test_a_wrong_pickup_code_delivers_nothing() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    with pytest.raises(Invalid):
        actions.deliver(fair.agent, order_id=placed.order, code="no")
    assert state(placed) == "packed"
    actions.deliver(fair.agent, order_id=placed.order, evidence="identity card shown")
    assert state(placed) == "delivered"
    assert (reserved(), on_hand()) == (0, 19_500)


def test_the_buyer_cancels_by_link_until_it_is_packed() -> None:
    fair = a_fair()
    placed = place(fair)
    with pytest.raises(Forbidden):
        actions.cancel(GUEST, order_id=placed.order, token="x")
    actions.cancel(GUEST, order_id=placed.order, token=placed.token)
    actions.cancel(GUEST, order_id=placed.order, token=placed.token)
    assert (state(placed), reserved()) == ("cancelled", 0)
    paid = place(fair)
    pay(fair, paid)
    packed(fair, paid)
    with pytest.raises(Forbidden):
        actions.cancel(GUEST, order_id=paid.order, token=paid.token)


def test_a_paid_order_that_is_cancelled_is_refunded_in_full() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    actions.cancel(GUEST, order_id=placed.order, token=placed.token)
    assert (state(placed), reserved(), owed_back(placed)) == ("cancelled", 0, placed.total_fen)
    assert sum(row.amount_fen for row in shares_of([placed.order])) == 0


def test_a_cancellation_that_meets_the_money_refunds_it_once() -> None:
    fair = a_fair()
    placed = place(fair)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    actions.cancel(GUEST, order_id=placed.order, token=placed.token)
    tell(placed)
    assert (state(placed), owed_back(placed)) == ("cancelled", placed.total_fen)


def test_an_unpaid_order_expires_and_its_stock_returns() -> None:
    fair = a_fair()
    placed = place(fair, gateway="sandbox")
    assert actions.expire_unpaid(SYSTEM) == 0
    with at(now() + timedelta(minutes=31)):
        assert actions.expire_unpaid(SYSTEM) == 1
        stock.expire_reservations(SYSTEM)
    assert (state(placed), reserved()) == ("cancelled", 0)


def late(placed: Placed) -> None:
    scalar(
        "SELECT payments_take(%s, %s, 'sandbox', 'P1', %s::bigint, 'CNY', NULL, %s)",
        [uuid7(), placed.intent, placed.total_fen, now()],
    )
    tell(placed)


def test_a_late_payment_takes_the_same_lots_again() -> None:
    fair = a_fair()
    placed = place(fair, gateway="sandbox")
    with at(now() + timedelta(minutes=31)):
        actions.expire_unpaid(SYSTEM)
        stock.expire_reservations(SYSTEM)
        late(placed)
    assert (state(placed), reserved(), owed_back(placed)) == ("paid", 500, 0)


def test_a_late_payment_for_what_is_gone_goes_back() -> None:
    fair = a_fair(lots=(500,))
    placed = place(fair, gateway="sandbox")
    with at(now() + timedelta(minutes=31)):
        actions.expire_unpaid(SYSTEM)
        stock.expire_reservations(SYSTEM)
        place(fair)
        late(placed)
    assert (state(placed), reserved(), owed_back(placed)) == ("cancelled", 500, placed.total_fen)


def test_part_of_a_delivered_order_goes_back_and_all_shares_bear_it() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)
    pay(fair, placed)
    packed(fair, placed)
    actions.deliver(fair.agent, order_id=placed.order, evidence="known")
    line = key_of("SELECT id FROM orders_line WHERE order_id = %s", placed.order)
    part = actions.Part(line, 2980, quantity=1, restock=True)
    staff, refund = an_actor("centre_staff"), uuid7()
    for _pressed in range(2):
        actions.refund(
            staff, order_id=placed.order, refund_id=refund, parts=[part], reason="one pack was wet"
        )
    assert (state(placed), owed_back(placed), on_hand()) == ("delivered", 2980, 19_500)
    assert sum(row.amount_fen for row in shares_of([placed.order])) == 2980
    with pytest.raises(Conflict):
        actions.refund(staff, order_id=placed.order, refund_id=refund, parts=[part], reason="other")
    too_much = actions.Part(line, 2981)
    with pytest.raises(Invalid):
        actions.refund(staff, order_id=placed.order, refund_id=uuid7(), parts=[too_much], reason="x")
    rest = actions.Part(line, 2980)
    actions.refund(staff, order_id=placed.order, refund_id=uuid7(), parts=[rest], reason="all of it")
    assert (state(placed), owed_back(placed)) == ("refunded", 5960)


def test_a_lot_counted_short_cancels_what_it_promised() -> None:
    fair = a_fair(lots=(1000,))
    kept, lost = place(fair), place(fair)
    pay(fair, kept)
    lot = fair.stall.lots[0]
    gone = stock.correct_and_release(SYSTEM, entry=uuid7(), lot=lot, counted=500, reason="mice")
    assert actions.cancel_short(SYSTEM, lines=list(map(UUID, gone))) == 1
    assert (state(kept), state(lost)) == ("paid", "cancelled")


def test_an_agent_of_another_place_packs_nothing() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    stranger, parcel = an_actor("station_agent", place="450225100201"), uuid7()
    with pytest.raises(Forbidden):
        actions.pack(stranger, order_id=placed.order, parcel=parcel, weight_g=600)
    assert state(placed) == "paid"


def test_contacts_are_erased_a_month_after_the_end() -> None:
    fair = a_fair()
    placed = place(fair)
    actions.cancel(GUEST, order_id=placed.order, token=placed.token)
    assert actions.erase_contacts(SYSTEM) == 0
    with at(now() + timedelta(days=31)):
        assert actions.erase_contacts(SYSTEM) == 1
    assert scalar("SELECT sealed || phone_blind FROM orders_contact") == ""


def test_nothing_is_left_unread() -> None:
    assert deliver_everything() == 0
