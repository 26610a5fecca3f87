"""A bundle from the desk's form to the basket, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.ui.tests.clients import signed_in
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.promotions.tests.factories import a_bundle
from tests.browser.visiting import FACES, Visitor, flaws, overflow
from tests.journeys.walking import english_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fair(transactional_db: None) -> Fair:
    return a_fair()


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_the_goods_page_shows_it_and_the_basket_finds_it(
    visitor: Visitor, fair: Fair, lang: str, width: int
) -> None:
    a_bundle(((fair.stall.offer, 3),), 7990)
    page = visitor.open(f"/goods/{fair.stall.product}/", lang=lang, width=width)
    page.locator(".notice", has_text="79.90").wait_for()
    look(visitor, page, f"bundle goods {lang} {width}", lang)
    page.locator("input[name=quantity]").fill("2")
    page.locator(".action-bar button").click()
    page.locator("[role=status] [data-packs='2']").wait_for()
    page.goto("/basket/")
    look(visitor, page, f"bundle begun {lang} {width}", lang)
    page.locator("form[action='/basket/bundle/'] button").click()
    page.get_by_text("−¥9.50").wait_for()
    page.goto(f"/goods/{fair.stall.product}/")
    page.locator("form[action='/basket/bundle/'] button").click()
    page.get_by_text("−¥19.00").wait_for()
    look(visitor, page, f"bundle basket {lang} {width}", lang)
    page.locator(f'a[href="/checkout/{COUNTY}/"]').click()
    page.wait_for_url(f"**/checkout/{COUNTY}/")
    assert page.locator("[name=expected]").input_value() == "15980"


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_the_desk_makes_one(visitor: Visitor, fair: Fair, lang: str, width: int) -> None:
    client = signed_in("centre_staff")
    person = visitor.person(lang=lang, width=width)
    person.add_cookies(
        [{"name": name, "value": one.value, "url": visitor.address} for name, one in client.cookies.items()]
    )
    page = visitor.open(f"/centre/{COUNTY}/promotions/bundle/", person)
    shop = scalar("SELECT shop_id::text FROM catalog_product WHERE id = %s", [fair.stall.product])
    page.locator("select[name=shop]").select_option(str(shop))
    page.locator("form[method=get] button[type=submit]", has_text="").last.click()
    page.locator(f"[name='packs-{fair.stall.offer}']").fill("3")
    page.locator("[name=price]").fill("79.90")
    page.locator("[name=name_zh]").fill("三袋装")
    page.locator("[name=closes_at]").fill("2026-12-31T20:00")
    look(visitor, page, f"bundle form {lang} {width}", lang)
    page.locator("form[method=post] button.button-main").click()
    page.wait_for_url(f"**/centre/{COUNTY}/promotions/*-*/")
    look(visitor, page, f"bundle made {lang} {width}", lang)
    assert scalar("SELECT bundled FROM catalog_offer WHERE id = %s", [fair.stall.offer]) is True


def look(visitor: Visitor, page: Page, name: str, lang: str) -> None:
    """Take a picture, and hold the page to what every page must be."""
    visitor.shot(page, name)
    assert overflow(page) <= 0
    assert flaws(page) == []
    assert lang == "en" or english_on(page) == []
