"""Douyin's order export: a row a sub-order, gathered by 主订单编号.

In some settings it is a row an order, its goods `;`-joined.

订单应付金额 is what the buyer pays for the row, freight (运费) in it; 平台 and 达人实际承担优惠金额
come on top for the merchant. Receivers are sealed (`##…`, `$$…`): then nothing of them is kept.
快递信息 is `waybill-carrier`. A sub-order that is 已关闭 while others go on is `off`. Which columns
there are is the merchant's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import (
    code_of,
    discount,
    identity,
    moment,
    money,
    text_of,
)
from countyfair.outreach.channels.platforms.goods import GoodsColumns, lines_of
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.rows import gathered
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirOrder
from countyfair.outreach.channels.platforms.words import aftersale_of, state_of

MARKS = (
    frozenset({"主订单编号", "选购商品", "商品数量", "订单应付金额", "订单状态"}),
    frozenset({"主订单编号", "子订单编号", "商品数量", "订单应付金额", "订单状态"}),
)
GOODS = GoodsColumns(
    key=("子订单编号",),
    goods=("商品ID",),
    sku=(),
    code=("商家编码",),
    title=("选购商品",),
    spec=("商品规格",),
    pieces=("商品数量",),
)
_PLATFORM = ("平台实际承担优惠金额", "平台优惠")
_HOST = ("达人实际承担优惠金额", "达人优惠")
_SHOP = ("商家实际承担优惠金额", "商家优惠")
COLUMNS = frozenset(
    {
        *("主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码"),
        *("订单应付金额", "运费", *_PLATFORM, *_HOST, *_SHOP),
        *("收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址"),
        *("订单提交时间", "支付完成时间", "承诺发货时间", "发货时间", "订单完成时间"),
        *("订单状态", "售后状态", "取消原因", "快递信息", "快递单号", "快递公司", "达人昵称", "达人ID"),
    }
)


def read(rows: Iterable[Cells]) -> Iterator[TheirOrder | RowError]:
    """The orders of the export, each with all its sub-orders."""
    return gathered(rows, lambda cells: identity(cells, "主订单编号"), _part)


def _part(cells: Cells, number: str) -> TheirOrder:
    state = state_of(cells, "订单状态")
    paid, freight = money(cells, "订单应付金额"), money(cells, "运费")
    platform, host = discount(cells, *_PLATFORM), discount(cells, *_HOST)
    aftersale = aftersale_of(cells.get("售后状态"))
    refunded = state == "closed" and aftersale == "done"
    waybill, carrier = _parcel(cells)
    return TheirOrder(
        number=number,
        state=state,
        lines=lines_of(cells, GOODS, paid + platform + host - freight),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=platform,
        host_fen=host,
        shop_fen=discount(cells, *_SHOP),
        refunded_fen=paid if refunded else 0,
        aftersale=aftersale != "none" and not refunded,
        ordered_at=moment(cells, "订单提交时间"),
        paid_at=moment(cells, "支付完成时间"),
        ship_before=moment(cells, "承诺发货时间"),
        shipped_at=moment(cells, "发货时间"),
        received_at=moment(cells, "订单完成时间") if state == "received" else None,
        waybill=waybill,
        carrier=carrier,
        host=text_of(cells, "达人昵称", "达人ID"),
        reason=text_of(cells, "取消原因"),
        receiver=receiver(
            name=cells.get("收件人"),
            phone=cells.get("收件人手机号"),
            province=cells.get("省"),
            city=cells.get("市"),
            county=cells.get("区"),
            town=cells.get("街道"),
            address=cells.get("详细地址"),
        ),
        row=cells.row,
    )


def _parcel(cells: Cells) -> tuple[str, str]:
    """The first parcel's waybill and carrier."""
    told = text_of(cells, "快递信息").partition(";")[0]
    if told:
        waybill, _dash, carrier = told.partition("-")
        return waybill.strip(), carrier.strip()
    return code_of(cells, "快递单号"), text_of(cells, "快递公司")
