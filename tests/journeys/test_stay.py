"""A farm-stay night is opened, booked, paid, and redeemed by the host's phone: with a line and without."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from countyfair.kernel.clock import today
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.farmer.tests.test_money_and_packing import user_of
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.bookings.rules import code_of
from countyfair.trade.bookings.tests.factories import Stay, a_stay, paid
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock.queries.services import service_days
from tests.browser.visiting import FACES, LANGUAGES, PHONE, Visitor, flaws, overflow
from tests.journeys.conftest import Paying
from tests.journeys.walking import english_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stay(visitor: Visitor) -> Stay:
    cache.clear()
    return a_stay(in_days=0, nights=6)


def host(visitor: Visitor, stay: Stay, lang: str = "zh-hans", width: int = PHONE) -> BrowserContext:
    """A phone of the host's."""
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    known = people.household(SYSTEM, household_id=stay.household).user_id
    value = client_of(known or user_of(stay.household), second_factor=False).cookies[name].value
    person.add_cookies([{"name": name, "value": value, "url": visitor.address}])
    return person


def whole(visitor: Visitor, page: Page, name: str, lang: str) -> str:
    """What a page says, once it was looked at: nothing over its edge, axe clean, no foreign words."""
    visitor.shot(page, f"stay {name} {lang} {(page.viewport_size or {'width': 0})['width']}")
    assert overflow(page) <= 0, name
    assert flaws(page, strict="/farmer/" in page.url) == [], name
    assert lang == "en" or english_on(page) == [], name
    return page.locator("main").inner_text()


def state_of(stay: Stay) -> str:
    return str(scalar("SELECT state FROM orders_order ORDER BY placed_at DESC LIMIT 1"))


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_night_is_sold_and_redeemed(
    visitor: Visitor, stay: Stay, paying: Paying, lang: str, width: int
) -> None:
    guest = visitor.open(f"/goods/{stay.product}/", lang=lang, width=width)
    whole(visitor, guest, "service", lang)
    guest.locator("a.day-free").first.click()
    guest.wait_for_url("**on=*")
    whole(visitor, guest, "day chosen", lang)
    guest.fill("[name=days]", "2")
    guest.locator("form[method=get] .button-main").click()
    assert "¥336.00" in whole(visitor, guest, "book", lang).replace("\n", "")
    guest.fill("[name=name]", "样例·客人")
    guest.locator(".action-bar button").click()
    expect(guest.locator("#e-phone")).to_be_visible()
    assert guest.input_value("[name=name]") == "样例·客人"
    whole(visitor, guest, "no phone", lang)
    guest.fill("[name=phone]", "19900007777")
    guest.locator(".action-bar button").click()
    guest.wait_for_url(f"{paying.address}/pay?*")
    guest.locator("summary").click()
    guest.locator("button").first.click()
    guest.wait_for_url(f"**{urlsplit(visitor.address).netloc}/orders/**")
    intent = UUID(str(scalar("SELECT intent FROM orders_order ORDER BY placed_at DESC LIMIT 1")))
    payments.ask_provider(SYSTEM, intent=intent)
    deliver_everything()
    guest.goto(guest.url.split("?")[0])
    code = re.search(r"\d{4} \d{4} \d{4}", whole(visitor, guest, "code", lang))
    assert code is not None
    assert guest.locator(".booking-qr svg").is_visible()
    phone = visitor.open(f"/farmer/{stay.household}/guests/", host(visitor, stay, lang, width))
    phone.fill("[name=code]", code[0])
    whole(visitor, phone, "guests", lang)
    phone.locator("redeem-code .button-main").click()
    expect(phone.locator(".told-done")).to_be_visible()
    phone.reload()
    whole(visitor, phone, "redeemed", lang)
    assert state_of(stay) == "delivered"
    guest.reload()
    assert code[0] not in whole(visitor, guest, "was there", lang)


def test_a_phone_without_a_line_redeems_once(visitor: Visitor, stay: Stay) -> None:
    placed = paid(stay)
    code = code_of(placed.order)
    person = host(visitor, stay)
    phone = visitor.open(f"/farmer/{stay.household}/guests/", person)
    assert code not in phone.content()
    expect(phone.locator("redeem-code[kept]")).to_be_visible(timeout=30_000)
    person.set_offline(True)
    phone.reload()
    for number, told in (("9" * 12, "refused"), (code, "done"), (code, "waiting")):
        phone.fill("[name=code]", number)
        phone.locator("redeem-code .button-main").click()
        expect(phone.locator(f".told-{told}")).to_be_visible()
    visitor.shot(phone, "stay without a line")
    phone.reload()
    expect(phone.locator(".redeem-waiting")).to_be_visible()
    assert state_of(stay) == "paid"
    other = visitor.open(f"/farmer/{stay.household}/guests/#{code}", host(visitor, stay))
    expect(other.locator("[name=code]")).to_have_value(code, timeout=30_000)
    other.locator("redeem-code .button-main").click()
    expect(other.locator(".told-done")).to_be_visible()
    person.set_offline(False)
    expect(phone.locator(".redeem-waiting")).to_be_hidden(timeout=30_000)
    expect(phone.locator(".told-done")).to_be_visible()
    assert state_of(stay) == "delivered"
    assert scalar("SELECT count(*) FROM bookings_redemption") == 1


def test_a_booking_called_off_meanwhile_comes_back_as_a_sentence(visitor: Visitor, stay: Stay) -> None:
    placed = paid(stay)
    person = host(visitor, stay)
    phone = visitor.open(f"/farmer/{stay.household}/guests/", person)
    expect(phone.locator("redeem-code[kept]")).to_be_visible(timeout=30_000)
    person.set_offline(True)
    phone.fill("[name=code]", code_of(placed.order))
    phone.locator("redeem-code .button-main").click()
    expect(phone.locator(".told-done")).to_be_visible()
    scalar("UPDATE orders_order SET state = 'cancelled' WHERE id = %s RETURNING id", [placed.order])
    person.set_offline(False)
    expect(phone.locator(".told-refused")).to_contain_text("退订", timeout=30_000)
    expect(phone.locator(".redeem-waiting")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_host_opens_and_closes_days(visitor: Visitor, stay: Stay, lang: str, scripts: bool) -> None:
    person = visitor.person(lang=lang, width=PHONE, scripts=scripts)
    name = settings.SESSION_COOKIE_NAME
    value = client_of(user_of(stay.household), second_factor=False).cookies[name].value
    person.add_cookies([{"name": name, "value": value, "url": visitor.address}])
    page = visitor.open(f"/farmer/{stay.household}/services/{stay.product}/", person)
    ticks = page.locator("[name=day]:not(:checked)")
    ticks.nth(8).check()
    if scripts:
        whole(visitor, page, "days", lang)
    page.fill("[name=places]", "4")
    page.locator("form .button-main").first.click()
    page.wait_for_url("**from=*")
    opened = service_days(
        product=stay.product, since=today(), until=stay.first.replace(year=stay.first.year + 1)
    )
    assert [row.places for row in opened][-1] == 4
    page.locator("[name=day]").first.check()
    page.locator("[name=close]").click()
    page.locator("[name=rule][value=easy]").check()
    page.locator("form[action$='/rule/'] button").click()
    assert scalar("SELECT count(*) FROM bookings_terms") == 1
    if scripts:
        whole(visitor, page, "rule", lang)
