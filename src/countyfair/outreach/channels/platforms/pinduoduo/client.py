"""Pinduoduo's open API for one shop.

One address, a POST of a form; `sign` is the MD5 of all parameters by name, name and value joined, with the
client secret before and behind, in upper case. Amounts are yuan, moments China's. A window is at most 30
minutes of `updated_at`, and its pages are read from the last back, as the platform asks. Addresses are sealed
there and are not opened: no call decrypts.

Source: open.pinduoduo.com, documents of pdd.order.number.list.increment.get, pdd.order.information.get,
pdd.goods.quantity.update, pdd.logistics.companies.get, pdd.logistics.online.send, pdd.pop.auth.token.refresh
and their table of error codes, as the public SDKs lywzx/pdd-node-sdk and docs.rs/pdd repeat them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from countyfair.kernel.clock import now
from countyfair.outreach.channels.platforms.answers import PAGE, backwards, cells_of, count, objects, page_of
from countyfair.outreach.channels.platforms.pinduoduo.listing import order_of
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

WINDOW = timedelta(minutes=30)
_EXPIRED = frozenset({10019})
#: The shop's consent, our key or its secret does not hold: nothing helps but granting anew.
_REVOKED = frozenset({10016, 10018, 20004, 20032, 30001, 70034, 70035})
_THROTTLED = frozenset({52101, 70031, 70036})
_AWAY = frozenset({50000, 50002, 52001, 52002, 52102, 52103, 70033})
_FORM = "application/x-www-form-urlencoded"


class Client:
    """As `shape.Client`; it keeps the list of carriers for as long as it lives."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._carriers: dict[str, str] = {}

    def orders(self, *, since: datetime, until: datetime, cursor: str = "") -> OrderPage:
        """Orders changed in a window of at most half an hour.

        Raises:
            ValueError: a longer window; the platform would refuse it.
        """
        if until - since > WINDOW:
            raise ValueError("a window is 30 minutes at most")

        def ask(page: int) -> tuple[int, list[Any]]:
            said = self._read(
                "pdd.order.number.list.increment.get", "order_sn_increment_get_response",
                start_updated_at=int(since.timestamp()), end_updated_at=int(until.timestamp()), page=page,
                page_size=PAGE, order_status=5, refund_status=5, is_lucky_flag=0,
            )  # fmt: skip
            return count(said, "total_count"), objects(said, "order_sn_list")

        told, rest = backwards(ask, cursor)
        carriers = self._names() if any(cells_of(one).get("logistics_id") for one in told) else {}
        return page_of(told, lambda one, row: order_of(one, row, carriers), rest)

    def push_stock(self, push: StockPush) -> None:
        """Set what may be sold of a specification, in full."""
        self._write(
            "pdd.goods.quantity.update", "goods_quantity_update_response",
            goods_id=push.goods, sku_id=push.sku, quantity=push.packs, update_type=1,
        )  # fmt: skip

    def send(self, sent: Sent) -> None:
        """Say that an order left; it goes in one parcel, whatever lines it has.

        Where the platform says no, the order itself is asked: does it hold this waybill, all is well.
        """
        carrier = next((key for key, name in self._names().items() if name == sent.carrier), "")
        if not carrier:
            raise NoCarrier(f"Pinduoduo knows no carrier “{sent.carrier}”.")
        try:
            self._write(
                "pdd.logistics.online.send", "logistics_online_send_response",
                order_sn=sent.number, logistics_id=carrier, tracking_number=sent.waybill,
            )  # fmt: skip
        except Refused:
            if not self._has(sent):
                raise

    def renewed(self) -> Credentials:
        """New tokens for the old."""
        if not self._credentials.refresh:
            raise Revoked("nothing was granted to renew with")
        try:
            said = self._call(
                "pdd.pop.auth.token.refresh", "pop_auth_token_refresh_response",
                {"refresh_token": self._credentials.refresh}, token=False,
            )  # fmt: skip
        except (Expired, Refused) as refused:
            raise Revoked(str(refused)) from None
        moment, told = now(), cells_of(said)
        if not told.get("access_token"):
            raise Unreachable("no token in the answer")
        ends = count(said, "refresh_token_expires_in") if told.get("refresh_token_expires_in") else 0
        return replace(
            self._credentials,
            token=told.get("access_token"),
            token_until=moment + timedelta(seconds=count(said, "expires_in")),
            refresh=told.get("refresh_token") or self._credentials.refresh,
            refresh_until=moment + timedelta(seconds=ends) if ends else None,
        )

    def _has(self, sent: Sent) -> bool:
        said = self._read("pdd.order.information.get", "order_info_get_response", order_sn=sent.number)
        told = cells_of(said.get("order_info") or {})
        return told.get("tracking_number") == sent.waybill and told.get("order_status") in ("2", "3")

    def _names(self) -> dict[str, str]:
        if not self._carriers:
            said = self._read("pdd.logistics.companies.get", "logistics_companies_get_response")
            told = [cells_of(one) for one in objects(said, "logistics_companies")]
            self._carriers = {one.get("id"): one.get("logistics_company") for one in told}
        return self._carriers

    def _read(self, kind: str, name: str, **asked: object) -> Mapping[str, Any]:
        return patiently(lambda: self._call(kind, name, asked))

    def _write(self, kind: str, name: str, **asked: object) -> None:
        said = self._call(kind, name, asked)
        if said.get("is_success") is not True:
            raise Refused(sentence(said.get("error_msg") or "is_success is not true"))

    def _call(
        self, kind: str, name: str, asked: Mapping[str, object], *, token: bool = True
    ) -> Mapping[str, Any]:
        mine = self._credentials
        told = {key: str(value) for key, value in asked.items()} | {
            "type": kind, "client_id": mine.app_key, "timestamp": str(wire_seconds()), "data_type": "JSON",
            "version": "V1",
        }  # fmt: skip
        if token:
            told["access_token"] = mine.token
        form = urlencode({**told, "sign": signature(told, mine.app_secret)}).encode()
        said = posted(settings.COUNTYFAIR_PINDUODUO_URL, content=form, kind=_FORM)
        if isinstance(wrong := said.get("error_response"), Mapping):
            self._raise(wrong)
        found = said.get(name)
        if not isinstance(found, Mapping):
            raise Unreachable(f"an answer without {name}")
        return found

    def _raise(self, wrong: Mapping[str, Any]) -> None:
        mine, code = self._credentials, count(wrong, "error_code")
        said = sentence(
            wrong.get("sub_msg") or wrong.get("error_msg"), mine.token, mine.refresh, mine.app_secret
        )
        if code in _EXPIRED:
            raise Expired(said)
        if code in _REVOKED:
            raise Revoked(said)
        if code in _THROTTLED:
            raise throttled()
        if code in _AWAY:
            raise Unreachable(said)
        raise Refused(f"{said} ({code})")


def signature(told: Mapping[str, str], secret: str) -> str:
    """What proves that this was asked by who knows the secret."""
    joined = "".join(f"{name}{told[name]}" for name in sorted(told))
    return hashlib.md5(f"{secret}{joined}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
