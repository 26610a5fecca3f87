"""A household's pages in a browser: cheap phone or old PC, both languages, light and dark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM, a_household, a_user
from countyfair.surfaces.farmer.tests.test_money_and_packing import user_of
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.catalog.tests.factories import a_product
from countyfair.trade.orders.tests.factories import a_fair, place
from countyfair.trade.orders.tests.test_life import pay
from countyfair.trade.settlement.tests.factories import a_completed_order
from countyfair.trade.stock import actions
from countyfair.trade.stock.tests.factories import a_harvest
from tests.browser.visiting import DESK, PHONE, Visitor, cut_off, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = """() => [...document.querySelectorAll(
      "main button, main .button, main .input, main .tile, main .choice, .head-link")]
    .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 47.5)
    .map((e) => e.outerHTML.slice(0, 120))"""


def at_home(visitor: Visitor, user: UUID, **manners: Any) -> BrowserContext:
    person = visitor.person(**manners)
    name = settings.SESSION_COOKIE_NAME
    value = client_of(user, second_factor=False).cookies[name].value
    person.add_cookies([{"name": name, "value": value, "url": visitor.address}])
    return person


def wrong(visitor: Visitor, page: Page, name: str) -> list[str]:
    """What a person would stumble over."""
    visitor.shot(page, name)
    found = flaws(page, strict=True) + [f"small: {one}" for one in page.evaluate(SMALL)]
    found += [f"cut off: {one}" for one in cut_off(page)]
    if wide := overflow(page):
        found.append(f"{wide} pixels too wide")
    return [f"{name}: {one}" for one in found]


@pytest.mark.parametrize(
    ("lang", "width", "theme"),
    [("zh-hans", PHONE, "light"), ("en", PHONE, "dark"), ("zh-hans", DESK, "dark"), ("en", DESK, "light")],
)
def test_every_page_can_be_used_by_everyone(visitor: Visitor, lang: str, width: int, theme: str) -> None:
    fair = a_fair()
    household, product, user = fair.households[0], fair.stall.product, user_of(fair.households[0])
    a_completed_order(fair, packs=3)
    pay(fair, place(fair, packs=2))
    offered, begun = a_harvest(household, product), uuid7()
    actions.begin_harvest(SYSTEM, harvest=begun, household=household, product=product)
    priced = uuid7()
    person = at_home(visitor, user, lang=lang, width=width, theme=theme)
    actions.begin_harvest(SYSTEM, harvest=priced, household=household, product=product)
    pages = {
        "home": (), "goods": (), "pack": (), "money": (), "station": (), "agree": (), "begin": (product,),
        "harvest": (offered,), "amount": (begun,), "price": (priced,),
    }  # fmt: skip
    found: list[str] = []
    for name, args in pages.items():
        page = visitor.open(reverse(f"farmer:{name}", args=[household, *args]), person)
        found += wrong(visitor, page, f"farmer-{name}-{lang}-{width}")
        page.close()
    assert not found, "\n".join(found)


def test_a_harvest_is_offered_with_the_keys(visitor: Visitor) -> None:
    user = a_user()
    household, product = a_household(user_id=user), a_product()
    page = visitor.open("/farmer/", at_home(visitor, user, lang="en"))
    page.get_by_role("link", name="My goods").click()
    page.locator(f"a[href$='{product}/']").click()
    page.get_by_role("button", name="Without a picture").click()
    for key in ("3", "9"):
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Take the last digit away").click()
    page.get_by_role("button", name="Go on").click()
    for key in ("2", "0"):
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("3 jin", exact=True)).to_be_visible()
    assert scalar("SELECT amount FROM stock_harvest WHERE household_id = %s", [household]) == 1500
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Press again to take it back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
