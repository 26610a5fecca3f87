"""Taobao's ExportOrderDetailList: a row a kind of goods, by the number of its order.

Columns as the sellers' export has them: 订单编号, 标题, 价格, 购买数量, 外部系统编号, 商品属性,
套餐信息, 备注, 订单状态, 商家编码. 价格 is the list price of a piece: what a line comes to is parted by
these from the order's own amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import code_of, identity, money, pieces, text_of
from countyfair.outreach.channels.platforms.rows import gathered
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirDetail, TheirLine, TheirOrder

MARKS = (frozenset({"订单编号", "标题", "价格", "购买数量"}),)
COLUMNS = MARKS[0] | {"外部系统编号", "商品属性", "套餐信息", "商家编码", "子订单编号", "商品ID"}


def read(rows: Iterable[Cells]) -> Iterator[TheirDetail | RowError]:
    """The goods of each order."""
    for found in gathered(rows, lambda cells: identity(cells, "订单编号"), _part):
        if isinstance(found, RowError):
            yield found
        else:
            yield TheirDetail(found.number, found.lines, found.row)


def _part(cells: Cells, number: str) -> TheirOrder:
    count = pieces(cells, "购买数量")
    line = TheirLine(
        key=identity(cells, "子订单编号") if cells.get("子订单编号") else "",
        goods=code_of(cells, "商品ID"),
        sku="",
        code=code_of(cells, "商家编码", "外部系统编号"),
        title=text_of(cells, "标题"),
        spec=text_of(cells, "商品属性", "套餐信息"),
        quantity=count,
        amount_fen=money(cells, "价格") * count,
    )
    return TheirOrder(number, "paid", (line,), 0, row=cells.row)
