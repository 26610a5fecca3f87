"""A parcel leads to its lots; what its household is paid shows where it agreed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people.actions import withdraw_consent
from countyfair.registers.people.rules import ORIGIN
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.orders import actions as orders
from countyfair.trade.orders import queries as read
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.tests.factories import CONTACT, a_fair, a_stall, marked
from countyfair.trade.trace import actions, queries
from countyfair.trade.trace.queries.proofs import proofs
from countyfair.trade.trace.rules.numbers import Item
from countyfair.trade.trace.tests.factories import delivered, numbered, packed, paid, waybill_of


@pytest.mark.django_db
def test_a_parcel_of_two_lots_names_both_with_what_each_household_gets() -> None:
    fair = a_fair(lots=(600, 10_000))
    order = delivered(fair, packs=2)

    parcel = queries.parcel_by_waybill(waybill_of(order))

    assert [(one.lot.id, one.amount) for one in parcel.lots] == [
        (fair.stall.lots[0], 600),
        (fair.stall.lots[1], 400),
    ]
    shares = [one.paid_fen for one in parcel.lots]
    assert sum(share or 0 for share in shares) == 4768  # 80 % of 59.60
    assert parcel.days_on_the_way == 0


@pytest.mark.django_db
def test_the_worked_price_of_the_document() -> None:
    fair = a_fair()

    parcel = queries.parcel_by_waybill(waybill_of(packed(fair)))

    assert (parcel.lots[0].amount, parcel.lots[0].paid_fen) == (500, 2384)
    assert parcel.lots[0].paid_per == 4768
    assert parcel.days_on_the_way is None


@pytest.mark.django_db
def test_a_parcel_says_the_mark_it_was_sold_under_as_it_was_called_then() -> None:
    fair = a_fair()
    plain = packed(fair)
    brand, licence = marked(fair, fair.stall)
    order = packed(fair)
    catalog.withdraw_licence(SYSTEM, licence=licence, reason="样例")
    catalog.end_brand(SYSTEM, brand=brand)

    marks = [
        {one.mark[0] for one in queries.parcel_by_waybill(waybill_of(each)).lots} for each in (plain, order)
    ]

    assert marks[0] == {""}
    assert marks[1] == {scalar("SELECT name_zh FROM catalog_brandversion WHERE brand_id = %s", [brand])}
    assert "" not in marks[1]


@pytest.mark.django_db
def test_the_parcel_of_a_gift_says_where_it_comes_from_and_nothing_of_money() -> None:
    fair = a_fair()
    given = replace(CONTACT, gift=Gift("样例·奶奶"))

    parcel = queries.parcel_by_waybill(waybill_of(packed(fair, contact=given)))

    assert parcel.lots[0].amount == 500
    assert parcel.lots[0].paid_fen is None


@pytest.mark.django_db
def test_what_a_household_gets_is_not_shown_once_it_took_its_consent_back() -> None:
    fair = a_fair()
    order = delivered(fair)
    withdraw_consent(SYSTEM, household_id=fair.households[0], purpose=ORIGIN)

    parcel = queries.parcel_by_waybill(waybill_of(order))

    assert parcel.lots[0].paid_fen is None
    assert parcel.lots[0].paid_per is None


@pytest.mark.django_db
def test_goods_are_numbered_once_and_their_lots_are_found_by_it() -> None:
    fair = a_fair()
    numbered(fair)
    numbered(fair)
    lot = queries.history(SYSTEM, lot=fair.stall.lots[0])

    assert lot.item == 1
    assert queries.lot_by_number(lot.goods, lot.number) == lot
    for wrong in (Item(fair.county, 2), Item("410782", 1)):
        with pytest.raises(Missing):
            queries.lot_by_number(wrong, lot.number)
    with pytest.raises(Missing):
        queries.parcel_by_waybill("CF45022500000000000")


@pytest.mark.django_db
def test_history_and_parcels_of_a_lot_are_for_who_works_with_it() -> None:
    fair = a_fair()
    order = delivered(fair)
    lot = queries.history(SYSTEM, lot=fair.stall.lots[0])

    assert [(one.order, one.amount) for one in queries.parcels_with(SYSTEM, lot=lot)] == [(order, 500)]
    guest = Actor.guest("sample")
    with pytest.raises(Forbidden):
        queries.history(guest, lot=lot.id)
    with pytest.raises(Forbidden):
        queries.parcels_with(guest, lot=lot)
    with pytest.raises(Forbidden):
        actions.recall_lot(guest, recall=lot.id, lot=lot.id, severity="minor", reason="样例")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("grams", [590, 950, 1050])
def test_a_parcel_sold_by_weight_tells_what_was_packed_of_each_lot(grams: int) -> None:
    fair = a_fair()
    loose = a_stall(
        fair.households, fair.station, lots=(600, 5_000), content=1000, sold_by="weight", price_fen=4000
    )
    order = paid(fair, lines=((loose.offer, 1),), total_fen=4000)
    (line,) = read.order(SYSTEM, order_id=order).lines
    orders.pack(
        SYSTEM, order_id=order, parcel=uuid7(), weight_g=grams + 200, weights={line.id: grams},
        lighter_agreed=True,
    )  # fmt: skip
    orders.hand_over(SYSTEM, order_id=order)

    parcel = queries.parcel_by_waybill(waybill_of(order))

    parts = zip(loose.lots, (min(grams, 600), grams - 600), strict=True)
    drawn = {lot: part for lot, part in parts if part > 0}
    assert {one.lot.id: one.amount for one in parcel.lots} == drawn
    for lot in loose.lots:
        sent = queries.parcels_with(SYSTEM, lot=queries.history(SYSTEM, lot=lot))
        assert sum(one.amount for one in sent) == drawn.get(lot, 0)
    assert [proof.name for proof in proofs() if proof.broken] == []
