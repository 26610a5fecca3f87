"""Nights are booked all or none, redeemed once, and called off by the rule they were booked under."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, at, now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing, Refusal, SoldOut
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.registers.stations.queries import station
from countyfair.registers.stations.tests.factories import a_station
from countyfair.trade.bookings import actions, queries, rules
from countyfair.trade.bookings.tests.factories import GUEST, PRICE_FEN, Stay, a_stay, booked, opened, paid
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as ordered
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.queries import at_counter, at_station
from countyfair.trade.orders.tests.factories import place
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.queries import proofs as stock_proofs
from countyfair.trade.stock.queries.services import service_days

pytestmark = pytest.mark.django_db(transaction=True)


def free(stay: Stay) -> list[int]:
    return [
        row.free
        for row in service_days(product=stay.product, since=today(), until=stay.first + timedelta(40))
    ]


def state(placed: Placed) -> str:
    return str(scalar("SELECT state FROM orders_order WHERE id = %s", [placed.order]))


def refunded(placed: Placed) -> int:
    return int(
        str(
            scalar(
                "SELECT coalesce(sum(amount_fen), 0)::bigint FROM orders_refund WHERE order_id = %s",
                [placed.order],
            )
        )
    )


def on(stay: Stay, days: int = 0) -> datetime:
    """Noon of a day of the stay."""
    return datetime.combine(stay.first + timedelta(days=days), time(12), COUNTY_ZONE)


def redeem(stay: Stay, placed: Placed, *, actor: Actor = SYSTEM) -> actions.Redeemed:
    return actions.redeem(
        actor, redemption=uuid7(), household=stay.household, code=rules.shown(rules.code_of(placed.order))
    )


def holds() -> None:
    proofs = (*queries.proofs(), *stock_proofs(), *ordered.proofs())
    assert [proof.name for proof in proofs if proof.broken] == []


def test_a_stay_takes_a_place_of_each_of_its_nights() -> None:
    stay = a_stay(nights=4, rooms=2)
    placed = booked(stay, nights=3, rooms=2)
    assert placed.total_fen == 6 * PRICE_FEN
    assert free(stay) == [0, 0, 0, 2]
    row = ordered.order(SYSTEM, order_id=placed.order)
    assert row.freight_fen == 0
    assert row.lines[0].label_zh == f"双人间一晚 · {stay.first}/{stay.first + timedelta(days=2)}"
    assert scalar("SELECT kind FROM orders_line WHERE order_id = %s", [placed.order]) == "service"
    holds()


def test_a_stay_with_one_full_night_is_not_booked_at_all() -> None:
    stay = a_stay(nights=3, rooms=1)
    booked(stay, nights=1, first=stay.first + timedelta(days=1))
    with pytest.raises(SoldOut) as refused:
        booked(stay, nights=3)
    assert "'left': 0" in str(refused.value.details["lines"])
    assert free(stay) == [1, 0, 1]


def test_the_same_form_again_is_the_first_booking() -> None:
    stay, key = a_stay(), uuid7()
    assert booked(stay, order_id=key) == booked(stay, order_id=key)
    with pytest.raises(Conflict):
        booked(stay, order_id=key, nights=2)
    assert free(stay)[:2] == [1, 2]


def test_two_guests_of_the_last_room_get_one_room() -> None:
    stay = a_stay(nights=1, rooms=1)

    def guest(number: int) -> str:
        try:
            booked(stay, actor=Actor.guest(f"guest-{number}"))
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(4) as crowd:
        outcomes = sorted(crowd.map(guest, range(4)))
    assert outcomes == ["SoldOut", "SoldOut", "SoldOut", "booked"]
    holds()


def test_a_service_is_not_sold_from_the_basket_nor_goods_for_a_day() -> None:
    stay = a_stay()
    with pytest.raises(Conflict) as refused:
        place(stay.fair, lines=((stay.offer, 1),), expected_total_fen=PRICE_FEN)
    assert refused.value.code == "needs_day"
    with pytest.raises(Conflict) as refused:
        actions.book(
            Actor.guest("x"), order_id=uuid7(), offer=stay.fair.stall.offer, first_on=stay.first,
            days=1, places=1,            contact=GUEST, gateway="sandbox", expected_total_fen=2980,
        )  # fmt: skip
    assert refused.value.code == "not_a_service"


def test_it_is_redeemed_once_on_however_many_phones() -> None:
    stay = a_stay(in_days=0)
    placed = paid(stay, nights=2)

    def phone(_number: int) -> bool:
        try:
            return redeem(stay, placed).again
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as phones:
        again = sorted(phones.map(phone, range(4)))
    assert again == [False, True, True, True]
    assert state(placed) == "delivered"
    assert scalar("SELECT count(*) FROM bookings_redemption") == 1
    holds()


def test_the_same_redemption_sent_again_is_the_first_answer() -> None:
    stay = a_stay(in_days=0)
    placed, key = paid(stay), uuid7()
    code = rules.code_of(placed.order)
    first = actions.redeem(SYSTEM, redemption=key, household=stay.household, code=code)
    assert actions.redeem(SYSTEM, redemption=key, household=stay.household, code=code) == first
    assert not first.again


def test_a_phone_that_was_without_a_line_tells_when_it_redeemed() -> None:
    stay = a_stay()
    placed = paid(stay)
    code = rules.code_of(placed.order)
    with clock.at(on(stay, 2)):
        done = actions.redeem(SYSTEM, redemption=uuid7(), household=stay.household, code=code, at=on(stay))
    assert done.at == on(stay)


@pytest.mark.parametrize(
    ("wrong", "code"), [("early", "too_early"), ("unpaid", "unpaid"), ("off", "called_off")]
)
def test_what_cannot_be_redeemed_says_why(wrong: str, code: str) -> None:
    stay = a_stay()
    placed = booked(stay) if code == "unpaid" else paid(stay)
    if code == "called_off":
        orders.cancel(SYSTEM, order_id=placed.order, reason="样例：山路塌方")
    with clock.at(on(stay, -1 if code == "too_early" else 0)), pytest.raises(Conflict) as refused:
        redeem(stay, placed)
    assert refused.value.code == code
    holds()


def test_only_its_host_or_who_acts_for_it_redeems() -> None:
    stay = a_stay(in_days=0)
    placed = paid(stay)
    with pytest.raises(Forbidden):
        redeem(stay, placed, actor=an_actor())
    with pytest.raises(Missing):
        actions.redeem(
            SYSTEM, redemption=uuid7(), household=stay.fair.households[1], code=rules.code_of(placed.order)
        )
    with pytest.raises(Invalid):
        actions.redeem(SYSTEM, redemption=uuid7(), household=stay.household, code="1234")
    assert state(placed) == "paid"


@pytest.mark.parametrize(("days_before", "percent"), [(8, 100), (7, 100), (6, 50), (2, 50)])
def test_what_comes_back_follows_the_days_before(days_before: int, percent: int) -> None:
    stay = a_stay(nights=2)
    placed = paid(stay, nights=2)
    with clock.at(on(stay, -days_before)):
        token = placed.token
        back = actions.call_off(Actor.guest("sample"), order_id=placed.order, token=token)
        assert actions.call_off(Actor.guest("sample"), order_id=placed.order, token=token) == 0
    assert back == refunded(placed) == placed.total_fen * percent // 100
    assert state(placed) == ("cancelled" if percent == 100 else "delivered")
    assert free(stay) == [2, 2]
    holds()


def test_too_late_the_place_stays_the_guests() -> None:
    stay = a_stay()
    placed = paid(stay)
    with clock.at(on(stay, -1)), pytest.raises(Conflict) as refused:
        actions.call_off(Actor.guest("sample"), order_id=placed.order, token=placed.token)
    assert refused.value.code == "too_late"
    assert state(placed) == "paid"
    with pytest.raises(Forbidden):
        orders.cancel(Actor.guest("sample"), order_id=placed.order, token=placed.token)


def test_the_rule_is_that_of_the_day_of_booking() -> None:
    stay = a_stay()
    placed = paid(stay)
    actions.set_rule(SYSTEM, household=stay.household, product=stay.product, rule=rules.PRESETS["firm"].rule)
    later = paid(stay)
    with clock.at(on(stay, -7)):
        assert actions.call_off(Actor.guest("s"), order_id=placed.order, token=placed.token) == PRICE_FEN
        assert actions.call_off(Actor.guest("s"), order_id=later.order, token=later.token) == PRICE_FEN // 2


def test_who_does_not_come_is_closed_after_a_while() -> None:
    stay = a_stay()
    placed = paid(stay)
    with clock.at(on(stay, rules.GRACE_DAYS)):
        assert actions.close_no_shows(SYSTEM) == 0
    with clock.at(on(stay, rules.GRACE_DAYS + 1)):
        assert actions.close_no_shows(SYSTEM) == 1
        assert actions.close_no_shows(SYSTEM) == 0
        with pytest.raises(Conflict) as refused:
            redeem(stay, placed)
    assert refused.value.code == "no_show"
    assert (state(placed), refunded(placed)) == ("delivered", 0)
    holds()


def test_a_host_closes_a_day_but_never_under_its_guests() -> None:
    stay = a_stay(nights=2, rooms=3)
    booked(stay, rooms=2)
    assert opened(stay, nights=2, rooms=1) == 1
    assert [(row.places, row.booked, row.free) for row in service_days(
        product=stay.product, since=stay.first, until=stay.first + timedelta(days=1)
    )] == [(2, 2, 0), (1, 0, 1)]  # fmt: skip
    assert opened(stay, nights=2, rooms=0) == 1
    assert free(stay) == [0, 0]
    holds()


def test_another_household_cannot_be_its_host_too() -> None:
    stay = a_stay()
    stranger = people.household(SYSTEM, household_id=stay.fair.households[1])
    with pytest.raises(Conflict):
        opened(Stay(stay.fair, stranger.id, stay.product, stay.offer, stay.first))


def test_a_booking_is_nobodys_to_pack() -> None:
    stay = a_stay()
    centre = station(a_station(kind="centre"))
    paid(stay, nights=1)
    assert at_station.to_pack(SYSTEM, centre) == []
    assert at_counter.work(SYSTEM, centre, since=clock.now(), moment=clock.now()).to_pack == 0
    assert ordered.today(SYSTEM, county=centre.county, since=clock.now()).to_pack == 0


def test_its_shares_are_its_hosts_and_complete_as_usual() -> None:
    stay = a_stay(in_days=0)
    placed = paid(stay, nights=2)
    redeem(stay, placed)
    with clock.at(on(stay, 9)):
        assert orders.complete_due(SYSTEM) == 1
    assert state(placed) == "completed"
    of_host = scalar(
        "SELECT sum(amount_fen)::bigint FROM orders_share"
        " WHERE order_id = %s AND beneficiary = 'household' AND owner = %s",
        [placed.order, str(stay.household)],
    )
    assert of_host == placed.total_fen * 80 // 100


def test_a_place_that_comes_back_on_a_past_day_is_written_off_again() -> None:
    a_stay(nights=1, rooms=1, in_days=1)
    lot = UUID(str(scalar("SELECT id FROM stock_lot WHERE service_on IS NOT NULL")))
    with at(now() + timedelta(days=3)):
        for _again in range(2):
            assert stock.close_past_days(SYSTEM) == 1
            assert scalar("SELECT on_hand FROM stock_lot WHERE id = %s", [lot]) == 0
            append("correct", lot=lot, county=COUNTY, on_hand=1, source=f"back:{uuid7()}")
        assert stock.close_past_days(SYSTEM) == 1
