"""Pinduoduo's bill of the merchant's account (对账中心, 货款明细): one row a movement, after title rows.

Columns 商户订单号, 发生时间, 收入金额（+元）, 支出金额（-元）, 账务类型, 备注, 业务描述, as several public
importers read them; 业务描述 begins with a code (`0030002|技术服务费|基础技术服务费`) that tells the
kind: 001 income, 002 refunds, 003 technical service, 004 compensation, 005 services, 006 marketing,
007 transfers; …0005 of the first two is what the platform bears. A movement has no number of its own: its
key is made of what it says and how many alike stand before it, so an overlapping bill makes the same keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import each_of, identity, moment, money, text_of
from countyfair.outreach.channels.platforms.keys import Alike
from countyfair.outreach.channels.platforms.shape import Cells, Charge, RowError, TheirCharge
from countyfair.outreach.channels.platforms.words import charge_of, is_own

MARKS = (frozenset({"商户订单号", "发生时间", "收入金额(+元)", "支出金额(-元)", "账务类型"}),)
COLUMNS = frozenset(
    ["商户订单号", "发生时间", "收入金额(+元)", "支出金额(-元)", "账务类型", "备注", "业务描述"]
)

_BY_CODE: tuple[tuple[str, Charge], ...] = (
    ("0010005", "subsidy"),
    ("0020005", "subsidy"),
    ("001", "sale"),
    ("002", "refund"),
    ("003", "service_fee"),
    ("004", "other"),
    ("0050002", "freight_insurance"),
    ("006", "promotion"),
    ("0070004", "promotion"),
)


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every movement of the bill; the merchant's own transfers to a bank are passed over."""
    alike = Alike("pdd")
    return each_of(rows, lambda cells: _charges(cells, alike))


def _charges(cells: Cells, alike: Alike) -> Iterator[TheirCharge]:
    told, booked = cells.get("业务描述"), cells.get("账务类型")
    code = told.partition("|")[0]
    said = text_of(cells, "业务描述", "账务类型")
    number = identity(cells, "商户订单号") if cells.get("商户订单号") else ""
    amount = money(cells, "收入金额(+元)") - abs(money(cells, "支出金额(-元)"))
    kind = _kind(code, told or f"{booked} {cells.get('备注')}")
    if kind == "other" and not number and is_own(f"{told} {booked}"):
        return
    at = moment(cells, "发生时间")
    key = alike.key(number, at.isoformat() if at else "", said, str(amount))
    yield TheirCharge(key, number, "", kind, amount, at, said, row=cells.row)


def _kind(code: str, words: str) -> Charge:
    if code.isascii() and code.isdigit():
        found = next((kind for start, kind in _BY_CODE if code.startswith(start)), None)
        if found is not None:
            return found
    return charge_of(words)
