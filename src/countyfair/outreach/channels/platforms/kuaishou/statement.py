"""Kuaishou's settlement by order: a row an order that was settled, a column a fee.

Columns as public importers list them (商家ID … 实际结算金额(元), 实际结算时间 … 备注). Income and
fees are written without sign; 商家补贴 is the shop's own and no income. A row has no number: its key is
made of the order, the moment and the amount. A row's charges add up to 实际结算金额.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import BadCell, identity, moment, money
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
MARKS = (frozenset({"订单号", "订单实付(元)", "技术服务费(元)", "实际结算金额(元)", "实际结算时间"}),)
COLUMNS = MARKS[0] | {name for name, _kind in FEES}
_TOTAL = "实际结算金额(元)"


def read(rows: Iterable[Cells]) -> Iterator[TheirCharge | RowError]:
    """Every settled row as its charges, one a kind."""
    alike = Alike("ks")
    for cells in rows:
        try:
            charges = list(_charges(cells, alike))
        except BadCell as bad:
            yield RowError(cells.row, bad.column, bad.sentence)
        else:
            yield from charges


def _charges(cells: Cells, alike: Alike) -> Iterator[TheirCharge]:
    number, total = identity(cells, "订单号"), money(cells, _TOTAL)
    at = moment(cells, "实际结算时间")
    parts = parted(cells, FEES, total, _TOTAL)
    key = alike.key(number, at.isoformat() if at else "", str(total), str(money(cells, "订单实付(元)")))
    for part in parts:
        yield TheirCharge(
            key, number, "", part.kind, part.amount_fen, at, "、".join(part.said), row=cells.row
        )
