"""A guest's purchase of two products, request by request, as a browser with scripts makes them.

Pictures, styles and scripts are left out: a browser has them after the first page, and a proxy
serves them. What the scripts ask the house for is in: what went into the basket, the steps of the
place picker. So is what they spare it: the counties come with their province, and the total of every
destination with the checkout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit
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

    def buy(self, products: Sequence[UUID], *, by_basket: bool = False) -> str:
        """From the home page to the order's page after paying; returns the signed payment link.

        What says that the packs are in the basket leads to the checkout, and there all of them are shown;
        `by_basket` looks at the basket's own page before.
        """
        self._look("home", "/")
        for product in products:
            page = self._look("product", f"/goods/{product}/")
            self._add(page)
        if by_basket:
            self._look("basket", "/basket/")
        page = self._look("checkout", f"/checkout/{COUNTY}/")
        self._pick()
        link = self._order(page)
        self._look("order, paid", parse_qs(urlsplit(link).query)["back"][0])
        return link

    def _order(self, page: Answer) -> str:
        """Fill in the form, look up the total, place the order; the provider's page that it leads to."""
        told = {f"place_{level}": code for level, code in enumerate(DESTINATION, 1)} | {
            "fulfilment": "delivery", "address": "样例路 1 号", "name": "样例·甲", "phone": str(next(PHONES)),
            "gateway": "sandbox",
        }  # fmt: skip
        self.steps.append("place")
        placed = self.visitor.post(page.url, page.form(page.url) | told | _total(page))
        if placed.status != 302 or f":{settings.COUNTYFAIR_SANDBOX_PORT}/" not in placed.location:
            raise LookupError(
                f"the order led to no payment: {placed.status} {placed.location} {placed.text[:2000]}"
            )
        return placed.location

    def _add(self, page: Answer) -> None:
        """Put the product in the basket without leaving its page."""
        self.steps.append("add to basket")
        answer = self.visitor.post("/basket/add/", page.form("/basket/add/"), {"X-Part": "1"})
        if answer.status != 200 or "data-packs" not in answer.text:
            raise LookupError(f"add to basket: {answer.status} {answer.text[:500]}")

    def _pick(self) -> None:
        """Choose the destination: only what lies below a place that has something below is asked for."""
        known: dict[str, list[dict[str, Any]]] = {}
        for above, code in pairwise(DESTINATION):
            if above not in known:
                said = json.loads(self._look("picker", f"/places/below?code={above}").text)
                known |= {above: said["choices"], **said["below"]}
            chosen = next(choice for choice in known[above] if choice["code"] == code)
        if chosen["more"]:
            raise LookupError(f"there is more to choose below {chosen['name']}")

    def _look(self, step: str, address: str) -> Answer:
        self.steps.append(step)
        answer = self.visitor.get(address)
        if answer.status != 200:
            raise LookupError(f"{step}: {address} answered {answer.status}")
        return answer


def _total(page: Answer) -> dict[str, str]:
    """What the script writes into the form once the destination is chosen."""
    way = f"delivery:{DESTINATION[-1]}"
    found = [
        (to, expected)
        for said, expected in re.findall(
            r'<data hidden value="?([^">]*?)"? data-kind="?known"? data-expected="?(\d+)', page.text
        )
        for to in said.split()
        if way.startswith(to)
    ]
    _longest, expected = max(found, key=lambda one: len(one[0]))
    return {"expected": expected, "is_total": "1"}


def notice(link: str) -> tuple[dict[str, str], bytes]:
    """What the sandbox's provider says when the payment behind a link was made: headers and body."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    said = {
        "notice": f"bench-{asked['intent']}", "intent": asked["intent"], "payment": f"P-{asked['intent']}",
        "amount_fen": int(asked["amount_fen"]), "currency": asked["currency"],
    }  # fmt: skip
    return signing.signed("provider", said, key=settings.COUNTYFAIR_SANDBOX_KEY, moment=signing.present())
