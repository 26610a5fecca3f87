"""Pinduoduo's order export: one row an order, one kind of goods in it.

The buyer paid 用户实付金额; the platform bears 平台优惠折扣 and 多多支付立减, the shop 店铺优惠折扣. The
export tells no amount of a refund: where the order's own state says 退款成功, all went back; where only the
after-sale says so, it stays open until the statement tells how much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from countyfair.outreach.channels.platforms.cells import (
    code_of,
    discount,
    each,
    identity,
    moment,
    money,
    pieces,
    text_of,
    told_moment,
)
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirLine, TheirOrder
from countyfair.outreach.channels.platforms.words import aftersale_of, state_of

MARKS = (frozenset({"订单号", "订单状态", "商品数量(件)", "用户实付金额(元)"}),)
_PAID = ("支付时间", "订单成交时间", "拼单成功时间")
_CODES = ("商家编码-规格维度", "商家编码-SKU维度", "商家编码-商品维度")
COLUMNS = frozenset(
    [
        "订单成交时间",
        "商品",
        "订单号",
        "订单状态",
        "邮费(元)",
        "店铺优惠折扣(元)",
        "平台优惠折扣(元)",
        "多多支付立减金额(元)",
        "用户实付金额(元)",
        "商品数量(件)",
        "发货时间",
        "确认收货时间",
        "商品id",
        "商品规格",
        "样式ID",
        "商家编码-规格维度",
        "商家编码-商品维度",
        "售后状态",
        "快递单号",
        "快递公司",
        "支付时间",
        "拼单成功时间",
        "订单创建时间",
        "商家编码-SKU维度",
        "省",
        "市",
        "区",
        "街道",
        "收货人",
        "手机",
        "详细地址",
        "承诺发货时间",
    ]
)
#: An order's number begins with its day: `261101-123456789012345`.
_DATED = re.compile(r"(\d{6})-\d+")


def read(rows: Iterable[Cells]) -> Iterator[TheirOrder | RowError]:
    """Every row of the export as an order."""
    return each(rows, _order)


def _order(cells: Cells) -> TheirOrder:
    number = identity(cells, "订单号")
    state = state_of(cells, "订单状态")
    paid, freight = money(cells, "用户实付金额(元)"), money(cells, "邮费(元)")
    borne = discount(cells, "平台优惠折扣(元)") + discount(cells, "多多支付立减金额(元)")
    aftersale = aftersale_of(cells.get("售后状态"))
    refunded = state == "closed" and "退款成功" in cells.get("订单状态")
    paid_at = moment(cells, *_PAID)
    return TheirOrder(
        number=number,
        state=state,
        lines=(_line(cells, paid + borne - freight),),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=borne,
        shop_fen=discount(cells, "店铺优惠折扣(元)"),
        refunded_fen=paid if refunded else 0,
        aftersale=aftersale != "none" and not refunded,
        ordered_at=moment(cells, "订单创建时间") or paid_at or _dated(number),
        paid_at=None if state == "unpaid" else paid_at,
        ship_before=moment(cells, "承诺发货时间"),
        shipped_at=moment(cells, "发货时间"),
        received_at=moment(cells, "确认收货时间"),
        waybill=code_of(cells, "快递单号"),
        carrier=text_of(cells, "快递公司"),
        receiver=receiver(
            name=cells.get("收货人"),
            phone=cells.get("手机"),
            province=cells.get("省"),
            city=cells.get("市"),
            county=cells.get("区"),
            town=cells.get("街道"),
            address=cells.get("详细地址"),
        ),
        row=cells.row,
    )


def _line(cells: Cells, amount_fen: int) -> TheirLine:
    return TheirLine(
        key="1",
        goods=code_of(cells, "商品id"),
        sku=code_of(cells, "样式ID"),
        code=code_of(cells, *_CODES),
        title=text_of(cells, "商品"),
        spec=text_of(cells, "商品规格"),
        quantity=pieces(cells, "商品数量(件)"),
        amount_fen=amount_fen,
    )


def _dated(number: str) -> datetime | None:
    """The day that a number begins with; None where it begins otherwise."""
    match = _DATED.fullmatch(number)
    if match is None:
        return None
    try:
        return told_moment("20" + match.group(1))
    except ValueError:
        return None
