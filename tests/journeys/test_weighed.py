"""A kilo that weighs 950 g, and one that weighs 1,060: packed, billed, paid for, told alike everywhere."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from countyfair.kernel import clock
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import deliver_everything
from countyfair.registers.people.tests.factories import COUNTY, SYSTEM, an_actor
from countyfair.surfaces.station.tests.conftest import Counter, signed_in
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.actions import Placed
from countyfair.trade.orders.tests.factories import a_fair, a_stall, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.tests.factories import notify
from tests.browser.visiting import FACES, LANGUAGES, PHONE, Visitor, flaws, overflow
from tests.journeys.conftest import Paying

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counter(visitor: Visitor) -> Counter:
    cache.clear()
    fair = a_fair()
    return Counter(fair, signed_in(fair.agent))


def a_loose_kilo(counter: Counter) -> Placed:
    """Paid online, all of one household."""
    fair = counter.fair
    loose = a_stall(fair.households[:1], fair.station, content=1000, sold_by="weight", price_fen=4000)
    placed = place(fair, lines=((loose.offer, 1),), expected_total_fen=4000, gateway="sandbox")
    notify(placed.intent)
    payments.settle_waiting_notices()
    deliver_everything()
    return placed


def whole(visitor: Visitor, page: Page, name: str) -> str:
    """What a page says, once it was looked at; nothing runs over its edge, axe finds nothing."""
    visitor.shot(page, name)
    assert overflow(page) <= 0
    assert flaws(page) == []
    return page.locator("main").inner_text()


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_light_kilo_is_billed_right_everywhere(
    visitor: Visitor, counter: Counter, lang: str, width: int
) -> None:
    placed = a_loose_kilo(counter)
    line = line_of(placed)
    agent = visitor.open(
        counter.link("pack", placed.order), visitor.member(counter.client, lang=lang, width=width)
    )
    agent.fill(f"[name='weight-{line}']", "850")
    agent.fill("[name=weight]", "1050")
    agent.locator(".action-bar button").click()
    expect(agent.locator("[name=lighter]")).to_be_visible()  # lighter than was accepted: a word is asked for
    whole(visitor, agent, f"too light {lang} {width}")
    agent.fill(f"[name='weight-{line}']", "950")
    agent.locator(".action-bar button").click()
    agent.wait_for_url("**/orders/*/")
    page = f"/orders/{placed.order}/{placed.token}/"
    buyer = visitor.open(page, lang=lang, width=width)
    said = whole(visitor, buyer, f"weighed {lang} {width}")
    assert {"¥38.00", "¥40.00", "¥2.00"} <= set(re.findall(r"¥\d+\.\d\d", said.replace("\n", "")))
    assert re.search(r"950\s*(g|克)", said)
    actions.deliver(counter.fair.agent, order_id=placed.order, evidence="known to the agent")
    with clock.at(clock.now() + timedelta(days=8)):
        actions.complete_due(SYSTEM)
        deliver_everything()
    desk = signed_in(an_actor("centre_finance"))
    statement = f"/centre/{COUNTY}/households/{counter.fair.households[0]}/statement"
    span = f"?until={clock.today() + timedelta(days=9)}"
    shown = visitor.open(f"{statement}/{span}", visitor.member(desk, lang=lang, width=width))
    assert "30.40" in whole(visitor, shown, f"statement {lang} {width}")  # 80 % of 38.00
    exported = desk.get(f"{statement}.csv{span}").getvalue().decode("utf-8-sig")
    (sold,) = [row for row in exported.splitlines() if placed.number in row]
    assert sold.split(",")[-1] == "30.40", sold
    orders = desk.get(f"/centre/{COUNTY}/orders.csv").getvalue().decode("utf-8-sig")
    (listed,) = csv.DictReader(line for line in orders.splitlines())
    assert (listed["Number"], listed["Amount"]) == (placed.number, "38.00")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_heavy_kilo_is_paid_for_afterwards(
    visitor: Visitor, counter: Counter, paying: Paying, lang: str
) -> None:
    placed = a_loose_kilo(counter)
    weights = {line_of(placed): 1060}
    actions.pack(SYSTEM, order_id=placed.order, parcel=uuid7(), weight_g=1300, weights=weights)
    buyer = visitor.open(f"/orders/{placed.order}/{placed.token}/", lang=lang, width=PHONE)
    assert "¥2.40" in whole(visitor, buyer, f"more to pay {lang}")
    buyer.locator(".action-bar a.button-main").click()
    buyer.wait_for_url(f"{paying.address}/pay?*")
    assert "2.40" in buyer.content()
    buyer.locator("summary").click()
    buyer.locator("button").first.click()
    buyer.wait_for_url(f"**{urlsplit(visitor.address).netloc}/orders/**")
    asked = queries.order(SYSTEM, order_id=placed.order).bill_intent
    assert asked is not None
    payments.ask_provider(SYSTEM, intent=asked)
    deliver_everything()
    buyer.goto(f"/orders/{placed.order}/{placed.token}/")
    assert "¥42.40" in whole(visitor, buyer, f"paid more {lang}")
    assert buyer.locator(".action-bar").count() == 0
    (listed,) = queries.orders_of(SYSTEM, county=COUNTY, limit=2)
    assert listed.total_fen == 4240


def line_of(placed: Placed) -> UUID:
    return queries.order(SYSTEM, order_id=placed.order).lines[0].id
