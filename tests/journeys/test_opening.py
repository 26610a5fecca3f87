"""A station's agent opens a shop for a household: one page, few steps, and its stall tells who keeps it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import a_household
from countyfair.surfaces.station.tests.conftest import signed_in
from countyfair.trade.orders.tests.factories import a_fair
from tests.browser.visiting import DESK, PHONE, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-hans": {"open": "开店", "done": "开店", "kept": "农户经营", "was": "退役军人"},
    "en": {
        "open": "Open a shop",
        "done": "Open the shop",
        "kept": "Run by a farming household",
        "was": "Veteran",
    },
}
#: What the agent does from the day's work to the open shop: two choices, five answers, one button.
STEPS = 8


class Counted:
    """Everything that a hand does."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def press(self, what: str) -> None:
        self.steps += 1
        self.page.locator(what).first.click()

    def write(self, what: str, text: str) -> None:
        self.steps += 1
        self.page.locator(what).fill(text)

    def choose(self, what: str, value: str) -> None:
        self.steps += 1
        self.page.locator(what).select_option(value)


@pytest.mark.parametrize(("lang", "width"), [("zh-hans", PHONE), ("en", DESK)])
def test_a_shop_is_open_after_one_page(visitor: Visitor, lang: str, width: int) -> None:
    cache.clear()
    fair, words = a_fair(), WORDS[lang]
    household = a_household(agreed=())
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(fair.agent).cookies[name].value
    person.add_cookies([{"name": name, "value": session, "url": visitor.address}])
    page = visitor.open(reverse("station:today", args=[fair.station]), person)
    hand = Counted(page)
    hand.press("main a[href$='/shops/']")
    look(visitor, page, f"shops-{lang}-{width}")
    hand.press(f"main a[href$='/shops/{household}/']")
    look(visitor, page, f"shop-form-{lang}-{width}")
    hand.press("label:has(input[name=how][value=voice])")
    hand.write("input[name=name_zh]", "样例小店")
    hand.write("input[name=licence_number]", "SC10345022500001")
    hand.choose("select[name=background]", "veteran")
    hand.press("label:has(input[name=background_how][value=voice])")
    hand.press("main form .action-bar button")
    expect(page.get_by_role("heading", name="样例小店")).to_be_visible()
    look(visitor, page, f"shop-open-{lang}-{width}")
    assert hand.steps == STEPS
    stall = visitor.open(stall_of(household), lang=lang, width=width)
    expect(stall.get_by_text(re.compile(words["kept"]))).to_be_visible()
    expect(stall.get_by_text(re.compile(words["was"]))).to_be_visible()
    look(visitor, stall, f"shop-stall-{lang}-{width}")
    page = visitor.open(reverse("farmer:agree", args=[a_household(agreed=())]), person)
    look(visitor, page, f"farmer-agree-{lang}-{width}")
    page = visitor.open(reverse("farmer:home", args=[household]), person)
    page.locator("main a[href$='/phone/']").click()
    page.locator("input[name=phone]").fill("19900009999")
    look(visitor, page, f"farmer-phone-{lang}-{width}")
    page.locator("main form .action-bar button").click()
    page.locator("main a[href$='/phone/']").click()
    expect(page.get_by_text("199****9999")).to_be_visible()


def look(visitor: Visitor, page: Page, name: str) -> None:
    """Kept as a picture; nothing runs over, and nothing hinders anybody."""
    visitor.shot(page, name)
    assert flaws(page) == []
    assert overflow(page) == 0


def stall_of(household: UUID) -> str:
    county, slug = str(
        scalar("SELECT county || ' ' || slug FROM catalog_shop WHERE household_id = %s", [household])
    ).split()
    return reverse("shop:stall", args=[county, slug])
