"""A product as the desk changes it: whole, in one statement, for who manages it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden, Missing
from countyfair.registers.people.tests.factories import (
    COUNTY,
    OTHER_COUNTY,
    SYSTEM,
    an_actor,
    an_organisation,
)
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries.counties import counties
from countyfair.trade.catalog.queries.desk import product_whole
from countyfair.trade.catalog.tests.factories import a_pack, a_product, a_shop, an_offer

pytestmark = pytest.mark.django_db


def test_a_product_stands_with_its_packs_and_the_offers_that_are_not_down(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    product = a_product()
    large, small = a_pack(product=product, content_amount=2500), a_pack(product=product, content_amount=500)
    sold = an_offer(pack=small, price_fen=2980)
    gone = an_offer(pack=large, price_fen=9900)
    actions.take_down(SYSTEM, offer=gone)
    staff = an_actor("centre_staff")
    with django_assert_num_queries(1):
        found = product_whole(staff, product=product)
    assert (found.id, found.county, found.withdrawn_at) == (product, COUNTY, None)
    assert [(pack.id, pack.content_amount) for pack in found.packs] == [(small, 500), (large, 2500)]
    assert [(offer.id, offer.pack, offer.price_fen) for offer in found.offers] == [(sold, small, 2980)]
    assert found.photos == ()


def test_a_product_is_read_in_its_county_and_by_who_runs_its_shop() -> None:
    runs, other = an_organisation(), an_organisation()
    product = a_product(shop=a_shop(organisation=runs))
    for reader in (
        an_actor("auditor", place="45"),
        an_actor("centre_staff"),
        an_actor("shop_keeper", organisation=runs),
    ):
        assert product_whole(reader, product=product).id == product
    for stranger in (
        an_actor(),
        an_actor("courier"),
        an_actor("centre_staff", place=OTHER_COUNTY),
        an_actor("shop_keeper", organisation=other),
    ):
        with pytest.raises(Forbidden):
            product_whole(stranger, product=product)
    with pytest.raises(Missing):
        product_whole(SYSTEM, product=uuid7())


def test_counties_that_sell_are_told_to_whose_role_reaches_them() -> None:
    a_shop(county=COUNTY)
    a_shop(county=OTHER_COUNTY)
    assert counties(SYSTEM) == [COUNTY, OTHER_COUNTY]
    assert counties(an_actor("auditor", place="45")) == [COUNTY]
    assert counties(an_actor("centre_staff", place=OTHER_COUNTY)) == [OTHER_COUNTY]
    assert counties(an_actor()) == []
