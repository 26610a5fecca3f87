"""Orders of platforms whose goods are not there: another offer, a part, called off; never below nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, SoldOut
from countyfair.kernel.rows import scalar
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.models import Arrival
from countyfair.outreach.channels.platforms import PLATFORMS
from countyfair.outreach.channels.rules.arriving import Waiting
from countyfair.outreach.channels.rules.short import cut
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders.tests.factories import a_stall
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.queries import availability
from tests.machine import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    """Ten packs in all, and an order of fifteen pieces for 450.00."""
    made = a_stand(lots=(5_000,))
    actions.bring(SYSTEM, connection=made.connection, told=[their_order("T0", state="closed")])
    mapped(made)
    actions.bring(SYSTEM, connection=made.connection, told=[their_order("T1", pieces=15, paid_fen=45_000)])
    assert Arrival.objects.get(number="T1").standing == "short"
    return made


@pytest.fixture(autouse=True)
def everything_is_proved(db: None) -> Iterator[None]:
    yield
    assert books.disproved() == {}


def short() -> UUID:
    return Arrival.objects.get(number="T1").id


def another(stand: Stand, grams: int) -> UUID:
    """Other goods of the county, put up on the same platform."""
    stall = a_stall(stand.fair.households, stand.fair.station, lots=(grams,))
    offer = catalog.an_offer(pack=stall.pack, outlet="pinduoduo")
    stock.feed(SYSTEM, offer=offer)
    return offer


def total() -> int:
    return int(str(scalar("SELECT total_fen FROM orders_order WHERE id = %s", [short()])))


def test_it_goes_out_from_another_offer_this_once(stand: Stand) -> None:
    offer = another(stand, 10_000)
    actions.send_another(SYSTEM, arrival=short(), key="1", offer=offer)

    assert (Arrival.objects.get(id=short()).standing, total()) == ("placed", 45_000)
    assert availability([offer])[offer] == 5
    assert availability([stand.offer])[stand.offer] == 10
    actions.bring(SYSTEM, connection=stand.connection, told=[their_order("T2", pieces=1, paid_fen=3000)])
    assert availability([stand.offer])[stand.offer] == 9


def test_part_of_it_goes_out_and_the_refund_of_the_rest_is_expected(stand: Stand) -> None:
    actions.send_part(SYSTEM, arrival=short(), pieces={"1": 10})

    assert (total(), availability([stand.offer])[stand.offer]) == (30_000, 0)
    one = replace(their_order("T1", pieces=15, paid_fen=45_000), refunded_fen=15_000)
    actions.bring(SYSTEM, connection=stand.connection, told=[one])
    assert scalar("SELECT count(*) FROM orders_refund") == 0
    actions.bring(SYSTEM, connection=stand.connection, told=[replace(one, refunded_fen=16_000)])
    assert scalar("SELECT sum(amount_fen)::bigint FROM orders_refund") == 1_000


def test_it_is_called_off_for_a_reason_that_the_platform_knows(stand: Stand) -> None:
    reason = next(iter(PLATFORMS["pinduoduo"].reasons))
    with pytest.raises(Invalid):
        actions.call_off_short(SYSTEM, arrival=short(), reason="because")
    for _time in range(2):
        actions.call_off_short(SYSTEM, arrival=short(), reason=reason)
    row = Arrival.objects.get(id=short())
    assert (row.standing, row.why) == ("called_off", reason)
    assert scalar("SELECT count(*) FROM orders_order") == 0
    with pytest.raises(Conflict):
        actions.send_part(SYSTEM, arrival=short(), pieces={"1": 1})


def test_what_cannot_be_changes_nothing(stand: Stand) -> None:
    with pytest.raises(SoldOut):
        actions.send_another(SYSTEM, arrival=short(), key="1", offer=another(stand, 500))
    for pieces in ({"1": 0}, {"1": 15}, {"1": 16}, {"2": 1}):
        with pytest.raises(Invalid):
            actions.send_part(SYSTEM, arrival=short(), pieces=pieces)
    with pytest.raises(SoldOut):
        actions.send_part(SYSTEM, arrival=short(), pieces={"1": 11})
    with pytest.raises(Invalid):
        actions.send_another(SYSTEM, arrival=short(), key="1", offer=stand.fair.stall.offer)
    with pytest.raises(Missing):
        actions.send_another(SYSTEM, arrival=short(), key="7", offer=stand.offer)
    with pytest.raises(Missing):
        actions.send_part(SYSTEM, arrival=uuid7(), pieces={"1": 1})
    with pytest.raises(Forbidden):
        actions.send_part(stand.fair.agent, arrival=short(), pieces={"1": 1})
    row = Arrival.objects.get(id=short())
    assert row.standing == "short"
    assert availability([stand.offer])[stand.offer] == 10


@given(amount_fen=st.integers(0, 10**7), quantity=st.integers(1, 50), data=st.data())
def test_what_goes_out_and_what_is_missing_come_to_the_whole(
    amount_fen: int, quantity: int, data: st.DataObject
) -> None:
    pieces = data.draw(st.integers(0, quantity))
    line = Waiting(
        uuid7(), "T", amount_fen, 0, 0, now(), None, "paid", "1", uuid7(), "mapped", uuid7(), 1, quantity,
        amount_fen,
    )  # fmt: skip
    left, missing_fen = cut([line], {"1": pieces})
    assert sum(one.amount_fen for one in left) + missing_fen == amount_fen
    assert sum(one.quantity for one in left) == pieces
