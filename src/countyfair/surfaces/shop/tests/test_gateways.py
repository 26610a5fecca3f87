"""Paying by WeChat's and by Alipay's double through the pages: a phone is led there, a PC shows a code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from countyfair.kernel.rows import scalar
from countyfair.surfaces.shop.tests.buying import form, put_in, text_of
from countyfair.trade.orders.tests.factories import Fair, a_fair
from countyfair.trade.payments.gateways.wechat import channel
from countyfair.trade.payments.tests.doubles import alipay, wechat

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36"


@dataclass
class Providers:
    """Both doubles at work."""

    wechat: wechat.WeChatDouble
    alipay: alipay.AlipayDouble

    def paid(self, client: Client, gateway: str, number: str) -> Any:
        """The payer pays there; how the shop answers the notice."""
        if gateway == "wechat":
            headers, body = self.wechat.notice(self.wechat.pay(number))
            return client.post("/pay/wechat/notify/", body, content_type="application/json", headers=headers)
        body = self.alipay.notice(self.alipay.pay(number))
        return client.post("/pay/alipay/notify/", body, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def providers(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with ExitStack() as open_both:
        yield Providers(
            open_both.enter_context(wechat.at_work(tmp_path, settings)),
            open_both.enter_context(alipay.at_work(tmp_path, settings)),
        )


@pytest.fixture
def fair() -> Fair:
    return a_fair()


def bought(client: Client, fair: Fair, gateway: str, agent: str) -> str:
    """Where the checkout leads who pays by this gateway on this device."""
    put_in(client, fair.stall.offer, 1)
    page = text_of(client.get(f"/checkout/{fair.county}/"))
    sent = form(fair, page, gateway=gateway)
    return str(client.post(f"/checkout/{fair.county}/", sent, headers={"user-agent": agent})["Location"])


def intent() -> tuple[str, str]:
    """The number under which the provider knows the payment, and its state."""
    state = str(scalar("SELECT state FROM payments_intent"))
    return str(scalar("SELECT replace(id::text, '-', '') FROM payments_intent")), state


@pytest.mark.parametrize(
    ("gateway", "host", "back"),
    [("wechat", "wx.tenpay.com", "redirect_url"), ("alipay", "127.0.0.1", "return_url")],
)
def test_a_phone_is_led_to_the_provider_and_what_it_pays_is_known(
    client: Client, fair: Fair, providers: Providers, gateway: str, host: str, back: str
) -> None:
    there = bought(client, fair, gateway, PHONE)
    assert urlsplit(there).hostname == host
    page = urlsplit(parse_qs(urlsplit(there).query)[back][0]).path
    if gateway == "alipay":
        providers.alipay.visit(there)
    number, state = intent()
    assert state == "awaiting"
    assert [providers.paid(client, gateway, number).status_code for _time in range(2)] == [200, 200]
    assert intent() == (number, "paid")
    assert scalar("SELECT count(*) FROM payments_capture") == 1
    assert "Your payment has arrived" in text_of(client.get(page, headers={"accept-language": "en"}))


@pytest.mark.parametrize("gateway", ["wechat", "alipay"])
def test_a_pc_shows_a_code_and_what_it_comes_to(
    client: Client, fair: Fair, providers: Providers, gateway: str
) -> None:
    there = bought(client, fair, gateway, PC)
    answer = client.get(there, headers={"user-agent": PC, "accept-language": "en"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<svg" in page
    assert "Pay with your phone" in page
    number, _state = intent()
    assert "¥29.80" in page
    assert providers.paid(client, gateway, number).status_code == 200
    again = client.get(there, headers={"user-agent": PC})
    assert (again.status_code, again["Location"]) == (302, there.removesuffix("pay/"))


@pytest.mark.parametrize("agent", [PHONE, PC])
def test_when_the_provider_gives_no_answer_the_order_waits_on_its_page(
    client: Client, fair: Fair, providers: Providers, agent: str
) -> None:
    providers.wechat.wrong = "html"
    there = bought(client, fair, "wechat", agent)
    if agent == PC:
        there = str(client.get(there, headers={"user-agent": PC})["Location"])
    assert "付款平台暂时没有回应" in text_of(client.get(there))
    assert intent()[1] == "awaiting"
