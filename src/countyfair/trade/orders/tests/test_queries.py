"""An order is seen by its buyer and by who works on it, in one statement; all rows of the room prove."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Missing
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import OTHER_COUNTY, SYSTEM, an_actor
from countyfair.registers.stations.queries import station
from countyfair.trade.logistics import queries as logistics
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_claims import answer, asked, delivered
from countyfair.trade.orders.tests.test_life import packed, pay
from countyfair.trade.promotions.tests.factories import a_coupon, a_group

pytestmark = pytest.mark.django_db

#: Proved over marks and harvests sold ahead, of which test_marks.py and test_allotting.py have rows.
IN_THEIR_OWN_TESTS = {
    "orders.marks_were_licensed_when_they_were_frozen",
    "orders.lines_with_a_mark_draw_on_grades_of_their_brand",
    "orders.what_was_not_allotted_was_given_back",
}

GUEST = Actor.guest("sample")


def one(fair: Fair) -> Any:
    return {"county": fair.county, "station": fair.station, "place": "450225100200"}


def test_the_buyer_sees_all_of_it_by_link_and_a_stranger_nothing() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    with CaptureQueriesContext(connection) as said:
        shown = queries.order(GUEST, order_id=placed.order, token=placed.token)
    assert len(said) == 1
    assert shown.contact is not None
    assert shown.contact.phone == "+8619900008888"
    assert [step.after for step in shown.steps] == ["placed", "paid", "packed"]
    assert len(shown.parcels[0].pickup_code) == 6
    assert (shown.captures, shown.repayments) == ((), ())
    assert {share.name for share in shown.shares} == {""}
    assert shown.verbs == ()
    with pytest.raises(Missing):
        queries.order(GUEST, order_id=placed.order, token="guess")
    with pytest.raises(Missing):
        queries.order(an_actor("station_agent", place="450225100201"), order_id=placed.order)


def test_the_agent_sees_what_to_do_but_neither_contact_nor_code() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    shown = queries.order(fair.agent, order_id=placed.order)
    assert (shown.contact, shown.parcels[0].pickup_code) == (None, "")
    assert set(shown.verbs) == {"hand_over", "deliver"}


def test_an_auditor_reads_the_order_and_not_the_person() -> None:
    fair = a_fair()
    placed = place(fair)
    shown = queries.order(an_actor("auditor", place="45"), order_id=placed.order)
    assert (shown.contact, shown.verbs) == (None, ())
    assert (shown.station_name, shown.origin_name) == (station(fair.station).name,) * 2


def test_staff_of_another_county_knows_of_no_order() -> None:
    placed = place(a_fair())
    for actor in (an_actor("centre_staff", place=OTHER_COUNTY), an_actor(), GUEST):
        with pytest.raises(Missing):
            queries.order(actor, order_id=placed.order)
    with pytest.raises(Missing):
        queries.order(SYSTEM, order_id=uuid7())


def test_staff_sees_whose_the_money_is_what_came_in_and_what_goes_back() -> None:
    fair = a_fair()
    placed = place(fair, pickup=False, expected_total_fen=3580)
    pay(fair, placed)
    packed(fair, placed)
    actions.deliver(SYSTEM, order_id=placed.order, evidence="known")
    key = queries.order(SYSTEM, order_id=placed.order).lines[0].id
    parts = [actions.Part(key, 1000, 1), actions.Part(None, 100)]
    actions.refund(SYSTEM, order_id=placed.order, refund_id=uuid7(), parts=parts, reason="wet")
    shown = queries.order(an_actor("centre_finance"), order_id=placed.order)
    (line,), (capture,), (refund,) = shown.lines, shown.captures, shown.refunds
    (repayment,) = shown.repayments
    assert (line.amount_fen, line.refunded_fen, line.left_fen, line.returned) == (2980, 1000, 1980, 1)
    assert (shown.refunded_fen, shown.freight_left_fen, shown.shared_fen) == (1100, 500, 2480)
    assert sum(shown.still_held().values()) == shown.shared_fen
    assert (capture.amount_fen, capture.station_name) == (3580, station(fair.station).name)
    assert (refund.reason, refund.payment, refund.state) == ("wet", repayment.id, repayment.state)
    assert (repayment.amount_fen, refund.actor) == (1100, SYSTEM.key)
    numbers = {label.number for label in people.household_labels(fair.households).values()}
    assert {share.name for share in shown.shares if share.beneficiary == "household"} <= numbers
    assert [step.verb for step in shown.steps] == ["place", "pay", "pack", "deliver", "refund"]
    assert shown.parcels[0].scans[-1].kind == "delivered"


def test_parcels_are_found_at_their_station_and_by_their_waybill() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    actions.hand_over(fair.agent, order_id=placed.order)
    parcel = logistics.parcels_at(fair.agent, **one(fair))[0]
    assert parcel.pickup_code == ""
    assert [row.id for row in logistics.by_waybill(fair.agent, waybill=parcel.waybill.lower())] == [parcel.id]
    assert logistics.by_waybill(GUEST, waybill=parcel.waybill) == []


def weighed_order(fair: Fair, grams: int) -> Placed:
    """A loose kilo, of which so many grams were packed and handed over."""
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight", price_fen=4000)
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000)
    pay(fair, placed)
    weights = {queries.order(SYSTEM, order_id=placed.order).lines[0].id: grams}
    actions.pack(fair.agent, order_id=placed.order, parcel=uuid7(), weight_g=grams + 200, weights=weights)
    actions.hand_over(fair.agent, order_id=placed.order)
    return placed


def test_everything_proves() -> None:
    fair = a_fair()
    for verbs in range(5):
        placed = place(fair)
        if verbs > 0:
            pay(fair, placed)
        if verbs > 1:
            packed(fair, placed)
        if verbs > 2:
            actions.deliver(fair.agent, order_id=placed.order, evidence="known")
        if verbs > 3:
            shown = queries.order(SYSTEM, order_id=placed.order)
            part = actions.Part(shown.lines[0].id, 1000)
            actions.refund(SYSTEM, order_id=placed.order, refund_id=uuid7(), parts=[part], reason="wet")
    weighed_order(fair, 950)
    answer(asked(delivered(fair)), bearer="courier", why="样例")
    awaited = asked(delivered(fair))
    answer(awaited, goods_back=True)
    actions.receive_claimed(fair.agent, claim_id=awaited, good_packs=1, bad_packs=0)
    a_coupon(off_fen=500)
    place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    answer(asked(delivered(fair), kind="short"), 0, again=True)
    place(fair, group=a_group(fair.stall.offer), expected_total_fen=1980)
    found = [*queries.proofs(), *logistics.proofs()]
    assert [proof.name for proof in found if proof.broken] == []
    assert {proof.name for proof in found if not proof.checked} == IN_THEIR_OWN_TESTS


@pytest.mark.parametrize(
    ("corruption", "name"),
    [
        ("UPDATE orders_order SET state = 'packed'", "orders.state_is_what_the_last_step_says"),
        (
            "UPDATE orders_order SET goods_fen = goods_fen + 1, total_fen = total_fen + 1",
            "orders.goods_are_the_sum_of_lines",
        ),
        (
            """
            INSERT INTO orders_share
                   (id, order_id, county, beneficiary, owner, lot_amount, amount_fen, terms_version)
            SELECT kernel_uuid7(), id, county, 'centre', '', 0, 1, 1 FROM orders_order
            """,
            "orders.shares_sum_to_the_total_less_refunds",
        ),
        ("UPDATE stock_reservation SET holder = 'nobody'", "orders.reservations_lead_to_lines"),
        ("UPDATE payments_intent SET reference = 'nothing'", "orders.every_order_asks_for_its_money"),
        ("UPDATE stock_reservation SET state = 'released'", "orders.what_waits_holds_its_stock"),
        ("UPDATE payments_intent SET state = 'awaiting'", "orders.what_is_served_was_paid"),
    ],
)
def test_a_planted_corruption_shows(corruption: str, name: str) -> None:
    fair = a_fair()
    pay(fair, place(fair))
    with connection.cursor() as cursor:
        cursor.execute(corruption)
    assert name in [proof.name for proof in queries.proofs() if proof.broken]
