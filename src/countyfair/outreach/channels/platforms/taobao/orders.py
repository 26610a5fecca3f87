"""Taobao's ExportOrderList: one row an order; titles of several goods stand joined in one cell.

Without its second file (`details`) an order has one line with no code, of all its pieces.
买家实际支付金额 is what the buyer paid; Tmall's cards and Jifenbao come on top for the merchant. 37
columns in the older layout, 44 and more in later ones: by name, in any order.
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
    pieces,
    text_of,
)
from countyfair.outreach.channels.platforms.receivers import receiver, split_address
from countyfair.outreach.channels.platforms.shape import Cells, Receiver, RowError, TheirLine, TheirOrder
from countyfair.outreach.channels.platforms.words import state_of

MARKS = (frozenset({"订单编号", "买家实际支付金额", "订单状态", "宝贝总数量"}),)
_SHIPPED = "发货时间"
COLUMNS = frozenset(
    {
        *("订单编号", "买家应付邮费", "买家实际支付金额", "天猫卡券抵扣", "集分宝抵扣", "退款金额"),
        *("订单状态", "收货人姓名", "收货地址", "修改后的收货地址", "联系电话", "联系手机"),
        *("订单创建时间", "订单付款时间", _SHIPPED, "确认收货时间", "应发货时间"),
        *("宝贝标题", "宝贝总数量", "物流单号", "物流公司", "订单关闭原因"),
    }
)


def read(rows: Iterable[Cells]) -> Iterator[TheirOrder | RowError]:
    """Every row of the list as an order."""
    return each(rows, _order)


def _order(cells: Cells) -> TheirOrder:
    state = state_of(cells, "订单状态")
    paid, freight = money(cells, "买家实际支付金额"), money(cells, "买家应付邮费")
    platform = discount(cells, "天猫卡券抵扣") + discount(cells, "集分宝抵扣")
    return TheirOrder(
        number=identity(cells, "订单编号"),
        state=state,
        lines=(_line(cells, paid + platform - freight),),
        paid_fen=paid,
        freight_fen=freight,
        platform_fen=platform,
        refunded_fen=discount(cells, "退款金额"),
        ordered_at=moment(cells, "订单创建时间"),
        paid_at=moment(cells, "订单付款时间"),
        ship_before=moment(cells, "应发货时间"),
        shipped_at=moment(cells, _SHIPPED),
        received_at=moment(cells, "确认收货时间"),
        waybill=_waybill(cells),
        carrier=text_of(cells, "物流公司"),
        reason=text_of(cells, "订单关闭原因") if state == "closed" else "",
        receiver=_receiver(cells),
        row=cells.row,
    )


def _line(cells: Cells, amount_fen: int) -> TheirLine:
    count = pieces(cells, "宝贝总数量")
    return TheirLine("1", "", "", "", text_of(cells, "宝贝标题"), "", count, amount_fen)


def _waybill(cells: Cells) -> str:
    """The parcel's number; the list writes `No:` before it."""
    return code_of(cells, "物流单号").removeprefix("No:").strip()


def _receiver(cells: Cells) -> Receiver | None:
    province, city, county, town, address = split_address(cells.get("修改后的收货地址", "收货地址"))
    return receiver(
        name=cells.get("收货人姓名"),
        phone=cells.get("联系手机", "联系电话"),
        province=province,
        city=city,
        county=county,
        town=town,
        address=address,
    )
