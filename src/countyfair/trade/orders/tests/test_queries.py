"""An order is seen by its buyer and by who works on it; lists cost one statement, an order two."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people.tests.factories import SYSTEM, an_actor
from countyfair.trade.logistics import queries as logistics
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import packed, pay

pytestmark = pytest.mark.django_db

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
    assert len(said) == 2
    assert shown.contact is not None
    assert shown.contact.phone == "+8619900008888"
    assert [step.after for step in shown.steps] == ["placed", "paid", "packed"]
    assert len(shown.parcels[0].pickup_code) == 6
    assert shown.verbs == ()
    with pytest.raises(Missing):
        queries.order(GUEST, order_id=placed.order, token="guess")
    with pytest.raises(Missing):
        queries.order(an_actor("station_agent", place="450225100201"), order_id=placed.order)


def test_the_agent_sees_whom_to_serve_but_not_the_code() -> None:
    fair = a_fair()
    placed = place(fair)
    pay(fair, placed)
    packed(fair, placed)
    shown = queries.order(fair.agent, order_id=placed.order)
    assert shown.contact is not None
    assert shown.parcels[0].pickup_code == ""
    assert set(shown.verbs) == {"hand_over", "deliver"}


def test_an_auditor_reads_the_order_and_not_the_person() -> None:
    fair = a_fair()
    placed = place(fair)
    shown = queries.order(an_actor("auditor", place="45"), order_id=placed.order)
    assert (shown.contact, shown.verbs) == (None, ())


def test_a_member_s_orders_come_newest_first_page_by_page() -> None:
    fair, member = a_fair(), an_actor()
    placed = [place(fair, actor=member) for _one in range(3)]
    with CaptureQueriesContext(connection) as said:
        first = queries.my_orders(member, limit=2)
    assert len(said) == 1
    last = first[-1]
    rest = queries.my_orders(member, after=(last.placed_at, last.id), limit=2)
    assert [row.id for row in first + rest] == [one.order for one in reversed(placed)]
    assert queries.my_orders(GUEST) == []


def test_a_county_s_orders_are_listed_for_who_reads_them() -> None:
    fair = a_fair()
    placed = place(fair)
    paid = place(fair)
    pay(fair, paid)
    staff = an_actor("centre_staff")
    with CaptureQueriesContext(connection) as said:
        found = queries.orders_of(staff, county=fair.county, states=("placed",))
    assert len(said) == 1
    assert [row.id for row in found] == [placed.order]
    by_number = queries.orders_of(fair.agent, county=fair.county, number=paid.number)
    assert [row.id for row in by_number] == [paid.order]
    assert queries.orders_of(an_actor("station_agent", place="450225100201"), county=fair.county) == []
    with pytest.raises(Forbidden):
        queries.orders_of(an_actor("centre_staff", place="621227"), county=fair.county)


def test_a_station_sees_what_to_pack_and_what_to_hand_out() -> None:
    fair = a_fair()
    placed = place(fair, packs=2)
    assert queries.packing_list(fair.agent, **one(fair)) == []
    pay(fair, placed)
    waiting = queries.packing_list(fair.agent, **one(fair))
    assert [(row.id, row.lines[0].quantity) for row in waiting] == [(placed.order, 2)]
    packed(fair, placed)
    assert queries.packing_list(fair.agent, **one(fair)) == []
    assert [row.id for row in queries.to_hand_out(fair.agent, **one(fair))] == [placed.order]
    with pytest.raises(Forbidden):
        queries.packing_list(GUEST, **one(fair))


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
    found = [*queries.proofs(), *logistics.proofs()]
    assert [proof.name for proof in found if proof.broken] == []
    assert all(proof.checked for proof in found), [proof.name for proof in found if not proof.checked]


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
