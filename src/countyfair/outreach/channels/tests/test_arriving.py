"""Orders of a platform: kept once, taken in once, followed as they move on, never taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.rows import column, scalar
from countyfair.outreach.channels import actions
from countyfair.outreach.channels.models import Arrival, Difference, Listing
from countyfair.outreach.channels.platforms.shape import TheirLine, TheirOrder
from countyfair.outreach.channels.tests.factories import Stand, a_stand, mapped, their_order
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.stock.queries import availability
from tests.machine import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand() -> Stand:
    return a_stand()


@pytest.fixture(autouse=True)
def everything_is_proved(db: None) -> Iterator[None]:
    yield
    assert books.disproved() == {}


def bring(stand: Stand, *told: TheirOrder, actor: Actor = SYSTEM) -> dict[str, int]:
    return dict(actions.bring(actor, connection=stand.connection, told=told))


def known(stand: Stand) -> None:
    """The goods are seen, and said to be ours."""
    bring(stand, their_order("T0", state="closed"))
    mapped(stand)


def left(stand: Stand) -> int:
    return availability([stand.offer])[stand.offer]


def state(number: str) -> str:
    sql = "SELECT o.state FROM orders_order o JOIN channels_arrival a ON a.id = o.id WHERE a.number = %s"
    return str(scalar(sql, [number]))


def test_goods_that_nobody_knows_wait_and_are_taken_in_once_they_are_mapped(stand: Stand) -> None:
    assert bring(stand, their_order("T1"), their_order("T2", pieces=1, paid_fen=3000)) == {"unmapped": 2}
    listing = Listing.objects.get()
    assert (listing.standing, listing.title, listing.price_fen) == ("new", "样例黑米", 3000)
    assert left(stand) == 40

    mapped(stand, packs=2)
    waiting = list(Arrival.objects.values_list("id", flat=True))
    counts = actions.place_waiting(SYSTEM, connection=stand.connection, arrivals=waiting)
    again = actions.place_waiting(SYSTEM, connection=stand.connection, arrivals=waiting)

    assert (dict(counts), dict(again)) == ({"placed": 2}, {})
    assert left(stand) == 34
    assert state("T1") == "paid"


def test_the_same_orders_again_change_nothing(stand: Stand) -> None:
    known(stand)
    told = [their_order(f"T{n}") for n in range(1, 6)]

    first, again = bring(stand, *told), bring(stand, *told, told[0])

    assert (first, again) == ({"placed": 5}, {"unchanged": 5, "repeated": 1})
    assert left(stand) == 30
    assert scalar("SELECT count(*) FROM orders_order") == 5


def test_an_overlapping_file_brings_what_is_new_and_what_moved(stand: Stand) -> None:
    known(stand)
    one, two = their_order("T1"), their_order("T2")
    bring(stand, one, two)

    moved = replace(two, state="shipped", waybill="7511", carrier="中通快递")
    assert bring(stand, one, moved, their_order("T3")) == {"unchanged": 1, "changed": 1, "placed": 1}
    assert (state("T1"), state("T2")) == ("paid", "handed_over")
    received = replace(moved, state="received")
    assert bring(stand, received) == {"changed": 1}
    assert state("T2") == "delivered"
    assert bring(stand, two) == {"older": 1}
    assert state("T2") == "delivered"


def test_too_much_sold_there_is_short_and_never_below_nothing(stand: Stand) -> None:
    known(stand)
    told = [their_order(f"T{n}", pieces=15) for n in range(1, 4)]

    assert bring(stand, *told) == {"placed": 2, "short": 1}
    assert left(stand) == 10
    short = Arrival.objects.get(standing="short")
    assert dict(actions.place_waiting(SYSTEM, connection=stand.connection, arrivals=[short.id])) == {
        "short": 1
    }


def test_not_paid_closed_and_paid_later(stand: Stand) -> None:
    known(stand)
    unpaid = their_order("T1", state="unpaid")
    assert bring(stand, unpaid, their_order("T2", state="unpaid")) == {"unpaid": 2}
    assert left(stand) == 40

    paid = replace(unpaid, state="paid", paid_fen=5800)
    assert bring(stand, paid, their_order("T2", state="closed")) == {"changed": 2, "placed": 1}
    assert state("T1") == "paid"
    assert scalar("SELECT total_fen FROM orders_order WHERE id = %s", [arrival("T1")]) == 5800
    assert Arrival.objects.get(number="T2").standing == "called_off"


def arrival(number: str) -> UUID:
    return Arrival.objects.get(number=number).id


def test_called_off_there_before_it_left_gives_back_its_stock(stand: Stand) -> None:
    known(stand)
    one = their_order("T1")
    bring(stand, one)

    assert bring(stand, replace(one, state="closed", refunded_fen=6000)) == {"changed": 1}

    assert (state("T1"), left(stand)) == ("cancelled", 40)
    assert Arrival.objects.get(number="T1").standing == "called_off"


def test_a_refund_there_comes_once_whatever_file_tells_of_it(stand: Stand) -> None:
    known(stand)
    one = replace(their_order("T1"), state="received", waybill="7511", carrier="中通")
    bring(stand, one)
    part = replace(one, refunded_fen=1000)
    for _time in range(2):
        bring(stand, part)
    bring(stand, replace(part, refunded_fen=1500, aftersale=True))

    assert scalar("SELECT sum(amount_fen)::bigint FROM orders_refund") == 1500
    assert state("T1") == "delivered"
    bring(stand, replace(part, refunded_fen=9000))
    difference = Difference.objects.get()
    assert (difference.kind, difference.ours_fen, difference.theirs_fen) == ("refund", 1500, 9000)


def test_a_refund_of_an_order_not_yet_seen_is_told_with_the_order(stand: Stand) -> None:
    known(stand)
    assert bring(stand, replace(their_order("T1"), state="received", refunded_fen=500)) == {"placed": 1}
    assert scalar("SELECT sum(amount_fen)::bigint FROM orders_refund") == 500


def test_another_amount_in_another_file_is_for_a_person(stand: Stand) -> None:
    known(stand)
    one = their_order("T1")
    bring(stand, one)

    assert bring(stand, replace(one, paid_fen=6100)) == {"changed": 1, "differing": 1}
    assert scalar("SELECT total_fen FROM orders_order") == 6000
    found = Difference.objects.get()
    actions.end_difference(SYSTEM, difference=found.id, note="样例：平台改价")
    found.refresh_from_db()
    assert found.ended_by == SYSTEM.key


def test_goods_that_are_not_the_county_s_are_left_out(stand: Stand) -> None:
    known(stand)
    bring(stand, their_order("X", state="closed", sku="OTHER"))
    Listing.objects.filter(key="sku:OTHER").update(standing="ignored")
    both = their_order("T1")
    both = replace(both, lines=(*both.lines, TheirLine("2", "G-2", "OTHER", "", "别的", "", 1)))

    assert bring(stand, both, their_order("T2", sku="OTHER")) == {"placed": 1, "ignored": 1}
    assert scalar("SELECT count(*) FROM orders_line") == 1


def test_nobody_s_name_is_kept_and_only_who_may_brings(stand: Stand) -> None:
    known(stand)
    bring(stand, their_order("T1"))
    for table in ("channels_arrival", "channels_arrivalline", "channels_listing"):
        assert not [row for row in column(f"SELECT t::text FROM {table} t", of=str) if "洪山" in row]
    with pytest.raises(Forbidden):
        bring(stand, their_order("T2"), actor=stand.fair.agent)


def test_a_batch_asks_as_often_as_one_order(stand: Stand) -> None:
    known(stand)
    told = [their_order(f"T{n}", pieces=1) for n in range(1, 32)]

    def statements(some: list[TheirOrder]) -> int:
        with CaptureQueriesContext(connection) as asked:
            bring(stand, *some)
        return len(asked)

    assert statements(told[:1]) == statements(told[1:])
