"""A token for a program, made in the browser: on a phone and at a desk, in both languages; and used."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from countyfair.surfaces.ui.tests.clients import signed_in
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_token_is_made_used_and_revoked(visitor: Visitor, lang: str, width: int) -> None:
    client = signed_in("centre_staff")
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": client.cookies[name].value, "url": visitor.address}])
    page = visitor.open("/account/tokens/", person)
    page.locator("input[name=name]").fill("样例程序")
    page.locator("input[name=scopes][value='stock.read']").check()
    visitor.shot(page, f"tokens-{lang}-{width}")
    assert flaws(page) == []
    assert overflow(page) == 0
    page.locator("form:has(input[name=name]) button").click()
    expect(page.locator("#token")).to_be_visible()
    visitor.shot(page, f"tokens-made-{lang}-{width}")
    assert flaws(page) == []
    assert overflow(page) == 0
    headers = {"authorization": f"Bearer {page.locator('#token').inner_text()}"}
    assert Client().get("/api/v1/counties/450225/lots", headers=headers).status_code == 200
    page.locator("form[action$='revoke/'] button").click()
    expect(page.locator("form[action$='revoke/']")).to_have_count(0)
    assert Client().get("/api/v1/counties/450225/lots", headers=headers).status_code == 401
