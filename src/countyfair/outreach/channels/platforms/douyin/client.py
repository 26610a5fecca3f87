"""Douyin's open API (抖店) for one shop.

Each method has its address (`order.searchList`: `/order/searchList`); the body is the parameters as JSON,
their names sorted, and the query holds the rest. `sign` is the HMAC-SHA256, by the app's secret, of
`app_key…method…param_json…timestamp…v2` with that secret before and behind; the token is not signed.
Amounts are fen, moments Unix seconds. Who a parcel goes to comes masked, and is not opened: no call decrypts.

Source: op.jinritemai.com, guides on signing (guide-docs/10/23) and errors (guide-docs/212/1427), documents
of order.searchList, order.orderDetail, order.logisticsAdd, order.logisticsCompanyList, sku.syncStock and
token.refresh, as public SDKs repeat them. How long a window may be is told nowhere: an hour is ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from countyfair.kernel.clock import now
from countyfair.outreach.channels.platforms.answers import PAGE, backwards, cells_of, count, objects, page_of
from countyfair.outreach.channels.platforms.douyin.listing import order_of
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

WINDOW = timedelta(hours=1)
_DONE, _THROTTLED, _AWAY = 10000, frozenset({60000}), frozenset({20000, 20001, 90000})
_EXPIRED = frozenset({"isv.access-token-expired", "isv.access-token-no-existed"})
#: The shop's consent, our key or its secret does not hold: nothing helps but granting anew.
_REVOKED = (
    "dop.authorization-", "dop.app-forbidden", "isv.signature-invalid", "isv.app-id-",
    "isv.access-token-invalid", "isv.access-token-missing", "isv.authorization-type-invalid",
)  # fmt: skip


class Client:
    """As `shape.Client`; it keeps the list of carriers for as long as it lives."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._carriers: dict[str, str] = {}

    def orders(self, *, since: datetime, until: datetime, cursor: str = "") -> OrderPage:
        """Orders changed in a window of at most an hour.

        Raises:
            ValueError: a longer window.
        """
        if until - since > WINDOW:
            raise ValueError("a window is an hour at most")

        def ask(page: int) -> tuple[int, list[Any]]:
            said = self._read(
                "order.searchList", update_time_start=int(since.timestamp()),
                update_time_end=int(until.timestamp()), size=PAGE, page=page - 1, order_by="update_time",
                order_asc=True,
            )  # fmt: skip
            return count(said, "total"), objects(said, "shop_order_list")

        told, rest = backwards(ask, cursor)
        return page_of(told, order_of, rest)

    def push_stock(self, push: StockPush) -> None:
        """Set what may be sold of a specification, in full."""
        goods = {"product_id": push.goods, "sku_id": push.sku}
        self._call("sku.syncStock", {**goods, "stock_num": push.packs, "incremental": False})

    def send(self, sent: Sent) -> None:
        """Say that an order left; it goes in one parcel, whatever lines it has.

        Where the platform says no, the order itself is asked: does it hold this waybill, all is well.
        """
        code = self._codes().get(sent.carrier, "")
        if not code:
            raise NoCarrier(f"Douyin knows no carrier “{sent.carrier}”.")
        try:
            parcel = {"company_code": code, "logistics_code": sent.waybill}
            self._call("order.logisticsAdd", {"order_id": sent.number, **parcel})
        except Refused:
            if not self._has(sent):
                raise

    def renewed(self) -> Credentials:
        """New tokens for the old; until an hour before the end the platform answers the same again."""
        if not self._credentials.refresh:
            raise Revoked("nothing was granted to renew with")
        try:
            asked = {"grant_type": "refresh_token", "refresh_token": self._credentials.refresh}
            said = self._call("token.refresh", asked, token=False)
        except (Expired, Refused) as refused:
            raise Revoked(str(refused)) from None
        told = cells_of(said)
        if not told.get("access_token"):
            raise Unreachable("no token in the answer")
        return replace(
            self._credentials,
            token=told.get("access_token"),
            token_until=now() + timedelta(seconds=count(said, "expires_in")),
            refresh=told.get("refresh_token") or self._credentials.refresh,
        )

    def _has(self, sent: Sent) -> bool:
        said = self._read("order.orderDetail", shop_order_id=sent.number)
        order = said.get("shop_order_detail")
        if not isinstance(order, Mapping):
            raise Unreachable("an answer without shop_order_detail")
        return any(
            cells_of(one).get("tracking_no") == sent.waybill for one in objects(order, "logistics_info")
        )

    def _codes(self) -> dict[str, str]:
        """Carriers' codes by their names."""
        if not self._carriers:
            said = self._ask("order.logisticsCompanyList")
            rows = said if isinstance(said, list) else []
            self._carriers = {cells_of(one).get("name"): cells_of(one).get("code") for one in rows}
        return self._carriers

    def _read(self, method: str, **asked: object) -> Mapping[str, Any]:
        return patiently(lambda: self._call(method, asked))

    def _ask(self, method: str) -> object:
        return patiently(lambda: self._said(method, {}, token=True))

    def _call(self, method: str, asked: Mapping[str, object], *, token: bool = True) -> Mapping[str, Any]:
        found = self._said(method, asked, token=token)
        return found if isinstance(found, Mapping) else {}

    def _said(self, method: str, asked: Mapping[str, object], *, token: bool) -> object:
        mine, stamp = self._credentials, str(wire_seconds())
        body = json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        query = {
            "method": method, "app_key": mine.app_key, "timestamp": stamp, "v": "2",
            "sign_method": "hmac-sha256",
            "sign": signature(mine.app_key, mine.app_secret, method, body, stamp),
        } | ({"access_token": mine.token} if token else {})  # fmt: skip
        said = posted(
            f"{settings.COUNTYFAIR_DOUYIN_URL}/{method.replace('.', '/')}",
            params=query, content=body.encode(), kind="application/json;charset=UTF-8",
        )  # fmt: skip
        if count(said, "code") != _DONE:
            self._raise(said)
        return said.get("data")

    def _raise(self, wrong: Mapping[str, Any]) -> None:
        mine, code, sub = self._credentials, count(wrong, "code"), str(wrong.get("sub_code") or "")
        said = sentence(wrong.get("sub_msg") or wrong.get("msg"), mine.token, mine.refresh, mine.app_secret)
        if sub in _EXPIRED:
            raise Expired(said)
        if sub.startswith(_REVOKED):
            raise Revoked(said)
        if code in _THROTTLED:
            raise throttled()
        if code in _AWAY:
            raise Unreachable(said)
        raise Refused(f"{said} ({sub or code})")


def signature(key: str, secret: str, method: str, body: str, stamp: str) -> str:
    """What proves that this was asked by who knows the secret."""
    told = f"{secret}app_key{key}method{method}param_json{body}timestamp{stamp}v2{secret}"
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()
