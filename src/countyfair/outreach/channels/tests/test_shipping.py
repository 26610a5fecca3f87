"""Waybills that go back to a platform: once each, the nearest deadline first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.models import Arrival
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.queries.shipping import ToShip, to_ship
from countyfair.outreach.channels.rules.shipping import HEADS, Waybill, sheet, urgency
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    made = a_stand()
    actions.bring(SYSTEM, connection=made.connection, told=[their_order("T0", state="closed")])
    mapped(made)
    soon = replace(their_order("T2"), ship_before=now() + timedelta(hours=2))
    actions.bring(SYSTEM, connection=made.connection, told=[their_order("T1"), soon])
    return made


def waiting(stand: Stand, *, gone: bool | None = None) -> list[ToShip]:
    return to_ship(SYSTEM, county=stand.fair.county, gone=gone)


def sent(number: str, waybill: str) -> UUID:
    order = Arrival.objects.get(number=number).id
    orders.pack(SYSTEM, order_id=order, parcel=uuid7(), weight_g=1_100)
    orders.hand_over(SYSTEM, order_id=order, carrier="中通快递", waybill=waybill)
    return order


def test_what_is_to_be_sent_stands_by_its_deadline(stand: Stand) -> None:
    rows = waiting(stand)
    assert [row.number for row in rows] == ["T2", "T1"]
    hours = PLATFORMS["pinduoduo"].ship_hours
    paid_at = Arrival.objects.get(number="T1").paid_at
    assert paid_at is not None
    assert rows[1].ship_before == paid_at + timedelta(hours=hours)
    assert urgency(rows[0].ship_before, now()) == "soon"
    assert urgency(rows[0].ship_before, now() + timedelta(hours=3)) == "late"
    assert urgency(rows[1].ship_before, now()) == urgency(None, now()) == ""
    with pytest.raises(Forbidden):
        to_ship(stand.fair.agent, county=stand.fair.county)


def test_a_parcel_goes_back_once_under_its_carrier_s_number(stand: Stand) -> None:
    order = sent("T1", "7511 0000 1")
    said = actions.waybill_sheet(SYSTEM, connection=stand.connection).decode("utf-8-sig")
    assert said.splitlines() == ["订单号,快递公司,快递单号", "T1,中通快递,751100001"]
    assert [row.number for row in waiting(stand, gone=False)] == ["T2"]

    assert actions.note_told(SYSTEM, connection=stand.connection, arrivals=[order]) == 1
    assert actions.note_told(SYSTEM, connection=stand.connection, arrivals=[order, uuid7()]) == 0
    assert waiting(stand, gone=True) == []
    with pytest.raises(Missing):
        actions.waybill_sheet(SYSTEM, connection=uuid7())
    with pytest.raises(Forbidden):
        actions.waybill_sheet(stand.fair.agent, connection=stand.connection)


def test_a_waybill_that_another_parcel_bears_is_refused_and_nothing_leaves(stand: Stand) -> None:
    sent("T1", "7511")
    order = Arrival.objects.get(number="T2").id
    parcel = uuid7()
    orders.pack(SYSTEM, order_id=order, parcel=parcel, weight_g=1_100)
    for carrier, waybill in (("中通快递", "7511"), ("中通快递", ""), ("", "7512"), ("很" * 21, "7512")):
        with pytest.raises(Invalid):
            orders.hand_over(SYSTEM, order_id=order, carrier=carrier, waybill=waybill)
    assert read.order(SYSTEM, order_id=order).state == "packed"
    orders.hand_over(SYSTEM, order_id=order)
    with pytest.raises(Conflict):
        orders.hand_over(SYSTEM, order_id=order)


def test_two_orders_in_one_box_of_which_the_platform_tells_both_leave(stand: Stand) -> None:
    told = [
        replace(their_order(number), state="shipped", waybill="7511", carrier="中通快递")
        for number in ("T1", "T2")
    ]
    assert dict(actions.bring(SYSTEM, connection=stand.connection, told=told)) == {"changed": 2}
    assert waiting(stand) == []


def test_every_platform_has_heads_and_no_cell_is_run() -> None:
    assert set(HEADS) == set(PLATFORMS)
    said = sheet("taobao", [Waybill("=1+1", "@x", "-5")]).decode("utf-8-sig")
    assert said.splitlines()[1] == "'=1+1,'@x,'-5"
