"""On a phone: paid by WeChat's and by Alipay's double, notices lost and doubled, and the bill agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx
import pytest
from csp.utils import build_policy
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from countyfair.kernel.clock import COUNTY_ZONE, at, now
from countyfair.kernel.outbox import deliver_everything
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.registers.people.tests.factories import COUNTY
from countyfair.surfaces.ui.middleware import ContentPolicy
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.payments import actions as payments
from countyfair.trade.payments.gateways.wechat import channel
from countyfair.trade.payments.tests.doubles import alipay as alipays
from countyfair.trade.payments.tests.doubles import wechat as wechats
from countyfair.trade.payments.tests.doubles.alipay import AlipayDouble
from countyfair.trade.payments.tests.doubles.wechat import WeChatDouble, fee_of
from tests.browser.visiting import FACES, PHONE, Visitor, flaws, overflow
from tests.faults.trade import delivered, packed
from tests.journeys.test_centre import at_work
from tests.machine import books

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
PAID = '<!doctype html><html lang="zh"><title>pay</title><a id="done" href="{back}">done</a></html>'


@dataclass
class Cashier:
    """A provider's double, and the page of its that a phone is led to."""

    gateway: str
    double: WeChatDouble | AlipayDouble
    house: str
    said: Any = None

    @property
    def pages(self) -> str:
        if isinstance(self.double, WeChatDouble):
            return "https://wx.tenpay.com/**"
        return f"{self.double.address}/gateway.do?**"

    def visited(self, route: Route) -> None:
        """The phone shows the provider's page, the payer pays; what its notice will say is kept."""
        asked = dict(parse_qsl(urlsplit(route.request.url).query))
        if isinstance(self.double, WeChatDouble):
            number, back = asked["prepay_id"], asked["redirect_url"]
        else:
            visited = self.double.visit(route.request.url)
            number, back = visited["content"]["out_trade_no"], asked["return_url"]
        self.said = self.double.pay(number)
        route.fulfill(status=200, content_type="text/html", body=PAID.format(back=back))

    def knock(self) -> int:
        """The notice comes."""
        if isinstance(self.double, WeChatDouble):
            headers, body = self.double.notice(self.said)
            headers |= {"Content-Type": "application/json"}
        else:
            body = self.double.notice(self.said)
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
        address = f"{self.house}/pay/{self.gateway}/notify/"
        return httpx.post(address, content=body, headers=headers, timeout=30).status_code


@pytest.fixture(params=["wechat", "alipay"])
def cashier(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    visitor: Visitor,
) -> Iterator[Cashier]:  # fmt: skip
    settings.COUNTYFAIR_ORIGIN = visitor.address
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with ExitStack() as stack:
        module: Any = wechats if request.param == "wechat" else alipays
        double = stack.enter_context(module.at_work(tmp_path, settings))
        made = Cashier(request.param, double, visitor.address)
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"] = ["'self'", "https://wx.tenpay.com", made.double.address]
        settings.CONTENT_SECURITY_POLICY = policy
        monkeypatch.setattr(ContentPolicy, "policy", property(lambda _self: build_policy()), raising=False)
        yield made


@pytest.mark.parametrize(("lang", "width"), [face for face in FACES if face.values[1] == PHONE])
def test_lost_and_doubled_notices_a_partial_refund_and_the_bill(
    visitor: Visitor, cashier: Cashier, lang: str, width: int
) -> None:
    fair = a_fair()
    lost = bought(visitor, cashier, fair, lang, before=lambda: None)

    def doubled() -> None:
        assert [cashier.knock(), cashier.knock()] == [200, 200]

    twice = bought(visitor, cashier, fair, lang, before=doubled)
    assert scalar("SELECT count(*) FROM payments_capture") == 2

    totals = [
        int(str(scalar("SELECT total_fen FROM orders_order WHERE id = %s", [one]))) for one in (lost, twice)
    ]
    delivered(packed(twice))
    deliver_everything()
    give_back(visitor, twice, lang)
    payments.settle_refunds()
    assert scalar("SELECT state FROM payments_refund") == "done"

    cashier.double.make_bill()
    morning = now().astimezone(COUNTY_ZONE).replace(hour=11, minute=0) + timedelta(days=1)
    with at(morning):
        assert payments.fetch_bills() == 1
    owed = the_bill(visitor, lang, width)
    fees = sum(map(fee_of, totals)) - fee_of(500)
    held = balance(county=COUNTY, code="clearing", owner=cashier.gateway)
    assert owed == held == sum(totals) - 500 - fees
    assert balance(county=COUNTY, code="provider_fees", owner=cashier.gateway) == fees
    assert books.disproved() == {}


def bought(visitor: Visitor, cashier: Cashier, fair: Fair, lang: str, *, before: Callable[[], None]) -> UUID:
    """A pack is ordered and paid on a phone; what happens `before` the payer comes back; the order."""
    page = visitor.person(lang=lang, width=PHONE).new_page()
    page.set_extra_http_headers({"User-Agent": PHONE_AGENT})
    page.route(cashier.pages, cashier.visited)
    page.goto("/")
    page.locator(".stall-name a").first.click()
    page.locator(".action-bar button").click()
    page.locator(f'a[href="/checkout/{COUNTY}/"]').click()
    page.evaluate("customElements.whenDefined('order-total').then(() => null)")
    page.locator('[name="fulfilment"][value="pickup"]').check()
    page.locator('[name="station"]').select_option(str(fair.station))
    page.locator('[name="name"]').fill("样例·买家")
    page.locator('[name="phone"]').fill("19900008888")
    page.locator(f'[name="gateway"][value="{cashier.gateway}"]').check()
    well(page, visitor, f"checkout {cashier.gateway} {lang}")
    page.locator(".checkout .action-bar button").click()
    page.locator("#done").wait_for()
    before()
    page.locator("#done").click()
    page.wait_for_url("**/orders/*/*/**")
    order = UUID(page.url.split("/orders/")[1].split("/")[0])
    intent = scalar("SELECT intent FROM orders_order WHERE id = %s", [order])
    for _second in range(40):  # the page asks by itself when no notice comes
        if scalar("SELECT state FROM payments_intent WHERE id = %s", [intent]) == "paid":
            break
        page.wait_for_timeout(1000)
    deliver_everything()
    paid = "已付款，待打包" if lang == "zh-hans" else "Paid, to be packed"
    expect(page.locator(".tag").first).to_have_text(paid)
    well(page, visitor, f"paid {cashier.gateway} {lang}")
    page.context.close()
    return order


def give_back(visitor: Visitor, order: UUID, lang: str) -> None:
    """Staff give five yuan of it back."""
    page = visitor.open(
        f"/centre/{COUNTY}/orders/{order}/refund/", at_work(visitor, "county_admin", lang=lang)
    )
    page.locator('[name^="amount_"]').first.fill("5.00")
    page.locator('[name="reason"]').fill("压坏一角")
    page.locator("form button.button-main, form button.button-danger").last.click()
    page.wait_for_url(f"**/orders/{order}/")
    page.context.close()


def the_bill(visitor: Visitor, lang: str, width: int) -> int:
    """What the desk says that the provider owes for the day."""
    page = visitor.open(
        f"/centre/{COUNTY}/provider-bills/", at_work(visitor, "centre_finance", lang=lang, width=width)
    )
    well(page, visitor, f"bills {lang}")
    assert page.locator("[data-gap]").count() == 0
    owed = sum(int(str(one.get_attribute("data-owed"))) for one in page.locator("[data-owed]").all())
    page.context.close()
    return owed


def well(page: Page, visitor: Visitor, name: str) -> None:
    visitor.shot(page, f"payments {name}")
    assert overflow(page) == 0, name
    assert flaws(page) == [], name
