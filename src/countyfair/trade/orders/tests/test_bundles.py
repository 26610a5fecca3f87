"""Packs that cost less together: found by the basket itself, right to the fen whatever comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Stale
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Part
from countyfair.trade.orders.models import Line
from countyfair.trade.orders.queries.shares import held_of
from countyfair.trade.orders.tests.factories import Fair, Stall, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_discounts import assert_proved, delivered, paid, shares, used
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.queries import promotion
from countyfair.trade.promotions.tests.factories import a_bundle, a_coupon

pytestmark = pytest.mark.django_db

#: Two packs at 29.80 and one at 19.99 together for 69.99, 9.60 less.
TOGETHER, OFF = 6999, 960


def two_goods(*, sold_by: str = "piece", content: int = 500) -> tuple[Fair, Stall]:
    """A fair whose stall has a second product of the same shop, at 19.99."""
    fair = a_fair()
    other = a_stall(
        fair.households, fair.station, price_fen=1999, content=content, sold_by=sold_by, lots=(30_000,)
    )
    shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [fair.stall.product])
    scalar("UPDATE catalog_product SET shop_id = %s WHERE id = %s RETURNING id", [shop, other.product])
    return fair, other


def bundled(fair: Fair, other: Stall, **said: Any) -> UUID:
    return a_bundle(((fair.stall.offer, 2), (other.offer, 1)), TOGETHER, **said)


def wanted(fair: Fair, other: Stall, rice: int = 2, honey: int = 1) -> tuple[tuple[UUID, int], ...]:
    return ((fair.stall.offer, rice), (other.offer, honey))


def test_the_basket_finds_it_and_the_parts_sum_to_what_it_is_less() -> None:
    fair, other = two_goods()
    key = bundled(fair, other)
    quoted = queries.quote(SYSTEM, county=fair.county, lines=wanted(fair, other))
    assert quoted.goods_fen == TOGETHER
    assert [line.discount_fen for line in quoted.lines] == [719, 241]
    placed = place(fair, lines=wanted(fair, other), expected_total_fen=TOGETHER)
    lines = queries.order(SYSTEM, order_id=placed.order).lines
    assert [(line.amount_fen, line.discount_fen) for line in lines] == [(5241, 719), (1758, 241)]
    assert used(key) == 1
    assert sum(shares(placed.order).values()) == TOGETHER
    assert_proved()


@pytest.mark.parametrize(
    ("rice", "honey", "off"), [(1, 1, 0), (2, 0, 0), (3, 1, OFF), (4, 2, 2 * OFF), (5, 2, 2 * OFF)]
)
def test_only_whole_sets_count(rice: int, honey: int, off: int) -> None:
    fair, other = two_goods()
    bundled(fair, other)
    lines = [one for one in wanted(fair, other, rice, honey) if one[1]]
    quoted = queries.quote(SYSTEM, county=fair.county, lines=lines)
    assert quoted.discount_fen == off
    assert quoted.goods_fen == rice * 2980 + honey * 1999 - off


def test_an_order_without_bundles_asks_for_nothing_more() -> None:
    fair, other = two_goods()
    counted: list[int] = []
    for _bundle in range(2):
        with CaptureQueriesContext(connection) as ran:
            place(fair, lines=wanted(fair, other), expected_total_fen=7959 - OFF * len(counted))
        counted.append(len([q for q in ran if "SAVEPOINT" not in q["sql"]]))
        if not _bundle:
            bundled(fair, other)
    assert counted == [2, 4]
    unnamed = a_stall(fair.households, fair.station)
    with CaptureQueriesContext(connection) as ran:
        place(fair, lines=((unnamed.offer, 1),), expected_total_fen=2980)
    assert len([q for q in ran if "SAVEPOINT" not in q["sql"]]) == 2


@pytest.mark.parametrize("bearer", ["household", "station", "centre", "platform"])
def test_who_bears_it_is_frozen_on_the_lines(bearer: str) -> None:
    fair, other = two_goods()
    bundled(fair, other, bearer=bearer)
    placed = place(fair, lines=wanted(fair, other), expected_total_fen=TOGETHER)
    assert sum(shares(placed.order).values()) == TOGETHER
    said = scalar(
        "SELECT string_agg(DISTINCT kind || ' ' || bearer || ' ' || stacking_version, ',')"
        " FROM orders_linediscount WHERE order_id = %s",
        [placed.order],
    )
    assert said == f"bundle {bearer} 3"
    if bearer == "household":
        full = 7959
        assert shares(placed.order)["household"] == round(full * 0.8) - OFF
    assert_proved()


def test_a_coupon_counts_from_what_the_bundle_left() -> None:
    fair, other = two_goods()
    bundled(fair, other)
    a_coupon(percent=10)
    placed = place(fair, lines=wanted(fair, other), coupon="AUTUMN10", expected_total_fen=TOGETHER - 700)
    kinds = (
        "SELECT string_agg(kind || ' ' || fen, ', ' ORDER BY kind) FROM (SELECT kind, sum(amount_fen) AS fen"
    )
    told = scalar(f"{kinds} FROM orders_linediscount WHERE order_id = %s GROUP BY kind) k", [placed.order])
    assert told == f"bundle {OFF}, coupon 700"
    assert_proved()


def test_of_two_bundles_each_pack_counts_for_one_and_the_larger_saving_first() -> None:
    fair, other = two_goods()
    bundled(fair, other)
    a_bundle(((fair.stall.offer, 2),), 5800)
    quoted = queries.quote(SYSTEM, county=fair.county, lines=wanted(fair, other, rice=4))
    assert quoted.discount_fen == OFF + 160
    assert quoted.goods_fen == 4 * 2980 + 1999 - OFF - 160


def test_a_price_below_the_bundle_s_needs_no_bundle() -> None:
    fair, other = two_goods()
    bundled(fair, other)
    scalar("UPDATE catalog_offer SET price_fen = 2000 WHERE id = %s RETURNING id", [fair.stall.offer])
    quoted = queries.quote(SYSTEM, county=fair.county, lines=wanted(fair, other))
    assert quoted.discount_fen == 0
    assert quoted.goods_fen == 5999


def test_ended_it_counts_no_more_and_its_offers_forget_it() -> None:
    fair, other = two_goods()
    first, second = bundled(fair, other), a_bundle(((fair.stall.offer, 3),), 8000)
    promotions.end_promotion(SYSTEM, promotion=first)
    knows = "SELECT bundled FROM catalog_offer WHERE id = %s"
    assert [scalar(knows, [key]) for key in (fair.stall.offer, other.offer)] == [True, False]
    with pytest.raises(Stale) as stale:
        place(fair, lines=wanted(fair, other), expected_total_fen=TOGETHER)
    assert stale.value.details == {"total_fen": 7959}
    promotions.end_promotion(SYSTEM, promotion=second)
    promotions.end_promotion(SYSTEM, promotion=second)
    assert scalar(knows, [fair.stall.offer]) is False
    assert_proved()


def test_its_time_is_kept_and_once_it_is_closed_nothing_asks_for_it() -> None:
    fair, other = two_goods()
    keys = [bundled(fair, other), a_bundle(((other.offer, 2),), 3000)]
    with at(now() + timedelta(days=20)):
        lasting = a_bundle(((fair.stall.offer, 3),), 8000)
        assert promotions.close_bundles(SYSTEM) == 0
    with at(now() + timedelta(days=40)):
        place(fair, lines=wanted(fair, other), expected_total_fen=7959)
        assert promotions.close_bundles(SYSTEM) == len(keys)
        knows = "SELECT bundled FROM catalog_offer WHERE id = %s"
        assert [scalar(knows, [key]) for key in (fair.stall.offer, other.offer)] == [True, False]
    with at(now() + timedelta(days=60)):
        assert [promotions.close_bundles(SYSTEM) for _time in range(2)] == [1, 0]
        with CaptureQueriesContext(connection) as ran:
            place(fair, lines=wanted(fair, other), expected_total_fen=7959)
        assert len([q for q in ran if "SAVEPOINT" not in q["sql"]]) == 2
        states = [promotion(SYSTEM, promotion=key).state for key in (*keys, lasting)]
        assert states == ["over", "over", "over"]
    assert_proved()


def test_called_off_its_use_counts_as_none_and_late_money_goes_back() -> None:
    fair, other = two_goods()
    key = bundled(fair, other)
    placed = place(fair, lines=wanted(fair, other), expected_total_fen=TOGETHER, gateway="sandbox")
    with at(now() + timedelta(hours=1)):
        assert actions.expire_unpaid(SYSTEM) == 1
        assert used(key) == 0
        paid(placed)
    assert queries.order(SYSTEM, order_id=placed.order).state == "cancelled"
    assert scalar("SELECT sum(amount_fen)::bigint FROM payments_refund") == TOGETHER
    assert_proved()


def test_one_line_given_back_gives_back_its_part_of_the_price_together_and_then_the_rest() -> None:
    fair, other = two_goods()
    bundled(fair, other)
    placed = place(fair, lines=wanted(fair, other), expected_total_fen=TOGETHER, gateway="sandbox")
    paid(placed)
    delivered(fair, placed)
    honey = Line.objects.get(order_id=placed.order, offer_id=other.offer).id
    rice = Line.objects.get(order_id=placed.order, offer_id=fair.stall.offer).id
    with pytest.raises(Invalid):
        _refund(placed.order, Part(honey, 1999))
    _refund(placed.order, Part(honey, 1758))
    assert sum(row.share.amount_fen for row in held_of(placed.order)) == 5241
    _refund(placed.order, Part(rice, 5241))
    assert held_of(placed.order) == []
    assert_proved()


def _refund(order: UUID, part: Part) -> None:
    actions.refund(SYSTEM, order_id=order, refund_id=uuid7(), parts=[part], reason="样例")


@pytest.mark.parametrize("bearer", ["household", "centre"])
def test_what_is_weighed_is_billed_by_its_part_of_the_price_together(bearer: str) -> None:
    fair, loose = two_goods(sold_by="weight", content=1000)
    bundled(fair, loose, bearer=bearer)
    placed = place(fair, lines=wanted(fair, loose), expected_total_fen=TOGETHER, gateway="sandbox")
    paid(placed)
    line = Line.objects.get(order_id=placed.order, offer_id=loose.offer).id
    delivered(fair, placed, {line: 950})
    shown = queries.order(SYSTEM, order_id=placed.order)
    assert [one.amount_fen for one in shown.lines] == [5241, 1670], "0.95 of 17.58"
    assert sum(shares(placed.order).values()) == 5241 + 1670
    assert_proved()


def test_who_may_make_one() -> None:
    fair, other = two_goods()
    with pytest.raises(Forbidden):
        bundled(fair, other, actor=an_actor("station_agent"))
    with pytest.raises(Forbidden):
        bundled(fair, other, actor=an_actor("centre_staff"), bearer="platform")
    bundled(fair, other, actor=an_actor("centre_staff"), bearer="household")
    with pytest.raises(Forbidden):
        promotions.end_promotion(Actor.guest("any"), promotion=bundled(fair, other))


@pytest.mark.parametrize(
    ("parts", "fen", "field"),
    [
        ((2, 1), 7959, "price"), ((2, 1), 2, "price"), ((0, 1), 900, "parts"), ((100, 1), 900, "parts"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_told_at_their_field(parts: tuple[int, int], fen: int, field: str) -> None:
    fair, other = two_goods()
    said = [one for one in zip((fair.stall.offer, other.offer), parts, strict=True) if one[1]]
    with pytest.raises(Invalid) as refused:
        a_bundle(tuple(said), fen)
    assert refused.value.field == field


def test_goods_of_two_stalls_make_no_bundle_and_the_same_form_makes_one() -> None:
    fair = a_fair()
    elsewhere = a_stall(fair.households, fair.station)
    with pytest.raises(Invalid) as refused:
        a_bundle(((fair.stall.offer, 1), (elsewhere.offer, 1)), 4000)
    assert refused.value.field == "parts"
    key, moment = uuid7(), now()
    with at(moment):
        for _pressed_twice in range(2):
            assert a_bundle(((fair.stall.offer, 2),), 5000, key=key) == key
        with pytest.raises(Conflict):
            a_bundle(((fair.stall.offer, 2),), 4900, key=key)
    assert scalar("SELECT count(*) FROM promotions_promotion WHERE county = %s", [COUNTY]) == 1
