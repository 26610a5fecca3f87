"""Kuaishou's order export: one row an order, csv or xlsx, of 61 columns today; older names are read too.

实付款 is what the buyer paid; 平台补贴, 支付优惠 and public vouchers come on top for the merchant,
主播补贴 from the host. Who bears 混资活动优惠 the export does not tell: it is left to the statement.
The export tells no amount of a refund: it stays open as an after-sale, unless the order is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import (
    code_of,
    discount,
    each,
    identity,
    moment,
    money,
    text_of,
)
from countyfair.outreach.channels.platforms.goods import GoodsColumns, lines_of
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirOrder
from countyfair.outreach.channels.platforms.words import aftersale_of, state_of

_NUMBER, _PAID = ("订单号", "订单编号"), ("实付款", "订单应付金额")
MARKS = (
    frozenset({"订单号", "订单状态", "实付款", "成交数量"}),
    frozenset({"订单编号", "订单状态", "订单应付金额", "成交数量"}),
)
GOODS = GoodsColumns(
    key=(),
    goods=("商品ID",),
    sku=(),
    code=("SKU编码",),
    title=("商品名称",),
    spec=("商品规格",),
    pieces=("成交数量",),
)
COLUMNS = frozenset(
    {
        *(*_NUMBER, *_PAID, "快递费", "店铺优惠", "平台补贴", "主播补贴", "支付优惠"),
        *("国补/类国补/消费券", "订单状态", "售后状态", "成交数量"),
        *("订单创建时间", "订单支付时间", "预售/承诺发货时间", "发货时间"),
        *("商品名称", "商品ID", "商品规格", "SKU编码", "CPS达人昵称", "CPS达人ID"),
        *(
            "收货人姓名",
            "收货人电话",
            "收货地址-省",
            "收货地址-市",
            "收货地址-区",
            "收货地址-街道",
            "收货地址",
        ),
        *("快递公司", "快递单号", "运单号"),
    }
)


def read(rows: Iterable[Cells]) -> Iterator[TheirOrder | RowError]:
    """The orders of the export."""
    return each(rows, _order)


def _order(cells: Cells) -> TheirOrder:
    state = state_of(cells, "订单状态")
    paid, freight = money(cells, *_PAID), money(cells, "快递费")
    platform = sum(discount(cells, name) for name in ("平台补贴", "支付优惠", "国补/类国补/消费券"))
    host = discount(cells, "主播补贴")
    aftersale = aftersale_of(cells.get("售后状态"))
    refunded = state == "closed" and aftersale == "done"
    return TheirOrder(
        number=identity(cells, *_NUMBER),
        state=state,
        lines=lines_of(cells, GOODS, paid + platform + host - freight, numbered=True),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=platform,
        host_fen=host,
        shop_fen=discount(cells, "店铺优惠"),
        refunded_fen=paid if refunded else 0,
        aftersale=aftersale != "none" and not refunded,
        ordered_at=moment(cells, "订单创建时间"),
        paid_at=moment(cells, "订单支付时间"),
        ship_before=moment(cells, "预售/承诺发货时间"),
        shipped_at=moment(cells, "发货时间"),
        waybill=code_of(cells, "快递单号", "运单号"),
        carrier=text_of(cells, "快递公司"),
        host=text_of(cells, "CPS达人昵称", "CPS达人ID"),
        receiver=receiver(
            name=cells.get("收货人姓名"),
            phone=cells.get("收货人电话"),
            province=cells.get("收货地址-省"),
            city=cells.get("收货地址-市"),
            county=cells.get("收货地址-区"),
            town=cells.get("收货地址-街道"),
            address=cells.get("收货地址"),
        ),
        row=cells.row,
    )
