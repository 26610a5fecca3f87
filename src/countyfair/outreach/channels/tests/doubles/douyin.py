"""Douyin's gateway: an address a method, the query signed by HMAC-SHA256, the parameters as the body."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from countyfair.outreach.channels.tests.doubles.web import Answer, Fault, Platform

CARRIERS = [
    {"id": 7, "name": "圆通快递", "code": "yuantong"},
    {"id": 12, "name": "中通快递", "code": "zhongtong"},
]
_CLOCKS_S = 600


class Douyin(Platform):
    """Orders are kept as the platform tells them; `update_time` is the second of their last change."""

    def order(self, number: str, at: int, **other: Any) -> dict[str, Any]:
        told = {
            "order_id": number, "order_status": 2, "main_status": 2, "pay_amount": 5800, "post_amount": 300,
            "only_platform_cost_amount": 200, "author_cost_amount": 100, "shop_cost_amount": 50,
            "create_time": 1795132800, "pay_time": 1795132860, "exp_ship_time": 1795305660, "finish_time": 0,
            "ship_time": 0, "cancel_reason": "", "logistics_info": [], "mask_post_receiver": "样**",
            "mask_post_tel": "1******8877", "encrypt_post_tel": "$$tel-in-cipher$$", "mask_post_addr": {
                "province": {"name": "湖北省"}, "city": {"name": "武汉市"}, "town": {"name": "洪山区"},
                "street": {"name": "关山街道"}, "detail": "**路**号"},
            "sku_order_list": [self.sub(number)], "update_time": at,
        } | other  # fmt: skip
        self.orders[number] = told
        return told

    @staticmethod
    def sub(key: str, **other: Any) -> dict[str, Any]:
        return {
            "order_id": key, "product_id": 7001, "product_id_str": "7001", "sku_id": 9001, "code": "HM-500",
            "product_name": "样例黑米", "spec": [{"name": "规格", "value": "500g"}], "item_num": 2,
            "pay_amount": 5800, "post_amount": 300, "only_platform_cost_amount": 200,
            "author_cost_amount": 100, "shop_cost_amount": 50, "order_status": 2, "author_name": "样例主播",
            "after_sale_info": {"refund_status": 0},
        } | other  # fmt: skip

    def wrong(self, fault: Fault) -> Answer:
        if fault == "throttled":
            return self._no(60000, "isv.traffic-limited", "触发限流")
        return self._no(20000, "dop.service-error", "服务不可用")

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        query = dict(parse_qsl(urlsplit(path).query))
        method, stamp = query.get("method", ""), query.get("timestamp", "0")
        self.calls.append(method)
        parts = ("app_key", query.get("app_key", ""), "method", method, "param_json", body.decode(),
                 "timestamp", stamp, "v", query.get("v", ""))  # fmt: skip
        text = f"{self.app_secret}{''.join(parts)}{self.app_secret}"
        fits = hmac.digest(self.app_secret.encode(), text.encode(), "sha256").hex() == query.get("sign")
        if not fits or query.get("app_key") != self.app_key or query.get("v") != "2":
            return self._no(40003, "isv.signature-invalid", "签名校验失败")
        if urlsplit(path).path != "/" + method.replace(".", "/"):
            return self._no(70000, "isp.api-service-off", "API不存在或API已下线")
        if abs(time.time() - int(stamp)) > _CLOCKS_S:
            return self._no(40003, "isv.timestamp-invalid", "时间戳不合法")
        asked = json.loads(body)
        if json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != body.decode():
            return self._no(40003, "isv.parameter-format-invalid", "参数未排序")
        if method != "token.refresh":
            if self.revoked:
                return self._no(30001, "dop.authorization-closed", "店铺授权已被关闭")
            if self.expired or query.get("access_token") != self.token:
                return self._no(
                    40003, "isv.access-token-expired", f"access_token已过期 {query.get('access_token')}"
                )
        return self._decided(method, asked)

    def _decided(self, method: str, asked: dict[str, Any]) -> Answer:
        if method == "order.searchList":
            return self._list(asked)
        if method == "order.orderDetail":
            return self._yes({"shop_order_detail": self.orders.get(asked["shop_order_id"])})
        if method == "order.logisticsCompanyList":
            return self._yes(CARRIERS)
        if method == "order.logisticsAdd":
            return self._sent(asked)
        if method == "sku.syncStock":
            if asked["stock_num"] < 0 or asked["sku_id"] == "404":
                return self._no(50002, "isv.business-failed:2010001", "商品不存在")
            self.stock[asked["product_id"], asked["sku_id"]] = asked["stock_num"]
            return self._yes({})
        if method == "token.refresh":
            if self.revoked or asked["refresh_token"] != self.refresh:
                return self._no(50002, "isv.business-failed:31009", "token不存在")
            token, refresh = self.renew()
            return self._yes({"access_token": token, "expires_in": 604800, "refresh_token": refresh})
        return self._no(70000, "isp.api-service-off", "API不存在或API已下线")

    def _list(self, asked: dict[str, Any]) -> Answer:
        start, end = asked["update_time_start"], asked["update_time_end"]
        if asked["size"] > 100 or asked["page"] < 0 or asked["order_by"] != "update_time":
            return self._no(40004, "isv.parameter-invalid", "参数错误")
        found = sorted(
            (one for one in self.orders.values() if start <= one["update_time"] <= end),
            key=lambda one: one["update_time"], reverse=not asked["order_asc"],
        )  # fmt: skip
        rows = self.page(found, asked["page"], asked["size"])
        return self._yes({"total": len(found), "page": asked["page"], "shop_order_list": rows})

    def _sent(self, asked: dict[str, Any]) -> Answer:
        order = self.orders.get(asked["order_id"])
        if order is None or order["order_status"] != 2:
            return self._no(50002, "isv.business-failed:2010002", "订单状态不正确")
        names = {one["code"]: one["name"] for one in CARRIERS}
        if asked["company_code"] not in names:
            return self._no(50002, "isv.business-failed:2010003", "物流公司不存在")
        parcel = {"tracking_no": asked["logistics_code"], "company_name": names[asked["company_code"]]}
        order |= {"order_status": 3, "main_status": 3, "logistics_info": [parcel]}
        self.sent[asked["order_id"]] = (asked["company_code"], asked["logistics_code"])
        return self._yes({"pack_id": "1"})

    @staticmethod
    def _yes(data: Any) -> Answer:
        said = {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "data": data}
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()

    @staticmethod
    def _no(code: int, sub: str, message: str) -> Answer:
        said = {"code": code, "msg": message, "sub_code": sub, "sub_msg": message, "log_id": "15"}
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()
