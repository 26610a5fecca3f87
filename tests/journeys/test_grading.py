"""Grading in a browser: the desk sets a standard, the agent measures or chooses by eye, the slip says it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.surfaces.station.tests.conftest import Counter, signed_in
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.tests.factories import a_standard
from countyfair.trade.orders.tests.factories import a_fair
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_harvest_is_graded_where_it_is_weighed(
    visitor: Visitor, settings: Any, tmp_path: Path, lang: str, width: int
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()
    fair = a_fair()
    counter = Counter(fair, signed_in(fair.agent))
    standard = a_standard(product=fair.stall.product)
    for grade, colour in (("first", "orange"), ("second", "tan")):
        actions.add_grade_picture(
            SYSTEM, picture=uuid7(), standard=standard, grade=grade, data=_drawn(colour)
        )

    page = _browser(visitor, counter.client, lang, width)
    page.goto(visitor.address + counter.link("weigh_in", fair.households[0], fair.stall.product))
    _look(visitor, page, f"weigh-{lang}-{width}", strict=True)
    page.locator("input[name=quantity]").fill("40")
    page.locator("input[name=unit][value=kg]").check()
    page.locator("main button[type=submit], main .button-main").last.click()
    page.wait_for_selector("#f-grade .field-error")
    _look(visitor, page, f"asked-{lang}-{width}", strict=True)
    page.locator("input[name=diameter]").fill("55")
    page.locator("input[name=sugar]").fill("12.5")
    page.locator("main .button-main").last.click()
    page.wait_for_selector(".paper-slip")
    assert ("二级" if lang == "zh-hans" else "Second grade") in page.inner_text(".paper-slip")
    _look(visitor, page, f"slip-{lang}-{width}", strict=True)

    desk = _browser(visitor, clients.signed_in("centre_staff"), lang, width)
    for name, tail in {
        "standards": "standards/", "standard": f"standards/{standard}/", "new": "standards/new/",
        "change": f"standards/{standard}/change/", "offer": f"offers/{fair.stall.offer}/",
    }.items():  # fmt: skip
        desk.goto(f"{visitor.address}/centre/{fair.county}/{tail}")
        _look(visitor, desk, f"{name}-{lang}-{width}", strict=False)


def _browser(visitor: Visitor, client: Client, lang: str, width: int) -> Page:
    person = visitor.person(lang=lang, width=width)
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": client.cookies[name].value, "url": visitor.address}])
    return person.new_page()


def _look(visitor: Visitor, page: Page, name: str, *, strict: bool) -> None:
    visitor.shot(page, f"grading-{name}")
    assert flaws(page, strict=strict) == [], name
    assert overflow(page) == 0, name


def _drawn(colour: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(drawn, "JPEG")
    return drawn.getvalue()
