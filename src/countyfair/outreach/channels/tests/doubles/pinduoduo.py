"""Pinduoduo's gateway: one address, forms, signed by MD5; windows of half an hour; their error codes."""

from __future__ import annotations

import json
import time
from hashlib import md5
from typing import Any
from urllib.parse import parse_qsl

from countyfair.outreach.channels.tests.doubles.web import Answer, Fault, Platform

CARRIERS = [
    {"id": 85, "logistics_company": "圆通快递", "code": "YTO", "available": 1},
    {"id": 118, "logistics_company": "邮政快递包裹", "code": "YZXB", "available": 1},
]
_CLOCKS_S, _WINDOW_S = 600, 1800
_TOKENLESS = {"pdd.pop.auth.token.refresh", "pdd.logistics.companies.get"}


class Pinduoduo(Platform):
    """Orders are kept as the platform tells them, with `_at`, the second of their last change."""

    def order(self, number: str, at: int, **other: Any) -> dict[str, Any]:
        told = {
            "order_sn": number, "confirm_status": 1, "order_status": 1, "refund_status": 1,
            "risk_control_status": 0, "pay_amount": "58.00", "postage": "3.00", "platform_discount": "2.00",
            "seller_discount": "1.00", "created_time": "2026-11-20 08:00:00",
            "pay_time": "2026-11-20 08:01:00", "confirm_time": "2026-11-20 08:02:00",
            "last_ship_time": "2026-11-22 08:02:00", "logistics_id": 0, "tracking_number": "",
            "receiver_name": "~AgAAAAK~样**~3~", "receiver_phone": "$fdsf$1387677****$3$$",
            "province": "湖北省", "city": "武汉市", "town": "洪山区", "receiver_address": "~AgAAAA~路~3~",
            "item_list": [{"goods_id": 7001, "sku_id": 9001, "outer_id": "HM-500", "goods_name": "样例黑米",
                           "goods_spec": "500g", "goods_count": 2, "goods_price": "29.00"}],
            "_at": at,
        } | other  # fmt: skip
        self.orders[number] = told
        return told

    def wrong(self, fault: Fault) -> Answer:
        return (
            self._no(70031, "调用过于频繁，请调整调用频率")
            if fault == "throttled"
            else self._no(52102, "当前接口暂时不可用")
        )

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        asked = dict(parse_qsl(body.decode(), keep_blank_values=True))
        kind = asked.get("type", "")
        self.calls.append(kind)
        given = asked.pop("sign", "")
        text = self.app_secret + "".join(k + asked[k] for k in sorted(asked)) + self.app_secret
        if (
            asked.get("client_id") != self.app_key
            or md5(text.encode(), usedforsecurity=False).hexdigest().upper() != given
        ):
            return self._no(20004, "签名sign校验失败")
        if abs(time.time() - int(asked.get("timestamp", "0"))) > _CLOCKS_S:
            return self._no(10001, "公共参数错误:timestamp")
        if kind not in _TOKENLESS:
            if self.revoked or asked.get("access_token") != self.token:
                return self._no(
                    20032 if self.revoked else 10019, f"access_token错误 {asked.get('access_token')}"
                )
            if self.expired:
                return self._no(10019, "access_token已过期")
        return self._decided(kind, asked)

    def _decided(self, kind: str, asked: dict[str, str]) -> Answer:
        if kind == "pdd.order.number.list.increment.get":
            return self._list(asked)
        if kind == "pdd.order.information.get":
            return self._yes("order_info_get_response", {"order_info": self.orders.get(asked["order_sn"])})
        if kind == "pdd.logistics.companies.get":
            return self._yes("logistics_companies_get_response", {"logistics_companies": CARRIERS})
        if kind == "pdd.logistics.online.send":
            return self._sent(asked)
        if kind == "pdd.goods.quantity.update":
            if int(asked["quantity"]) < 0 or asked["sku_id"] == "404":
                return self._no(50001, "商品不存在")
            self.stock[asked["goods_id"], asked["sku_id"]] = int(asked["quantity"])
            return self._yes("goods_quantity_update_response", {"is_success": True})
        if kind == "pdd.pop.auth.token.refresh":
            if self.revoked or asked.get("refresh_token") != self.refresh:
                return self._no(10019, "refresh_token已过期")
            token, refresh = self.renew()
            return self._yes("pop_auth_token_refresh_response", {
                "access_token": token, "expires_in": 86400, "refresh_token": refresh,
                "refresh_token_expires_in": 2592000,
            })  # fmt: skip
        return self._no(10017, "type不正确")

    def _list(self, asked: dict[str, str]) -> Answer:
        start, end = int(asked["start_updated_at"]), int(asked["end_updated_at"])
        page, size = int(asked["page"]), int(asked["page_size"])
        if not 0 <= end - start <= _WINDOW_S or page < 1 or size > 100:
            return self._no(21001, "请求参数错误")
        found = sorted(
            (one for one in self.orders.values() if start <= one["_at"] <= end), key=lambda one: -one["_at"]
        )
        rows = self.page(found, page - 1, size)
        plain = [{key: value for key, value in one.items() if key[0] != "_"} for one in rows]
        return self._yes(
            "order_sn_increment_get_response", {"total_count": len(found), "order_sn_list": plain}
        )

    def _sent(self, asked: dict[str, str]) -> Answer:
        order = self.orders.get(asked["order_sn"])
        if order is None or order["order_status"] != 1:
            return self._no(50001, "订单状态不是待发货")
        if asked["logistics_id"] not in {str(one["id"]) for one in CARRIERS}:
            return self._no(50001, "快递公司不存在")
        order |= {"order_status": 2, "tracking_number": asked["tracking_number"]}
        self.sent[asked["order_sn"]] = (asked["logistics_id"], asked["tracking_number"])
        return self._yes("logistics_online_send_response", {"is_success": True})

    @staticmethod
    def _yes(name: str, said: dict[str, Any]) -> Answer:
        return 200, {"Content-Type": "application/json"}, json.dumps({name: said}).encode()

    @staticmethod
    def _no(code: int, message: str) -> Answer:
        said = {"error_response": {"error_code": code, "error_msg": message, "sub_msg": message,
                                   "sub_code": str(code), "request_id": "15"}}  # fmt: skip
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()
