"""What a first visit transfers: a page with its styles, scripts and whatever they load, pictures apart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.web import Visitor, Web, resources

CHROMIUM = Path(os.environ.get("COUNTYFAIR_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


def transferred(web: Web, path: str) -> tuple[int, str]:
    """Bytes of a first visit without pictures, and how they were counted."""
    if CHROMIUM.exists():
        return _by_browser(web, path), "Chromium"
    return _by_sum(web, path), "summed"


def _by_browser(web: Web, path: str) -> int:
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def answered(said: dict[str, Any]) -> None:
        kinds[said["requestId"]] = said["type"]

    def finished(said: dict[str, Any]) -> None:
        sizes[said["requestId"]] = said["encodedDataLength"]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN").new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", answered)
        wire.on("Network.loadingFinished", finished)
        page.goto(web.address + path, wait_until="networkidle")
        browser.close()
    return round(sum(size for key, size in sizes.items() if kinds.get(key) != "Image"))


def _by_sum(web: Web, path: str) -> int:
    visitor = Visitor(web.port)
    page = visitor.get(path)
    return page.sent + sum(visitor.get(address).sent for address in resources(page.text))
