"""WeChat Pay against its double: real keys, real signatures, and what goes wrong between two houses."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from django.test import Client
from pytest_django import Settings

from countyfair.kernel.clock import at, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.rows import scalar
from countyfair.registers.ledger.queries import balance
from countyfair.trade.payments import actions, queries
from countyfair.trade.payments.gateways import offered, wechat
from countyfair.trade.payments.gateways.shape import Asked, Unreachable
from countyfair.trade.payments.gateways.wechat import channel
from countyfair.trade.payments.tests.doubles import wechat as double_of
from countyfair.trade.payments.tests.doubles.keys import a_key, kept, public_pem
from countyfair.trade.payments.tests.doubles.wechat import WeChatDouble
from countyfair.trade.payments.tests.factories import COUNTY, SYSTEM, an_intent

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {"back": "https://fair.example/o/1?back=1", "notify": "https://fair.example/pay/wechat/notify/"}


@pytest.fixture
def provider(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeChatDouble]:
    """WeChat's double, and a shop that is set up for it."""
    monkeypatch.setattr(channel, "FETCH_SECONDS", 0.0)
    with double_of.at_work(tmp_path, settings) as made:
        yield made


def asked(amount_fen: int = 3600, **options: Any) -> UUID:
    """An intent that WeChat was asked for, by a phone's page."""
    intent = an_intent(amount_fen, gateway="wechat", **options)
    actions.payment_link(intent, **WAYS, subject="261124-1")
    return intent


def knock(headers: dict[str, str], body: bytes) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post("/pay/wechat/notify/", body, content_type="application/json", headers=headers)


def paid(provider: WeChatDouble, amount_fen: int = 3600) -> UUID:
    intent = asked(amount_fen)
    assert knock(*provider.notice(provider.pay(intent.hex))).status_code == 200
    assert queries.intent(intent).state == "paid"
    return intent


def held() -> int:
    return balance(county=COUNTY, code="clearing", owner="wechat")


def refund_of(intent: UUID, amount_fen: int, source: str) -> queries.RefundRow:
    made = actions.ask_refund(SYSTEM, source=source, intent=intent, amount_fen=amount_fen, reason="return")
    return queries.refund(made)


def later(**by: float) -> None:
    with at(now() + timedelta(**by)):
        actions.settle_refunds()


# --- Asking


def test_it_is_offered_only_where_all_of_it_is_set(provider: WeChatDouble, settings: Settings) -> None:
    assert "wechat" in [way.name for way in offered()]
    settings.COUNTYFAIR_WECHAT_APIV3_KEY = ""
    assert "wechat" not in [way.name for way in offered()]


def test_a_phone_is_led_to_wechat_and_from_there_back(provider: WeChatDouble) -> None:
    intent = an_intent(gateway="wechat", expires_at=now() + timedelta(minutes=30))
    link = actions.payment_link(intent, **WAYS, subject="261124-1", address="203.0.113.9") or ""
    assert link.startswith("https://wx.tenpay.com/")
    assert dict(parse_qsl(urlsplit(link).query))["redirect_url"] == WAYS["back"]
    order = provider.orders[intent.hex]
    assert order["amount"] == {"total": 3600, "currency": "CNY"}
    assert order["scene_info"]["payer_client_ip"] == "203.0.113.9"
    assert order["description"] == "261124-1"
    assert "time_expire" in order
    code = actions.payment_code(intent, notify=WAYS["notify"], subject="261124-1")
    assert (code or "").startswith("weixin://")


def test_a_mini_program_gets_what_it_hands_to_request_payment(provider: WeChatDouble) -> None:
    order = Asked(uuid7(), "order:1", 100, "CNY", None)
    given = wechat.GATEWAY.mini_program(order, openid="o-1", notify=WAYS["notify"])
    assert provider.orders[order.intent.hex]["payer"] == {"openid": "o-1"}
    text = "".join(f"{given[name]}\n" for name in ("appId", "timeStamp", "nonceStr", "package"))
    key = a_key("wechat merchant").public_key()
    key.verify(base64.b64decode(given["paySign"]), text.encode(), PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("wrong", ["html", "unsigned"])
def test_an_answer_that_is_not_wechat_s_is_a_sentence_to_the_payer(
    provider: WeChatDouble, wrong: str
) -> None:
    provider.wrong = wrong
    intent = an_intent(gateway="wechat")
    with pytest.raises(Conflict) as refused:
        actions.payment_link(intent, **WAYS)
    assert refused.value.code == "provider_silent"
    with pytest.raises(Unreachable):
        wechat.GATEWAY.look_up(intent)


# --- Notices


def test_a_notice_is_taken_once_however_often_it_comes(provider: WeChatDouble) -> None:
    intent = asked()
    headers, body = provider.notice(provider.pay(intent.hex))
    assert [knock(headers, body).json()["answer"] for _ in range(3)] == ["kept", "known", "known"]
    assert queries.intent(intent).state == "paid"
    assert held() == 3600
    other_words = provider.notice(provider.pay(intent.hex))
    assert knock(*other_words).status_code == 200
    assert held() == 3600
    assert "o-secret-of-the-payer" not in str(
        scalar("SELECT string_agg(body::text, '') FROM payments_notice")
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"mchid": "1900000000"}, "for another merchant"),
        ({"appid": "wx0"}, "for another app"),
        ({"trade_state": "NOTPAY"}, "what is not paid"),
    ],
)
def test_a_signed_notice_for_somebody_else_is_refused_and_says_why(
    provider: WeChatDouble, change: dict[str, str], why: str
) -> None:
    intent = asked()
    assert knock(*provider.notice(provider.pay(intent.hex, **change))).status_code == 401
    assert why in str(scalar("SELECT body->>'why' FROM payments_notice WHERE outcome = 'forged'"))
    assert queries.intent(intent).state == "awaiting"


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [
        ({"total": 1, "currency": "CNY"}, "wrong_amount"),
        ({"total": 3600, "currency": "USD"}, "wrong_currency"),
    ],
)
def test_a_notice_of_other_money_takes_nothing(
    provider: WeChatDouble, amount: dict[str, Any], outcome: str
) -> None:
    intent = asked()
    assert knock(*provider.notice(provider.pay(intent.hex, amount=amount))).status_code == 200
    assert scalar("SELECT outcome FROM payments_notice") == outcome
    assert held() == 0


@pytest.mark.parametrize("how", ["body", "signature", "old", "serial", "key", "nothing"])
def test_a_forged_notice_takes_nothing(provider: WeChatDouble, how: str) -> None:
    intent = asked()
    said = provider.pay(intent.hex)
    stamp = int(time.time()) - 600 if how == "old" else 0
    headers, body = provider.notice(
        said, stamp=stamp, apiv3="x" * 32 if how == "key" else double_of.APIV3_KEY
    )
    if how == "body":
        body = body.replace(b"TRANSACTION.SUCCESS", b"TRANSACTION.SUCCESs")
    elif how == "signature":
        headers["Wechatpay-Signature"] = base64.b64encode(b"x" * 256).decode()
    elif how == "serial":
        headers["Wechatpay-Serial"] = "ABCDEF"
    elif how == "nothing":
        headers = {}
    assert knock(headers, body).status_code == 401
    assert queries.intent(intent).state == "awaiting"
    assert scalar("SELECT count(*) FROM payments_notice WHERE outcome = 'forged'") == 1


# --- Certificates


def test_while_certificates_change_old_and_new_hold(provider: WeChatDouble) -> None:
    first, second, third = asked(), asked(), asked()
    old = provider.notice(provider.pay(first.hex))
    new = provider.add_certificate()
    provider.listed, provider.signs_with = [0, new], new
    assert knock(*provider.notice(provider.pay(second.hex))).status_code == 200
    assert knock(*old).status_code == 200
    fetched = provider.fetched
    assert knock(*provider.notice(provider.pay(third.hex))).status_code == 200
    assert provider.fetched == fetched
    assert held() == 3 * 3600


def test_a_certificate_that_is_not_listed_is_not_believed(provider: WeChatDouble) -> None:
    intent = asked()
    said = provider.pay(intent.hex)
    provider.signs_with = provider.add_certificate()
    headers, body = provider.notice(said)
    provider.signs_with = 0
    assert knock(headers, body).status_code == 401
    assert "does not list" in str(scalar("SELECT body->>'why' FROM payments_notice"))


def test_a_list_signed_by_a_stranger_changes_nothing(provider: WeChatDouble) -> None:
    intent = asked()
    said = provider.pay(intent.hex)
    provider.signs_with = provider.add_certificate()
    assert knock(*provider.notice(said)).status_code == 401
    assert held() == 0


def test_unknown_serials_do_not_make_us_fetch_each_time(
    provider: WeChatDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked()
    monkeypatch.setattr(channel, "FETCH_SECONDS", 60.0)
    fetched = provider.fetched
    for number in range(5):
        knock({**provider.headers(b"{}"), "Wechatpay-Serial": f"{number:X}"}, b"{}")
    assert provider.fetched == fetched


def test_a_certificate_that_has_ended_is_not_believed(provider: WeChatDouble, settings: Settings) -> None:
    asked()
    ended = provider.add_certificate(days=1)
    provider.listed, provider.signs_with = [0, ended], ended
    intent = an_intent(gateway="wechat")
    with pytest.raises(Unreachable, match="has ended"):
        wechat.GATEWAY.look_up(intent)


def test_a_merchant_with_wechat_s_public_key_fetches_no_certificates(
    provider: WeChatDouble, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COUNTYFAIR_WECHAT_PUBLIC_KEY_ID = "PUB_KEY_ID_01"
    pem = public_pem(a_key("wechat platform 0"))
    settings.COUNTYFAIR_WECHAT_PUBLIC_KEY_FILE = kept(tmp_path, "wechat.pem", pem)
    as_before = provider.headers
    monkeypatch.setattr(
        provider, "headers", lambda *a, **k: as_before(*a, **k) | {"Wechatpay-Serial": "PUB_KEY_ID_01"}
    )
    paid(provider)
    assert provider.fetched == 0


# --- Silence, closing, late money


def test_without_a_notice_the_provider_is_asked(provider: WeChatDouble) -> None:
    intent = asked()
    with at(now() + timedelta(minutes=1)):
        assert actions.look_at_silent_intents() == 0
    provider.pay(intent.hex)
    with at(now() + timedelta(minutes=5)):
        assert actions.look_at_silent_intents() == 1
    assert queries.intent(intent).state == "paid"
    assert held() == 3600


def test_an_order_past_its_time_is_closed_at_the_provider(provider: WeChatDouble) -> None:
    intent = asked()
    actions.expire(SYSTEM, intents=[intent])
    with at(now() + timedelta(minutes=1)):
        actions.look_at_silent_intents()
    assert provider.orders[intent.hex]["closed"]


def test_money_that_came_in_the_last_moment_is_taken_as_late(provider: WeChatDouble) -> None:
    intent = asked()
    said = provider.pay(intent.hex)
    actions.expire(SYSTEM, intents=[intent])
    knock(*provider.notice(said))
    assert scalar("SELECT outcome FROM payments_notice") == "late"
    assert held() == 3600


# --- Refunds


def test_refunds_in_parts_are_given_once_each(provider: WeChatDouble) -> None:
    intent = paid(provider)
    one, two = refund_of(intent, 1000, "return:1"), refund_of(intent, 2600, "return:2")
    actions.settle_refunds()
    assert {queries.refund(row.id).state for row in (one, two)} == {"done"}
    assert held() == 0
    assert provider.refunds[one.id.hex]["amount"] == {"refund": 1000, "total": 3600, "currency": "CNY"}
    assert actions.settle_refunds() == 0
    assert len(provider.refunds) == 2


def test_a_refund_under_way_is_asked_for_again_until_it_is_done(provider: WeChatDouble) -> None:
    intent = paid(provider)
    provider.refund_state = "PROCESSING"
    row = refund_of(intent, 600, "return:1")
    actions.settle_refunds()
    assert (queries.refund(row.id).state, held()) == ("asked", 3600)
    assert "PROCESSING" in queries.refund(row.id).last_error
    provider.refund_state = "SUCCESS"
    later(hours=1)
    assert (queries.refund(row.id).state, held()) == ("done", 3000)
    assert len(provider.refunds) == 1


@pytest.mark.parametrize(
    ("state", "ours"), [("NOT_ENOUGH", "asked"), ("ABNORMAL", "failed"), ("CLOSED", "failed")]
)
def test_a_refund_that_wechat_cannot_give(provider: WeChatDouble, state: str, ours: str) -> None:
    intent = paid(provider)
    provider.refund_state = state
    row = refund_of(intent, 600, "return:1")
    actions.settle_refunds()
    assert queries.refund(row.id).state == ours
    assert state in queries.refund(row.id).last_error
    assert held() == 3600


def told_of_refund(provider: WeChatDouble, row: queries.RefundRow, **other: Any) -> Any:
    said = {
        "mchid": double_of.MCHID, "out_trade_no": "x", "out_refund_no": row.id.hex, "refund_id": "5030",
        "refund_status": "SUCCESS", "amount": {"refund": row.amount_fen, "total": 3600},
    }  # fmt: skip
    return knock(*provider.notice({**said, **other}, kind="REFUND.SUCCESS"))


def test_word_of_a_refund_settles_it_before_it_is_asked_for_again(provider: WeChatDouble) -> None:
    row = refund_of(paid(provider), 600, "return:1")
    for _time in range(2):
        assert told_of_refund(provider, row).status_code == 200
    assert (queries.refund(row.id).state, held()) == ("done", 3000)
    outcomes = (
        "SELECT string_agg(outcome, ' ' ORDER BY received_at) FROM payments_notice WHERE intent_key IS NULL"
    )
    assert scalar(outcomes) == "refunded repeated"


@pytest.mark.parametrize(
    ("change", "outcome", "state"),
    [
        ({"amount": {"refund": 599, "total": 3600}}, "wrong_amount", "asked"),
        ({"refund_status": "ABNORMAL"}, "refund_refused", "failed"),
        ({"out_refund_no": "0" * 32}, "waiting", "asked"),
    ],
)
def test_word_of_another_refund_gives_nothing(
    provider: WeChatDouble, change: dict[str, Any], outcome: str, state: str
) -> None:
    row = refund_of(paid(provider), 600, "return:1")
    assert told_of_refund(provider, row, **change).status_code == 200
    assert scalar("SELECT outcome FROM payments_notice WHERE intent_key IS NULL") == outcome
    assert (queries.refund(row.id).state, held()) == (state, 3600)
