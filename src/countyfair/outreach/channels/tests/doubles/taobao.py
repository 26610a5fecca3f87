"""Taobao's gateway (TOP): one address, forms, signed by HMAC-SHA256, sessions, its table of error codes."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

from countyfair.outreach.channels.tests.doubles.web import Answer, Fault, Platform

CARRIERS = [{"id": 101, "code": "YTO", "name": "圆通快递"}, {"id": 500, "code": "ZTO", "name": "中通快递"}]
_CHINA = timezone(timedelta(hours=8))
_CLOCKS, _WINDOW = timedelta(minutes=10), timedelta(days=1)
_WAITS = "WAIT_SELLER_SEND_GOODS"


class Taobao(Platform):
    """Orders are kept as the platform tells them, with `_at`, the second of their last change."""

    def order(self, number: str, at: int, **other: Any) -> dict[str, Any]:
        status = other.get("status", _WAITS)
        told = {
            "tid": number, "status": status, "payment": "58.00", "post_fee": "3.00",
            "created": "2026-11-20 08:00:00", "pay_time": "2026-11-20 08:01:00", "receiver_name": "样**",
            "receiver_mobile": "*******8877", "receiver_state": "湖北省", "receiver_city": "武汉市",
            "receiver_district": "洪山区", "receiver_address": "**路**号",
            "orders": {"order": [self.sub(number, status=status)]},
            "modified": f"{datetime.fromtimestamp(at, _CHINA):%Y-%m-%d %H:%M:%S}", "_at": at,
        } | other  # fmt: skip
        self.orders[number] = told
        return told

    @staticmethod
    def sub(key: str, **other: Any) -> dict[str, Any]:
        return {
            "oid": key, "num_iid": 7001, "sku_id": "9001", "outer_iid": "HM", "outer_sku_id": "HM-500",
            "title": "样例黑米", "sku_properties_name": "规格:500g", "num": 2, "payment": "55.00",
            "divide_order_fee": "55.00", "status": _WAITS, "refund_status": "NO_REFUND",
        } | other  # fmt: skip

    def wrong(self, fault: Fault) -> Answer:
        if fault == "throttled":
            return self._no(7, "App Call Limited", "accesscontrol.limited-by-api-access-count")
        return self._no(15, "Remote service error", "isp.remote-service-timeout")

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        asked = dict(parse_qsl(body.decode(), keep_blank_values=True))
        method, given = asked.get("method", ""), asked.pop("sign", "")
        self.calls.append(method)
        if asked.get("app_key") != self.app_key:
            return self._no(29, "Invalid App Key", "")
        text = "".join(k + asked[k] for k in sorted(asked))
        if hmac.digest(self.app_secret.encode(), text.encode(), "sha256").hex().upper() != given:
            return self._no(25, "Invalid signature", "")
        stamp = datetime.strptime(asked["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
        if abs(datetime.now(_CHINA) - stamp) > _CLOCKS:
            return self._no(31, "Invalid Timestamp", "")
        if method not in ("taobao.top.auth.token.refresh", "taobao.logistics.companies.get") and (
            self.revoked or self.expired or asked.get("session") != self.token
        ):
            return self._no(
                27, f"Invalid session {asked.get('session')}", "sessionkey-not-generated-by-server"
            )
        return self._decided(method, asked)

    def _decided(self, method: str, asked: dict[str, str]) -> Answer:
        if method == "taobao.trades.sold.increment.get":
            return self._list(asked)
        if method == "taobao.trade.fullinfo.get":
            return self._yes("trade_fullinfo_get_response", {"trade": self.orders.get(asked["tid"])})
        if method == "taobao.logistics.companies.get":
            said = {"logistics_companies": {"logistics_company": CARRIERS}}
            return self._yes("logistics_companies_get_response", said)
        if method == "taobao.logistics.offline.send":
            return self._sent(asked)
        if method == "taobao.item.quantity.update":
            if int(asked["quantity"]) < 0 or asked["sku_id"] == "404" or asked["type"] != "1":
                return self._no(530, "商品不存在", "isv.item-is-delete:invalid-numIid")
            self.stock[asked["num_iid"], asked["sku_id"]] = int(asked["quantity"])
            return self._yes("item_quantity_update_response", {"item": {"num_iid": asked["num_iid"]}})
        if method == "taobao.top.auth.token.refresh":
            if self.revoked or asked.get("refresh_token") != self.refresh:
                return self._no(15, "refresh token invalid", "isv.refresh-token-invalid")
            token, refresh = self.renew()
            told = {"access_token": token, "refresh_token": refresh, "expires_in": 7776000}
            return self._yes("top_auth_token_refresh_response", {"token_result": json.dumps(told)})
        return self._no(22, "Invalid Method", "")

    def _list(self, asked: dict[str, str]) -> Answer:
        start, end = (
            datetime.strptime(asked[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
            for name in ("start_modified", "end_modified")
        )
        page, size = int(asked["page_no"]), int(asked["page_size"])
        if not timedelta(0) <= end - start <= _WINDOW or page < 1 or size > 100:
            return self._no(41, "Invalid Arguments", "isv.invalid-parameter")
        found = sorted(
            (one for one in self.orders.values() if start.timestamp() <= one["_at"] <= end.timestamp()),
            key=lambda one: -one["_at"],
        )
        rows = self.page(found, page - 1, size)
        plain = [{key: value for key, value in one.items() if key[0] != "_"} for one in rows]
        said = {"total_results": len(found), "trades": {"trade": plain}} if plain else {"total_results": 0}
        return self._yes("trades_sold_increment_get_response", said)

    def _sent(self, asked: dict[str, str]) -> Answer:
        order = self.orders.get(asked["tid"])
        if order is None or order["status"] != _WAITS:
            return self._no(15, "订单状态不是待发货", "isv.logistics-offline-service-error:B04")
        if asked["company_code"] not in {one["code"] for one in CARRIERS}:
            return self._no(15, "物流公司不存在", "isv.logistics-offline-service-error:S01")
        order["status"] = "WAIT_BUYER_CONFIRM_GOODS"
        for sub in order["orders"]["order"]:
            sub |= {
                "status": order["status"],
                "invoice_no": asked["out_sid"],
                "logistics_company": "圆通快递",
            }
        self.sent[asked["tid"]] = (asked["company_code"], asked["out_sid"])
        return self._yes("logistics_offline_send_response", {"shipping": {"is_success": True}})

    @staticmethod
    def _yes(name: str, said: dict[str, Any]) -> Answer:
        return 200, {"Content-Type": "text/javascript;charset=UTF-8"}, json.dumps({name: said}).encode()

    @staticmethod
    def _no(code: int, message: str, sub: str) -> Answer:
        said = {"error_response": {"code": code, "msg": message, "sub_code": sub, "sub_msg": message}}
        return 200, {"Content-Type": "text/javascript;charset=UTF-8"}, json.dumps(said).encode()
