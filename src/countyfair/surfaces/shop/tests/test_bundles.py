"""A bundle on the goods' page, in the basket and at the checkout, without scripts."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.surfaces.shop.tests.buying import form, found, ordered, put_in, text_of
from countyfair.trade.orders.tests.factories import Fair, a_fair, a_stall
from countyfair.trade.promotions import actions as promotions
from countyfair.trade.promotions.tests.factories import a_bundle

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
CHECKOUT = f"/checkout/{COUNTY}/"


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def test_it_is_shown_on_the_goods_page_only_while_it_counts(client: Client, fair: Fair) -> None:
    address = f"/goods/{fair.stall.product}/"
    client.get(address)
    asked = []
    for _bundle in range(3):
        if _bundle == 1:
            key = a_bundle(((fair.stall.offer, 3),), 7990)
        if _bundle == 2:
            promotions.end_promotion(SYSTEM, promotion=key)
        with CaptureQueriesContext(connection) as ran:
            page = text_of(client.get(address, headers=ENGLISH))
        asked.append(len(ran))
        shown = [words in page for words in ("Sample bundle: together for ¥79.90", "¥89.40 one by one")]
        assert shown == [_bundle == 1] * 2
    assert asked[1] == asked[0] + 1
    assert asked[2] == asked[0]


def put_all(client: Client, bundle: UUID, fair: Fair, *, completing: bool = False) -> str:
    """Press the button, on the goods' page or in the basket; what the page after it says."""
    product = "" if completing else str(fair.stall.product)
    answer = client.post("/basket/bundle/", {"bundle": str(bundle), "product": product}, follow=True)
    return text_of(answer)


def test_one_button_puts_all_of_it_in_the_basket_or_what_is_missing(client: Client, fair: Fair) -> None:
    bundle = a_bundle(((fair.stall.offer, 3),), 7990)
    assert f'value="{bundle}"' in text_of(client.get(f"/goods/{fair.stall.product}/"))
    assert "−¥9.50" in put_all(client, bundle, fair)
    client.post("/basket/change/", {"offer": str(fair.stall.offer), "quantity": "5"})
    page = text_of(client.get("/basket/", headers=ENGLISH))
    assert "“Sample bundle” costs ¥79.90 together" in page
    for _time in range(2):
        assert "−¥19.00" in put_all(client, bundle, fair, completing=True)
    assert packs() == 6
    assert "/basket/bundle/" not in text_of(client.get("/basket/"))


def test_of_a_bundle_that_cannot_be_had_whole_nothing_goes_in(client: Client, fair: Fair) -> None:
    scarce = a_stall(fair.households, fair.station, lots=(600,))
    shop = scalar("SELECT shop_id FROM catalog_product WHERE id = %s", [fair.stall.product])
    scalar("UPDATE catalog_product SET shop_id = %s WHERE id = %s RETURNING id", [shop, scarce.product])
    bundle = a_bundle(((fair.stall.offer, 2), (scarce.offer, 1)), 7990)
    put_all(client, bundle, fair)
    assert packs() == 3
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = put_all(client, bundle, fair)
    assert "Not all of the set can be had now. Nothing was put in the basket." in said
    assert "Only 1 pack left" in said
    promotions.end_promotion(SYSTEM, promotion=bundle)
    assert "This bundle is over" in put_all(client, bundle, fair)
    assert packs() == 3
    assert client.post("/basket/bundle/", {"bundle": "none"}).status_code == 422


def packs() -> object:
    return scalar("SELECT sum(quantity)::int FROM orders_basketline")


def test_the_basket_the_checkout_and_the_order_say_what_it_takes_off(client: Client, fair: Fair) -> None:
    a_bundle(((fair.stall.offer, 3),), 7990)
    put_in(client, fair.stall.offer, 4)
    basket = text_of(client.get("/basket/", headers=ENGLISH))
    for words in ("Sample bundle", "−¥9.50", "119"):
        assert words in basket
    assert "109" in basket
    page = text_of(client.get(CHECKOUT, headers=ENGLISH))
    assert "Sample bundle" in page
    assert found(page, "expected") == str(4 * 2980 - 950)
    answer = client.post(CHECKOUT, form(fair, page))
    assert answer.status_code == 302, text_of(answer)
    assert scalar("SELECT discount_fen FROM orders_order") == 950
    shown = text_of(client.get(ordered(answer), headers=ENGLISH))
    assert "Sample bundle took off ¥9.50" in shown
