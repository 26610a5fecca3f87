"""WeChat Pay's double: its paths, headers, signatures, certificates and encrypted notices, with real keys.

It checks our signatures with `cryptography` alone, not with the library that made them.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pytest_django import Settings

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.trade.payments.tests.doubles import web
from countyfair.trade.payments.tests.doubles.keys import a_certificate, a_key, kept, private_pem, yesterday

MCHID, APPID, SERIAL, APIV3_KEY = "1900000109", "wxd678efh567hg6787", "MERCHANTSERIAL01", "k" * 32

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class WeChatDouble:
    """Orders and refunds by our numbers; `signs_with` is the certificate in use, `listed` those it lists."""

    wrong: str = ""
    refund_state: str = "SUCCESS"
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: list[tuple[RSAPrivateKey, x509.Certificate]] = field(default_factory=list)
    listed: list[int] = field(default_factory=lambda: [0])
    signs_with: int = 0
    fetched: int = 0
    bill: bytes = b""
    bill_hash: str = ""
    bill_day: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        self.add_certificate()

    def add_certificate(self, *, days: int = 365) -> int:
        """One more platform certificate; its number."""
        key = a_key(f"wechat platform {len(self.keys)}")
        self.keys.append((key, a_certificate(key, begins=yesterday(), days=days)))
        return len(self.keys) - 1

    def pay(self, number: str, **other: Any) -> dict[str, Any]:
        """A payer pays an order; what WeChat then says of it."""
        order = self.orders[number]
        order["paid"] = {
            "appid": order["appid"], "mchid": order["mchid"], "out_trade_no": number,
            "transaction_id": f"42000{int(hashlib.sha256(number.encode()).hexdigest()[:12], 16)}",
            "trade_type": "MWEB", "trade_state": "SUCCESS", "bank_type": "OTHERS",
            "success_time": "2026-11-24T10:00:00+08:00", "payer": {"openid": "o-secret-of-the-payer"},
            "amount": {**order["amount"], "payer_total": order["amount"]["total"], "payer_currency": "CNY"},
        }  # fmt: skip
        said: dict[str, Any] = {**order["paid"], **other}
        return said

    def make_bill(self, *, leave_out: str = "", also: tuple[dict[str, Any], ...] = ()) -> None:
        """Today's bill of all that was paid and given back: 0.6 % kept, of what was given back returned."""
        rows = [
            [order["paid"], number, "SUCCESS", order["amount"]["total"], 0, ""]
            for number, order in self.orders.items() if "paid" in order and number != leave_out
        ]  # fmt: skip
        rows += [[one, one["out_trade_no"], "SUCCESS", one["amount"]["total"], 0, ""] for one in also]
        paid_orders = [order["paid"] for order in self.orders.values() if "paid" in order]
        by_payment = {paid["transaction_id"]: paid for paid in paid_orders}
        for number, one in self.refunds.items():
            paid = by_payment[one["transaction_id"]]
            rows.append([paid, paid["out_trade_no"], "REFUND", 0, one["amount"]["refund"], number])
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(_BILL_HEADS.split(","))
        for paid, number, state, fen, back, refund in rows:
            fee = fee_of(fen) - fee_of(back)
            cells = [
                "2026-11-24 10:00:00", APPID, MCHID, "0", "", paid["transaction_id"], number, "o-1", "MWEB",
                state,
                "OTHERS", "CNY", _yuan(fen), "0.00", f"5030{refund}" if refund else "0", refund or "0",
                _yuan(back),
                "0.00", "ORIGINAL" if refund else "", "SUCCESS" if refund else "", "261124-1", "", _yuan(fee),
                "0.60%", _yuan(fen), _yuan(back), "",
            ]  # fmt: skip
            writer.writerow([f"`{cell}" for cell in cells])
        paid_fen, back_fen = sum(row[3] for row in rows), sum(row[4] for row in rows)
        writer.writerow(_SUM_HEADS.split(","))
        fees = sum(fee_of(row[3]) - fee_of(row[4]) for row in rows)
        sums = [
            len(rows),
            _yuan(paid_fen),
            _yuan(back_fen),
            "0.00",
            _yuan(fees),
            _yuan(paid_fen),
            _yuan(back_fen),
        ]
        writer.writerow([f"`{cell}" for cell in sums])
        self.bill_day = f"{now().astimezone(COUNTY_ZONE):%Y-%m-%d}"
        plain = out.getvalue().encode("utf-8-sig")
        self.bill_hash, self.bill = (
            hashlib.sha1(plain, usedforsecurity=False).hexdigest(),
            gzip.compress(plain),
        )

    def notice(
        self, said: dict[str, Any], *, kind: str = "TRANSACTION.SUCCESS", key: str = "", stamp: int = 0,
        apiv3: str = APIV3_KEY,
    ) -> tuple[dict[str, str], bytes]:  # fmt: skip
        """Headers and body of an encrypted, signed notice."""
        nonce = secrets.token_hex(6)
        text = json.dumps(said).encode()
        sealed = AESGCM(apiv3.encode()).encrypt(nonce.encode(), text, b"transaction")
        resource = {
            "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "transaction",
            "ciphertext": base64.b64encode(sealed).decode(), "original_type": "transaction",
        }  # fmt: skip
        body = json.dumps(
            {"id": key or secrets.token_hex(8), "event_type": kind, "resource_type": "encrypt-resource",
             "create_time": "2026-11-24T10:00:00+08:00", "resource": resource}
        ).encode()  # fmt: skip
        return self.headers(body, stamp=stamp), body

    def headers(self, body: bytes, *, stamp: int = 0) -> dict[str, str]:
        key, certificate = self.keys[self.signs_with]
        moment, nonce = str(stamp or int(time.time())), secrets.token_hex(8)
        signature = key.sign(f"{moment}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), hashes.SHA256())
        return {
            "Wechatpay-Timestamp": moment,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": f"{certificate.serial_number:X}",
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
        }

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if not _ours(method, path, headers.get("Authorization", ""), body):
            return self._signed(401, {"code": "SIGN_ERROR", "message": "签名错误"})
        if self.wrong == "unsigned":
            return 200, {}, b"{}"
        asked = json.loads(body) if body else {}
        return self._file(path) or self._signed(*self._decided(method, urlsplit(path).path, path, asked))

    def _file(self, path: str) -> Answer | None:
        return (200, {}, self.bill) if path.startswith("/v3/billdownload/file") else None

    def _decided(self, method: str, path: str, whole: str, asked: dict[str, Any]) -> tuple[int, Any]:
        if path == "/v3/certificates":
            self.fetched += 1
            return 200, {"data": [self._certificate(number) for number in self.listed]}
        if made := re.fullmatch(r"/v3/pay/transactions/(h5|native|jsapi)", path):
            return self._prepare(made[1], asked)
        if known := re.fullmatch(r"/v3/pay/transactions/out-trade-no/(\w+)(/close)?", path):
            return self._close(known[1]) if known[2] else self._query(known[1])
        if path == "/v3/refund/domestic/refunds":
            return self._refund(asked)
        if path == "/v3/bill/tradebill":
            return self._bill(parse_qs(urlsplit(whole).query))
        return 404, {"code": "NOT_FOUND", "message": path}

    def _prepare(self, way: str, asked: dict[str, Any]) -> tuple[int, Any]:
        if (asked["mchid"], asked["appid"]) != (MCHID, APPID) or len(asked["out_trade_no"]) > 32:
            return 400, {"code": "PARAM_ERROR", "message": "参数错误"}
        number = asked["out_trade_no"]
        known = self.orders.setdefault(number, asked)
        if known["amount"] != asked["amount"]:
            return 400, {"code": "INVALID_REQUEST", "message": "商户订单号重复"}
        if "paid" in known:
            return 400, {"code": "ORDERPAID", "message": "该订单已支付"}
        name = {"h5": "h5_url", "native": "code_url", "jsapi": "prepay_id"}[way]
        what = {
            "h5": f"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={number}",
            "native": f"weixin://wxpay/bizpayurl?pr={number[:9]}",
            "jsapi": f"wx{number}",
        }
        return 200, {name: what[way]}

    def _query(self, number: str) -> tuple[int, Any]:
        known = self.orders.get(number)
        if known is None:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        if "paid" in known:
            return 200, known["paid"]
        state = "CLOSED" if known.get("closed") else "NOTPAY"
        return 200, {"mchid": MCHID, "appid": APPID, "out_trade_no": number, "trade_state": state}

    def _close(self, number: str) -> tuple[int, Any]:
        known = self.orders.get(number)
        if known is None:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        if "paid" in known:
            return 400, {"code": "ORDERPAID", "message": "该订单已支付"}
        known["closed"] = True
        return 204, None

    def _refund(self, asked: dict[str, Any]) -> tuple[int, Any]:
        paid = {order["paid"]["transaction_id"]: order for order in self.orders.values() if "paid" in order}
        order = paid.get(asked["transaction_id"])
        if order is None:
            return 404, {"code": "RESOURCE_NOT_EXISTS", "message": "订单不存在"}
        known = self.refunds.get(asked["out_refund_no"])
        if known is not None:
            if (known["transaction_id"], known["amount"]) != (asked["transaction_id"], asked["amount"]):
                return 400, {"code": "PARAM_ERROR", "message": "退款单号重复"}
            known["status"] = self.refund_state
            return 200, known
        back = sum(
            one["amount"]["refund"]
            for one in self.refunds.values()
            if one["transaction_id"] == asked["transaction_id"]
        )
        total = order["amount"]["total"]
        if asked["amount"]["total"] != total or back + asked["amount"]["refund"] > total:
            return 400, {"code": "INVALID_REQUEST", "message": "订单金额或退款金额不对"}
        if self.refund_state == "NOT_ENOUGH":
            return 403, {"code": "NOT_ENOUGH", "message": "基本账户余额不足"}
        made = {**asked, "refund_id": f"5030{len(self.refunds)}", "status": self.refund_state}
        self.refunds[asked["out_refund_no"]] = made
        return 200, made

    def _bill(self, asked: dict[str, list[str]]) -> tuple[int, Any]:
        if not self.bill or asked["bill_date"][0] != self.bill_day:
            return 404, {"code": "NO_STATEMENT_EXIST", "message": "账单不存在"}
        return 200, {
            "hash_type": "SHA1",
            "hash_value": self.bill_hash or hashlib.sha1(self.bill, usedforsecurity=False).hexdigest(),
            "download_url": f"{self.address}/v3/billdownload/file?token={asked['bill_date'][0]}",
        }

    def _certificate(self, number: int) -> dict[str, Any]:
        _key, certificate = self.keys[number]
        nonce = secrets.token_hex(6)
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        sealed = AESGCM(APIV3_KEY.encode()).encrypt(nonce.encode(), pem, b"certificate")
        return {
            "serial_no": f"{certificate.serial_number:X}",
            "effective_time": certificate.not_valid_before_utc.isoformat(),
            "expire_time": certificate.not_valid_after_utc.isoformat(),
            "encrypt_certificate": {
                "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "certificate",
                "ciphertext": base64.b64encode(sealed).decode(),
            },
        }  # fmt: skip

    def _signed(self, status: int, said: Any) -> Answer:
        body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        return status, {"Content-Type": "application/json", **self.headers(body)}, body


#: Columns of a bill of all, and of its sums.
_BILL_HEADS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,"
    "费率,订单金额,申请退款金额,费率备注"
)
_SUM_HEADS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


def fee_of(fen: int) -> int:
    """0.6 %, rounded half up to the fen."""
    return (fen * 6 + 500) // 1000


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}"


@contextmanager
def at_work(folder: Path, settings: Settings) -> Iterator[WeChatDouble]:
    """The double on a free port, and a shop that is set up for it."""
    made = WeChatDouble()
    settings.COUNTYFAIR_WECHAT_MCHID = MCHID
    settings.COUNTYFAIR_WECHAT_APPID = APPID
    settings.COUNTYFAIR_WECHAT_SERIAL = SERIAL
    settings.COUNTYFAIR_WECHAT_APIV3_KEY = APIV3_KEY
    settings.COUNTYFAIR_WECHAT_KEY_FILE = kept(folder, "merchant.pem", private_pem(a_key("wechat merchant")))
    with web.serving(made) as address:
        made.address = settings.COUNTYFAIR_WECHAT_URL = address
        yield made


def _ours(method: str, path: str, authorization: str, body: bytes) -> bool:
    """Whether the merchant's key signed this request."""
    kind, _, rest = authorization.partition(" ")
    said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
    if kind != "WECHATPAY2-SHA256-RSA2048" or (said.get("mchid"), said.get("serial_no")) != (MCHID, SERIAL):
        return False
    text = f"{method}\n{path}\n{said['timestamp']}\n{said['nonce_str']}\n".encode() + body + b"\n"
    try:
        a_key("wechat merchant").public_key().verify(
            base64.b64decode(said["signature"]), text, PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True
