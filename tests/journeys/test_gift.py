"""A gift from the checkout to the slip in its parcel, in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.station.tests.conftest import Counter, signed_in
from countyfair.trade.orders.rules.contact import Gift
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, place
from countyfair.trade.orders.tests.test_life import pay
from tests.browser.visiting import FACES, LANGUAGES, PHONE, Visitor, flaws, overflow
from tests.journeys.conftest import Paying
from tests.journeys.test_station_pages import agent
from tests.journeys.walking import english_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fair(transactional_db: None) -> Fair:
    return a_fair()


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_gift_is_ordered_and_its_order_says_for_whom(
    visitor: Visitor, fair: Fair, paying: Paying, lang: str, width: int
) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang=lang, width=width)
    page.locator(".action-bar button").click()
    page.locator(f'a[href="/checkout/{COUNTY}/"]').click()
    page.locator('[name="fulfilment"][value="pickup"]').check()
    page.locator('[name="station"]').select_option(str(fair.station))
    page.locator('[name="name"]').fill("样例·买家")
    page.locator('[name="phone"]').fill("19900008888")
    page.locator("details", has=page.locator("[name=gift_name]")).locator("summary").click()
    page.locator('[name="gift_name"]').fill("样例·奶奶")
    page.locator('[name="gift_phone"]').fill("12")
    page.locator('[name="greeting"]').fill("生日快乐")
    for phone in ("12", "19900006666"):
        page.locator('[name="gift_phone"]').fill(phone)
        visitor.shot(page, f"gift checkout {lang} {width} {phone}")
        assert overflow(page) <= 0
        assert flaws(page) == []
        page.locator(".checkout .action-bar button").click()
        page.wait_for_load_state("load")
        if phone == "12":  # refused at its field; what was typed stands there still
            page.locator("#e-gift_phone").wait_for()
            assert page.locator('[name="greeting"]').input_value() == "生日快乐"
    page.wait_for_url(f"{paying.address}/pay?*")
    page.goto("/basket/")
    page.locator(".notice a").click()
    page.wait_for_url("**/orders/*/*/")
    assert "样例·奶奶" in page.locator("main").inner_text()
    visitor.shot(page, f"gift order {lang} {width}")
    assert overflow(page) <= 0
    assert flaws(page) == []
    assert lang == "en" or english_on(page) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_packs_it_is_told_and_puts_a_slip_without_prices_in(
    visitor: Visitor, fair: Fair, lang: str
) -> None:
    counter = Counter(fair, signed_in(fair.agent))
    placed = place(fair, contact=replace(CONTACT, gift=Gift("样例·奶奶", "", "生日快乐")))
    pay(fair, placed)
    page = visitor.open(counter.link("order", placed.order), agent(visitor, counter, lang=lang, width=PHONE))
    visitor.shot(page, f"gift at the station {lang}")
    assert flaws(page, strict=True) == []
    assert overflow(page) <= 0
    page.locator(f'form[action$="/orders/{placed.order}/slip/"] button').click()
    page.locator(".paper").wait_for()
    visitor.shot(page, f"gift slip {lang}")
    assert "生日快乐" in page.locator(".paper").inner_text()
    assert "¥" not in page.locator("main").inner_text()
    assert flaws(page, strict=True) == []
    assert overflow(page) <= 0
    assert lang == "en" or english_on(page) == []
