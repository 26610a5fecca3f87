"""Walking the pages as a person does: by the words that stand on them, in the person's own language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from countyfair.surfaces.commands.sample.definition import sample_counties
from tests.browser.visiting import PATIENCE, PHONE, Visitor, flaws, overflow

T = TypeVar("T")

#: What words are made of; numbers of lots, batches and waybills have no small letters.
WORD = re.compile(r"[A-Za-z]*[a-z]{2,}")
#: The key of an order, by which a payment provider knows it.
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Which document is open, and that of a form it was not kept from sending.
DOCUMENT = """() => {
    addEventListener("submit", (event) => { window.sent = !event.defaultPrevented }, { once: true });
    return performance.timeOrigin }"""
#: Whether it is left for another one that is not there yet.
LEFT = """([before, always]) => performance.timeOrigin === before && (always || window.sent === true)"""
#: Words that stand on Chinese pages by right: two names, and what the sample calls its goods and brands.
LATIN = {"English", "Excel"} | set(
    WORD.findall(repr([(one.products, one.services, one.brands) for one in sample_counties()]))
)


@dataclass(frozen=True, slots=True)
class Walker:
    """One person with one open page. Words are given in English and looked for in `lang`."""

    visitor: Visitor
    page: Page
    lang: str
    name: str
    scripts: bool = True

    def said(self, words: str, **values: object) -> str:
        """What these words are in the person's language; `order|Pack` are those of a context."""
        context, _bar, text = words.rpartition("|")
        found = self.inside(lambda: pgettext(context, text) if context else gettext(text))
        return found % values if values else found

    def inside(self, read: Callable[[], T]) -> T:
        """What `read` answers in the person's language, as a formatter of the pages would."""
        with translation.override(self.lang):
            return read()

    def go(self, path: str) -> None:
        self.page.goto(path, wait_until="load")

    def write(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:visible").fill(value)

    def choose(self, name: str, value: str) -> None:
        """One of a group of choices."""
        self.page.locator(f"input[name={name}][value='{value}']").check()

    def press(self, words: str, **values: object) -> None:
        """The one button that says so, and on to the page to which its form leads, if it leads anywhere."""
        button = self.page.get_by_role("button", name=self.said(words, **values), exact=True)
        self._go_on(button, always=False)

    def follow(self, words: str, **values: object) -> None:
        """The first link that says so."""
        self._go_on(self.page.get_by_role("link", name=self.said(words, **values)).first, always=True)

    def tile(self, words: str) -> None:
        """The tile that says so, in words of the page or in data."""
        own = self.page.get_by_text(self.said(words), exact=True)
        self._go_on(self.page.locator("a.tile").filter(has=own), always=True)

    def _go_on(self, element: Locator, *, always: bool) -> None:
        """Click, and wait for the page that comes of it: the one that is left counts as loaded, too."""
        before = self.page.evaluate(DOCUMENT) if self.scripts else None
        element.click()
        if before is not None:
            deadline = monotonic() + PATIENCE / 1000
            while self._is_left(before, always) and monotonic() < deadline:
                self.page.wait_for_timeout(20)
        self.page.wait_for_load_state("load")

    def _is_left(self, before: float, always: bool) -> bool:
        try:
            return bool(self.page.evaluate(LEFT, [before, always]))
        except PlaywrightError:  # the other page has just come
            return False

    def sees(self, words: str, **values: object) -> None:
        """Wait until these words stand there."""
        self.reads(self.said(words, **values))

    def reads(self, text: str) -> None:
        """Wait until this stands there, as it is."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def found(self, selector: str) -> Locator:
        """The element, once it is there."""
        element = self.page.locator(selector).first
        expect(element).to_be_visible()
        return element

    def look(self, what: str) -> None:
        """Take a picture, and hold the page to what every page must be."""
        width = (self.page.viewport_size or {"width": PHONE})["width"]
        self.visitor.shot(self.page, f"line-{self.lang}-{width}-{self.name}-{what}")
        if not self.scripts:
            return
        assert flaws(self.page, strict=urlsplit(self.page.url).path.startswith("/station/")) == [], what
        assert overflow(self.page) == 0, what
        assert self.lang == "en" or (found := english_on(self.page)) == [], (what, found)


def english_on(page: Page) -> list[str]:
    """English words that a Chinese page shows, outside elements that say they are English."""
    text = page.evaluate(
        """() => { const copy = document.body.cloneNode(true);
            copy.querySelectorAll("[lang=en], script, style, kbd").forEach((e) => e.remove());
            const texts = [], walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) texts.push(walk.currentNode.data);
            return texts.join(" ") }"""
    )
    return sorted(set(WORD.findall(KEY.sub("", str(text)))) - LATIN)


def sign_in(walker: Walker, phone: str, start: str) -> None:
    """By phone and code, then by the second factor: both are shown for sample people."""
    walker.go(start)
    walker.look("sign-in")
    walker.write(phone=phone)
    walker.press("Send me a code")
    walker.look("code")
    walker.write(code=_shown(walker))
    walker.press("Sign in")
    walker.look("second-factor")
    walker.write(code=_shown(walker))
    walker.press("Continue")
    walker.page.wait_for_url(f"**{start}**")


def _shown(walker: Walker) -> str:
    found = re.search(r"\d{6}", walker.found(".notice").inner_text())
    assert found is not None
    return found[0]
