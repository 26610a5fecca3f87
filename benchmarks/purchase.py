"""A guest's purchase of two products, page by page, as a browser would ask for them.

Pictures, styles and scripts are left out: a browser has them after the first page, and a proxy
serves them. What the scripts ask the house for is in: the steps of the place picker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.conf import settings

from benchmarks.goods import COUNTY
from benchmarks.web import Answer, Visitor
from countyfair.trade.payments.gateways.sandbox import signing

#: Where the parcel goes: province, prefecture, county.
DESTINATION = ("44", "4403", "440305")
PHONES = count(19_900_060_000)


@dataclass
class Walk:
    """One guest on their way: `steps` are the requests made, by name."""

    visitor: Visitor
    steps: list[str] = field(default_factory=list)

    def buy(self, products: Sequence[UUID]) -> str:
        """From the home page to the order's page after paying; returns the signed payment link."""
        self._look("home", "/")
        for product in products:
            page = self._look("product", f"/goods/{product}/")
            self._send("add to basket", page, "/basket/add/")
            page = self._look("basket", "/basket/")
        page = self._look("checkout", f"/checkout/{COUNTY}/")
        for code in DESTINATION[:2]:
            self._look("picker", f"/places/below?code={code}")
        order = self._order(page)
        self._look("order", order)
        link = self._see("pay", order + "pay/").location
        if f":{settings.COUNTYFAIR_SANDBOX_PORT}/" not in link:
            raise LookupError(f"paying leads to {link!r}")
        self._look("order, paid", f"{order}?back=1")
        return link

    def _order(self, page: Answer) -> str:
        """Fill in the form, ask for the total as scripts do, place the order; where its page is."""
        told = {f"place_{level}": code for level, code in enumerate(DESTINATION, 1)} | {
            "fulfilment": "delivery", "address": "样例路 1 号", "name": "样例·甲", "phone": str(next(PHONES)),
            "gateway": "sandbox",
        }  # fmt: skip
        where = {
            name: value for name, value in told.items() if name == "fulfilment" or name.startswith("place_")
        }
        total = self._look("total", f"{page.url}total/?{urlencode(where)}")
        self.steps.append("place")
        placed = self.visitor.post(page.url, page.form(page.url) | told | total.hidden())
        if placed.status != 302 or "/orders/" not in placed.location:
            raise LookupError(f"the order was not placed: {placed.status} {placed.text[:2000]}")
        return placed.location

    def _send(self, step: str, page: Answer, action: str) -> None:
        self.steps.append(step)
        answer = self.visitor.post(action, page.form(action))
        if answer.status != 302:
            raise LookupError(f"{step}: {answer.status} {answer.text[:500]}")

    def _look(self, step: str, address: str) -> Answer:
        answer = self._see(step, address)
        if answer.status != 200:
            raise LookupError(f"{step}: {address} answered {answer.status}")
        return answer

    def _see(self, step: str, address: str) -> Answer:
        self.steps.append(step)
        return self.visitor.get(address)


def notice(link: str) -> tuple[dict[str, str], bytes]:
    """What the sandbox's provider says when the payment behind a link was made: headers and body."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    said = {
        "notice": f"bench-{asked['intent']}", "intent": asked["intent"], "payment": f"P-{asked['intent']}",
        "amount_fen": int(asked["amount_fen"]), "currency": asked["currency"],
    }  # fmt: skip
    return signing.signed("provider", said, key=settings.COUNTYFAIR_SANDBOX_KEY, moment=signing.present())
