"""The bill of a Taobao shop: Alipay's account detail (账务明细), a csv in GBK between `#` lines.

Columns as public importers read it: 账务流水号, 业务流水号, 商户订单号, 商品名称, 发生时间, 对方账号,
收入金额（+元）, 支出金额（-元）, 账户余额（元）, 交易渠道, 业务类型, 备注; later also 业务描述,
业务账单来源, 业务基础订单号, 业务订单号. The order stands in 业务基础订单号, behind `T200P` and the
like in 商户订单号, or in brackets in 备注.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import each_of, identity, moment, money, text_of
from countyfair.outreach.channels.platforms.shape import Cells, Charge, RowError, TheirCharge
from countyfair.outreach.channels.platforms.words import charge_of, is_own

_IN, _OUT = ("收入金额(+元)", "收入金额"), ("支出金额(-元)", "支出金额")
MARKS = tuple(
    frozenset({"账务流水号", "商户订单号", "发生时间", income, expense, "业务类型"})
    for income, expense in zip(_IN, _OUT, strict=True)
)
COLUMNS = frozenset().union(*MARKS) | {"备注", "业务描述", "业务基础订单号", "业务订单号"}
_PREFIXED = re.compile(r"T\d{3,5}[A-Z]*P(\d{10,24})")
_BRACKETED = re.compile(r"[(（{\[](\d{15,24})[)）}\]]")


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every movement of the bill; the merchant's own transfers to a bank are passed over."""
    return each_of(rows, _charges)


def _charges(cells: Cells) -> Iterator[TheirCharge]:
    booked, told = cells.get("业务类型"), f"{cells.get('业务描述')} {cells.get('备注')}"
    amount = money(cells, *_IN) - abs(money(cells, *_OUT))
    kind = _kind(told, booked, amount)
    number = _number(cells)
    if kind == "other" and not number and is_own(f"{booked} {told}"):
        return
    said = text_of(cells, "业务描述", "备注", "业务类型")
    at = moment(cells, "发生时间")
    yield TheirCharge(identity(cells, "账务流水号"), number, "", kind, amount, at, said, row=cells.row)


def _kind(told: str, booked: str, amount_fen: int) -> Charge:
    kind = charge_of(told)
    if kind == "other":
        kind = charge_of(booked)
    return "other" if kind == "sale" and amount_fen < 0 else kind


def _number(cells: Cells) -> str:
    if cells.get("业务基础订单号"):
        return identity(cells, "业务基础订单号")
    if match := _PREFIXED.fullmatch(cells.get("商户订单号")) or _BRACKETED.search(cells.get("备注")):
        return match.group(1)
    return identity(cells, "业务订单号") if cells.get("业务订单号") else ""
