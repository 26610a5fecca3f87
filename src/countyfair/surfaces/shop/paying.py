"""The way to a payment provider's page, and from there back to the order's."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from django.http import HttpRequest, HttpResponseRedirect

from countyfair.kernel.refusal import Conflict
from countyfair.surfaces import ui
from countyfair.surfaces.ui.address import client_address
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.trade.orders.actions import Placed
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.gateways import GATEWAYS

#: What browsers of phones say of themselves.
PHONES = ("Mobi", "Android", "iPhone")


class Link(Protocol):
    """What makes the address of the provider's page; None where the money is taken by hand."""

    def __call__(self, *, back: str, notify: str, address: str) -> str | None: ...


def to_provider(request: HttpRequest, *, page: str, gateway: str, link: Link) -> HttpResponseRedirect:
    """To the provider, if there is something to pay; else to the order's `page`, which says why not."""
    try:
        there = link(
            back=absolute(f"{page}?back=1"),
            notify=absolute(url("payments:notify", gateway)),
            address=client_address(request),
        )
    except Conflict as refusal:
        ui.flash(request, refusal.sentence, "info")
        there = None
    return HttpResponseRedirect(there or page)


def scans(request: HttpRequest, gateway: str) -> bool:
    """Whether the payer is shown a code: at a PC, where the provider's page is for phones."""
    agent = request.headers.get("User-Agent", "")
    way = GATEWAYS.get(gateway)
    return way is not None and way.codes and not any(word in agent for word in PHONES)


def onward(request: HttpRequest, placed: Placed, gateway: str) -> HttpResponseRedirect:
    """From a placed order to the provider's page, which comes back to the order's; there at once for cash."""
    link = (
        partial(payments.first_link, placed.asked, gateway)
        if placed.asked
        else partial(payments.payment_link, placed.intent, subject=placed.number)
    )
    if scans(request, gateway):
        return HttpResponseRedirect(url("shop:pay_by_link", placed.order, placed.token))
    page = url("shop:order_by_link", placed.order, placed.token)
    return to_provider(request, page=page, gateway=gateway, link=link)
