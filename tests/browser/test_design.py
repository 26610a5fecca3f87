"""The catalogue of components, in every manner a person may meet it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.visiting import DESK, LANGUAGES, PHONE, Visitor, flaws, overflow

PARTS = ("", "goods/", "forms/", "station/", "centre/", "account/", "404/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_component_can_be_used_by_everyone(visitor: Visitor, lang: str, width: int, theme: str) -> None:
    person = visitor.person(lang=lang, width=width, theme=theme)
    for part in PARTS:
        page = visitor.open(f"/design/{part}", person)
        visitor.shot(page, f"design-{part}-{lang}-{width}-{theme}")
        assert flaws(page, strict=part == "station/") == [], part
        assert overflow(page) == 0, part
        page.close()


def test_pages_work_without_scripts(visitor: Visitor) -> None:
    page = visitor.open("/design/goods/", scripts=False)
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_label("How many packs").fill("3")
    assert page.get_by_role("button", name="Put in the basket").is_enabled()


def test_scripts_put_a_button_on_either_side_of_a_number(visitor: Visitor) -> None:
    page = visitor.open("/design/goods/", lang="en")
    count = page.get_by_label("How many packs", exact=True)
    page.get_by_role("button", name="One more: How many packs").click()
    assert count.input_value() == "3"
    page.get_by_role("button", name="One less: How many packs").click(click_count=2)
    assert count.input_value() == "1"
    assert page.get_by_role("button", name="One less: How many packs").is_disabled()


def test_a_choice_of_colours_outlives_the_page(visitor: Visitor) -> None:
    page = visitor.open("/design/", lang="en", theme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("link", name="Dark colours").click()
    page.goto("/design/goods/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_what_the_thumb_presses_is_large_enough(visitor: Visitor) -> None:
    for part in ("", "goods/", "forms/", "station/"):
        page = visitor.open(f"/design/{part}", width=PHONE)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .input, .tab, .head-link, .choice")]
                 .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 47.5)
                 .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert small == [], part


def test_a_first_visit_to_a_stall_is_light(visitor: Visitor, settings: Any) -> None:
    person = visitor.person()
    page = person.new_page()
    taken: dict[str, int] = {}
    page.on("response", lambda answer: taken.update({answer.url: len(answer.body())}))
    page.goto("/design/goods/", wait_until="networkidle")
    assert taken
    built = settings.COUNTYFAIR_FRONTEND
    total = 0
    for address, size in taken.items():
        name = address.partition("/static/")[2]
        if "/food/" in address or (name.endswith(".svg") and "signs" not in name):
            continue
        squeezed = built / f"{name}.br"
        total += squeezed.stat().st_size if name and squeezed.exists() else size
    assert total <= 40_000, sorted(taken.items(), key=lambda item: -item[1])
