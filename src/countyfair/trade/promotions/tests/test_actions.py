"""Coupons are given out once, by who may, and ended for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor, an_organisation
from countyfair.trade.catalog.tests.factories import a_shop
from countyfair.trade.promotions import actions, queries
from countyfair.trade.promotions.tests.factories import a_coupon, coupon_terms

pytestmark = pytest.mark.django_db


def test_a_coupon_is_found_however_its_code_is_typed() -> None:
    key = a_coupon(code="autumn-10")
    for typed in ("AUTUMN10", " ａｕｔｕｍｎ１０ ", "autumn 10"):
        found = queries.coupon(county=COUNTY, code=typed)
        assert found is not None
        assert found.id == key
    assert queries.coupon(county="621227", code="AUTUMN10") is None


def test_the_same_form_again_makes_one_coupon_and_another_is_refused() -> None:
    key, terms = uuid7(), coupon_terms()
    for _time in range(2):
        actions.make_coupon(SYSTEM, coupon=key, county=COUNTY, terms=terms)
    assert len(queries.promotions(SYSTEM, county=COUNTY)) == 1
    with pytest.raises(Conflict):
        actions.make_coupon(SYSTEM, coupon=key, county=COUNTY, terms=coupon_terms(percent=20))


def test_a_code_is_given_out_once_in_a_county() -> None:
    a_coupon()
    with pytest.raises(Invalid) as refused:
        a_coupon()
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "a!"}, "code"),
        ({"name_zh": " "}, "name_zh"),
        ({"percent": 91}, "percent"),
        ({"percent": 0}, "percent"),
        ({"percent": -5}, "percent"),
        ({"off_fen": 10**9}, "off"),
        ({"bearer": "buyer"}, "bearer"),
        ({"limit_each": 0}, "limit_each"),
        ({"closes_at": now() - timedelta(days=2)}, "closes_at"),
    ],
)
def test_terms_that_cannot_be_are_told_at_their_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_coupon(**said)
    assert refused.value.field == field


def test_a_shop_keeper_gives_out_coupons_of_the_own_stall_at_its_households_cost_only() -> None:
    organisation = an_organisation(place=COUNTY)
    shop = a_shop(organisation=organisation)
    keeper = an_actor("shop_keeper", organisation=organisation)
    key = a_coupon(actor=keeper, shop=shop, bearer="household", code="OWN1")
    with pytest.raises(Forbidden):
        a_coupon(actor=keeper, shop=shop, bearer="platform", code="OWN2")
    with pytest.raises(Forbidden):
        a_coupon(actor=keeper, bearer="household", code="OWN3")
    with pytest.raises(Forbidden):
        a_coupon(actor=keeper, shop=a_shop(), bearer="household", code="OWN4")
    a_coupon(code="COUNTY1")
    assert [row.id for row in queries.promotions(keeper, county=COUNTY)] == [key]
    with pytest.raises(Forbidden):
        actions.end_promotion(keeper, promotion=a_coupon(code="COUNTY2"))
    actions.end_promotion(keeper, promotion=key)
    assert queries.promotion(keeper, promotion=key).state == "ended"


def test_an_agent_gives_out_none_and_sees_none_of_another_county() -> None:
    agent = an_actor("station_agent", place="621227")
    with pytest.raises(Forbidden):
        a_coupon(actor=agent, bearer="household")
    with pytest.raises(Forbidden):
        queries.promotions(agent, county=COUNTY)
