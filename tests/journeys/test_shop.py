"""A buyer on a cheap phone, from stall to order: in both languages, with and without scripts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SHIPPED
from countyfair.trade.logistics.actions import set_freight
from countyfair.trade.logistics.rules import FreightRule
from countyfair.trade.orders.tests.factories import FREIGHT, Fair, a_fair
from tests.browser.visiting import FACES, LANGUAGES, PHONE, Visitor, cut_off, flaws, overflow
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
    if not scripts:
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


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_packs_go_into_the_basket_without_leaving_the_page(
    visitor: Visitor, fair: Fair, lang: str, width: int
) -> None:
    page = visitor.open("/", lang=lang, width=width)
    page.locator(".stall-name a").first.click()
    scripts_there(page)
    button, told = page.locator(".action-bar button"), page.locator("[role=status] [data-packs]")
    for packs in ("1", "2"):
        button.focus()
        page.keyboard.press("Enter")
        expect(told).to_have_attribute("data-packs", packs)
        expect(page.locator(".head-link .count")).to_have_text(packs)
        expect(button).to_be_focused()
    for way in told.get_by_role("link").all():
        expect(way).to_be_in_viewport(ratio=1)
    visitor.shot(page, f"shop put in {lang} {width}")
    assert overflow(page) <= 0
    assert flaws(page) == []
    page.go_back()
    expect(page.locator(".head-link .count")).to_have_text("2")


def test_who_changes_a_number_and_goes_on_at_once_orders_that_many(visitor: Visitor, fair: Fair) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang="en", width=PHONE)
    scripts_there(page)
    page.locator(".action-bar button").click()
    page.locator("[role=status] a[href='/basket/']").click()
    page.wait_for_url("**/basket/")
    more, on = page.get_by_role("button", name="One more"), page.locator(".action-bar a")
    expect(page.get_by_role("button", name="Change")).to_be_hidden()
    more.click()
    expect(page.locator("live-basket .price-big")).to_have_text("¥59.60")
    expect(page.locator(".head-link .count")).to_have_text("2")
    expect(more).to_be_focused()
    page.context.set_offline(True)
    more.click()
    expect(page.locator("live-basket .notice")).to_contain_text("There was no answer")
    on.click()
    expect(page.get_by_role("button", name="Change")).to_be_visible()
    visitor.shot(page, "basket without a line")
    assert overflow(page) <= 0
    assert flaws(page) == []
    page.context.set_offline(False)
    more.click()
    on.click()
    page.wait_for_url(f"**/checkout/{COUNTY}/")
    expect(page.locator(".bill tbody")).to_contain_text("×\N{NO-BREAK SPACE}4")
    assert scalar("SELECT quantity FROM orders_basketline") == 4


def test_the_total_follows_the_destination_without_asking(visitor: Visitor, fair: Fair) -> None:
    load_divisions(LOADER, folder=SHIPPED, counties=())
    nearer = FreightRule("4502", "delivery", 1000, 300, 1000, 100, None, False, 0)
    set_freight(
        SYSTEM,
        county=COUNTY,
        table=[*FREIGHT, nearer, replace(nearer, destination="65", refused=True)],
        believed=1,
    )
    page = visitor.open(f"/goods/{fair.stall.product}/", lang="en", width=PHONE)
    scripts_there(page)
    page.locator(".action-bar button").click()
    page.locator(f'a[href="/checkout/{COUNTY}/"]').click()
    page.wait_for_url(f"**/checkout/{COUNTY}/")
    page.evaluate("customElements.whenDefined('order-total').then(() => null)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    button, expected = page.locator(".action-bar button"), page.locator("[name=expected]")
    for province, fen in (("44", 4180), ("", 2980), ("45", 2980)):  # in 45 it depends on the prefecture
        page.locator("[name=place_1]").select_option(province)
        expect(button).to_have_accessible_name(f"Place the order and pay: ¥{fen / 100:.2f}")
        assert expected.input_value() == str(fen)
        assert page.locator("[name=is_total]").input_value() == ("1" if province == "44" else "")
    page.locator("[name=place_2]").select_option("4502")
    expect(button).to_have_accessible_name("Place the order and pay: ¥32.80")
    page.locator("[name=place_1]").select_option("65")
    expect(page.locator("order-total [role=alert]")).to_be_visible()
    assert [url for url in asked if "/static/" not in url and "/places/below" not in url] == []
    visitor.shot(page, "refused destination")
    assert flaws(page) == []


def test_a_press_counts_once_however_slow_the_line(visitor: Visitor, fair: Fair) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/")
    scripts_there(page)
    waiting: list[Route] = []
    page.route("**/basket/add/", lambda route: waiting.append(route))
    button = page.locator(".action-bar button")
    for _time in range(3):
        button.click(force=True)
        expect(button).to_have_attribute("aria-disabled", "true")
    assert len(waiting) == 1
    waiting[0].continue_()
    expect(page.locator("[data-packs]")).to_have_attribute("data-packs", "1")
    expect(button).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", ["down", "500"])
def test_without_an_answer_the_form_stays_and_nothing_is_sent_again(
    visitor: Visitor, fair: Fair, lang: str, fault: str
) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang=lang)
    scripts_there(page)
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.url)
        if fault == "down":
            route.abort()
        else:
            route.fulfill(status=int(fault), body="<h1>broken</h1>")

    page.route("**/basket/add/", lose)
    page.locator("[name=quantity]").fill("3")
    page.locator(".action-bar button").click()
    expect(page.locator("[role=status] .notice-waiting a")).to_be_in_viewport(ratio=1)
    visitor.shot(page, f"shop no answer {lang}")
    assert flaws(page) == []
    assert len(sent) == 1
    assert page.locator("[name=quantity]").input_value() == "3"
    assert page.locator(".head-link .count").count() == 0


def test_who_is_refused_sees_the_page_that_says_why(visitor: Visitor, fair: Fair) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang="en")
    scripts_there(page)
    page.locator("[name=quantity]").evaluate("field => field.value = '0'")
    page.locator(".action-bar button").click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url("**/basket/add/")
    assert "999" in page.locator("main").inner_text()
    assert scalar("SELECT count(*) FROM orders_basketline") == 0


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_the_pages_of_the_fair_are_clean_for_everybody(
    visitor: Visitor, fair: Fair, lang: str, width: int
) -> None:
    person = visitor.person(lang=lang, width=width)
    product = f"/goods/{fair.stall.product}/"
    page = visitor.open(product, person)
    scripts_there(page)
    page.locator(".action-bar button").click()
    expect(page.locator("[data-packs]")).to_be_visible()
    for address in (
        "/", "/goods/", f"/goods/?q={'x' * 60}", product, "/basket/", f"/checkout/{COUNTY}/", "/orders/find/",
        "/about/",
    ):  # fmt: skip
        page.goto(address)
        for per in page.locator(".stall .price-per").all():
            per.evaluate("label => { label.textContent = '/ 一人一天，带走三斤鲜果' }")
        assert cut_off(page) == [], address
        visitor.shot(page, f"shop {address} {lang} {width}")
        assert overflow(page) <= 0, address
        assert flaws(page) == [], address


def test_letters_of_twice_the_size_fit_a_phone(visitor: Visitor, fair: Fair) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", width=PHONE)
    scripts_there(page)
    page.locator(".action-bar button").click()
    expect(page.locator("[data-packs]")).to_be_visible()
    for address in ("/", "/goods/", f"/checkout/{COUNTY}/", "/orders/find/", "/about/"):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        visitor.shot(page, f"shop large {address}")
        assert overflow(page) <= 0, address


def scripts_there(page: Page) -> None:
    """Wait for the product page's own script: whoever presses before it came is led to the basket."""
    page.evaluate("customElements.whenDefined('put-in').then(() => null)")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dark_fair_has_the_same_contrast(visitor: Visitor, fair: Fair, lang: str) -> None:
    page = visitor.open(f"/goods/{fair.stall.product}/", lang=lang, theme="dark")
    assert flaws(page) == []
