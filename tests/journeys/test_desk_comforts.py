"""The desk's comforts in a browser: many rows at once and back, two people at one offer, keys, news."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from countyfair.kernel.ids import uuid7
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import News
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.centre.tests.conftest import County
from tests.browser.visiting import DESK, LANGUAGES, PHONE, Visitor, flaws, overflow
from tests.journeys.test_centre import at_work, county

__all__ = ["county"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("lang", "width"), [(LANGUAGES[0], PHONE), (LANGUAGES[1], DESK)])
def test_the_new_pages_can_be_used_by_everyone(
    visitor: Visitor, county: County, lang: str, width: int
) -> None:
    person = at_work(visitor, "county_admin", lang=lang, width=width)
    order = uuid7()
    facts = {"number": "261123-1", "station": "样例站"}
    notices.tell(SYSTEM, news=[News("order.ready", county.code, str(order), f"order:{order}", None, facts)])
    found: dict[str, list[str]] = {}
    for name, address in {
        "offers-ticks": county.at("offers/"),
        "orders-ticks": county.at("orders/"),
        "bring": county.at("offers/bring/"),
        "filters": county.at("filters/?list=orders&query=state%3Dpaid"),
        "messages": county.at("news/"),
        "wordings": county.at("news/wordings/"),
        "wording": county.at("news/wordings/order.ready/en/"),
        "my-news": "/account/news/",
    }.items():
        page = visitor.open(address, person)
        visitor.shot(page, f"desk-{name}-{lang}-{width}")
        wrong = flaws(page)
        if wide := overflow(page):
            wrong.append(f"{wide} px too wide")
        if wrong:
            found[name] = wrong
        page.close()
    assert found == {}


def test_prices_rise_by_keyboard_and_are_taken_back(visitor: Visitor, county: County) -> None:
    page = visitor.open(county.at("offers/"), at_work(visitor, "centre_staff", lang="en", width=DESK))
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys of this desk")).to_be_visible()
    assert flaws(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("input.tick").first).to_be_checked()
    page.get_by_label("Price up or down by").fill("10")
    page.get_by_role("button", name="Change the prices").click()
    page.wait_for_url("**/offers/changes/*/")
    expect(page.get_by_text("32.78")).to_be_visible()
    visitor.shot(page, "desk-changed")
    assert flaws(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Change undone")).to_be_visible()


def test_the_second_of_two_people_sees_both_versions_and_chooses(visitor: Visitor, county: County) -> None:
    address = county.at(f"offers/{county.fair.stall.offer}/")
    first = visitor.open(address, at_work(visitor, "centre_staff", lang="en", width=DESK))
    second = visitor.open(address, at_work(visitor, "centre_staff", lang="en", width=PHONE))
    for page, price in ((first, "31.00"), (second, "32.00")):
        page.get_by_label("Price").fill(price)
        page.get_by_role("button", name="Change", exact=True).click()
        page.wait_for_load_state()
    expect(second.get_by_role("heading", name="Both versions")).to_be_visible()
    expect(second.get_by_role("cell", name="¥31.00")).to_be_visible()
    expect(second.get_by_role("cell", name="¥32.00")).to_be_visible()
    visitor.shot(second, "desk-both-versions")
    assert flaws(second) == []
    assert overflow(second) == 0
    second.get_by_role("button", name="Put mine in its place").click()
    expect(second.get_by_text("The offer is changed.")).to_be_visible()
    expect(second.get_by_label("Price")).to_have_value("32.00")
