"""Alipay's double: one address, requests as forms, answers and notices signed with a real key."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from pytest_django import Settings

from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.trade.payments.gateways.alipay import signing
from countyfair.trade.payments.tests.doubles import web
from countyfair.trade.payments.tests.doubles.keys import a_key, kept, private_pem, public_pem
from countyfair.trade.payments.tests.doubles.wechat import fee_of

APPID, SELLER = "2021000000000001", "2088000000000001"
NOT_FOUND = {
    "code": "40004",
    "msg": "Business Failed",
    "sub_code": "ACQ.TRADE_NOT_EXIST",
    "sub_msg": "交易不存在",
}


@dataclass
class AlipayDouble:
    """Trades and refunds by our numbers."""

    wrong: str = ""
    refunding: str = "done"
    trades: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    refunded: dict[str, str] = field(default_factory=dict)
    bill: bytes = b""
    bill_day: str = ""
    address: str = ""

    def make_bill(self, *, leave_out: str = "") -> None:
        """Today's bill of all that was paid and given back: 0.6 % kept, of what was given back returned."""
        rows = []
        for number, trade in self.trades.items():
            if "trade_no" in trade and trade.get("status") == "TRADE_SUCCESS" and number != leave_out:
                rows.append(_row(trade["trade_no"], number, "交易", _fen(trade["total_amount"]), ""))
        by_trade = {trade["trade_no"]: number for number, trade in self.trades.items() if "trade_no" in trade}
        for asked, amount in self.refunds.items():
            trade_no = self.refunded[asked]
            rows.append(_row(trade_no, by_trade[trade_no], "退款", -_fen(amount), asked))
        out = io.StringIO()
        out.write("#支付宝业务明细查询\r\n#账号：[2088000000000001]\r\n#----业务明细列表----\r\n")
        csv.writer(out, lineterminator="\r\n").writerows([_BILL_HEADS.split(","), *rows])
        out.write("#----业务明细列表结束----\r\n")
        for kind in ("交易", "退款"):
            of_kind = [row for row in rows if row[2].strip() == kind]
            total = sum(float(row[11]) for row in of_kind)
            out.write(f"#{kind}合计：{len(of_kind)}笔，商家实收共{total:.2f}元\r\n")
        packed, said = io.BytesIO(), out.getvalue().encode("gbk")
        with zipfile.ZipFile(packed, "w") as folder:
            for name, data in (
                ("2088_20261124_业务明细.csv", said),
                ("2088_20261124_业务明细(汇总).csv", b"#"),
            ):
                folder.writestr(name.encode("gbk").decode("cp437"), data)
        self.bill, self.bill_day = packed.getvalue(), f"{now().astimezone(COUNTY_ZONE):%Y-%m-%d}"

    def visit(self, link: str) -> dict[str, Any]:
        """A phone follows our link: the trade is made; what the link asked."""
        asked = dict(parse_qsl(urlsplit(link).query))
        assert _ours(asked)
        content: dict[str, Any] = json.loads(asked["biz_content"])
        self.trades.setdefault(content["out_trade_no"], content)
        return {**asked, "content": content}

    def pay(self, number: str, **other: str) -> dict[str, str]:
        """A payer pays a trade; what the notice says."""
        trade = self.trades[number]
        trade["trade_no"] = f"2026{int(hashlib.sha256(number.encode()).hexdigest()[:12], 16)}"
        trade["status"] = "TRADE_SUCCESS"
        said = {
            "notify_id": secrets.token_hex(8), "notify_type": "trade_status_sync", "charset": "utf-8",
            "app_id": APPID, "seller_id": SELLER, "out_trade_no": number, "trade_no": trade["trade_no"],
            "trade_status": "TRADE_SUCCESS", "total_amount": trade["total_amount"],
            "buyer_id": "2088-secret-of-the-payer", "subject": "订单 1&2=3",
            "gmt_payment": "2026-11-24 10:00:00",
        }  # fmt: skip
        return said | other

    def notice(self, said: dict[str, str], *, key: str = "alipay") -> bytes:
        signature = signing.signed_with(a_key(key), signing.content(said))
        return urlencode({**said, "sign": signature, "sign_type": "RSA2"}).encode()

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/bill/"):
            return 200, {"Content-Type": "application/zip"}, self.bill
        asked = dict(parse_qsl(body.decode()))
        name = f"{asked['method'].replace('.', '_')}_response"
        said = self._decided(asked["method"], json.loads(asked["biz_content"])) if _ours(asked) else {
            "code": "40002", "sub_code": "isv.invalid-signature"
        }  # fmt: skip
        text = json.dumps(said, ensure_ascii=False)
        signature = signing.signed_with(a_key("stranger" if self.wrong == "unsigned" else "alipay"), text)
        whole = f'{{"{name}":{text},"sign":"{signature}"}}'
        return 200, {"Content-Type": "text/html;charset=utf-8"}, whole.encode()

    def _decided(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        done = {"code": "10000", "msg": "Success"}
        if method in ("alipay.trade.precreate", "alipay.trade.create"):
            self.trades.setdefault(asked["out_trade_no"], asked)
            return {
                **done,
                "qr_code": "https://qr.alipay.com/bax0",
                "trade_no": f"T{asked['out_trade_no']}",
            }
        if method == "alipay.trade.refund":
            return self._refund(asked)
        if method == "alipay.trade.fastpay.refund.query":
            given = self.refunds.get(asked["out_request_no"])
            return {**done, "refund_amount": given, "refund_status": "REFUND_SUCCESS"} if given else done
        if method == "alipay.data.dataservice.bill.downloadurl.query":
            if not self.bill or asked["bill_date"] != self.bill_day:
                return {**NOT_FOUND, "sub_code": "isp.bill_not_exist"}
            return {**done, "bill_download_url": f"{self.address}/bill/{asked['bill_date']}"}
        trade = self.trades.get(asked["out_trade_no"])
        if trade is None:
            return NOT_FOUND
        paid = trade.get("status") == "TRADE_SUCCESS"
        if method == "alipay.trade.close":
            if paid:
                return {**NOT_FOUND, "sub_code": "ACQ.TRADE_STATUS_ERROR"}
            trade["status"] = "TRADE_CLOSED"
            return done
        status = trade.get("status", "WAIT_BUYER_PAY")
        return {**done, "out_trade_no": asked["out_trade_no"], "trade_no": trade.get("trade_no", ""),
                "trade_status": status, "total_amount": trade["total_amount"]}  # fmt: skip

    def _refund(self, asked: dict[str, Any]) -> dict[str, Any]:
        trade = next((one for one in self.trades.values() if one.get("trade_no") == asked["trade_no"]), None)
        if trade is None:
            return NOT_FOUND
        if self.refunding == "poor":
            return {**NOT_FOUND, "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}
        if asked["out_request_no"] in self.refunds or self.refunding == "slow":
            return {"code": "10000", "msg": "Success", "fund_change": "N"}
        back = sum(_fen(one) for one in self.refunds.values()) + _fen(asked["refund_amount"])
        if back > _fen(trade["total_amount"]):
            return {**NOT_FOUND, "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"}
        self.refunds[asked["out_request_no"]] = asked["refund_amount"]
        self.refunded[asked["out_request_no"]] = asked["trade_no"]
        return {"code": "10000", "msg": "Success", "fund_change": "Y", "refund_fee": asked["refund_amount"]}


@contextmanager
def at_work(folder: Path, settings: Settings) -> Iterator[AlipayDouble]:
    """The double on a free port, and a shop that is set up for it."""
    made = AlipayDouble()
    settings.COUNTYFAIR_ALIPAY_APPID = APPID
    settings.COUNTYFAIR_ALIPAY_SELLER = SELLER
    settings.COUNTYFAIR_ALIPAY_KEY_FILE = kept(folder, "app.pem", private_pem(a_key("alipay merchant")))
    settings.COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE = kept(folder, "alipay.pem", public_pem(a_key("alipay")))
    with web.serving(made) as address:
        made.address = address
        settings.COUNTYFAIR_ALIPAY_URL = f"{address}/gateway.do"
        yield made


#: Columns of the bill's rows.
_BILL_HEADS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)


def _row(trade: str, number: str, kind: str, fen: int, asked: str) -> list[str]:
    """A row of a bill; cells end with a tab, so that a spreadsheet leaves their digits alone."""
    at, yuan = "2026-11-24 10:00:00", f"{fen / 100:.2f}"
    fee = f"{-fee_of(abs(fen)) * (1 if fen > 0 else -1) / 100:.2f}"
    cells = [trade, number, kind, "订单", at, at, "", "", "", "", "样**(199****0000)", yuan, yuan]
    return [f"{cell}\t" for cell in [*cells, *["0.00"] * 5, "", "0.00", "0.00", asked, fee, "0.00", ""]]


def _fen(yuan: str) -> int:
    whole, part = yuan.split(".")
    return int(whole) * 100 + int(part)


def _ours(asked: dict[str, str]) -> bool:
    """Whether our app's key signed these parameters."""
    given = dict(asked)
    signature = given.pop("sign", "")
    return given.get("app_id") == APPID and _holds(signing.content(given), signature)


def _holds(text: str, signature: str) -> bool:
    try:
        a_key("alipay merchant").public_key().verify(
            base64.b64decode(signature), text.encode(), PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True
