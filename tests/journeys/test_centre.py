"""The centre's desk in a browser: every page on a phone and at the desk, by keyboard, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from countyfair.registers.people.tests.factories import a_role, a_user
from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SAMPLE, SHIPPED
from countyfair.surfaces.centre.tests.conftest import County, paid_order
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.settlement.tests.factories import a_batch, a_completed_order, bank_says
from tests.browser.visiting import DESK, LANGUAGES, PHONE, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def county(transactional_db: None) -> County:
    load_divisions(LOADER, folder=SHIPPED, counties=SAMPLE)
    fair = a_fair()
    a_completed_order(fair, packs=2)
    bank_says(a_batch(), "returned", only=1)
    a_completed_order(fair)
    a_batch(sent=False)
    return County(fair, paid_order(fair, packs=3), place(fair).order)


def at_work(visitor: Visitor, *roles: str, **manners: Any) -> BrowserContext:
    """The browser of somebody who holds these roles in the county and has shown a second factor."""
    user = a_user(name="样例·丙")
    for role in roles:
        a_role(user, role)
    person = visitor.person(**manners)
    key = client_of(user).cookies["sessionid"].value
    person.add_cookies([{"name": "sessionid", "value": key, "url": visitor.address}])
    return person


def tails(county: County) -> dict[str, str]:
    fair, stall = county.fair, county.fair.stall
    return {
        "today": "", "orders": "orders/", "order": f"orders/{county.paid}/",
        "order-cancel": f"orders/{county.paid}/cancel/", "order-pack": f"orders/{county.paid}/pack/",
        "products": "products/", "product": f"products/{stall.product}/", "product-new": "products/new/",
        "pack-new": f"products/{stall.product}/packs/new/",
        "photo-new": f"products/{stall.product}/photos/new/",
        "offers": "offers/", "offer": f"offers/{stall.offer}/",
        "offer-new": f"products/{stall.product}/packs/{stall.pack}/offer/",
        "lots": "lots/", "lot": f"lots/{stall.lots[0]}/", "lot-correct": f"lots/{stall.lots[0]}/correct/",
        "payouts": "payouts/", "refunds": "refunds/", "shares": "shares/", "freight": "freight/",
        "households": "households/", "household": f"households/{county.household}/",
        "household-new": "households/new/", "statement": f"households/{county.household}/statement/",
        "stations": "stations/", "station": f"stations/{fair.station}/",
        "till": f"stations/{fair.station}/till/",
        "people": "people/", "role-grant": "people/grant/", "trail": "trail/",
    }  # fmt: skip


@pytest.mark.parametrize(("lang", "width"), [(LANGUAGES[0], PHONE), (LANGUAGES[1], DESK)])
def test_every_page_of_the_desk_can_be_used_by_everyone(
    visitor: Visitor, county: County, lang: str, width: int
) -> None:
    person = at_work(visitor, "county_admin", "centre_finance", lang=lang, width=width)
    found: dict[str, list[str]] = {}
    for name, tail in tails(county).items():
        page = visitor.open(county.at(tail), person)
        visitor.shot(page, f"centre-{name}-{lang}-{width}")
        wrong = flaws(page)
        if wide := overflow(page):
            wrong.append(f"{wide} px too wide")
        if wrong:
            found[name] = wrong
        page.close()
    assert found == {}


def test_the_desk_is_worked_by_keyboard(visitor: Visitor, county: County) -> None:
    page = visitor.open(county.at("orders/"), at_work(visitor, "centre_staff", lang="en", width=DESK))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*/")


def test_a_product_is_put_up_without_scripts(visitor: Visitor, county: County) -> None:
    person = at_work(visitor, "centre_staff", lang="en", width=DESK, scripts=False)
    page = visitor.open(county.at("products/new/"), person)
    page.get_by_label("Shop").select_option(index=1)
    page.get_by_label("Code").fill("JOURNEY-1")
    page.get_by_label("Chinese name").fill("香菇")
    page.get_by_label("Category").select_option("mushroom")
    page.get_by_label("Where it comes from").select_option(index=3)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Add a pack").click()
    page.get_by_label("Code").fill("JOURNEY-1-500")
    page.get_by_label("What stands on it, in Chinese").fill("500克装")
    page.get_by_role("textbox", name="Content").fill("500 g")
    page.get_by_role("button", name="Add the pack").click()
    page.get_by_role("link", name="Put up for sale").click()
    page.get_by_role("textbox", name="Price").fill("twelve")
    page.get_by_role("button", name="Put it up").click()
    assert page.get_by_role("textbox", name="Price").input_value() == "twelve"
    page.get_by_role("textbox", name="Price").fill("12.50")
    page.get_by_role("checkbox", name="Stations").check()
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_text("Web shop ¥12.50")).to_be_visible()
    expect(page.get_by_text("Stations ¥12.50")).to_be_visible()


def test_a_refusal_leads_to_its_field(visitor: Visitor, county: County) -> None:
    person = at_work(visitor, "centre_staff", lang="en", width=PHONE)
    page = visitor.open(county.at(f"lots/{county.fair.stall.lots[0]}/correct/"), person)
    page.get_by_label("What really lies there").fill("many")
    page.get_by_role("button", name="Correct", exact=True).click()
    page.locator("#errors a").first.click()
    assert page.evaluate("document.activeElement.name") == "counted"
    assert page.get_by_label("What really lies there").input_value() == "many"
    assert visitor.shot(page, "centre-refused-en-360").exists()
