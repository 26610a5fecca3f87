"""A product's page as values: what is drawn once a process, and what makes it be drawn anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from countyfair.kernel import clock
from countyfair.kernel.money import Money
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.shop.goods import Goods, shown
from countyfair.surfaces.shop.linked_data import product_head
from countyfair.surfaces.shop.stalls import FEW
from countyfair.surfaces.shop.tests.buying import text_of
from countyfair.surfaces.ui.translation import Speaking
from countyfair.trade.catalog import actions as catalog
from countyfair.trade.catalog.queries import ProductPage
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.stock.queries import product_on_sale

pytestmark = pytest.mark.django_db

PLENTY = 500


@pytest.fixture
def fair() -> Fair:
    return a_fair()


@pytest.fixture
def page(fair: Fair) -> ProductPage:
    return product_on_sale(product=fair.stall.product)[0]


def drawn(page: ProductPage, left: int = PLENTY, month: int = 3) -> Goods:
    return shown(page, {offer.id: left for offer in page.offers}, [], month, None)


def test_the_same_row_is_the_same_page_and_a_sale_out_of_plenty_draws_nothing_anew(
    page: ProductPage,
) -> None:
    again, _left = product_on_sale(product=page.id)
    assert again is page
    assert drawn(page, PLENTY) is drawn(page, PLENTY - 1)
    assert product_head(page, drawn(page)) is product_head(page, drawn(page, PLENTY - 1))


def test_what_is_left_counts_as_soon_as_the_page_says_it(page: ProductPage) -> None:
    (offer,) = page.offers
    assert [drawn(page, left).packs[0].few for left in (FEW + 1, FEW, 0)] == [False, True, False]
    assert drawn(page, FEW).packs[0].left == FEW
    assert drawn(page, offer.most_per_order).most == drawn(page, PLENTY).most == offer.most_per_order
    assert drawn(page, offer.most_per_order - 1).most == offer.most_per_order - 1
    assert drawn(page, 0).is_sold_out
    assert "OutOfStock" in product_head(page, drawn(page, 0))


def test_an_offer_opens_when_its_time_comes(page: ProductPage) -> None:
    moment = clock.now()
    later = replace(page, offers=(replace(page.offers[0], opens_at=moment + timedelta(hours=1)),))
    with clock.at(moment):
        assert drawn(later).packs[0].opens
        assert "PreSale" in product_head(later, drawn(later))
    with clock.at(moment + timedelta(hours=1)):
        assert not drawn(later).packs[0].opens
        assert "InStock" in product_head(later, drawn(later))


def test_each_language_and_each_month_has_its_own(page: ProductPage, settings: Any) -> None:
    with Speaking("zh-hans"):
        chinese = drawn(page)
    with Speaking("en"):
        english = drawn(page)
        settings.COUNTYFAIR_ORIGIN = "https://elsewhere.example"
        assert "https://elsewhere.example" in product_head(page, english)
    assert chinese.name != english.name
    assert (drawn(page, month=3).month, drawn(page, month=4).month) == (3, 4)


def test_the_page_follows_what_its_price_becomes(client: Client, fair: Fair, page: ProductPage) -> None:
    address, english = f"/goods/{page.id}/", {"accept-language": "en"}
    assert "43.21" not in text_of(client.get(address, headers=english))
    (offer,) = page.offers
    catalog.change_offer(SYSTEM, offer=offer.id, version=offer.version, price=Money(4321))
    told = text_of(client.get(address, headers=english))
    assert "43.21" in told
    assert '"price":"43.21"' in told
