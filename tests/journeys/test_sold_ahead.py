"""A harvest sold ahead in a browser: opened at the desk, seen by buyer and farmer, short, fairly cut."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from countyfair.kernel import outbox
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.rows import scalar
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.station.tests.conftest import signed_in
from countyfair.surfaces.ui.formats import local
from countyfair.surfaces.ui.tests import clients
from countyfair.trade.catalog.tests import factories as catalog
from countyfair.trade.orders.tests.factories import Fair, a_fair, place
from countyfair.trade.payments import actions as payments
from countyfair.trade.stock import actions as stock
from countyfair.trade.stock.tests.factories import a_harvest
from tests.browser.visiting import FACES, Visitor, flaws, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRICE = 3000


@pytest.mark.parametrize(("lang", "width"), FACES)
def test_a_pre_order_is_short_harvested_and_fairly_cut(visitor: Visitor, lang: str, width: int) -> None:
    cache.clear()
    fair = a_fair()
    product = catalog.a_product(said=catalog.facts(name_zh="样例蜜橘", category="fruit"))
    catalog.a_pack(product=product, content_amount=1000)
    harvest = a_harvest(fair.households[0], product, jin=40)
    desk = visitor.member(clients.signed_in("centre_staff"), lang=lang, width=width).new_page()
    _look(visitor, desk, f"/centre/{COUNTY}/ahead/", f"waiting-{lang}-{width}")
    cycle = _open(visitor, desk, product, f"{lang}-{width}")

    agent = visitor.member(signed_in(fair.agent), lang=lang, width=width).new_page()
    _look(visitor, agent, f"/goods/{product}/", f"product-{lang}-{width}")
    assert ("预售" if lang == "zh-hans" else "Pre-order") in agent.inner_text("main")

    offer = UUID(str(scalar("SELECT id FROM catalog_offer WHERE expected_on IS NOT NULL")))
    orders = [_paid(fair, offer, packs) for packs in (10, 6)]
    _look(visitor, agent, f"/farmer/{fair.households[0]}/bring/", f"bring-{lang}-{width}")
    assert "16" in agent.inner_text("main")
    stock.take_in_announced(
        fair.agent, harvest=harvest, lot=uuid7(), quantity=Quantity(8000, Unit.GRAM), harvested_on=today(),
        station=fair.station,
    )  # fmt: skip
    _look(visitor, desk, f"/centre/{COUNTY}/ahead/{cycle}/", f"closed-{lang}-{width}")
    desk.locator("main form .button-main").last.click()
    desk.wait_for_selector(".tag-done, main table")
    _look(visitor, desk, f"/centre/{COUNTY}/ahead/{cycle}/", f"allotted-{lang}-{width}")
    got = dict(_got(order) for order in orders)
    assert [got[order] for order in orders] == [5, 3]
    back = scalar("SELECT sum(amount_fen)::bigint FROM orders_refund")
    assert back == 8 * PRICE


def _open(visitor: Visitor, desk: Page, product: UUID, name: str) -> str:
    desk.goto(f"{visitor.address}/centre/{COUNTY}/ahead/new/{product}/")
    desk.locator("input[name=price]").fill("30")
    desk.locator("main .button-main").last.click()
    desk.locator("input[name=closes_at]").fill(f"{local(now() + timedelta(days=2)):%Y-%m-%dT%H:%M}")
    visitor.shot(desk, f"ahead-form-{name}")
    assert flaws(desk) == []
    assert overflow(desk) == 0
    desk.locator("main .button-main").last.click()
    desk.wait_for_url("**/ahead/*-*/")
    return str(scalar("SELECT id FROM stock_cycle"))


def _paid(fair: Fair, offer: UUID, packs: int) -> UUID:
    placed = place(fair, lines=((offer, packs),), expected_total_fen=PRICE * packs)
    payments.take_cash(fair.agent, intent=placed.intent, station=fair.station)
    outbox.deliver_everything()
    return placed.order


def _got(order: UUID) -> tuple[UUID, int]:
    found = scalar(
        "SELECT a.packs FROM orders_allotment a JOIN orders_line l ON l.id = a.line_id WHERE l.order_id = %s",
        [order],
    )
    return order, int(str(found))


def _look(visitor: Visitor, page: Page, path: str, name: str) -> None:
    page.goto(visitor.address + path)
    visitor.shot(page, f"ahead-{name}")
    assert flaws(page, strict="bring" in name) == [], name
    assert overflow(page) == 0, name
