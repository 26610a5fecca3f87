"""Kuaishou's settlement by order: a row an order that was settled, a column a fee.

Columns as public importers list them (商家ID … 实际结算金额(元), 实际结算时间 … 备注). Income and
fees are written without sign; 商家补贴 counts where 合计收入 does. The list of freight insurance is
read, too. A row has no number: its key is made of the order, the moment and the amount. A row's charges
add up to 实际结算金额.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import each_of, identity, moment, money
from countyfair.outreach.channels.platforms.keys import Alike
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirCharge
from countyfair.outreach.channels.platforms.wide import Columns, parted

FEES: Columns = (
    ("订单实付(元)", "sale"),
    ("政府补贴", "subsidy"),
    ("支付营销补贴", "subsidy"),
    ("平台补贴", "subsidy"),
    ("达人补贴", "subsidy"),
    ("订单退款(元)", "refund"),
    ("支付营销回退(元)", "refund"),
    ("技术服务费(元)", "service_fee"),
    ("预售增收技术服务费(元)", "service_fee"),
    ("达人佣金(元)", "host"),
    ("团长佣金(元)", "host"),
    ("快赚客佣金(元)", "host"),
    ("服务商佣金(元)", "host"),
    ("其他收费", "other"),
)
_PREMIUM = "商家承担服务费用(元)"
MARKS = (
    frozenset({"订单号", "订单实付(元)", "技术服务费(元)", "实际结算金额(元)", "实际结算时间"}),
    frozenset({"收费编号", "订单编号", _PREMIUM, "生效时间"}),
)
COLUMNS = frozenset().union(*MARKS) | {name for name, _kind in FEES} | {"合计收入(元)", "商家补贴(元)"}
_TOTAL = "实际结算金额(元)"
_INCOME, _SHOP = "合计收入(元)", "商家补贴(元)"


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every settled row as its charges, one a kind."""
    alike = Alike("ks")
    return each_of(rows, lambda cells: _charges(cells, alike))


def _columns(cells: Cells) -> Columns:
    """With the shop's own subsidy where the row counts it as income: then 订单实付 is without it."""
    shop = money(cells, _SHOP)
    told = sum(money(cells, name) for name, kind in FEES if kind in {"sale", "subsidy"})
    return (*FEES, (_SHOP, "subsidy")) if shop and told + shop == money(cells, _INCOME) else FEES


def _premium(cells: Cells) -> TheirCharge:
    """A row of the list of freight insurance: what the shop bears of it."""
    return TheirCharge(
        key=identity(cells, "收费编号"),
        number=identity(cells, "订单编号"),
        line_key="",
        kind="freight_insurance",
        amount_fen=-abs(money(cells, _PREMIUM)),
        at=moment(cells, "生效时间"),
        said="退货补运费",
        row=cells.row,
    )


def _charges(cells: Cells, alike: Alike) -> Iterator[TheirCharge]:
    if cells.get(_PREMIUM):
        yield _premium(cells)
        return
    number, total = identity(cells, "订单号"), money(cells, _TOTAL)
    at = moment(cells, "实际结算时间")
    parts = parted(cells, _columns(cells), total, _TOTAL)
    key = alike.key(number, at.isoformat() if at else "", str(total), str(money(cells, "订单实付(元)")))
    for part in parts:
        yield TheirCharge(
            key, number, "", part.kind, part.amount_fen, at, "、".join(part.said), row=cells.row
        )
