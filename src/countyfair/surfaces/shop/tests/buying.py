"""A buyer at the pages, for the tests: what a browser without scripts would do."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.trade.orders.tests.factories import NEAR, Fair

PHONE = "19900008888"
PROVIDER = str(settings.COUNTYFAIR_SANDBOX_URL)
CHECKOUT = f"/checkout/{COUNTY}/"
ENGLISH = {"accept-language": "en"}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def put_in(client: Client, offer: UUID, packs: int = 1, *, county: str = "", scripts: bool = False) -> Any:
    sent = {"offer": str(offer), "quantity": str(packs), "county": county}
    headers = {"X-Part": "1", "accept-language": "en"} if scripts else {}
    return client.post("/basket/add/", sent, headers=headers)


def form(fair: Fair, page: str = "", **changed: str) -> dict[str, str]:
    """A filled-in checkout for a pick-up, with what the page put into its hidden fields."""
    sent = {
        "once": found(page, "once") or str(uuid7()),
        "expected": found(page, "expected") or "0",
        "fulfilment": "pickup",
        "station": str(fair.station),
        "name": "样例·买家",
        "phone": PHONE,
        "gateway": "sandbox",
    }
    return sent | changed


def delivery(**changed: str) -> dict[str, str]:
    """What makes a delivery of it, to a village nearby."""
    steps = {f"place_{at}": NEAR[:length] for at, length in enumerate((2, 4, 6, 9, 12), 1)}
    return {"fulfilment": "delivery", "address": "样例路 1 号", **steps, **changed}


def found(page: str, name: str) -> str:
    """The value of a hidden field."""
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    return match[1] if match else ""


def order_placed(client: Client, fair: Fair, packs: int = 1, **changed: str) -> str:
    """The address of an order's page after a purchase through the pages."""
    put_in(client, fair.stall.offer, packs)
    page = text_of(client.get(f"/checkout/{fair.county}/"))
    answer = client.post(f"/checkout/{fair.county}/", form(fair, page, **changed))
    assert answer.status_code == 302, text_of(answer)
    return ordered(answer)


def ordered(answer: Any) -> str:
    """Where the page of the order is that the checkout answered with, past the provider's page."""
    there = str(answer["Location"])
    return urlsplit(back_of(there)).path if there.startswith(PROVIDER) else there


def back_of(link: str) -> str:
    """The address to which a provider's page comes back."""
    return parse_qs(urlsplit(link).query)["back"][0]


def orders() -> int:
    """How many orders there are."""
    return int(str(scalar("SELECT count(*) FROM orders_order")))


def packs_in(client: Client) -> str:
    """What the basket's cookie says that it holds."""
    return str(client.cookies["basket"].value).rpartition(".")[2]
