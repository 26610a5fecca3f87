"""A farmer who may not read offers by photo and voice, the agent weighs it in, a buyer hears it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from countyfair.kernel.rows import scalar
from countyfair.surfaces.farmer.tests.test_money_and_packing import user_of
from countyfair.surfaces.station.tests.conftest import signed_in
from countyfair.surfaces.ui.tests.clients import client_of
from countyfair.trade.orders.tests.factories import a_fair
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: A browser with one Chinese voice, which writes down what it was asked to say.
VOICE = """
window.heard = [];
const voice = { lang: "zh-CN", localService: true, name: "sample" };
speechSynthesis.getVoices = () => [voice, { ...voice, lang: "en-GB" }];
speechSynthesis.speak = (sentence) => window.heard.push(sentence.text);
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
WORDS = {
    "zh-hans": {
        "goods": "我的货", "record": "录音", "stop": "停", "send": "发送", "tell": "说给买家听",
        "listen": "听一听",
        "offer": "报出去", "on": "下一步", "take": "入库", "story": "听种的人说", "said": "三斤",
    },
    "en": {
        "goods": "My goods", "record": "Record", "stop": "Stop", "send": "Send it", "listen": "Listen",
        "tell": "Tell buyers about it", "offer": "Offer it", "on": "Go on", "take": "Take in",
        "story": "Who grew it tells", "said": "3 jin",
    },
}  # fmt: skip


def entered(visitor: Visitor, client: Client, lang: str, width: int) -> BrowserContext:
    """A browser of somebody who has signed in, which can speak."""
    person = visitor.member(client, lang=lang, width=width)
    person.add_init_script(VOICE)
    return person


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "saddlebrown").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_farmer_offers_by_photo_and_voice_and_a_buyer_hears_it(
    visitor: Visitor, settings: Any, tmp_path: Path, lang: str, width: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    fair, words = a_fair(), WORDS[lang]
    household, product = fair.households[0], fair.stall.product
    at_home = client_of(user_of(household), second_factor=False)
    harvest = _offered(visitor, entered(visitor, at_home, lang, width), product, words)
    at_counter = entered(visitor, signed_in(fair.agent), lang, width)
    page = visitor.open(reverse("station:coming", args=[fair.station]), at_counter)
    visitor.shot(page, f"station-coming-{lang}-{width}")
    assert flaws(page, strict=True) == []
    page.locator(f"a[href$='{harvest}/']").click()
    page.locator("input[name=quantity]").fill("1.5")
    page.locator("input[value=kg]").check(force=True)
    page.locator("label", has=page.locator("input[name=heard]")).click()
    expect(page.locator("input[name=heard]")).to_be_checked()
    visitor.shot(page, f"station-weigh-coming-{lang}-{width}")
    assert flaws(page, strict=True) == []
    page.get_by_role("button", name=words["take"]).click()
    page.wait_for_url("**/lots/**")
    _heard(visitor, product, words, lang, width)


def _offered(visitor: Visitor, person: BrowserContext, product: UUID, words: dict[str, str]) -> UUID:
    """Three steps, then a recording."""
    page = visitor.open("/farmer/", person)
    page.get_by_role("button", name=words["listen"]).first.click()
    assert len(page.evaluate("window.heard")) == 1
    page.get_by_role("link", name=words["goods"]).click()
    page.locator(f"a[href$='{product}/']").click()
    page.locator("input[name=photo]").set_input_files(
        {"name": "harvest.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    )
    expect(page.locator(".drop-preview")).to_be_visible()
    page.get_by_role("button", name=words["on"]).click()
    page.get_by_role("button", name="3", exact=True).click()
    page.get_by_role("button", name=words["on"]).click()
    for key in "20":
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name=words["offer"]).click()
    page.wait_for_url("**/harvests/*/")
    assert words["said"] in page.evaluate("window.heard")[0], "it says by itself what was offered"
    page.get_by_role("link", name=words["tell"]).click()
    button = page.locator("button.record")
    expect(button).to_have_text(words["record"])
    button.click()
    expect(button).to_have_text(words["stop"])
    page.wait_for_timeout(1500)
    button.click()
    expect(page.locator("voice-recorder audio")).to_be_visible()
    visitor.shot(page, f"farmer-recorded-{words['send']}")
    assert flaws(page, strict=True) == []
    assert overflow(page) == 0
    page.get_by_role("button", name=words["send"]).click()
    page.wait_for_url("**/harvests/*/")
    expect(page.locator("main audio")).to_be_visible()
    return UUID(str(scalar("SELECT id FROM stock_harvest WHERE state = 'announced'")))


def _heard(visitor: Visitor, product: UUID, words: dict[str, str], lang: str, width: int) -> None:
    """By somebody who came along."""
    page = visitor.open(reverse("shop:product", args=[product]), lang=lang, width=width)
    expect(page.get_by_text(words["story"])).to_be_visible()
    visitor.shot(page, f"shop-heard-{lang}-{width}")
    assert flaws(page) == []
    seconds = page.evaluate(
        """() => new Promise((done) => {
             const audio = document.querySelector("main audio");
             audio.addEventListener("loadedmetadata", () => done(audio.duration));
             audio.addEventListener("error", () => done(-1));
             audio.preload = "auto";
             audio.load();
           })"""
    )
    assert seconds > 1
