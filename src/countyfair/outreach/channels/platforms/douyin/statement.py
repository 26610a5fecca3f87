"""Douyin's settlement by order (动账明细): a row a movement, a column a fee.

Columns by the merchants' export of 2023 to 2026 as public importers list them (动账时间 … 备注;
动帐流水号 is the platform's own spelling, 动账流水号 is read too). A row's charges add up to 动账金额,
whose sign 动账方向 tells. A row without any fee column filled is one charge, told by 动账场景 and 备注.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import each_of, identity, moment, money, text_of
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirCharge
from countyfair.outreach.channels.platforms.wide import Columns, Part, parted
from countyfair.outreach.channels.platforms.words import charge_of, is_own

FEES: Columns = (
    ("订单实付应结", "sale"),
    ("运费实付", "sale"),
    ("实际平台补贴_运费", "subsidy"),
    ("实际平台补贴", "subsidy"),
    ("其他平台补贴", "subsidy"),
    ("以旧换新抵扣", "subsidy"),
    ("政府补贴平台垫资", "subsidy"),
    ("实际达人补贴", "subsidy"),
    ("实际抖音支付补贴", "subsidy"),
    ("实际抖音月付营销补贴", "subsidy"),
    ("银行补贴", "subsidy"),
    ("订单退款", "refund"),
    ("平台服务费", "service_fee"),
    ("佣金", "host"),
    ("服务商佣金", "host"),
    ("招商服务费", "host"),
    ("渠道分成", "promotion"),
    ("站外推广费", "promotion"),
    ("其他分成", "other"),
)
_KEY = ("动帐流水号", "动账流水号")
_PREMIUM = "支付保费"
MARKS = (
    *(frozenset({key, "动账方向", "动账金额", "动账场景", "订单号", "订单实付应结"}) for key in _KEY),
    frozenset({"投保单号", "订单编号", _PREMIUM, "保费状态"}),
)
COLUMNS = frozenset(
    {
        *_KEY,
        "投保单号",
        "订单编号",
        _PREMIUM,
        "保费状态",
        "承保时间",
        *("动账时间", "动账方向", "动账金额", "动账场景", "子订单号", "订单号", "备注"),
    }
    | {name for name, _kind in FEES}
)
_OUT = frozenset({"出账", "支出"})


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every movement as its charges, one a kind; the merchant's own transfers are passed over."""
    return each_of(rows, _charges)


def _charges(cells: Cells) -> Iterator[TheirCharge]:
    if cells.get("投保单号"):
        yield from _premium(cells)
        return
    key, total = identity(cells, *_KEY), _total(cells)
    scene = text_of(cells, "动账场景", "备注")
    parts = parted(cells, FEES, total, scene)
    if len(parts) == 1 and parts[0].said == [scene]:
        words = f"{scene} {cells.get('备注')}"
        kind = charge_of(words)
        if kind in {"other", "sale"} and is_own(words):
            return
        parts = [Part(kind if kind != "sale" or total > 0 else "other", total, [scene])]
    number = identity(cells, "订单号") if cells.get("订单号") else ""
    line = identity(cells, "子订单号") if cells.get("子订单号") else ""
    at = moment(cells, "动账时间")
    for part in parts:
        said = "、".join(part.said)
        yield TheirCharge(key, number, line, part.kind, part.amount_fen, at, said, row=cells.row)


def _premium(cells: Cells) -> Iterator[TheirCharge]:
    """A row of the list of freight insurance; a premium that was given back, or not taken yet, is none."""
    state = text_of(cells, "保费状态")
    if any(word in state for word in ("退", "待", "未", "失败")):
        return
    yield TheirCharge(
        key=identity(cells, "投保单号"),
        number=identity(cells, "订单编号"),
        line_key="",
        kind="freight_insurance",
        amount_fen=-abs(money(cells, _PREMIUM)),
        at=moment(cells, "动账时间") or moment(cells, "承保时间"),
        said=_PREMIUM,
        row=cells.row,
    )


def _total(cells: Cells) -> int:
    """What the row comes to: money that goes out is negative, however it is written."""
    amount = money(cells, "动账金额")
    return -abs(amount) if cells.get("动账方向") in _OUT else amount
