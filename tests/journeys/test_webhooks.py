"""A webhook in the browser: given an address, its log looked through, ended; on a phone and at a desk."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from countyfair.outreach.webhooks.tests.factories import a_webhook
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.ui.tests.clients import signed_in
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_program_is_let_hear_and_its_log_is_looked_through(visitor: Visitor, lang: str, width: int) -> None:
    webhook, _delivery = a_webhook()
    client = signed_in("centre_staff")
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": client.cookies[name].value, "url": visitor.address}])

    def looks(page: Page, what: str) -> None:
        visitor.shot(page, f"webhooks-{what}-{lang}-{width}")
        assert flaws(page) == []
        assert overflow(page) == 0

    page = visitor.open(f"/centre/{COUNTY}/webhooks/", person)
    looks(page, "list")
    page.locator("main a[href$='/webhooks/new/']").click()
    page.locator("input[name=url]").fill("https://192.168.1.20/hooks")
    page.locator("input[name=kinds][value='orders.paid']").check()
    page.locator("main form button").click()
    expect(page.locator("#e-url")).to_be_visible()
    looks(page, "refused")
    page.locator("input[name=url]").fill(
        "https://other.example/a-rather-long-address/that-has-no-place-to-break"
    )
    page.locator("main form button").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    looks(page, "made")
    page.goto(f"{visitor.address}/centre/{COUNTY}/webhooks/{webhook}/")
    looks(page, "log")
    page.locator("main tbody a").first.click()
    looks(page, "tries")
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text("orders.paid")
    page.goto(f"{visitor.address}/centre/{COUNTY}/webhooks/{webhook}/")
    page.locator("main form:has(input[value=rotate]) button").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    looks(page, "renewed")
    page.goto(f"{visitor.address}/centre/{COUNTY}/webhooks/{webhook}/")
    looks(page, "two-secrets")
    page.locator("main form:has(input[value=end]) button").click()
    expect(page.locator("main form[method=post]")).to_have_count(0)
