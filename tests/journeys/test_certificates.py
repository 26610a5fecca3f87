"""A certificate in a browser: entered at the desk, seen by who buys, both widths, both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache

from countyfair.kernel.clock import today
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.orders.tests.factories import a_fair
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_certificate_goes_from_paper_to_the_page_of_the_goods(
    visitor: Visitor, lang: str, width: int
) -> None:
    cache.clear()
    product = a_fair().stall.product
    person, staff = visitor.person(lang=lang, width=width), clients.signed_in("centre_staff")
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": visitor.address}])
    page = visitor.open(f"/centre/{COUNTY}/products/{product}/certificates/new/", person)
    visitor.shot(page, f"certificate-form-{lang}-{width}")
    assert flaws(page) == []
    assert overflow(page) == 0
    page.locator("select[name=kind]").select_option("organic")
    page.locator("input[name=number]").fill("样例-20260001")
    page.locator("input[name=issuer]").fill("样例认证中心")
    page.locator("input[name=until]").fill((today() + timedelta(days=400)).isoformat())
    page.locator("main .button-main").last.click()
    page.wait_for_url(f"**/products/{product}/")
    visitor.shot(page, f"certificate-desk-{lang}-{width}")
    assert flaws(page) == []
    assert overflow(page) == 0

    page.goto(f"{visitor.address}/goods/{product}/")
    visitor.shot(page, f"certificate-goods-{lang}-{width}")
    assert flaws(page) == []
    assert overflow(page) == 0
    told = page.locator("section", has=page.locator("#certificates")).inner_text()
    assert ("有机产品" if lang == "zh-hans" else "Organic") in told
    assert "样例-20260001" in told
