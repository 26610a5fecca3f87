"""An order with a coupon: right to the fen on its lines, shares, refunds, bill and statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Part
from countyfair.trade.orders.models import Line
from countyfair.trade.orders.queries.proofs import proofs
from countyfair.trade.orders.queries.shares import held_of, shares_of
from countyfair.trade.orders.tests.factories import NEAR, Fair, a_fair, a_stall, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions import queries as promoted
from countyfair.trade.promotions.queries import proofs as promotion_proofs
from countyfair.trade.promotions.tests.factories import a_coupon

pytestmark = pytest.mark.django_db


def paid(placed: actions.Placed) -> None:
    """Its money came, and the news of it is told by hand: a test is one transaction."""
    notify(placed.intent)
    payments.settle_waiting_notices()
    capture = UUID(str(scalar("SELECT id FROM payments_capture WHERE intent_id = %s", [placed.intent])))
    actions.mark_paid(
        SYSTEM,
        captured=[actions.Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)],
    )


def shares(order: UUID) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in shares_of([order]):
        sums[row.beneficiary] = sums.get(row.beneficiary, 0) + row.amount_fen
    return sums


def used(key: UUID) -> int:
    return promoted.promotion(SYSTEM, promotion=key).used


def assert_proved() -> None:
    broken = [row.name for row in (*proofs(), *promotion_proofs()) if row.broken]
    assert broken == []


def test_the_centre_bears_it_and_the_household_keeps_its_whole_share() -> None:
    fair = a_fair()
    key = a_coupon(off_fen=500)
    placed = place(fair, packs=2, coupon="autumn10", expected_total_fen=5460)
    assert placed.total_fen == 5460
    assert shares(placed.order) == {"household": 4768, "station": 358, "centre": 477 - 500, "platform": 357}
    assert scalar("SELECT amount_fen FROM payments_intent WHERE id = %s", [placed.intent]) == 5460
    shown = queries.order(SYSTEM, order_id=placed.order)
    assert [(line.amount_fen, line.discount_fen) for line in shown.lines] == [(5460, 500)]
    assert used(key) == 1
    assert_proved()


def test_the_household_bears_it_out_of_its_own_share() -> None:
    fair = a_fair()
    a_coupon(off_fen=500, bearer="household")
    placed = place(fair, packs=2, coupon="AUTUMN10", expected_total_fen=5460)
    assert shares(placed.order) == {"household": 4268, "station": 358, "centre": 477, "platform": 357}


def test_who_bears_more_than_the_own_share_leaves_the_rest_to_the_centre() -> None:
    fair = a_fair()
    a_coupon(off_fen=500, bearer="station")
    placed = place(fair, packs=2, coupon="AUTUMN10", expected_total_fen=5460)
    found = shares(placed.order)
    assert found["station"] == 1
    assert found["centre"] == 477 - (500 - 357)
    assert sum(found.values()) == 5460


def test_only_a_coupon_costs_a_statement() -> None:
    fair = a_fair()
    a_coupon(off_fen=500)
    with CaptureQueriesContext(connection) as plain:
        place(fair)
    with CaptureQueriesContext(connection) as with_coupon:
        place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    said = [[q["sql"] for q in one if "SAVEPOINT" not in q["sql"]] for one in (plain, with_coupon)]
    assert [len(one) for one in said] == [2, 3]


def test_freight_goes_by_the_full_price() -> None:
    fair = a_fair()
    a_coupon(off_fen=500)
    placed = place(
        fair, packs=4, coupon="AUTUMN10", pickup=False, destination=NEAR, expected_total_fen=4 * 2980 - 500
    )
    assert placed.total_fen == 4 * 2980 - 500, "free from 99.00 on, which the full price reaches"


@pytest.mark.parametrize("code", ["NOSUCH", "OTHERS", "TOOMUCH"])
def test_a_coupon_that_takes_nothing_off_is_told_at_its_field(code: str) -> None:
    fair = a_fair()
    elsewhere = a_stall(fair.households, fair.station)
    shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [elsewhere.product])
    a_coupon(code="OTHERS", shop=shop)
    a_coupon(code="TOOMUCH", least_fen=3000)
    with pytest.raises(Invalid) as refused:
        place(fair, coupon=code)
    assert refused.value.field == "coupon"
    assert scalar("SELECT count(*) FROM orders_order") == 0


def test_the_last_use_is_used_once_and_comes_back_when_the_order_comes_to_nothing() -> None:
    fair = a_fair()
    key = a_coupon(off_fen=500, limit_total=1)
    first = place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    with pytest.raises(Invalid) as refused:
        place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    assert refused.value.code == "coupon_used_up"
    actions.cancel(SYSTEM, order_id=first.order, reason="样例")
    actions.cancel(SYSTEM, order_id=first.order, reason="样例")
    assert used(key) == 0
    place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    assert used(key) == 1
    assert_proved()


def test_a_buyer_uses_it_as_often_as_it_may_be() -> None:
    fair = a_fair()
    a_coupon(off_fen=500, limit_each=1)
    order = uuid7()
    first = place(fair, coupon="AUTUMN10", expected_total_fen=2480, order_id=order)
    assert place(fair, coupon="AUTUMN10", expected_total_fen=2480, order_id=order) == first
    with pytest.raises(Invalid) as refused:
        place(fair, coupon="AUTUMN10", expected_total_fen=2480, actor=Actor.guest("another phone's browser"))
    assert refused.value.code == "coupon_used_up"


def test_the_price_without_its_coupon_is_another_order() -> None:
    fair = a_fair()
    a_coupon(off_fen=500)
    with pytest.raises(Stale) as stale:
        place(fair, coupon="AUTUMN10")
    assert stale.value.details == {"total_fen": 2480}
    order = uuid7()
    place(fair, coupon="AUTUMN10", expected_total_fen=2480, order_id=order)
    with pytest.raises(Conflict):
        place(fair, expected_total_fen=2480, order_id=order)


def test_ended_is_ended() -> None:
    fair = a_fair()
    key = a_coupon(off_fen=500)
    promotions.end_promotion(SYSTEM, promotion=key)
    with pytest.raises(Invalid) as refused:
        place(fair, coupon="AUTUMN10", expected_total_fen=2480)
    assert refused.value.code == "coupon_not_open"


def test_a_late_payment_of_what_expired_goes_back_since_its_coupon_is_another_s_now() -> None:
    fair = a_fair()
    key = a_coupon(off_fen=500, limit_total=1)
    placed = place(fair, coupon="AUTUMN10", expected_total_fen=2480, gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        assert actions.expire_unpaid(SYSTEM) == 1
        assert used(key) == 0
        paid(placed)
    assert queries.order(SYSTEM, order_id=placed.order).state == "cancelled"
    assert scalar("SELECT sum(amount_fen)::bigint FROM payments_refund") == 2480
    assert_proved()


def delivered(fair: Fair, placed: actions.Placed, weights: dict[UUID, int] | None = None) -> None:
    actions.pack(
        SYSTEM, order_id=placed.order, parcel=uuid7(), weight_g=2000, weights=weights, lighter_agreed=True
    )
    actions.hand_over(SYSTEM, order_id=placed.order)
    actions.deliver(SYSTEM, order_id=placed.order, evidence="样例")


def test_parts_and_then_the_rest_of_the_discounted_price_go_back_and_nobody_is_left_with_a_fen() -> None:
    fair = a_fair()
    a_coupon(off_fen=700)
    placed = place(fair, packs=2, coupon="AUTUMN10", expected_total_fen=5260, gateway="sandbox")
    paid(placed)
    delivered(fair, placed)
    line = Line.objects.get(order_id=placed.order).id
    for fen in (1, 2777):
        _refund(placed.order, [Part(line, fen)])
    left = 5260 - 2778
    assert sum(row.share.amount_fen for row in held_of(placed.order)) == left
    with pytest.raises(Invalid):
        _refund(placed.order, [Part(line, left + 1)])
    _refund(placed.order, [Part(line, left)])
    assert held_of(placed.order) == []
    assert queries.order(SYSTEM, order_id=placed.order).state == "refunded"
    assert_proved()


def _refund(order: UUID, parts: Sequence[Part]) -> None:
    actions.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=list(parts), reason="样例")


@pytest.mark.parametrize("bearer", ["household", "centre"])
def test_a_lighter_pack_of_a_discounted_line_is_billed_by_the_discounted_price(bearer: str) -> None:
    fair = a_fair()
    loose = a_stall(fair.households, fair.station, price_fen=4000, content=1000, sold_by="weight")
    a_coupon(off_fen=400, bearer=bearer)
    placed = place(
        fair, lines=((loose.offer, 1),), coupon="AUTUMN10", expected_total_fen=3600, gateway="sandbox"
    )
    paid(placed)
    line = Line.objects.get(order_id=placed.order).id
    delivered(fair, placed, {line: 950})
    shown = queries.order(SYSTEM, order_id=placed.order)
    assert shown.lines[0].amount_fen == 3420, "950 g at 36.00 a kilogram"
    assert shown.billed_fen == 3420
    assert sum(shares(placed.order).values()) == 3420
    full = {"household": 3040, "station": 228, "centre": 304, "platform": 228}
    full[bearer] -= 380
    assert shares(placed.order) == full
    assert_proved()
