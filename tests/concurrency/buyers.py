"""Buyers in a process of their own: each fills a basket, goes through the checkout, and orders.

`python -m tests.concurrency.buyers ADDRESS PRODUCT OFFER COUNTY STATION HOW_MANY` says "ready" when all stand
before the last button, waits for a line, lets all press it at once, and then tells, a JSON object a
line, what became of each.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import sys
from dataclasses import asdict, dataclass
from html.parser import HTMLParser

import httpx

PATIENCE = 120.0
#: Nothing is encrypted on loopback; a store of certificates for each buyer would cost more than the purchase.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a buyer was answered: `ordered` with the order's page, `sold out`, or `trouble`."""

    what: str
    status: int
    page: str
    order: str


class Forms(HTMLParser):
    """The fields of a page's forms, as a browser would send them back, by the form's action."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.found.setdefault(said.get("action", ""), {})
        elif tag == "input" and said.get("name") and said.get("type") in (None, "hidden", "text", "tel"):
            self._open[said["name"]] = said.get("value", "")


class Buyer:
    """One guest with a browser of their own."""

    def __init__(self, address: str, product: str, offer: str, county: str, station: str) -> None:
        self.browser = httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False, verify=PLAIN)
        self.product, self.offer, self.county, self.station = product, offer, county, station
        self.form: dict[str, str] = {}

    @property
    def checkout(self) -> str:
        return f"/checkout/{self.county}/"

    async def goes_to_the_last_button(self) -> None:
        page = await self.browser.get(f"/goods/{self.product}/")
        chosen = Forms(page.text).found["/basket/add/"] | {"offer": self.offer, "quantity": "1"}
        await self.browser.post("/basket/add/", data=chosen)
        page = await self.browser.get(self.checkout)
        page.raise_for_status()
        self.form = Forms(page.text).found[self.checkout] | {
            "fulfilment": "pickup", "station": self.station, "name": "样例·买家", "phone": "19900008888",
            "gateway": "counter",
        }  # fmt: skip

    async def presses_it(self) -> Outcome:
        """Press the last button, and once more where the page asks for a look at the total."""
        try:
            answer = await self.browser.post(self.checkout, data=self.form)
        except httpx.TransportError as error:
            return Outcome("lost", 0, repr(error), self.form.get("once", ""))
        where = answer.headers.get("location", "")
        if answer.status_code == httpx.codes.FOUND and re.match(r"/orders/[0-9a-f-]{36}/", where):
            return Outcome("ordered", answer.status_code, where, where.split("/")[2])
        sold_out = answer.status_code == httpx.codes.CONFLICT and "卖完" in answer.text
        return Outcome(
            "sold out" if sold_out else "trouble", answer.status_code, answer.text[:4000] * (not sold_out), ""
        )


async def buy(address: str, product: str, offer: str, county: str, station: str, how_many: int) -> None:
    buyers = [Buyer(address, product, offer, county, station) for _ in range(how_many)]
    await asyncio.gather(*(buyer.goes_to_the_last_button() for buyer in buyers))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for outcome in await asyncio.gather(*(buyer.presses_it() for buyer in buyers)):
        sys.stdout.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    address, product, offer, county, station, how_many = sys.argv[1:]
    asyncio.run(buy(address, product, offer, county, station, int(how_many)))
