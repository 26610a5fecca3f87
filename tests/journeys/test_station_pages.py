"""A station agent's pages in a browser: cheap phone or old PC, both languages, light and dark, with and
without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.rows import scalar
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.registers.stations.actions import count_till
from countyfair.registers.stations.tests.factories import a_station, an_agent
from countyfair.surfaces.station.tests.conftest import OTHER, Counter, signed_in, state
from countyfair.surfaces.station.tries import MOST
from countyfair.trade.orders import actions
from countyfair.trade.orders.actions.placing import Placed
from countyfair.trade.orders.tests.factories import CONTACT, Fair, a_fair, a_stall, place
from countyfair.trade.orders.tests.test_life import pay
from tests.browser.visiting import DESK, PHONE, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = """() => [...document.querySelectorAll(
      "main button, main .button, main .input, main .tile, main .choice, .head-link")]
    .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 47.5)
    .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def counter(visitor: Visitor) -> Counter:
    cache.clear()
    fair = a_fair()
    return Counter(fair, signed_in(fair.agent))


def agent(visitor: Visitor, counter: Counter, **manners: Any) -> BrowserContext:
    """The agent's browser, signed in."""
    person = visitor.person(**manners)
    name = settings.SESSION_COOKIE_NAME
    person.add_cookies([{"name": name, "value": counter.client.cookies[name].value, "url": visitor.address}])
    return person


def a_busy_day(counter: Counter) -> dict[str, str]:
    """Something of everything at one station; the addresses of its pages."""
    fair = counter.fair
    loose = a_stall(fair.households, fair.station, content=1000, sold_by="weight")
    to_pack = place(fair, lines=((loose.offer, 2), (fair.stall.offer, 1)), expected_total_fen=8940)
    pay(fair, to_pack)
    unpaid, paid, cancelled = place(fair), counter.paid(), counter.paid()
    door, _code = counter.packed(pickup=False, expected_total_fen=3580)
    lying, code = counter.packed()
    gone, _code = counter.packed(pickup=False, expected_total_fen=3580)
    actions.hand_over(fair.agent, order_id=gone.order)
    actions.cancel(Actor.guest("sample"), order_id=cancelled.order, token=cancelled.token)
    refund = scalar("SELECT id FROM payments_refund")
    coming = _coming(counter)
    count_till(SYSTEM, count_id=uuid7(), station=fair.station, counted_fen=25000, reason="样例")
    household, product, lot = fair.households[0], fair.stall.product, fair.stall.lots[0]
    link = counter.link
    return {
        "today": link("today"), "weigh": link("weigh"), "weigh nobody": link("weigh") + "?q=zzz",
        "weigh product": link("weigh_product", household), "weigh in": link("weigh_in", household, product),
        "slip": link("slip", lot), "lots": link("lots"), "pack list": link("pack_list"),
        "pack": link("pack", to_pack.order), "order": link("order", door.order),
        "label door": link("label", door.order), "label pickup": link("label", lying.order),
        "round": link("round"), "parcels": link("parcels"), "give": link("give", lying.order),
        "give door": link("give", gone.order), "failed": link("failed", gone.order), "cash": link("cash"),
        "cash wrong": link("cash") + "?number=12", "take cash": link("take_cash", unpaid.order),
        "receipt": link("take_cash", paid.order), "refunds": link("refunds"),
        "hand back": link("hand_back", refund), "till": link("till"), "coming": link("order", coming.order),
        "missing": link("order", uuid7()), "code": code,
    }  # fmt: skip


def open_label(page: Page) -> None:
    """From an order's page, by the press that is put on record."""
    page.locator("form[action$='/label/'] button").click()
    page.wait_for_selector(".paper-label")


def _coming(counter: Counter) -> Placed:
    """A parcel that another station sent here."""
    station = a_station(place=OTHER, name="样例二站")
    there = Fair(counter.fair.county, station, an_agent(station), counter.fair.households, counter.fair.stall)
    stall = a_stall(there.households, station)
    placed = actions.place_order(
        Actor.guest("sample"), order_id=uuid7(), county=there.county, lines=((stall.offer, 1),),
        contact=CONTACT, fulfilment="pickup", gateway="counter", expected_total_fen=2980,
        station=counter.fair.station,
    )  # fmt: skip
    pay(there, placed)
    actions.pack(there.agent, order_id=placed.order, parcel=uuid7(), weight_g=600)
    actions.hand_over(there.agent, order_id=placed.order)
    return placed


@pytest.mark.parametrize(
    ("lang", "width", "theme"),
    [
        ("zh-hans", PHONE, "light"),
        ("en", PHONE, "dark"),
        ("zh-hans", DESK, "dark"),
        ("en", DESK, "light"),
    ],
)
def test_every_page_can_be_used_by_everyone(
    visitor: Visitor, counter: Counter, lang: str, width: int, theme: str
) -> None:
    pages = a_busy_day(counter)
    code = pages.pop("code")
    person = agent(visitor, counter, lang=lang, width=width, theme=theme)
    wrong: list[str] = []
    for name, address in pages.items():
        page = visitor.open(address, person)
        if name.startswith("label"):
            open_label(page)
        wrong += _wrong(visitor, page, f"station-{name}-{lang}-{width}-{theme}")
        page.close()
    page = visitor.open(pages["parcels"], person)
    page.locator("input[name=code]").fill(code)
    page.locator("main form").first.locator("button").click()
    page.wait_for_load_state()
    wrong += _wrong(visitor, page, f"station-found-{lang}-{width}-{theme}")
    page.goto(pages["weigh in"])
    page.locator("input[name=quantity]").fill("many")
    page.locator("main form button").click()
    page.wait_for_selector("#errors")
    wrong += _wrong(visitor, page, f"station-refused-{lang}-{width}-{theme}")
    assert not wrong, "\n".join(wrong)


def _wrong(visitor: Visitor, page: Page, name: str) -> list[str]:
    """What a person would stumble over: flaws, a page wider than its window, targets too small."""
    visitor.shot(page, name)
    found = flaws(page, strict=True) + [f"small: {one}" for one in page.evaluate(SMALL)]
    if wide := overflow(page):
        found.append(f"{wide} pixels too wide")
    return [f"{name}: {one}" for one in found]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_day_at_the_counter(visitor: Visitor, counter: Counter, scripts: bool) -> None:
    """Weighs a harvest, takes cash, packs, gives out by code, counts the till, by what stands there."""
    placed = place(counter.fair)
    number = people.household(SYSTEM, household_id=counter.fair.households[0]).number
    person = agent(visitor, counter, lang="en", scripts=scripts)
    page = visitor.open("/station/", person)
    page.get_by_role("link", name="Weigh in").click()
    page.get_by_role("searchbox").fill(number)
    page.get_by_role("button", name="Search").click()
    page.locator("a.tile", has_text=number).click()
    page.get_by_role("link", name="Black sticky rice").click()
    page.get_by_label("Quantity").fill("80")
    page.get_by_text("jin", exact=True).click()
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("40 kg")).to_be_visible()
    _at_the_counter(page, placed)
    pay_told(placed)
    _parcel(page, placed)
    page.goto(counter.link("till"))
    page.get_by_label("I counted").fill("29.80")
    page.get_by_label("Of it I take to the bank").fill("20")
    page.get_by_role("button", name="Counted").click()
    expect(page.get_by_text("¥9.80")).to_be_visible()
    assert state(placed) == "delivered"


def _at_the_counter(page: Page, placed: Placed) -> None:
    page.get_by_role("link", name="What is to be done").first.click()
    page.get_by_role("link", name="Take cash").click()
    page.get_by_label("Number of the order").fill(placed.number)
    page.get_by_role("button", name="Find the order").click()
    page.get_by_role("button", name="Yes, I have it").click()
    expect(page.get_by_text("Paid in cash")).to_be_visible()
    page.get_by_role("link", name="What is to be done").first.click()


def _parcel(page: Page, placed: Placed) -> None:
    page.reload()
    page.get_by_role("link", name="Pack", exact=False).first.click()
    page.get_by_role("link", name=f"Pack {placed.number}").click()
    page.get_by_label("What the closed parcel weighs").fill("620")
    page.get_by_role("button", name="Packed").click()
    page.get_by_role("button", name="Label").click()
    expect(page.get_by_role("img", name="QR code of the waybill")).to_be_visible()
    page.get_by_role("link", name="What is to be done").first.click()
    page.get_by_role("link", name="Give out").click()
    page.get_by_label("Pick-up code").fill(str(scalar("SELECT pickup_code FROM logistics_parcel")))
    page.get_by_role("button", name="Find the parcel").click()
    page.get_by_role("button", name="Give to the buyer").click()
    expect(page.get_by_text("Given to the buyer.")).to_be_visible()


def pay_told(placed: Placed) -> None:
    """The news of the payment, which the worker would bring."""
    capture = UUID(str(scalar("SELECT id FROM payments_capture WHERE intent_id = %s", [placed.intent])))
    money = actions.Money(placed.order, placed.intent, capture, placed.total_fen, surplus=False)
    actions.mark_paid(SYSTEM, captured=[money])


def test_going_back_and_pressing_again_weighs_one_more_only_when_asked(
    visitor: Visitor, counter: Counter
) -> None:
    before = int(str(scalar("SELECT count(*) FROM stock_lot")))
    person = agent(visitor, counter, lang="en")
    address = counter.link("weigh_in", counter.fair.households[0], counter.fair.stall.product)
    page = visitor.open(address, person)
    page.get_by_label("Quantity").fill("5")
    page.get_by_text("kg", exact=True).click()
    page.get_by_role("button", name="Take in").dblclick()
    page.wait_for_url("**/lots/**")
    assert scalar("SELECT count(*) FROM stock_lot") == before + 1
    page.go_back()
    page.wait_for_load_state()
    assert page.get_by_label("Quantity").input_value() in ("", "5")
    assert scalar("SELECT count(*) FROM stock_lot") == before + 1


def test_a_label_prints_on_one_sheet(visitor: Visitor, counter: Counter) -> None:
    placed, _code = counter.packed()
    page = visitor.open(counter.link("label", placed.order), agent(visitor, counter, lang="zh-hans"))
    open_label(page)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1
    page.emulate_media(media="print")
    expect(page.locator(".head")).not_to_be_visible()
    expect(page.locator(".paper-label")).to_be_visible()
    visitor.shot(page, "station-label-printed")


def test_guessing_codes_ends_with_a_sentence(visitor: Visitor, counter: Counter) -> None:
    page = visitor.open(counter.link("parcels"), agent(visitor, counter, lang="en"))
    for _try in range(MOST + 1):
        page.get_by_label("Pick-up code").fill("000000")
        page.get_by_role("button", name="Find the parcel").click()
        page.wait_for_load_state()
    expect(page.get_by_text("Wait ten minutes").first).to_be_visible()
