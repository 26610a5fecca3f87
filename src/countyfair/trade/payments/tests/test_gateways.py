"""Gateways: one shape, signatures that hold, and a provider that behaves as badly as real ones."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.conf import settings as ours
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.trade.catalog.rules.outlets import OUTSIDE
from countyfair.trade.payments import actions
from countyfair.trade.payments.gateways import GATEWAYS, gateway_called, offered, outside
from countyfair.trade.payments.gateways.sandbox import signing
from countyfair.trade.payments.gateways.sandbox.provider import schedule
from countyfair.trade.payments.gateways.sandbox.provider.server import Provider, open_provider, serving
from countyfair.trade.payments.gateways.sandbox.provider.store import Refused
from countyfair.trade.payments.gateways.shape import Asked, Unreachable
from countyfair.trade.payments.tests.factories import SYSTEM, an_intent

KEY = "a key of this test's own"


@dataclass
class Shop:
    """What a shop hears: every request, and what it answers."""

    address: str = ""
    answer: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Somebody who listens for notices."""
    listening = Shop()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # named by http.server
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listening.heard.append((dict(self.headers), body))
            self.send_response(listening.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # named by http.server
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        listening.address = f"http://127.0.0.1:{server.server_address[1]}/notify"
        yield listening
        server.shutdown()
        thread.join()


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    made = open_provider(tmp_path, key=KEY, pace=0)
    yield made
    made.store.close()


def ask(provider: Provider, shop: Shop | None = None, **other: Any) -> str:
    intent = str(uuid7())
    asked = {
        "intent": intent,
        "reference": "r",
        "amount_fen": 3600,
        "currency": "CNY",
        "back": "http://shop/o/1?a=b",
    }
    provider.ask(asked | {"notify": shop.address if shop else ""} | other)
    return intent


def heard(shop: Shop, key: str = KEY) -> list[dict[str, Any]]:
    """The notices that are signed with this key."""
    found = []
    for headers, body in shop.heard:
        try:
            found.append(signing.opened("provider", headers, body, key=key, moment=signing.present()))
        except signing.SignatureWrong:
            continue
    return found


# --- The registry


def test_every_gateway_stands_in_the_registry_under_its_folder_s_name() -> None:
    folder = Path(str(gateway_called.__code__.co_filename)).parent
    folders = {path.parent.name for path in folder.glob("*/__init__.py")}
    platforms = {gateway.name for gateway in outside.PLATFORMS}
    assert folders - {"outside"} == set(GATEWAYS) - platforms
    assert platforms == set(OUTSIDE)
    with pytest.raises(Invalid):
        gateway_called("gold")


def test_the_sandbox_is_offered_where_the_deployment_has_one(settings: Settings) -> None:
    settings.COUNTYFAIR_SANDBOX = True
    assert [gateway.name for gateway in offered()] == ["counter", "sandbox"]
    settings.COUNTYFAIR_SANDBOX = False
    assert [gateway.name for gateway in offered()] == ["counter"]


# --- Signatures


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers(), max_size=5))
def test_what_one_side_signs_the_other_reads(payload: dict[str, Any]) -> None:
    headers, body = signing.signed("provider", payload, key=KEY, moment=signing.present())
    assert signing.opened("provider", headers, body, key=KEY, moment=signing.present()) == payload


@pytest.mark.parametrize("change", ["body", "key", "sender", "timestamp", "nonce", "late", "early"])
def test_nothing_of_a_signed_message_can_be_changed(change: str) -> None:
    moment = signing.present()
    headers, body = signing.signed(
        "shop" if change == "sender" else "provider", {"a": 1}, key=KEY, moment=moment
    )
    if change in ("timestamp", "nonce"):
        name = signing.TIMESTAMP if change == "timestamp" else signing.NONCE
        headers[name] = headers[name] + "1"
    later = {"late": timedelta(minutes=6), "early": -timedelta(minutes=6)}.get(change, timedelta(0))
    changed = body + b" " if change == "body" else body
    key = f"{KEY}!" if change == "key" else KEY
    with pytest.raises(signing.SignatureWrong):
        signing.opened("provider", headers, changed, key=key, moment=moment + later)


def test_a_payer_cannot_change_the_link() -> None:
    query = signing.signed_query(
        {"amount_fen": "3600", "back": "http://x/?a=1&b=二"}, key=KEY, moment=signing.present()
    )
    given_back = dict(parse_qsl(query, keep_blank_values=True))
    assert signing.opened_query(given_back, key=KEY, moment=signing.present())["back"] == "http://x/?a=1&b=二"
    with pytest.raises(signing.SignatureWrong):
        signing.opened_query(given_back | {"amount_fen": "1"}, key=KEY, moment=signing.present())
    with pytest.raises(signing.SignatureWrong):
        signing.opened_query(given_back, key=KEY, moment=signing.present() + timedelta(hours=1))


# --- Links


@pytest.mark.django_db
def test_a_link_is_given_while_the_intent_waits() -> None:
    link = {"back": "http://shop/back", "notify": "http://shop/notify"}
    waiting = an_intent()
    address = actions.payment_link(waiting, **link)
    assert address is not None
    assert address.startswith(f"{ours.COUNTYFAIR_SANDBOX_URL}/pay?")
    called = actions.payment_link(waiting, **link, subject="261123-12345678-9")
    assert called is not None
    assert "reference=261123-12345678-9&" in called
    assert actions.payment_link(an_intent(gateway="counter"), **link) is None
    over = an_intent(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        actions.payment_link(over, **link)
    actions.cancel_intent(SYSTEM, intent=waiting)
    with pytest.raises(Conflict):
        actions.payment_link(waiting, **link)


# --- The provider


@pytest.mark.parametrize(
    ("way", "times"), [("normal", 1), ("late", 1), ("double", 2), ("lost", 0), ("forged", 1), ("before", 1)]
)
def test_each_way_notifies_as_it_says(provider: Provider, shop: Shop, way: str, times: int) -> None:
    intent = ask(provider, shop)
    provider.pay(intent, way)
    provider.send_due()
    assert [said["intent"] for said in heard(shop)] == [intent] * times
    assert len(shop.heard) == times + (way == "forged")
    assert len({said["notice"] for said in heard(shop)}) <= 1


def test_before_means_before_the_payer_is_sent_back(provider: Provider, shop: Shop) -> None:
    provider.pay(ask(provider, shop), "before")
    assert len(heard(shop)) == 1


def test_a_notice_is_sent_until_it_is_acknowledged(provider: Provider, shop: Shop) -> None:
    shop.answer = 503
    provider.pay(ask(provider, shop))
    for _ in range(3):
        provider.send_due()
    shop.answer = 200
    provider.send_due()
    provider.send_due()
    assert len(heard(shop)) == 4


def test_a_restarted_provider_goes_on_where_it_stood(provider: Provider, shop: Shop, tmp_path: Path) -> None:
    shop.answer = 503
    intent = ask(provider, shop)
    provider.pay(intent)
    provider.send_due()
    provider.store.close()
    shop.answer = 200
    again = open_provider(tmp_path, key=KEY, pace=0)
    again.send_due()
    assert len(heard(shop)) == 2
    assert (paid := again.store.find(intent)) is not None
    assert paid.state == "paid"
    again.store.close()


def test_the_same_seed_draws_the_same_schedule_and_mixed_draws_every_way() -> None:
    draws = [schedule.sendings("mixed", seed=7, intent=str(n)) for n in range(400)]
    assert draws == [schedule.sendings("mixed", seed=7, intent=str(n)) for n in range(400)]
    assert draws != [schedule.sendings("mixed", seed=8, intent=str(n)) for n in range(400)]
    assert {len(draw) for draw in draws} == {0, 1, 2}
    assert any(one.forged for draw in draws for one in draw)
    arrivals = [draw[0].after for draw in draws if draw]
    assert arrivals != sorted(arrivals)


def test_it_takes_money_once_and_not_after_the_time_is_over(provider: Provider) -> None:
    intent = ask(provider)
    assert provider.pay(intent).payment == provider.pay(intent).payment
    with pytest.raises(Refused):
        provider.ask({"intent": intent, "reference": "r", "amount_fen": 1, "currency": "CNY"})
    with pytest.raises(Refused):
        provider.pay(ask(provider, expires=str(signing.present().timestamp() - 1)))
    with pytest.raises(Refused):
        provider.pay(str(uuid7()))
    refused = ask(provider)
    provider.store.refuse(refused)
    with pytest.raises(Refused):
        provider.pay(refused)


def test_it_gives_back_once_per_key_and_never_too_much(provider: Provider) -> None:
    key = provider.pay(ask(provider)).payment or ""
    for _ in range(2):
        provider.store.refund("r1", key, 3000, "CNY")
    assert provider.store.refunded(key) == 3000
    for refund, payment, amount in (("r1", key, 2999), ("r2", key, 601), ("r3", "none", 1), ("r4", key, 0)):
        with pytest.raises(Refused):
            provider.store.refund(refund, payment, amount, "CNY")
    assert provider.store.refunded(key) == 3000


def test_its_memory_is_one_file(provider: Provider, tmp_path: Path) -> None:
    ask(provider)
    with sqlite3.connect(tmp_path / "sandbox.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM payment").fetchone() == (1,)
    db.close()


# --- Its pages, over HTTP


@pytest.fixture
def site(provider: Provider) -> Iterator[str]:
    with serving(provider) as address:
        yield address


def link(site: str, intent: str, **other: str) -> str:
    params = {
        "intent": intent, "reference": "R<1>", "amount_fen": "123450", "currency": "CNY", "expires": "",
        "back": "http://shop.example/orders/1", "notify": "",
    }  # fmt: skip
    return f"{site}/pay?{signing.signed_query(params | other, key=KEY, moment=signing.present())}"


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN,zh;q=0.9,en", "付款"), ("en-GB", "Amount to pay"), ("", "应付金额")]
)
def test_the_pay_page_speaks_the_payer_s_language(site: str, language: str, words: str) -> None:
    page = httpx.get(link(site, str(uuid7())), headers={"Accept-Language": language})
    assert page.status_code == 200
    assert words in page.text
    assert "¥1,234.50" in page.text
    assert "R&lt;1&gt;" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("decision", "state"), [("pay", "paid"), ("refuse", "refused")])
def test_a_payer_decides_and_is_sent_back(site: str, provider: Provider, decision: str, state: str) -> None:
    intent = str(uuid7())
    form = {"token": token_in(httpx.get(link(site, intent)).text), "decision": decision, "way": "lost"}
    answer = httpx.post(f"{site}/pay/{intent}", data=form)
    assert answer.status_code == 303
    back = urlsplit(answer.headers["Location"])
    assert (back.netloc, back.path) == ("shop.example", "/orders/1")
    assert dict(parse_qsl(back.query)) == {"intent": intent, "result": state}
    assert (known := provider.store.find(intent)) is not None
    assert known.state == state
    assert "button" not in httpx.get(link(site, intent)).text.split("</style>")[1]


def test_pages_that_refuse(site: str) -> None:
    intent = str(uuid7())
    address = link(site, intent)
    assert httpx.get(address.replace("amount_fen=123450", "amount_fen=1")).status_code == 403
    page = httpx.get(address)
    token = token_in(page.text)
    assert httpx.post(f"{site}/pay/{intent}", data={"decision": "pay", "token": "x"}).status_code == 403
    wrong_way = {"decision": "pay", "token": token, "way": "by pigeon"}
    assert httpx.post(f"{site}/pay/{intent}", data=wrong_way).status_code == 400
    assert httpx.get(link(site, intent, amount_fen="1")).status_code == 403
    assert httpx.get(link(site, str(uuid7()), expires="1")).status_code == 410
    assert httpx.get(f"{site}/elsewhere").status_code == 404
    assert httpx.post(f"{site}/api/query", content=b"x" * 20_000).status_code == 413
    assert httpx.get(f"{site}/healthz").text == "ok"


def call(site: str, what: str, payload: dict[str, Any], key: str = KEY) -> tuple[int, dict[str, Any]]:
    headers, body = signing.signed("shop", payload, key=key, moment=signing.present())
    answer = httpx.post(f"{site}/api/{what}", content=body, headers=headers)
    said = signing.opened("provider", dict(answer.headers), answer.content, key=KEY, moment=signing.present())
    return answer.status_code, said


def test_the_shop_asks_and_is_answered_signed(site: str) -> None:
    intent = str(uuid7())
    assert call(site, "query", {"intent": intent})[0] == 404
    asked = {"intent": intent, "reference": "r", "amount_fen": 900, "currency": "CNY", "way": "lost"}
    status, said = call(site, "pay", asked)
    assert (status, said["state"]) == (200, "paid")
    assert call(site, "query", {"intent": intent})[1]["payment"] == said["payment"]
    back = {"refund": "r", "payment": said["payment"], "amount_fen": 900, "currency": "CNY"}
    assert call(site, "refund", back) == (200, {"refund": "r", "state": "done"})
    assert call(site, "refund", back | {"refund": "s"})[0] == 409
    assert call(site, "refund", {"refund": "s"})[0] == 422
    assert call(site, "steal", {})[0] == 404
    assert call(site, "query", {"intent": intent}, key="another key")[0] == 401


def test_an_answer_that_is_not_signed_is_no_answer(shop: Shop, settings: Settings) -> None:
    settings.COUNTYFAIR_SANDBOX_URL = shop.address.removesuffix("/notify")
    with pytest.raises(Unreachable):
        gateway_called("sandbox").look_up(uuid7())


def test_cash_has_no_provider() -> None:
    counter = gateway_called("counter")
    assert counter.by_hand
    assert counter.link(Asked(uuid7(), "r", 1, "CNY", None), back="", notify="", address="") is None
    assert counter.look_up(uuid7()) is None
    assert json.dumps(counter.name) == '"counter"'


def started(port: int, folder: Path) -> subprocess.Popen[str]:
    """The provider as a process of its own, ready to answer."""
    command = [sys.executable, "-m", "countyfair.trade.payments.gateways.sandbox.provider"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--state-dir", str(folder)],
        env=os.environ | {"COUNTYFAIR_SANDBOX_KEY": KEY, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert str(port) in process.stdout.readline()
    return process


def test_killed_and_started_again_it_remembers_what_was_paid(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    intent = str(uuid7())
    asked = {"intent": intent, "reference": "r", "amount_fen": 900, "currency": "CNY", "way": "lost"}
    for ask_again in (False, True):
        process = started(port, tmp_path)
        try:
            site = f"http://127.0.0.1:{port}"
            if ask_again:
                assert call(site, "query", {"intent": intent})[1]["state"] == "paid"
            else:
                assert call(site, "pay", asked)[0] == 200
        finally:
            process.kill()
            process.communicate()
