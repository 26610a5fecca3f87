"""Taobao's open API (TOP) for one shop.

One address, a POST of a form; `sign` is the HMAC-SHA256, by the app's secret, of all parameters by name, name
and value joined, in upper case. Moments are China's, amounts yuan, `session` is the token. A window may be a
day of `modified`; an hour is asked for, from its last page back. Who a parcel goes to comes masked and is not
opened. Only applications of the service market may renew tokens; others end, and their owner grants anew.

Source: open.taobao.com, guide on signing and table of platform error codes; documents of
taobao.trades.sold.increment.get, taobao.trade.fullinfo.get, taobao.item.quantity.update,
taobao.logistics.companies.get, taobao.logistics.offline.send, taobao.top.auth.token.refresh. Shops of Tmall
may be asked to use other calls for stock: such a refusal is told.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.outreach.channels.platforms.answers import PAGE, backwards, cells_of, count, objects, page_of
from countyfair.outreach.channels.platforms.shape import (
    Credentials,
    Expired,
    NoCarrier,
    OrderPage,
    Refused,
    Revoked,
    Sent,
    StockPush,
    Unreachable,
)
from countyfair.outreach.channels.platforms.speaking import (
    patiently,
    posted,
    sentence,
    throttled,
    wire_seconds,
)
from countyfair.outreach.channels.platforms.taobao.listing import order_of

WINDOW = timedelta(hours=1)
_EXPIRED, _THROTTLED = frozenset({27}), frozenset({7})
#: The shop's consent, our key or its secret does not hold: nothing helps but granting anew.
_REVOKED = frozenset({24, 25, 26, 28, 29})
_AWAY = frozenset({9, 10})
_FORM = "application/x-www-form-urlencoded;charset=utf-8"
_ORDERS = (
    "tid,status,payment,post_fee,created,pay_time,consign_time,end_time,modified,receiver_name,receiver_state,"
    "receiver_city,receiver_district,receiver_town,receiver_address,receiver_mobile,orders.oid,orders.num_iid,"
    "orders.sku_id,orders.outer_iid,orders.outer_sku_id,orders.title,orders.sku_properties_name,orders.num,"
    "orders.payment,orders.divide_order_fee,orders.status,orders.refund_status,orders.invoice_no,"
    "orders.logistics_company"
)


class Client:
    """As `shape.Client`; it keeps the list of carriers for as long as it lives."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._carriers: dict[str, str] = {}

    def orders(self, *, since: datetime, until: datetime, cursor: str = "") -> OrderPage:
        """Orders changed in a window of at most an hour; the platform would answer a day.

        Raises:
            ValueError: a longer window.
        """
        if until - since > WINDOW:
            raise ValueError("a window is an hour at most")

        def ask(page: int) -> tuple[int, list[Any]]:
            said = self._read(
                "taobao.trades.sold.increment.get", fields=_ORDERS, start_modified=_said(since),
                end_modified=_said(until), page_no=page, page_size=PAGE, use_has_next="false",
            )  # fmt: skip
            trades = said.get("trades")
            return count(said, "total_results"), objects(trades, "trade") if isinstance(
                trades, Mapping
            ) else []

        told, rest = backwards(ask, cursor)
        return page_of(told, order_of, rest)

    def push_stock(self, push: StockPush) -> None:
        """Set what may be sold of a specification, in full."""
        self._call(
            "taobao.item.quantity.update",
            {"num_iid": push.goods, "sku_id": push.sku, "quantity": push.packs, "type": 1},
        )

    def send(self, sent: Sent) -> None:
        """Say that an order left; it goes in one parcel, whatever lines it has.

        Where the platform says no, the order itself is asked: does it hold this waybill, all is well.
        """
        code = self._codes().get(sent.carrier, "")
        if not code:
            raise NoCarrier(f"Taobao knows no carrier “{sent.carrier}”.")
        try:
            said = self._call(
                "taobao.logistics.offline.send",
                {"tid": sent.number, "out_sid": sent.waybill, "company_code": code},
            )
            shipping = said.get("shipping")
            if not isinstance(shipping, Mapping) or shipping.get("is_success") is not True:
                raise Refused("is_success is not true")
        except Refused:
            if not self._has(sent):
                raise

    def renewed(self) -> Credentials:
        """New tokens for the old."""
        if not self._credentials.refresh:
            raise Revoked("nothing was granted to renew with")
        try:
            said = self._call(
                "taobao.top.auth.token.refresh", {"refresh_token": self._credentials.refresh}, token=False
            )
            told = json.loads(str(said.get("token_result") or ""))
        except (Expired, Refused) as refused:
            raise Revoked(str(refused)) from None
        except ValueError:
            raise Unreachable("no token in the answer") from None
        cells = cells_of(told if isinstance(told, Mapping) else {})
        if not cells.get("access_token"):
            raise Unreachable("no token in the answer")
        return replace(
            self._credentials,
            token=cells.get("access_token"),
            token_until=now() + timedelta(seconds=count(told, "expires_in")),
            refresh=cells.get("refresh_token") or self._credentials.refresh,
        )

    def _has(self, sent: Sent) -> bool:
        fields = "tid,status,orders.invoice_no"
        said = self._read("taobao.trade.fullinfo.get", tid=sent.number, fields=fields)
        trade = said.get("trade")
        orders = trade.get("orders") if isinstance(trade, Mapping) else None
        if not isinstance(orders, Mapping):
            return False
        return any(cells_of(one).get("invoice_no") == sent.waybill for one in objects(orders, "order"))

    def _codes(self) -> dict[str, str]:
        """Carriers' codes by their names."""
        if not self._carriers:
            said = self._read("taobao.logistics.companies.get", fields="id,code,name").get(
                "logistics_companies"
            )
            rows = objects(said, "logistics_company") if isinstance(said, Mapping) else []
            self._carriers = {cells_of(one).get("name"): cells_of(one).get("code") for one in rows}
        return self._carriers

    def _read(self, method: str, **asked: object) -> Mapping[str, Any]:
        return patiently(lambda: self._call(method, asked))

    def _call(self, method: str, asked: Mapping[str, object], *, token: bool = True) -> Mapping[str, Any]:
        mine = self._credentials
        told = {key: str(value) for key, value in asked.items()} | {
            "method": method, "app_key": mine.app_key, "format": "json", "v": "2.0",
            "sign_method": "hmac-sha256", "timestamp": _said(datetime.fromtimestamp(wire_seconds(), UTC)),
        }  # fmt: skip
        if token:
            told["session"] = mine.token
        form = urlencode({**told, "sign": signature(told, mine.app_secret)}).encode()
        said = posted(settings.COUNTYFAIR_TAOBAO_URL, content=form, kind=_FORM)
        if isinstance(wrong := said.get("error_response"), Mapping):
            self._raise(wrong)
        name = f"{method.removeprefix('taobao.').replace('.', '_')}_response"
        found = said.get(name)
        if not isinstance(found, Mapping):
            raise Unreachable(f"an answer without {name}")
        return found

    def _raise(self, wrong: Mapping[str, Any]) -> None:
        mine, code, sub = self._credentials, count(wrong, "code"), str(wrong.get("sub_code") or "")
        said = sentence(wrong.get("sub_msg") or wrong.get("msg"), mine.token, mine.refresh, mine.app_secret)
        if code in _EXPIRED:
            raise Expired(said)
        if code in _REVOKED:
            raise Revoked(said)
        if code in _THROTTLED:
            raise throttled()
        if code in _AWAY or sub.startswith("isp."):
            raise Unreachable(said)
        raise Refused(f"{said} ({sub or code})")


def signature(told: Mapping[str, str], secret: str) -> str:
    """What proves that this was asked by who knows the secret."""
    joined = "".join(f"{name}{told[name]}" for name in sorted(told))
    return hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest().upper()


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M:%S}"
