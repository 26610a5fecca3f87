"""A brand in a browser: the desk enters it and licenses a shop, buyers see its mark, and see it no more."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from countyfair.kernel.clock import today
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.catalog.queries.brands import licences
from countyfair.trade.catalog.tests.factories import a_standard
from countyfair.trade.orders.tests.factories import a_fair
from countyfair.trade.stock import actions as stock
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = {"zh-hans": "样例山黑米", "en": "Sample Hill black rice"}


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_mark_goes_on_at_the_desk_and_off_everywhere(
    visitor: Visitor, settings: Any, tmp_path: Path, lang: str, width: int
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()
    fair = a_fair()
    a_standard(product=fair.stall.product)
    stock.set_grades(SYSTEM, offer=fair.stall.offer, takes=["first"])
    mark = tmp_path / "mark.jpg"
    mark.write_bytes(_drawn())
    at = f"{visitor.address}/centre/{fair.county}/"
    desk = _browser(visitor, clients.signed_in("centre_staff"), lang, width)

    desk.goto(f"{at}brands/new/")
    _look(visitor, desk, f"new-{lang}-{width}")
    for field, value in (("name_zh", NAMES["zh-hans"]), ("name_en", NAMES["en"]), ("holder", "样例协会")):
        desk.locator(f"#f-{field}").fill(value)
    desk.locator("#f-standard").select_option(index=1)
    desk.locator("#f-least").select_option("first")
    desk.locator("#f-photo").set_input_files(mark)
    desk.locator("main .button-main").last.click()
    desk.wait_for_selector("#licences")
    desk.locator("#f-shop").select_option(index=1)
    desk.locator("#f-number").fill("样例-1")
    desk.locator("#f-until").fill((today() + timedelta(days=30)).isoformat())
    desk.locator("main .button-main").last.click()
    desk.wait_for_selector("#licences ~ * table")
    _look(visitor, desk, f"brand-{lang}-{width}")
    desk.goto(f"{at}brands/")
    _look(visitor, desk, f"brands-{lang}-{width}")
    desk.goto(f"{at}offers/{fair.stall.offer}/")
    desk.locator("#f-brand").select_option(index=1)
    desk.locator("form:has(#f-brand) button").click()
    desk.wait_for_url("**/offers/**")
    _look(visitor, desk, f"offer-{lang}-{width}")

    slug = scalar("SELECT s.slug FROM catalog_shop s JOIN catalog_product d ON d.shop_id = s.id LIMIT 1")
    pages = {
        "product": f"/goods/{fair.stall.product}/", "shelf": f"/goods/?place={fair.county}",
        "stall": f"/stalls/{fair.county}/{slug}/",
    }  # fmt: skip
    buyer = visitor.person(lang=lang, width=width).new_page()
    for name, address in pages.items():
        buyer.goto(visitor.address + address)
        assert NAMES[lang] in buyer.inner_text("main"), name
        _look(visitor, buyer, f"{name}-{lang}-{width}")

    (licence,) = licences(SYSTEM, county=fair.county)
    desk.goto(f"{at}licences/{licence.id}/withdraw/")
    _look(visitor, desk, f"withdraw-{lang}-{width}")
    desk.locator("#f-reason").fill("样例：抽检不合格")
    desk.locator("main .button-main").last.click()
    desk.wait_for_selector("#licences")
    for name, address in pages.items():
        buyer.goto(visitor.address + address)
        assert NAMES[lang] not in buyer.inner_text("main"), name


def _browser(visitor: Visitor, client: Client, lang: str, width: int) -> Page:
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": client.cookies[name].value, "url": visitor.address}])
    return person.new_page()


def _look(visitor: Visitor, page: Page, name: str) -> None:
    visitor.shot(page, f"brands-{name}")
    assert flaws(page, strict=False) == [], name
    assert overflow(page) == 0, name


def _drawn() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 640), "darkred").save(drawn, "JPEG")
    return drawn.getvalue()
