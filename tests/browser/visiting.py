"""A browser for the tests: pages as a person opens them.

By language, width and colours, with or without scripts. Without Chromium, or without a built front
end, these tests are skipped with a line that says so; under CI=true they fail instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = Path(os.environ.get("COUNTYFAIR_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a microphone that hums, for who records
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
#: For so many milliseconds a browser is waited for: a machine that does much else is slow, not wrong.
PATIENCE = 30_000
#: A cheap phone and a desk.
PHONE, DESK = 360, 1280
LANGUAGES = ("zh-hans", "en")
#: Each language and each width once; at night all four.
FACES = [
    pytest.param(lang, width, marks=[] if (lang == "en") == (width == DESK) else [pytest.mark.nightly])
    for lang in LANGUAGES
    for width in (PHONE, DESK)
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=PATIENCE)
# Playwright runs an event loop in the test's thread; the tests themselves stay synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the browser, itself or through its fixtures, is marked so."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)


def _need(present: bool, sentence: str) -> None:
    if present:
        return
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    _need(
        CHROMIUM.exists(), f"No browser at {CHROMIUM}: install chromium, or name one in COUNTYFAIR_CHROMIUM."
    )
    built = Path(settings.COUNTYFAIR_FRONTEND) / "manifest.json"
    _need(built.exists(), "The front end is not built: run `npm ci && npm run build` in frontend/.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """Opens pages of the running house in a fresh browser of one person."""

    browser: Browser
    address: str
    shots: Path
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def person(
        self, lang: str = "zh-hans", width: int = PHONE, theme: str = "light", scripts: bool = True
    ) -> BrowserContext:
        """A person with a browser of their own: cookies are kept between the pages they open."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 740 if width == PHONE else 800},
            locale="en-GB" if lang == "en" else "zh-CN",
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            has_touch=width == PHONE,
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        return context

    def member(self, client: Client, **manners: Any) -> BrowserContext:
        """Somebody who has signed in, with the session of `client` (manners: see `person`)."""
        person, name = self.person(**manners), settings.SESSION_COOKIE_NAME
        person.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return person

    def open(self, path: str, person: BrowserContext | None = None, **manners: Any) -> Page:
        """`path` in a new tab of `person`, or of somebody new with these manners (see `person`)."""
        page = (person or self.person(**manners)).new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.goto(path, wait_until="load")
        return page

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def shot(self, page: Page, name: str) -> Path:
        """A picture of the whole page, kept for whoever wants to look at it."""
        path = self.shots / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower()).strip('-')}.png"
        page.screenshot(path=path, full_page=True)
        return path

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitor(browser: Browser, live_server: Any, tmp_path: Path) -> Iterator[Visitor]:
    """Opens pages; fails the test when a page's scripts broke or the content policy stopped something.

    Pictures go to the test's temporary folder, or to COUNTYFAIR_SHOTS.
    """
    shots = Path(os.environ.get("COUNTYFAIR_SHOTS", str(tmp_path)))
    shots.mkdir(parents=True, exist_ok=True)
    here = Visitor(browser, live_server.url, shots)
    yield here
    here.leave()
    assert here.complaints == []


def flaws(page: Page, *, strict: bool = False) -> list[str]:
    """What axe finds against WCAG 2.2 AA, a line each: rule, help, the elements.

    `strict` asks for the contrast of AAA as well, which the station's screens keep.
    """
    rules: dict[str, Any] = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    if strict:
        rules["rules"] = {"color-contrast-enhanced": {"enabled": True}}
    found = Axe().run(page, options=rules)
    return [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]} — {node.get('failureSummary', '')[:300]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def cut_off(page: Page) -> list[str]:
    """Texts that reach over the edge of the card or the price tag on which they stand."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(":is(.card, .price-tag) :is(p, span, h2, h3, dd)")]
            .filter((e) => e.offsetParent && e.getBoundingClientRect().right
                > e.closest(".card, .price-tag").getBoundingClientRect().right + 1)
            .map((e) => e.textContent.trim().slice(0, 60))"""
    )
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
