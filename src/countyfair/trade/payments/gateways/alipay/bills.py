"""Alipay's bill of a day (业务明细): a zip of CSV files in GBK, framed by lines that begin with #.

One of them tells trades and refunds, one row each, and at its end how many and for how much; the other
(汇总) sums them up by shop and is left alone.
Source: opendocs.alipay.com, alipay.data.dataservice.bill.downloadurl.query, "trade".
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import parse_uuid
from countyfair.trade.payments.gateways.shape import Billed, Unreachable

#: Bytes of an unpacked bill: a county's day is far below.
LARGEST = 200_000_000
_SUMS = re.compile(r"#(交易|退款)合计：(\d+)笔.*?商家实收共(-?[\d.]+)元")


def read(packed: bytes) -> list[Billed]:
    """The lines of a bill.

    Raises:
        Unreachable: a file that cannot be read, or whose sums do not fit its rows.
    """
    text = _unpacked(packed)
    try:
        found = list(_lines(_rows(text)))
        _check(found, text)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise Unreachable(f"a bill that cannot be read: {error}") from error
    return found


def _unpacked(packed: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as folder:
            names = [info for info in folder.infolist() if "汇总" not in _name(info)]
            if len(names) != 1 or names[0].file_size > LARGEST:
                raise Unreachable("a bill that is not one file of rows")
            return folder.read(names[0]).decode("gb18030")
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, RuntimeError) as error:
        raise Unreachable("a bill that cannot be unpacked") from error


def _name(info: zipfile.ZipInfo) -> str:
    """Names are GBK without saying so, which zip reads as code page 437."""
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    table = csv.reader(lines)
    heads = [_cell(cell) for cell in next(table, [])]
    if "支付宝交易号" not in heads:
        raise ValueError("no heads")
    for line in table:
        yield dict(zip(heads, map(_cell, line), strict=False))


def _lines(rows: Iterator[Mapping[str, str]]) -> Iterator[Billed]:
    for row in rows:
        at = datetime.strptime(row["完成时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=COUNTY_ZONE)
        payment, number = row["支付宝交易号"], parse_uuid(row["商户订单号"])
        amount, fee = _fen(row["订单金额（元）"]), -_fen(row["服务费（元）"])
        if row["业务类型"] == "交易":
            yield Billed("payment", payment, payment, number, amount, fee, at)
        elif row["业务类型"] == "退款":
            asked = row["退款批次号/请求号"]
            refund = parse_uuid(asked)
            yield Billed("refund", str(refund) if refund else asked, payment, number, -amount, fee, at)


def _check(found: list[Billed], text: str) -> None:
    told = {kind: int(count) for kind, count, _sum in _SUMS.findall(text)}
    counts = {
        "交易": sum(one.kind == "payment" for one in found),
        "退款": sum(one.kind == "refund" for one in found),
    }
    if told != counts:
        raise ValueError("its rows are not as many as it says")


def _cell(text: str) -> str:
    return text.strip().strip("`").strip()


def _fen(yuan: str) -> int:
    fen = Decimal(yuan or "0") * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"no whole fen: {yuan}")
    return int(fen)
