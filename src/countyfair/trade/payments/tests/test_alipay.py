"""Alipay against its double: real keys, forms and answers as the open platform signs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways import alipay, offered
from countyfair.trade.payments.gateways.alipay import signing
from countyfair.trade.payments.gateways.shape import Asked, Unreachable
from countyfair.trade.payments.tests.doubles import alipay as double_of
from countyfair.trade.payments.tests.doubles.alipay import AlipayDouble
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, an_intent

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {"back": "https://fair.example/o/1?back=1&x=2", "notify": "https://fair.example/pay/alipay/notify/"}


@pytest.fixture
def provider(tmp_path: Path, settings: Settings) -> Iterator[AlipayDouble]:
    """Alipay's double, and a shop that is set up for it."""
    with double_of.at_work(tmp_path, settings) as made:
        yield made


def asked(provider: AlipayDouble, amount_fen: int = 3605) -> UUID:
    """An intent whose payer followed our link."""
    intent = an_intent(amount_fen, gateway="alipay")
    provider.visit(actions.payment_link(intent, **WAYS, subject="261124-1") or "")
    return intent


def knock(body: bytes) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post("/pay/alipay/notify/", body, content_type="application/x-www-form-urlencoded")


def paid(provider: AlipayDouble, amount_fen: int = 3605) -> UUID:
    intent = asked(provider, amount_fen)
    assert knock(provider.notice(provider.pay(intent.hex))).content == b"success"
    assert queries.intent(intent).state == "paid"
    return intent


def held() -> int:
    return balance(county=COUNTY, code="clearing", owner="alipay")


def refund_of(intent: UUID, amount_fen: int, source: str) -> UUID:
    return actions.ask_refund(SYSTEM, source=source, intent=intent, amount_fen=amount_fen, reason="return")


def test_it_is_offered_only_where_all_of_it_is_set(provider: AlipayDouble, settings: Settings) -> None:
    assert "alipay" in [way.name for way in offered()]
    settings.COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE = ""
    assert "alipay" not in [way.name for way in offered()]


def test_a_phone_is_led_there_by_a_link_that_we_signed(provider: AlipayDouble) -> None:
    intent = an_intent(3605, gateway="alipay", expires_at=now() + timedelta(minutes=30))
    said = provider.visit(actions.payment_link(intent, **WAYS, subject="订单 1&2=3") or "")
    assert (said["return_url"], said["notify_url"]) == (WAYS["back"], WAYS["notify"])
    assert said["content"]["total_amount"] == "36.05"
    assert said["content"]["subject"] == "订单 1&2=3"
    assert said["content"]["product_code"] == "QUICK_WAP_WAY"


def test_codes_and_mini_programs(provider: AlipayDouble) -> None:
    intent = an_intent(gateway="alipay")
    assert (actions.payment_code(intent, notify=WAYS["notify"]) or "").startswith("https://qr.alipay.com/")
    order = Asked(uuid7(), "order:1", 100, "CNY", None)
    assert alipay.GATEWAY.mini_program(order, buyer="2088", notify="") == f"T{order.intent.hex}"
    assert provider.trades[order.intent.hex]["buyer_id"] == "2088"


@pytest.mark.parametrize("wrong", ["html", "unsigned"])
def test_an_answer_that_is_not_alipay_s_is_no_answer(provider: AlipayDouble, wrong: str) -> None:
    intent = asked(provider)
    provider.pay(intent.hex)
    provider.wrong = wrong
    with pytest.raises(Unreachable):
        alipay.GATEWAY.look_up(intent)
    with pytest.raises(Conflict):
        actions.payment_code(intent, notify="")


def test_a_notice_is_taken_once_however_often_it_comes(provider: AlipayDouble) -> None:
    intent = asked(provider)
    body = provider.notice(provider.pay(intent.hex))
    assert [knock(body).content for _ in range(3)] == [b"success"] * 3
    assert knock(provider.notice(provider.pay(intent.hex))).content == b"success"
    assert held() == 3605
    assert "secret-of-the-payer" not in str(scalar("SELECT string_agg(body::text, '') FROM payments_notice"))


@pytest.mark.parametrize(
    ("change", "status", "outcome", "why"),
    [
        ({"app_id": "2021"}, 401, "forged", "for another app"),
        ({"seller_id": "2088"}, 401, "forged", "for another merchant"),
        ({"total_amount": "36.055"}, 401, "forged", "without sense"),
        ({"total_amount": "1e999999999"}, 401, "forged", "without sense"),
        ({"total_amount": "0.01"}, 200, "wrong_amount", None),
    ],
)
def test_a_signed_notice_of_something_else_takes_nothing(
    provider: AlipayDouble, change: dict[str, str], status: int, outcome: str, why: str | None
) -> None:
    intent = asked(provider)
    assert knock(provider.notice(provider.pay(intent.hex, **change))).status_code == status
    assert scalar("SELECT outcome FROM payments_notice") == outcome
    assert (why or "") in str(scalar("SELECT body->>'why' FROM payments_notice"))
    assert (queries.intent(intent).state, held()) == ("awaiting", 0)


@pytest.mark.parametrize("how", ["key", "changed", "nothing", "bytes"])
def test_a_forged_notice_takes_nothing(provider: AlipayDouble, how: str) -> None:
    intent = asked(provider)
    body = provider.notice(provider.pay(intent.hex), key="stranger" if how == "key" else "alipay")
    forged = {"changed": body.replace(b"36.05", b"36.06"), "nothing": b"", "bytes": b"\xff\xfe=1"}
    assert knock(forged.get(how, body)).status_code == 401
    assert (queries.intent(intent).state, held()) == ("awaiting", 0)


def test_word_that_a_trade_was_closed_is_thanked_for_and_changes_nothing(provider: AlipayDouble) -> None:
    intent = asked(provider)
    said = provider.pay(intent.hex, trade_status="TRADE_CLOSED")
    assert knock(provider.notice(said)).content == b"success"
    assert queries.intent(intent).state == "awaiting"


def test_silence_is_asked_about_and_orders_past_their_time_are_closed(provider: AlipayDouble) -> None:
    intent, over = asked(provider), asked(provider)
    provider.pay(intent.hex)
    actions.expire(SYSTEM, intents=[over])
    with at(now() + timedelta(minutes=1)):
        assert actions.look_at_silent_intents() == 1
    assert (queries.intent(intent).state, held()) == ("paid", 3605)
    assert provider.trades[over.hex]["status"] == "TRADE_CLOSED"


def test_refunds_in_parts_are_given_once_each(provider: AlipayDouble) -> None:
    intent = paid(provider)
    refunds = [refund_of(intent, 1000, "return:1"), refund_of(intent, 2605, "return:2")]
    actions.settle_refunds()
    assert [queries.refund(one).state for one in refunds] == ["done", "done"]
    assert (held(), sorted(provider.refunds.values())) == (0, ["10.00", "26.05"])


def test_a_refund_whose_answer_was_lost_is_known_when_asked_again(provider: AlipayDouble) -> None:
    intent = paid(provider)
    refund = refund_of(intent, 1000, "return:1")
    provider.refunds[refund.hex] = "10.00"
    actions.settle_refunds()
    assert (queries.refund(refund).state, held()) == ("done", 2605)


@pytest.mark.parametrize("how", ["slow", "poor"])
def test_a_refund_that_waits_is_asked_for_again(provider: AlipayDouble, how: str) -> None:
    refund = refund_of(paid(provider), 600, "return:1")
    provider.refunding = how
    actions.settle_refunds()
    assert (queries.refund(refund).state, held()) == ("asked", 3605)
    provider.refunding = "done"
    with at(now() + timedelta(hours=1)):
        actions.settle_refunds()
    assert (queries.refund(refund).state, held()) == ("done", 3005)


@given(st.text(max_size=20), st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3))
def test_the_signed_part_of_an_answer_is_found_as_it_stands(word: str, said: dict[str, str]) -> None:
    part = json.dumps(said | {"word": word}, ensure_ascii=False)
    body = f'{{"a_response": {part},"sign":"x"}}'
    assert signing.signed_part(body, "a_response") == part
    assert signing.signed_part(body[: len(part)], "a_response") is None
