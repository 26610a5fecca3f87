"""Orders from outside platforms: they take stock as our own do, once, and every fen of them is somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel import outbox
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.kernel.rows import column, scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog import actions as catalog_actions
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders import actions
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.queries.outside import outside_standing
from countyfair.trade.orders.rules.outside import (
    MOST_AT_ONCE,
    Dispatched,
    Fee,
    OutsideLine,
    OutsideOrder,
    even,
)
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.outside import SELLER, an_order, brought, offered_at
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock.queries import availability
from tests.machine import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return a_fair()


@pytest.fixture(autouse=True)
def everything_is_proved(db: None) -> Iterator[None]:
    """Whatever a test did: once all news is heard, every proof of the house holds."""
    yield
    payments.settle_refunds()
    outbox.deliver_everything()
    assert books.disproved() == {}


def balance(code: str, owner: str = "") -> int:
    """Debit positive, fen."""
    sql = (
        "SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_posting p"
        " JOIN ledger_account a ON a.id = p.account_id WHERE a.code = %s AND (%s = '' OR a.owner = %s)"
    )
    return int(str(scalar(sql, [code, owner, owner])))


def state(order: UUID) -> str:
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [order]))


def shipped(order: UUID) -> UUID:
    actions.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=1_100)
    actions.hand_over(SYSTEM, order_id=order)
    return order


def test_an_order_comes_home_paid_with_its_stock_its_shares_and_its_money(fair: Fair) -> None:
    offer = offered_at(fair, price_fen=3200)
    one = an_order("T1", (offer, 2, 6400), freight_fen=800)

    (taken,) = brought(fair, one)

    assert (taken.outcome, state(one.order)) == ("placed", "paid")
    order = read.order(SYSTEM, order_id=one.order)
    assert (order.outlet, order.total_fen, order.freight_fen) == ("taobao", 7200, 800)
    assert availability([offer])[offer] == 40 - 2
    assert balance("clearing", "taobao") == 7200
    assert balance("escrow") == -7200
    assert order.number == taken.number
    assert scalar("SELECT sum(amount_fen)::bigint FROM orders_share WHERE order_id = %s", [one.order]) == 7200


def test_the_same_order_again_changes_nothing_and_other_content_is_refused(fair: Fair) -> None:
    offer = offered_at(fair)
    one, other = an_order("T1", (offer, 2, 5960)), an_order("T2", (offer, 1, 2980))
    first = brought(fair, one)

    again = brought(fair, one, other)

    assert [taken.outcome for taken in again] == ["known", "placed"]
    assert again[0].number == first[0].number
    changed = replace(one, lines=(OutsideLine(offer, 2, 5000),))
    (refused,) = brought(fair, changed)
    assert (refused.outcome, refused.why) == ("refused", "other_content")
    (under_another_id,) = brought(fair, replace(one, order=uuid7()))
    assert (under_another_id.outcome, under_another_id.why) == ("refused", "other_content")
    assert availability([offer])[offer] == 37


def test_shop_and_platforms_draw_on_one_pool_and_what_is_not_there_is_short(fair: Fair) -> None:
    taobao, douyin = offered_at(fair), offered_at(fair, "douyin", cap=2_000)
    place(fair, packs=10)

    many = [an_order(f"T{n}", (taobao, 3, 8940)) for n in range(12)]
    answers = brought(fair, *many)
    (capped,) = brought(fair, an_order("D1", (douyin, 5, 14900)), platform="douyin")

    assert [taken.outcome for taken in answers] == ["placed"] * 10 + ["short"] * 2
    assert answers[-1].left == {taobao: 0}
    assert (capped.outcome, dict(capped.left)) == ("short", {douyin: 0})
    (later,) = brought(fair, many[-1])
    assert later.outcome == "short"


def test_the_cap_of_an_outlet_holds(fair: Fair) -> None:
    douyin = offered_at(fair, "douyin", cap=2_000)

    answers = brought(
        fair, an_order("D1", (douyin, 3, 8940)), an_order("D2", (douyin, 2, 5960)),
        an_order("D3", (douyin, 1, 2980)), platform="douyin",
    )  # fmt: skip

    assert [taken.outcome for taken in answers] == ["placed", "short", "placed"]
    assert dict(answers[1].left) == {douyin: 1}


def test_an_order_of_two_kinds_is_taken_whole_or_not_at_all(fair: Fair) -> None:
    offer = offered_at(fair)
    scarce = catalog.an_offer(pack=catalog.a_pack(), outlet="taobao")
    both = an_order("T1", (offer, 2, 5960), (scarce, 1, 2980))

    (taken,) = brought(fair, both)

    assert (taken.outcome, dict(taken.left)) == ("short", {scarce: 0})
    assert availability([offer])[offer] == 40


def test_every_fen_is_there_where_an_amount_does_not_divide(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 3, 10_000), freight_fen=1)
    brought(fair, one)

    lines = read.order(SYSTEM, order_id=one.order).lines
    assert [(line.quantity, line.price_fen) for line in lines] == [(1, 3334), (2, 3333)]
    assert sum(line.amount_fen for line in lines) == 10_000


@given(packs=st.integers(1, 1000), amount_fen=st.integers(0, 10**8))
def test_a_line_is_divided_to_the_fen(packs: int, amount_fen: int) -> None:
    parts = even(OutsideLine(uuid7(), packs, amount_fen))
    assert sum(count for count, _each in parts) == packs
    assert sum(count * each for count, each in parts) == amount_fen
    assert len(parts) <= 2


def test_what_cannot_be_taken_in_says_why(fair: Fair) -> None:
    offer = offered_at(fair)
    loose = catalog.an_offer(
        pack=catalog.a_pack(product=fair.stall.product, content_amount=1000, sold_by="weight"),
        outlet="taobao",
    )
    wrong = {
        "amount": an_order("A", (offer, 1, 0)),
        "unknown_offer": an_order("B", (fair.stall.offer, 1, 2980)),
        "weighed": an_order("C", (loose, 1, 2980)),
    }
    answers = brought(fair, *wrong.values())
    assert [taken.why for taken in answers] == list(wrong)
    assert {taken.outcome for taken in answers} == {"refused"}

    catalog_actions.take_down(SYSTEM, offer=offer)
    (off,) = brought(fair, an_order("D", (offer, 1, 2980)))
    assert (off.outcome, dict(off.left)) == ("short", {offer: 0})


def test_who_may_and_how_many(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 1, 2980))
    with pytest.raises(Forbidden):
        brought(fair, one, actor=fair.agent)
    with pytest.raises(Invalid):
        brought(fair, one, platform="shop")
    with pytest.raises(Invalid):
        brought(fair, one, one)
    with pytest.raises(Invalid):
        brought(fair, *(an_order(str(n), (offer, 1, 1)) for n in range(MOST_AT_ONCE + 1)))
    assert brought(fair) == []


@pytest.mark.django_db(transaction=True)
def test_its_statement_lets_it_be_earned_less_what_the_platform_kept(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 2, 6000))
    brought(fair, one)
    shipped(one.order)
    assert actions.confirm_outside(SYSTEM, orders=[one.order]) == 1
    with at(now() + timedelta(days=30)):
        assert actions.complete_due(SYSTEM) == 0

        fees = [Fee("T1/commission", one.order, "commission", 300)]
        assert (actions.charge_fees(SYSTEM, fees=fees), actions.charge_fees(SYSTEM, fees=fees)) == (1, 0)
        assert actions.settle_outside(SYSTEM, orders=[one.order]) == 1
        assert actions.settle_outside(SYSTEM, orders=[one.order]) == 0
        assert actions.complete_due(SYSTEM) == 1
        outbox.deliver_everything()

    assert balance("channel_fees", "taobao") == -300
    assert balance("escrow") == 0
    # 5,700 by the county's rates: 80, 6, 8 and 6 per cent.
    assert balance("household_payable") == -4560
    assert balance("station_payable") == -342
    assert outside_standing([one.order])[one.order].fees_fen == 300


@pytest.mark.django_db(transaction=True)
def test_a_fee_after_it_was_earned_and_one_that_is_given_back(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 2, 6000))
    brought(fair, one)
    shipped(one.order)
    actions.confirm_outside(SYSTEM, orders=[one.order])
    actions.settle_outside(SYSTEM, orders=[one.order])
    with at(now() + timedelta(days=30)):
        actions.complete_due(SYSTEM)
        outbox.deliver_everything()
        assert balance("household_payable") == -4800

        actions.charge_fees(SYSTEM, fees=[Fee("late", one.order, "promotion", 500)])
        actions.charge_fees(SYSTEM, fees=[Fee("back", one.order, "promotion", -100)])
        outbox.deliver_everything()
    assert balance("household_payable") == -4480
    assert balance("channel_fees", "taobao") == -400
    with pytest.raises(Conflict):
        actions.charge_fees(SYSTEM, fees=[Fee("late", one.order, "promotion", 501)])


def test_what_left_before_it_came_home_is_out_of_stock_and_in_a_parcel(fair: Fair) -> None:
    offer = offered_at(fair)
    moment = now() - timedelta(days=2)
    there = Dispatched("中通快递", "751100", moment, moment + timedelta(days=1))
    gone = replace(an_order("T1", (offer, 2, 6000), at=moment - timedelta(days=1)), sent=there)
    in_one_box = replace(an_order("T2", (offer, 3, 9001), at=moment), sent=replace(there, received_at=None))
    waits = an_order("T3", (offer, 1, 2980))

    answers = brought(fair, gone, in_one_box, waits)

    assert [taken.outcome for taken in answers] == ["placed"] * 3
    assert [state(one.order) for one in (gone, in_one_box, waits)] == ["delivered", "handed_over", "paid"]
    assert availability([offer])[offer] == 34
    parcels = column("SELECT waybill FROM logistics_parcel ORDER BY waybill", of=str)
    assert parcels[0] == "751100"
    assert parcels[1].startswith("751100/")
    assert actions.confirm_outside(SYSTEM, orders=[in_one_box.order]) == 1
    assert [taken.outcome for taken in brought(fair, gone, in_one_box, waits)] == ["known"] * 3


def test_called_off_there_it_gives_back_stock_and_money(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 4, 12_000), freight_fen=600)
    brought(fair, one)

    assert actions.call_off_outside(SYSTEM, order=one.order, reason="买家取消")
    assert not actions.call_off_outside(SYSTEM, order=one.order, reason="买家取消")
    payments.settle_refunds()

    assert state(one.order) == "cancelled"
    assert availability([offer])[offer] == 40
    assert balance("clearing", "taobao") == balance("escrow") == balance("refunds_due") == 0
    (known,) = brought(fair, one)
    assert known.outcome == "known"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("far", ["paid", "handed_over", "delivered", "completed"])
def test_part_and_then_all_of_it_is_refunded_there(fair: Fair, far: str) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 2, 6000), freight_fen=600)
    brought(fair, one)
    if far != "paid":
        shipped(one.order)
    if far in ("delivered", "completed"):
        actions.confirm_outside(SYSTEM, orders=[one.order])
    if far == "completed":
        actions.charge_fees(SYSTEM, fees=[Fee("T1/c", one.order, "commission", 300)])
        actions.settle_outside(SYSTEM, orders=[one.order])
        with at(now() + timedelta(days=30)):
            actions.complete_due(SYSTEM)
            outbox.deliver_everything()

    def refund(source: str, amount_fen: int) -> bool:
        return actions.refund_outside(
            SYSTEM, source=source, order=one.order, amount_fen=amount_fen, reason="坏果"
        )

    assert (refund("R1", 1000), refund("R1", 1000)) == (True, False)
    with pytest.raises(Conflict):
        refund("R1", 999)
    with pytest.raises(Invalid):
        refund("R2", 5601)
    assert refund("R2", 5600)
    payments.settle_refunds()
    outbox.deliver_everything()

    assert state(one.order) == ("cancelled" if far in ("paid", "handed_over") else "refunded")
    assert balance("clearing", "taobao") == balance("escrow") == 0
    assert actions.charge_fees(SYSTEM, fees=[Fee("T1/penalty", one.order, "other", 50)]) == 1


def test_only_what_came_from_outside_is_touched(fair: Fair) -> None:
    ours = place(fair).order
    with pytest.raises(Conflict):
        actions.call_off_outside(SYSTEM, order=ours, reason="x")
    with pytest.raises(Conflict):
        actions.charge_fees(SYSTEM, fees=[Fee("f", ours, "commission", 1)])
    assert actions.confirm_outside(SYSTEM, orders=[ours, uuid7()]) == 0
    assert actions.settle_outside(SYSTEM, orders=[ours]) == 0


def test_nobody_is_told_and_who_receives_it_is_forgotten_once_it_is_there(fair: Fair) -> None:
    offer = offered_at(fair)
    one = an_order("T1", (offer, 2, 6000))
    brought(fair, one)
    shipped(one.order)
    outbox.deliver_everything()
    assert scalar("SELECT count(*) FROM notices_notification WHERE recipient LIKE 'order:%%'") == 0
    assert actions.erase_contacts(SYSTEM) == 0

    actions.confirm_outside(SYSTEM, orders=[one.order])
    assert actions.erase_contacts(SYSTEM) == 1


def test_a_batch_takes_as_many_statements_as_one_order(fair: Fair) -> None:
    offer = offered_at(fair)
    orders = [an_order(f"N{n}", (offer, 1, 2980)) for n in range(31)]

    def statements(batch: list[OutsideOrder]) -> int:
        with CaptureQueriesContext(connection) as asked:
            brought(fair, *batch)
        return len(asked)

    assert statements(orders[:1]) == statements(orders[1:])
    assert set(column("SELECT seller FROM orders_outside", of=str)) == {SELLER}
