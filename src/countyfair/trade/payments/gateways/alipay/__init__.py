"""Alipay's open platform: phone pages (WAP), codes (precreate), mini-programs (create).

`COUNTYFAIR_ALIPAY_*` (docs/payments.md) say who we are; without them it is not offered. An intent is
Alipay's `out_trade_no`, a refund its `out_request_no`. Sums are yuan with two decimals there.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.ids import parse_uuid
from countyfair.trade.payments.gateways.alipay import bills, signing
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

#: Seconds that a request of ours, or a job, waits for the provider.
PATIENCE = 5.0
#: What Alipay's answers begin with: done; refused, with the reason in `sub_code`.
DONE, REFUSED = "10000", "40004"
#: A sum of at most a hundred thousand million yuan.
SUM = re.compile(r"(?P<yuan>[0-9]{1,11})(?:\.(?P<fen>[0-9]{1,2}))?")
PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
#: Refusals that may end by themselves: trouble there, too little on our account.
FOR_NOW = frozenset({"ACQ.SYSTEM_ERROR", "SYSTEM_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH"})
NO_TRADE = "ACQ.TRADE_NOT_EXIST"
#: There is no bill of that day, or not yet.
NO_BILL = frozenset({"isp.bill_not_exist", "isv.bill-not-exist", "BILL_NOT_EXIST"})


class Alipay:
    """Every call is signed by us and its answer proved to be Alipay's."""

    name = "alipay"
    label = _("Alipay")
    thanks = "success"
    codes = True
    by_hand = False

    @property
    def offered(self) -> bool:
        return _configured()

    def link(self, asked: Asked, *, back: str, notify: str, address: str) -> str | None:
        order = _order(asked) | {"product_code": "QUICK_WAP_WAY", "quit_url": back}
        params = _request("alipay.trade.wap.pay", order, {"notify_url": notify, "return_url": back})
        return f"{settings.COUNTYFAIR_ALIPAY_URL}?{urlencode(params)}"

    def code(self, asked: Asked, *, notify: str) -> str | None:
        said = _granted("alipay.trade.precreate", _order(asked), {"notify_url": notify})
        return _text(said, "qr_code")

    def mini_program(self, asked: Asked, *, buyer: str, notify: str) -> str:
        """The trade number that a mini-program hands to `my.tradePay` for this buyer's number.

        Raises:
            Unreachable: no usable answer.
        """
        order = _order(asked) | {"product_code": "JSAPI_PAY", "buyer_id": buyer}
        return _text(_granted("alipay.trade.create", order, {"notify_url": notify}), "trade_no")

    def read(self, headers: Mapping[str, str], body: bytes, *, moment: datetime) -> Told | GivenBack | None:
        if not _configured():
            raise Forged("Alipay is not set up here")
        try:
            said = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        except ValueError as error:
            raise Forged("a notice that cannot be read") from error
        signature = said.pop("sign", "")
        said.pop("sign_type", None)
        if not signing.holds(
            signing.content(said).encode(), signature, key_file=settings.COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE
        ):
            raise Forged("the signature does not fit")
        if said.get("trade_status") not in PAID:
            return None
        try:
            return _told(said["notify_id"], said)
        except (KeyError, ValueError) as error:
            raise Forged("a notice without sense") from error

    def look_up(self, intent: UUID) -> Told | None:
        said = _asked("alipay.trade.query", {"out_trade_no": intent.hex})
        if said.get("sub_code") == NO_TRADE or said.get("trade_status") in ("WAIT_BUYER_PAY", "TRADE_CLOSED"):
            return None
        if said.get("code") != DONE or said.get("trade_status") not in PAID:
            raise Unreachable(_why(said))
        ours = {"app_id": settings.COUNTYFAIR_ALIPAY_APPID, "seller_id": settings.COUNTYFAIR_ALIPAY_SELLER}
        try:
            return _told(f"looked-up:{said['trade_no']}", ours | said)
        except (Forged, KeyError, ValueError) as error:
            raise Unreachable(f"an answer without sense: {error}") from error

    def close(self, intent: UUID) -> None:
        said = _asked("alipay.trade.close", {"out_trade_no": intent.hex})
        if said.get("code") != DONE and said.get("sub_code") not in (NO_TRADE, "ACQ.TRADE_STATUS_ERROR"):
            raise Unreachable(_why(said))

    def give_back(self, wanted: GiveBack) -> Refusing | None:
        if wanted.currency != "CNY":
            return Refusing("only yuan are given back")
        asked = {
            "trade_no": wanted.payment,
            "out_request_no": wanted.refund.hex,
            "refund_amount": _yuan(wanted.amount_fen),
        }
        said = _asked("alipay.trade.refund", asked)
        if said.get("code") == REFUSED and said.get("sub_code") not in FOR_NOW:
            return Refusing(_why(said))
        if said.get("code") != DONE:
            raise Unreachable(_why(said))
        if said.get("fund_change") != "Y" and not _is_given_back(asked):
            raise Unreachable("the refund is under way")
        return None

    def bill(self, day: date) -> Sequence[Billed]:
        asked = {"bill_type": "trade", "bill_date": f"{day:%Y-%m-%d}"}
        said = _asked("alipay.data.dataservice.bill.downloadurl.query", asked)
        if said.get("sub_code") in NO_BILL:
            raise NoBill(_why(said))
        if said.get("code") != DONE:
            raise Unreachable(_why(said))
        return bills.read(_fetched(_text(said, "bill_download_url")))


def _fetched(address: str) -> bytes:
    """A file of Alipay's, from an address that a signed answer told of."""
    there, base = httpx.URL(address), httpx.URL(settings.COUNTYFAIR_ALIPAY_URL)
    ours = (there.scheme, there.host) == (base.scheme, base.host)
    if not ours and not (
        there.scheme == "https" and there.host.endswith((".alipay.com", ".alipayobjects.com"))
    ):
        raise Unreachable("the file is said to lie at a stranger's")
    try:
        answer = httpx.get(there, timeout=PATIENCE, verify=_authorities())
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error
    if answer.status_code != httpx.codes.OK:
        raise Unreachable(f"status {answer.status_code}")
    return answer.content


def _is_given_back(asked: Mapping[str, str]) -> bool:
    """Whether a refund that changed nothing just now was given before; Alipay is asked by its key."""
    query = {name: asked[name] for name in ("trade_no", "out_request_no")}
    said = _asked("alipay.trade.fastpay.refund.query", query)
    try:
        amount = _fen(said["refund_amount"]) == _fen(asked["refund_amount"])
    except (KeyError, ValueError):
        return False
    return said.get("code") == DONE and said.get("refund_status") == "REFUND_SUCCESS" and amount


def _configured() -> bool:
    return all(
        (
            settings.COUNTYFAIR_ALIPAY_APPID,
            settings.COUNTYFAIR_ALIPAY_KEY_FILE,
            settings.COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE,
        )
    )


def _order(asked: Asked) -> dict[str, str]:
    if asked.currency != "CNY":
        raise Unreachable("only yuan are taken")
    order = {
        "out_trade_no": asked.intent.hex,
        "total_amount": _yuan(asked.amount_fen),
        "subject": (asked.subject or asked.reference)[:256],
    }
    if asked.expires_at is not None:
        order["time_expire"] = f"{asked.expires_at.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M:%S}"
    return order


def _request(method: str, content: Mapping[str, str], ways: Mapping[str, str]) -> dict[str, str]:
    params = {
        "app_id": settings.COUNTYFAIR_ALIPAY_APPID,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": f"{now().astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M:%S}",
        "version": "1.0",
        "biz_content": json.dumps(content, ensure_ascii=False),
        **ways,
    }
    try:
        signature = signing.signature(signing.content(params), key_file=settings.COUNTYFAIR_ALIPAY_KEY_FILE)
    except (OSError, ValueError) as error:
        raise Unreachable("our key cannot be read") from error
    return {**params, "sign": signature}


def _asked(method: str, content: Mapping[str, str], ways: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What Alipay answers, proved to be its own words."""
    try:
        answer = httpx.post(
            settings.COUNTYFAIR_ALIPAY_URL,
            data=_request(method, content, ways or {}),
            timeout=PATIENCE,
            verify=_authorities(),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error
    name = f"{method.replace('.', '_')}_response"
    part = signing.signed_part(answer.text, name)
    try:
        whole = answer.json()
        said = whole[name]
        signature = str(whole["sign"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreachable(f"an answer without sense, status {answer.status_code}") from error
    key = settings.COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE
    if part is None or json.loads(part) != said or not signing.holds(part.encode(), signature, key_file=key):
        raise Unreachable("an answer that is not signed by Alipay")
    return dict(said)


def _granted(method: str, content: Mapping[str, str], ways: Mapping[str, str]) -> dict[str, Any]:
    said = _asked(method, content, ways)
    if said.get("code") != DONE:
        raise Unreachable(_why(said))
    return said


def _told(key: str, said: Mapping[str, Any]) -> Told:
    if said["app_id"] != settings.COUNTYFAIR_ALIPAY_APPID:
        raise Forged("for another app")
    if settings.COUNTYFAIR_ALIPAY_SELLER and said["seller_id"] != settings.COUNTYFAIR_ALIPAY_SELLER:
        raise Forged("for another merchant")
    intent = parse_uuid(str(said["out_trade_no"]))
    if intent is None:
        raise ValueError("an intent of ours is needed")
    kept = {name: said[name] for name in ("trade_status", "gmt_payment") if name in said}
    return Told(key, intent, str(said["trade_no"]), _fen(said["total_amount"]), "CNY", kept)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _fen(yuan: object) -> int:
    said = SUM.fullmatch(str(yuan))
    if said is None:
        raise ValueError("no sum in whole fen")
    return int(said["yuan"]) * 100 + int((said["fen"] or "").ljust(2, "0"))


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise Unreachable(f"an answer without {name}")
    return found


def _why(said: Mapping[str, Any]) -> str:
    words = (said.get(name) for name in ("sub_code", "sub_msg", "code", "msg"))
    return " ".join(str(word) for word in words if word)[:200]


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


GATEWAY = Alipay()
