"""WeChat Pay, API v3, as a direct merchant: phone pages (H5), codes (Native), mini-programs (JSAPI).

`COUNTYFAIR_WECHAT_*` (docs/payments.md) say who we are; without all of them it is not offered.
An intent is WeChat's `out_trade_no`, a refund its `out_refund_no`: 32 hexadecimal digits.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.ids import parse_uuid
from countyfair.trade.payments.gateways.shape import (
    Asked,
    Billed,
    Forged,
    GiveBack,
    GivenBack,
    NoBill,
    Refusing,
    Told,
    Unreachable,
)
from countyfair.trade.payments.gateways.wechat import bills, channel

#: What WeChat refuses only for now: too little on our account there, too many questions, trouble of its own.
FOR_NOW = frozenset(
    {"NOT_ENOUGH", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "SYSTEM_ERROR", "BIZERR_NEED_RETRY"}
)
#: What a description may have, in bytes of UTF-8.
DESCRIPTION_BYTES = 127


class WeChat:
    """Every call is signed by us and its answer proved to be WeChat's."""

    name = "wechat"
    label = _("WeChat Pay")
    thanks = ""
    codes = True
    by_hand = False

    @property
    def offered(self) -> bool:
        return channel.configured()

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        scene = {"payer_client_ip": address or "127.0.0.1", "h5_info": {"type": "Wap"}}
        said = _prepared("h5", _order(asked, notify) | {"scene_info": scene})
        return f"{_text(said, 'h5_url')}&{urlencode({'redirect_url': back})}"

    def code(self, asked: Asked, *, notify: str) -> str | None:
        return _text(_prepared("native", _order(asked, notify)), "code_url")

    def mini_program(self, asked: Asked, *, openid: str, notify: str) -> dict[str, str]:
        """What a mini-program hands to `wx.requestPayment` for the payer known to it as `openid`.

        Raises:
            Unreachable: no usable answer.
        """
        said = _prepared("jsapi", _order(asked, notify) | {"payer": {"openid": openid}})
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        package = f"prepay_id={_text(said, 'prepay_id')}"
        return {
            "appId": settings.COUNTYFAIR_WECHAT_APPID,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": channel.signature(settings.COUNTYFAIR_WECHAT_APPID, stamp, nonce, package),
        }

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told | GivenBack | None:
        if not channel.configured():
            raise Forged("WeChat Pay is not set up here")
        channel.verify(headers, body, moment=moment)
        try:
            notice = json.loads(body)
            kind, key = str(notice["event_type"]), str(notice["id"])
            said = json.loads(channel.opened(notice["resource"]))
            if kind == "TRANSACTION.SUCCESS":
                return _told(key, said)
            return _given_back(key, said) if kind.startswith("REFUND.") else None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Forged("a notice without sense") from error

    def look_up(self, intent: UUID) -> Told | None:
        mchid = settings.COUNTYFAIR_WECHAT_MCHID
        status, said = channel.ask("GET", f"/v3/pay/transactions/out-trade-no/{intent.hex}?mchid={mchid}")
        if status == httpx.codes.NOT_FOUND:
            return None
        if status != httpx.codes.OK:
            raise Unreachable(_why(status, said))
        if said.get("trade_state") not in ("SUCCESS", "REFUND"):
            return None
        try:
            return _told(f"looked-up:{said['transaction_id']}", said)
        except (Forged, KeyError, TypeError, ValueError) as error:
            raise Unreachable(f"an answer without sense: {error}") from error

    def close(self, intent: UUID) -> None:
        status, said = channel.ask(
            "POST",
            f"/v3/pay/transactions/out-trade-no/{intent.hex}/close",
            {"mchid": settings.COUNTYFAIR_WECHAT_MCHID},
        )
        gone = said.get("code") in (
            "ORDER_CLOSED",
            "ORDER_NOT_EXIST",
            "ORDERNOTEXIST",
            "ORDERPAID",
            "ORDER_PAID",
        )
        if not (httpx.codes.is_success(status) or gone):
            raise Unreachable(_why(status, said))

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        amount = {"refund": wanted.amount_fen, "total": wanted.paid_fen, "currency": wanted.currency}
        asked = {"transaction_id": wanted.payment, "out_refund_no": wanted.refund.hex, "amount": amount}
        status, said = channel.ask("POST", "/v3/refund/domestic/refunds", asked)
        if status == httpx.codes.OK:
            return _refund_state(said)
        if said.get("code") in FOR_NOW or not httpx.codes.is_client_error(status) or "code" not in said:
            raise Unreachable(_why(status, said))
        return Refusing(_why(status, said))

    def bill(self, day: date) -> Sequence[Billed]:
        query = urlencode({"bill_date": f"{day:%Y-%m-%d}", "bill_type": "ALL", "tar_type": "GZIP"})
        status, said = channel.ask("GET", f"/v3/bill/tradebill?{query}")
        if said.get("code") == "NO_STATEMENT_EXIST":
            raise NoBill(_why(status, said))
        if status != httpx.codes.OK:
            raise Unreachable(_why(status, said))
        packed = channel.fetch(_text(said, "download_url"))
        return bills.read(packed, digest=_text(said, "hash_value"))


def _order(asked: Asked, notify: str) -> dict[str, Any]:
    subject = (asked.subject or asked.reference).encode()[:DESCRIPTION_BYTES].decode(errors="ignore")
    order: dict[str, Any] = {
        "appid": settings.COUNTYFAIR_WECHAT_APPID,
        "mchid": settings.COUNTYFAIR_WECHAT_MCHID,
        "description": subject,
        "out_trade_no": asked.intent.hex,
        "notify_url": notify,
        "amount": {"total": asked.amount_fen, "currency": asked.currency},
    }
    if asked.expires_at is not None:
        order["time_expire"] = asked.expires_at.isoformat(timespec="seconds")
    return order


def _prepared(way: str, order: dict[str, Any]) -> dict[str, Any]:
    status, said = channel.ask("POST", f"/v3/pay/transactions/{way}", order)
    if status != httpx.codes.OK:
        raise Unreachable(_why(status, said))
    return said


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise Unreachable(f"an answer without {name}")
    return found


def _told(key: str, said: dict[str, Any]) -> Told:
    if said.get("mchid") != settings.COUNTYFAIR_WECHAT_MCHID:
        raise Forged("for another merchant")
    if said.get("appid") != settings.COUNTYFAIR_WECHAT_APPID:
        raise Forged("for another app")
    if said.get("trade_state") not in ("SUCCESS", "REFUND"):
        raise Forged("a notice of payment for what is not paid")
    intent, amount = parse_uuid(str(said["out_trade_no"])), said["amount"]
    total = amount["total"]
    if intent is None or not isinstance(total, int) or isinstance(total, bool):
        raise ValueError("an intent and a whole amount are needed")
    kept: dict[str, Any] = {
        name: said[name] for name in ("trade_type", "bank_type", "success_time") if name in said
    }
    return Told(key, intent, str(said["transaction_id"]), total, str(amount.get("currency", "CNY")), kept)


def _given_back(key: str, said: dict[str, Any]) -> GivenBack | None:
    if said.get("mchid") != settings.COUNTYFAIR_WECHAT_MCHID:
        raise Forged("for another merchant")
    refund, state = parse_uuid(str(said["out_refund_no"])), str(said["refund_status"])
    if refund is None:
        raise ValueError("a refund of ours is needed")
    if state not in ("SUCCESS", "CLOSED", "ABNORMAL"):
        return None
    refused = "" if state == "SUCCESS" else state
    return GivenBack(
        key, refund, int(said["amount"]["refund"]), refused, {"refund_id": said.get("refund_id")}
    )


def _refund_state(said: Mapping[str, Any]) -> Refusing | None:
    state = said.get("status")
    if state == "SUCCESS":
        return None
    if state in ("CLOSED", "ABNORMAL"):
        return Refusing(str(state))
    raise Unreachable(f"the refund stands at {state}")


def _why(status: int, said: Mapping[str, Any]) -> str:
    return f"{said.get('code', '')} {said.get('message', '')}".strip()[:200] or f"status {status}"


GATEWAY = WeChat()
