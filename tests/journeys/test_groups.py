"""A group in a browser: opened at the desk, shared by link, filled and packed; and one that falls through.

The first member shops as wide as the desk looks; the second opens the link on a cheap phone.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from countyfair.kernel.clock import at, now
from countyfair.kernel.rows import scalar
from countyfair.surfaces.commands.check import PROVERS
from countyfair.surfaces.station.tests.conftest import Counter, signed_in
from countyfair.surfaces.ui.formats import local, money
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.promotions.tests.factories import a_group
from tests.browser.visiting import DESK, FACES, PHONE, Visitor
from tests.journeys.conftest import House, Paying
from tests.journeys.test_main_line import order_button
from tests.journeys.walking import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Alone a pack costs 29.80.
TOGETHER = 1980
WIDTHS = (PHONE, DESK)


@pytest.fixture
def house(visitor: Visitor, paying: Paying) -> House:
    cache.clear()
    return House(visitor, paying.provider, paying.address)


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_full_group_is_packed(house: House, lang: str, width: int) -> None:
    fair = a_fair()
    link = opened(house, fair, lang, width)
    first = house.somebody("group-first", lang, width=width)
    first.go(link)
    first.look("group")
    join(house, fair, first, "19900003001")
    first.sees("Paid, waits for its group")
    first.sees("%(joined)s of %(needed)s", joined=1, needed=2)
    first.look("waits")
    shared = first.page.locator("[name=address]").input_value()
    assert shared == link, "the member has the link to share"
    second = house.somebody("group-second", lang)
    second.go(shared)
    second.sees("%(joined)s of %(needed)s", joined=1, needed=2)
    join(house, fair, second, "19900003002")
    second.sees("Paid, to be packed")
    second.look("paid")
    second.go(link)
    second.sees("The group is full")
    second.look("full")
    first.page.reload()
    first.sees("Paid, to be packed")
    packed(house, fair, lang, width)
    assert broken() == []


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_group_that_is_not_full_in_time_gives_all_money_back_once(
    house: House, lang: str, width: int
) -> None:
    fair = a_fair()
    link = f"/groups/{a_group(fair.stall.offer, needed=3)}/"
    first = house.somebody("short-first", lang, width=width)
    second = house.somebody("short-second", lang)
    for nth, member in enumerate((first, second), 1):
        member.go(link)
        join(house, fair, member, f"1990000300{nth}")
    with at(now() + timedelta(days=3)):
        for _time in range(2):
            house.work()
    house.provider.send_due()
    house.work()
    for member in (first, second):
        member.page.reload()
        member.sees("Given back")
        member.sees("Its group did not come together in time")
        member.look("given-back")
    first.go(link)
    first.sees("The group fell through")
    first.look("fell-through")
    assert scalar("SELECT array_agg(amount_fen) FROM payments_refund") == [TOGETHER, TOGETHER]
    assert broken() == []


def test_a_group_is_joined_without_scripts(house: House) -> None:
    fair = a_fair()
    link = f"/groups/{a_group(fair.stall.offer)}/"
    plain = house.somebody("group-plain", "zh-hans", scripts=False)
    plain.go(link)
    plain.look("group")
    assert link in plain.page.locator("[name=address]").input_value()
    plain.follow("Join for %(price)s", price=plain.inside(lambda: money(TOGETHER)))
    plain.choose("fulfilment", "pickup")
    plain.press("Show the stations")
    plain.page.locator("[name=station]").select_option(str(fair.station))
    plain.write(name="样例·买家", phone="19900003009")
    order_button(plain, TOGETHER).click()
    plain.page.wait_for_url(f"{house.provider_address}/**")
    plain.go(link)
    plain.sees("%(joined)s of %(needed)s", joined=1, needed=2)
    plain.look("joined")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_groups_stand_in_the_dark(house: House, width: int) -> None:
    fair = a_fair()
    group = a_group(fair.stall.offer)
    person = house.visitor.person(lang="zh-hans", width=width, theme="dark")
    buyer = Walker(house.visitor, house.visitor.open(f"/groups/{group}/", person), "zh-hans", "group-dark")
    buyer.look("group")
    join(house, fair, buyer, "19900003001")
    buyer.look("waits")
    with at(now() + timedelta(days=3)):
        house.work()
    buyer.go(f"/groups/{group}/")
    buyer.look("fell-through")


def opened(house: House, fair: Fair, lang: str, width: int) -> str:
    """The link of a group that somebody of the centre opened for the stall's pack."""
    person = house.visitor.member(clients.signed_in("centre_staff"), lang=lang, width=width)
    page = house.visitor.open(f"/centre/{fair.county}/offers/{fair.stall.offer}/", person)
    desk = Walker(house.visitor, page, lang, "group-desk")
    desk.follow("Open a group")
    desk.look("form")
    closes = local(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    desk.write(name_zh="样例·拼团", name_en="Sample together", price="29.80", needed="2", closes_at=closes)
    desk.press("Open the group")
    desk.sees("Together it must cost less than alone, and more than nothing.")
    desk.look("refused")
    desk.write(price="19.80")
    desk.press("Open the group")
    desk.sees("The group is open. Share its link.")
    desk.look("opened")
    link = desk.page.locator("[name=address]").input_value()
    desk.go(f"/centre/{fair.county}/promotions/")
    desk.sees("Gathering")
    desk.look("list")
    return link


def join(house: House, fair: Fair, buyer: Walker, phone: str) -> None:
    """Join on the group's page, pay, and come back to the order's."""
    buyer.follow("Join for %(price)s", price=buyer.inside(lambda: money(TOGETHER)))
    buyer.choose("fulfilment", "pickup")
    buyer.found("[name=station]").select_option(str(fair.station))
    buyer.write(name="样例·买家", phone=phone)
    buyer.look("checkout")
    order_button(buyer, TOGETHER).click()
    buyer.page.wait_for_url(f"{house.provider_address}/**")
    buyer.page.locator("summary").click()
    buyer.choose("way", "before")
    buyer.page.locator("button.main").click()
    buyer.page.wait_for_url("**/orders/*/*/**")
    house.work()
    expect(buyer.page.locator(".tag").first).not_to_have_text(buyer.said("Waiting for payment"))


def packed(house: House, fair: Fair, lang: str, width: int) -> None:
    """The agent finds both orders and packs one of them."""
    counter = Counter(fair, signed_in(fair.agent))
    person = house.visitor.member(counter.client, lang=lang, width=width)
    agent = Walker(house.visitor, house.visitor.open(counter.link("pack_list"), person), lang, "group-agent")
    numbers = scalar("SELECT array_agg(number ORDER BY placed_at) FROM orders_order")
    assert isinstance(numbers, list)
    for number in numbers:
        agent.reads(number)
    agent.look("to-pack")
    agent.follow("Pack %(number)s", number=numbers[0])
    agent.write(weight="600")
    agent.press("Packed")
    agent.look("packed")
    states = "SELECT array_agg(state ORDER BY placed_at) FROM orders_order"
    assert scalar(states) == ["packed", "paid"]


def broken() -> list[str]:
    return [proof.name for prove in PROVERS.values() for proof in prove() if proof.broken]
