"""WeChat Pay's bill of a day (交易账单, ALL): gzip of CSV in UTF-8, every cell after a backtick, two tables.

The first tells payments and refunds, one row each; the second their sums, which the rows must come to.
Source: pay.weixin.qq.com, API v3, "申请交易账单" and "下载账单".
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.kernel.ids import parse_uuid
from countyfair.trade.payments.gateways.shape import Billed, Unreachable

#: Bytes of an unpacked bill: a county's day is far below.
LARGEST = 200_000_000
_ROWS, _SUMS = "交易时间", "总交易单数"


def read(packed: bytes, *, digest: str) -> list[Billed]:
    """The lines of a bill whose SHA-1 was told before.

    Raises:
        Unreachable: another file than was told of, one that cannot be read, or whose sums do not fit.
    """
    text = _unpacked(packed, digest)
    lines = list(csv.reader(io.StringIO(text)))
    ends = next((at for at, line in enumerate(lines) if line and _cell(line[0]) == _SUMS), len(lines))
    if not lines or _cell(lines[0][0] if lines[0] else "") != _ROWS or ends + 1 >= len(lines):
        raise Unreachable("a bill without its heads")
    try:
        found = list(_lines(_table(lines[:ends])))
        _check(found, next(_table(lines[ends:])))
    except (KeyError, ValueError, InvalidOperation, StopIteration) as error:
        raise Unreachable(f"a bill that cannot be read: {error}") from error
    return found


def _unpacked(packed: bytes, digest: str) -> str:
    """WeChat's hash is of the unpacked file; some merchants are told that of the packed one."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            plain = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        plain = packed
    if len(plain) > LARGEST:
        raise Unreachable("a bill that is too large")
    sums = {hashlib.sha1(data, usedforsecurity=False).hexdigest() for data in (plain, packed)}
    if digest.lower() not in sums:
        raise Unreachable("another file than WeChat told of")
    try:
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreachable("a bill that is not UTF-8") from error


def _table(lines: list[list[str]]) -> Iterator[Mapping[str, str]]:
    heads = [_cell(cell) for cell in lines[0]]
    for line in lines[1:]:
        if line:
            yield dict(zip(heads, map(_cell, line), strict=False))


def _lines(rows: Iterator[Mapping[str, str]]) -> Iterator[Billed]:
    for row in rows:
        at = datetime.strptime(row["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=COUNTY_ZONE)
        payment, number, fee = row["微信订单号"], parse_uuid(row["商户订单号"]), _fen(row["手续费"])
        if row["交易状态"] == "SUCCESS":
            yield Billed("payment", payment, payment, number, _fen(row["订单金额"]), fee, at)
        elif row["交易状态"] in ("REFUND", "REVOKED") and row["退款状态"] != "FAIL":
            refund = parse_uuid(row["商户退款单号"])
            key = str(refund) if refund else row["微信退款单号"]
            yield Billed("refund", key, payment, number, _fen(row["申请退款金额"]), fee, at)


def _check(found: list[Billed], told: Mapping[str, str]) -> None:
    paid = sum(one.amount_fen for one in found if one.kind == "payment")
    back = sum(one.amount_fen for one in found if one.kind == "refund")
    if (paid, back) != (_fen(told["订单总金额"]), _fen(told["申请退款总金额"])):
        raise ValueError("its rows do not come to its sums")


def _cell(text: str) -> str:
    return text.strip().lstrip("`").strip()


def _fen(yuan: str) -> int:
    """Yuan with up to five decimals; WeChat's fees are rounded to whole fen."""
    fen = Decimal(yuan) * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"no whole fen: {yuan}")
    return int(fen)
