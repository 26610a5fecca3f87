"""Many offers at once: all or none, once, and back again unless somebody else has changed one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import LARGEST, Money
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, OTHER_COUNTY, an_actor
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.actions import Wanted
from countyfair.trade.catalog.actions.bulk import terms_of
from countyfair.trade.catalog.models import BulkChange, Offer
from countyfair.trade.catalog.queries.bulk import bulk_change, bulk_lines
from countyfair.trade.catalog.rules.bulk import LEAST, MOST, Edit, Terms, edited
from countyfair.trade.catalog.tests.factories import a_pack, a_product, an_offer

DEARER = Edit(percent=Decimal("0.1"))


@pytest.fixture
def offers() -> list[UUID]:
    product = a_product()
    return [an_offer(pack=a_pack(product=product, content_amount=500 + n), price_fen=1005) for n in range(3)]


def seen(offers: list[UUID]) -> dict[UUID, int]:
    return dict(Offer.objects.filter(pk__in=offers).values_list("id", "version"))


def prices(offers: list[UUID]) -> list[int]:
    return [Offer.objects.get(pk=key).price_fen for key in offers]


@pytest.mark.django_db
def test_prices_rise_once_and_come_back(offers: list[UUID]) -> None:
    staff, key, undo = an_actor("centre_staff"), uuid7(), uuid7()
    before = seen(offers)
    for _again in range(2):
        done = actions.edit_offers(staff, change=key, county=COUNTY, seen=before, edit=DEARER)
        assert done.changed == 3
        assert prices(offers) == [1106] * 3
    head = bulk_change(staff, change=key)
    assert (head.offers, head.moved, head.undone_by) == (3, 0, None)
    assert {row.before_fen for row in bulk_lines(staff, change=key)} == {1005}
    for _again in range(2):
        actions.undo_bulk(staff, change=key, undo=undo)
        assert prices(offers) == [1005] * 3
    assert bulk_change(staff, change=key).undone_by == undo
    with pytest.raises(Conflict):
        actions.undo_bulk(staff, change=key, undo=uuid7())
    announced = "SELECT count(*) FROM kernel_event WHERE name = 'catalog.offer_changed'"
    assert scalar(announced) == 3 + 3 + 3


@pytest.mark.django_db
def test_one_that_somebody_changed_stops_all_of_it_and_is_named(offers: list[UUID]) -> None:
    staff, before = an_actor("centre_staff"), seen(offers)
    actions.change_offer(staff, offer=offers[1], version=before[offers[1]], price=Money(2000))
    with pytest.raises(Conflict) as refused:
        actions.edit_offers(staff, change=uuid7(), county=COUNTY, seen=before, edit=DEARER)
    told = refused.value.details["offers"]
    assert isinstance(told, list)
    assert [(one["offer"], one["price_fen"], one["wanted_fen"]) for one in told] == [(offers[1], 2000, 2200)]
    assert prices(offers) == [1005, 2000, 1005]


@pytest.mark.django_db
def test_what_was_changed_since_cannot_be_undone(offers: list[UUID]) -> None:
    staff, key = an_actor("centre_staff"), uuid7()
    actions.edit_offers(staff, change=key, county=COUNTY, seen=seen(offers), edit=Edit(take_down=True))
    assert set(Offer.objects.filter(pk__in=offers).values_list("state", flat=True)) == {"off"}
    row = Offer.objects.get(pk=offers[0])
    actions.put_up(staff, offer=row.id, pack=row.pack_id, price=Money(900))
    assert bulk_change(staff, change=key).moved == 1
    with pytest.raises(Conflict):
        actions.undo_bulk(staff, change=key, undo=uuid7())
    assert Offer.objects.filter(pk__in=offers, state="off").count() == 2


@pytest.mark.django_db
def test_taking_down_is_undone_by_putting_up_unless_another_stands_there(offers: list[UUID]) -> None:
    staff, key = an_actor("centre_staff"), uuid7()
    actions.edit_offers(staff, change=key, county=COUNTY, seen=seen(offers), edit=Edit(take_down=True))
    pack = Offer.objects.get(pk=offers[0]).pack_id
    rival = actions.put_up(staff, offer=uuid7(), pack=pack, price=Money(700))
    with pytest.raises(Conflict):
        actions.undo_bulk(staff, change=key, undo=uuid7())
    actions.take_down(staff, offer=rival.id)
    assert actions.undo_bulk(staff, change=key, undo=uuid7()).changed == 3
    assert Offer.objects.filter(pk__in=offers, state="on").count() == 3


@pytest.mark.django_db
def test_who_may_not_and_what_is_elsewhere(offers: list[UUID]) -> None:
    before = seen(offers)
    for actor, county, refusal in (
        (an_actor("auditor"), COUNTY, Forbidden),
        (an_actor("centre_staff", place=OTHER_COUNTY), COUNTY, Forbidden),
        (an_actor("centre_staff", place=OTHER_COUNTY), OTHER_COUNTY, Missing),
    ):
        with pytest.raises(refusal):
            actions.edit_offers(actor, change=uuid7(), county=county, seen=before, edit=DEARER)
    staff, key = an_actor("centre_staff"), uuid7()
    for nothing in ({}, {uuid7(): 1 for _n in range(501)}):
        with pytest.raises(Invalid):
            actions.edit_offers(staff, change=key, county=COUNTY, seen=nothing, edit=DEARER)
    actions.edit_offers(staff, change=key, county=COUNTY, seen=before, edit=DEARER)
    with pytest.raises(Conflict):
        actions.edit_offers(staff, change=key, county=COUNTY, seen=before, edit=Edit(take_down=True))


@pytest.mark.django_db
def test_a_sheet_gives_each_its_own_terms(offers: list[UUID]) -> None:
    rows = list(Offer.objects.filter(pk__in=offers).order_by("id"))
    wanted = [
        Wanted(row.id, row.version, replace(terms_of(row), price_fen=100 + number))
        for number, row in enumerate(rows)
    ]
    staff = an_actor("centre_staff")
    assert actions.change_offers(staff, change=uuid7(), county=COUNTY, wanted=wanted).changed == 3
    assert sorted(prices(offers)) == [100, 101, 102]
    with pytest.raises(Invalid):
        actions.change_offers(
            staff, change=uuid7(), county=COUNTY,
            wanted=[Wanted(rows[0].id, rows[0].version + 1, replace(terms_of(rows[0]), price_fen=0))],
        )  # fmt: skip


@pytest.mark.django_db
def test_a_change_of_no_offer_leaves_nothing_whoever_asks() -> None:
    nobody = an_actor("courier")
    assert actions.change_offers(nobody, change=uuid7(), county=COUNTY, wanted=[]).changed == 0
    assert not BulkChange.objects.exists()


@given(
    st.integers(1, LARGEST),
    st.decimals(LEAST, MOST, places=4, allow_nan=False),
)
def test_a_price_stays_a_price(fen: int, percent: Decimal) -> None:
    made = edited(Terms(fen, None, None, 99, "on"), Edit(percent=percent))
    assert 1 <= made.price_fen <= LARGEST
    assert edited(made, Edit()) == made


def test_an_edit_that_cannot_be_is_refused() -> None:
    terms = Terms(100, None, None, 99, "on")
    for edit in (
        Edit(percent=Decimal(-1)),
        Edit(percent=Decimal(10)),
        Edit(window=(now(), now() - timedelta(1))),
    ):
        with pytest.raises(Invalid):
            edited(terms, edit)
