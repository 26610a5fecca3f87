"""A buyer on a cheap phone, from stall to order: in both languages, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from countyfair.registers.people.tests.factories import COUNTY
from countyfair.trade.orders.tests.factories import Fair, a_fair
from tests.browser.visiting import DESK, LANGUAGES, PHONE, Visitor, flaws, overflow
from tests.journeys.conftest import Paying

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fair(transactional_db: None) -> Fair:
    return a_fair()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_guest_orders_for_pick_up_on_a_phone(
    visitor: Visitor, fair: Fair, paying: Paying, lang: str, scripts: bool
) -> None:
    page = visitor.open("/", lang=lang, width=PHONE, scripts=scripts)
    page.locator(".stall-name a").first.click()
    page.locator(".action-bar button").click()
    page.wait_for_url("**/basket/")
    page.locator(f'a[href="/checkout/{COUNTY}/"]').click()
    page.locator('[name="fulfilment"][value="pickup"]').check()
    if not scripts:
        page.locator('[name="stations"]').click()
    page.locator('[name="station"]').select_option(str(fair.station))
    page.locator('[name="name"]').fill("样例·买家")
    page.locator('[name="phone"]').fill("19900008888")
    page.locator(".checkout .action-bar button").click()
    page.wait_for_url(f"{paying.address}/pay?*")
    page.goto("/basket/")  # not paid yet: the phone knows the order
    page.locator(".notice a").click()
    page.wait_for_url("**/orders/*/*/")
    expect(page.locator(".price-big").first).to_be_visible()
    assert page.locator(".action-bar a.button-main").count() == 1
    if scripts:  # axe is one
        visitor.shot(page, f"shop order {lang}")
        assert overflow(page) <= 0
        assert flaws(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_of_the_fair_are_clean_for_everybody(
    visitor: Visitor, fair: Fair, lang: str, width: int
) -> None:
    person = visitor.person(lang=lang, width=width)
    product = f"/goods/{fair.stall.product}/"
    page = visitor.open(product, person)
    page.locator(".action-bar button").click()
    page.wait_for_url("**/basket/")
    for address in ("/", "/goods/", product, "/basket/", f"/checkout/{COUNTY}/", "/orders/find/", "/about/"):
        page.goto(address)
        visitor.shot(page, f"shop {address} {lang} {width}")
        assert overflow(page) <= 0, address
        assert flaws(page) == [], address


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dark_fair_has_the_same_contrast(visitor: Visitor, fair: Fair, lang: str) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang=lang, theme="dark")
    assert flaws(page) == []
