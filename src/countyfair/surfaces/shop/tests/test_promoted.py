"""What takes something off is told on the pages of stall and goods, and asked for only where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.clock import at, now
from countyfair.kernel.remembered import Remembered
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.shop.tests.buying import text_of
from countyfair.trade.catalog.queries import product_page
from countyfair.trade.catalog.tests.factories import a_shop
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, a_stall, place
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.queries import telling
from countyfair.trade.promotions.tests.factories import a_bundle, a_coupon, a_group

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def pages(client: Client, fair: Fair) -> tuple[str, str, int]:
    """The stall's page, the goods' page, and how many statements the latter asked."""
    shown = product_page(product=fair.stall.product)
    stall = text_of(client.get(f"/stalls/{COUNTY}/{shown.shop_slug}/", headers=ENGLISH))
    with CaptureQueriesContext(connection) as asked:
        goods = text_of(client.get(f"/goods/{fair.stall.product}/", headers=ENGLISH))
    return stall, goods, len(asked)


def test_a_public_code_a_group_and_a_bundle_are_told_while_they_count(client: Client, fair: Fair) -> None:
    pages(client, fair)
    plain = pages(client, fair)
    shop = product_page(product=fair.stall.product).shop
    a_coupon(code="SECRET", shop=shop)
    assert pages(client, fair)[2] == plain[2], "nothing is told, nothing is asked"
    made = [
        a_coupon(code="OPEN10", shop=shop, public=True, least_fen=5000),
        a_group(fair.stall.offer, needed=3),
        a_bundle(((fair.stall.offer, 3),), 7990),
    ]
    stall, goods, asked = pages(client, fair)
    for page in (stall, goods):
        for words in ("OPEN10", "10 % off", "From goods for ¥50.00 on.", "together for ¥19.80",
                      "3 more are missing", "together for ¥79.90", "/basket/bundle/"):  # fmt: skip
            assert words in page
        assert "SECRET" not in page
    assert asked == plain[2] + 2
    for key in made:
        promotions.end_promotion(SYSTEM, promotion=key)
    told = pages(client, fair)[:2]
    assert [word for word in ("OPEN10", "/groups/", "/basket/bundle/") for page in told if word in page] == []


def test_other_goods_tell_no_group_of_these_and_other_shops_nothing(client: Client, fair: Fair) -> None:
    a_group(fair.stall.offer)
    other = a_stall(fair.households, fair.station)
    assert "missing" not in text_of(client.get(f"/goods/{other.product}/", headers=ENGLISH))
    place(fair, group=a_group(fair.stall.offer, needed=2), expected_total_fen=1980, contact=CONTACT)
    stall, goods, _asked = pages(client, fair)
    for page in (stall, goods):
        assert ("2 more are missing" in page, "1 more is missing" in page) == (True, True)


def test_once_nothing_runs_any_more_a_shop_forgets_it_and_a_new_one_learns_what_the_county_tells(
    client: Client, fair: Fair
) -> None:
    pages(client, fair)
    plain = pages(client, fair)[2]
    a_coupon(code="COUNTY5", public=True)
    later = a_shop()
    assert pages(client, fair)[2] == plain + 1
    assert "COUNTY5" in pages(client, fair)[1]
    assert announces(later) is False
    assert [promotions.follow_shops(SYSTEM) for _time in range(2)] == [1, 0]
    assert announces(later) is True
    with at(now() + timedelta(days=40)):
        assert promotions.follow_shops(SYSTEM) == scalar("SELECT count(*) FROM catalog_shop")
        assert pages(client, fair)[2] == plain


def test_a_coupon_of_the_county_costs_its_goods_pages_nothing_once_it_is_known(
    client: Client, fair: Fair, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COUNTYFAIR_REMEMBER = True
    monkeypatch.setattr(telling, "_told", Remembered[str, Any](30))
    other = replace(fair, stall=a_stall(fair.households, fair.station))
    for one in (fair, other):
        pages(client, one)
    plain = pages(client, fair)[2]
    assert pages(client, other)[2] == plain
    a_coupon(code="COUNTY5", public=True)
    assert pages(client, fair)[2] == plain + 1, "who comes first asks for all"
    for one in (fair, other):
        _stall, goods, asked = pages(client, one)
        assert ("COUNTY5" in goods, asked) == (True, plain)
    monkeypatch.setattr(telling, "_told", Remembered[str, Any](30))
    a_coupon(code="MINE10", shop=product_page(product=other.stall.product).shop, public=True)
    for one, has, more in ((other, True, 1), (other, True, 1), (fair, False, 0)):
        _stall, goods, asked = pages(client, one)
        assert ("COUNTY5" in goods, "MINE10" in goods, asked) == (True, has, plain + more)
    with at(now() + timedelta(days=40)):
        assert "COUNTY5" not in pages(client, fair)[1], "what is over is not told, though it is remembered"


def announces(shop: object) -> object:
    return scalar("SELECT announces FROM catalog_shop WHERE id = %s", [shop])
