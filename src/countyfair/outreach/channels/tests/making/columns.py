"""An order and a charge as the rows of each platform's files, in the layouts that were seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from countyfair.outreach.channels.platforms.shape import TheirLine, TheirOrder

Row = dict[str, str]
Told = Callable[[datetime | None], str]

_PDD = {
    "unpaid": "待付款",
    "paid": "待发货",
    "shipped": "已发货，待收货",
    "received": "已收货",
    "closed": "已取消",
}
_DOUYIN = {
    "unpaid": "待支付",
    "paid": "备货中",
    "shipped": "已发货",
    "received": "已完成",
    "closed": "已关闭",
}
_KUAISHOU = {
    "unpaid": "待付款",
    "paid": "待发货",
    "shipped": "已发货",
    "received": "交易成功",
    "closed": "交易关闭",
}
_TAOBAO = {
    "unpaid": "等待买家付款",
    "paid": "买家已付款,等待卖家发货",
    "shipped": "卖家已发货,等待买家确认",
    "received": "交易成功",
    "closed": "交易关闭",
}
_SHEET = {
    "unpaid": "待付款",
    "paid": "待发货",
    "shipped": "已发货",
    "received": "已收货",
    "closed": "已关闭",
}


def yuan(amount_fen: int) -> str:
    """Fen as exports write them."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02}"


def pinduoduo(order: TheirOrder, when: Told) -> list[Row]:
    """Its row: the platform's share in two columns, the number tab-prefixed."""
    (line,) = order.lines
    receiver = order.receiver
    refunded = order.refunded_fen > 0
    quick = min(order.platform_fen, 100)
    return [
        {
            "商品": line.title,
            "订单号": f"\t{order.number}",
            "订单状态": "未发货，退款成功" if refunded else _PDD[order.state],
            "商品总价(元)": yuan(line.amount_fen or 0),
            "邮费(元)": yuan(order.freight_fen),
            "店铺优惠折扣(元)": "0.00",
            "平台优惠折扣(元)": yuan(order.platform_fen - quick),
            "多多支付立减金额(元)": yuan(quick),
            "用户实付金额(元)": yuan(order.paid_fen),
            "商家实收金额(元)": yuan(order.due_fen),
            "商品数量(件)": str(line.quantity),
            "订单创建时间": when(order.ordered_at),
            "支付时间": when(order.paid_at),
            "发货时间": when(order.shipped_at),
            "确认收货时间": when(order.received_at),
            "商品id": line.goods,
            "商品规格": line.spec,
            "样式ID": line.sku,
            "商家编码-规格维度": line.code,
            "售后状态": "退款成功" if refunded else "无售后或售后取消",
            "快递单号": order.waybill,
            "快递公司": order.carrier,
            "省": receiver.province if receiver else "",
            "市": receiver.city if receiver else "",
            "区": receiver.county if receiver else "",
        }
    ]


def douyin(order: TheirOrder, when: Told) -> list[Row]:
    """A row a sub-order: what was given off stands on the first."""
    return [_douyin_row(order, place, line, when) for place, line in enumerate(order.lines)]


def _douyin_row(order: TheirOrder, place: int, line: TheirLine, when: Told) -> Row:
    first = 1 if place == 0 else 0
    off = (order.platform_fen + order.host_fen - order.freight_fen) * first
    receiver = order.receiver
    done = order.refunded_fen > 0
    return {
        "主订单编号": f"\t{order.number}",
        "子订单编号": f"\t{line.key}",
        "选购商品": f"\t{line.title}",
        "商品规格": line.spec,
        "商品数量": str(line.quantity),
        "商品ID": f"\t{line.goods}",
        "商家编码": f"\t{line.code}",
        "订单应付金额": yuan((line.amount_fen or 0) - off),
        "运费": yuan(order.freight_fen * first),
        "收件人": "##k9Gx",
        "收件人手机号": "$$7fQz",
        "省": receiver.province if receiver else "-",
        "市": receiver.city if receiver else "-",
        "区": receiver.county if receiver else "-",
        "街道": receiver.town if receiver else "-",
        "详细地址": "##aa0P",
        "订单提交时间": f"{when(order.ordered_at)}\t",
        "支付完成时间": when(order.paid_at) or "-",
        "发货时间": when(order.shipped_at) or "-",
        "订单完成时间": when(order.received_at) or "-",
        "订单状态": _DOUYIN[order.state],
        "售后状态": "同意退款，退款成功" if done else "-",
        "取消原因": "-",
        "平台实际承担优惠金额": yuan(order.platform_fen * first),
        "商家实际承担优惠金额": "0.00",
        "达人实际承担优惠金额": yuan(order.host_fen * first),
        "快递信息": f"{order.waybill}-{order.carrier}" if order.waybill else "-",
        "达人昵称": order.host or "-",
    }


def kuaishou(order: TheirOrder, when: Told) -> list[Row]:
    """Its row, with the columns that an order fills; the other thirty are empty."""
    (line,) = order.lines
    receiver = order.receiver
    return [
        {
            "订单号": order.number,
            "订单创建时间": when(order.ordered_at),
            "订单支付时间": when(order.paid_at),
            "订单状态": _KUAISHOU[order.state],
            "实付款": yuan(order.paid_fen),
            "快递费": yuan(order.freight_fen),
            "店铺优惠": "0",
            "平台补贴": yuan(order.platform_fen),
            "主播补贴": yuan(order.host_fen),
            "支付优惠": "0",
            "成交数量": str(line.quantity),
            "售后状态": "退款成功" if order.refunded_fen else "",
            "商品名称": line.title,
            "商品ID": line.goods,
            "商品规格": line.spec,
            "SKU编码": line.code,
            "CPS达人昵称": order.host,
            "收货人姓名": receiver.name if receiver else "",
            "收货人电话": receiver.phone if receiver else "",
            "收货地址-省": receiver.province if receiver else "",
            "收货地址-市": receiver.city if receiver else "",
            "收货地址-区": receiver.county if receiver else "",
            "收货地址-街道": receiver.town if receiver else "",
            "收货地址": receiver.address if receiver else "",
            "发货时间": when(order.shipped_at),
            "快递公司": order.carrier,
            "快递单号": order.waybill,
        }
    ]


def taobao(order: TheirOrder, when: Told) -> list[Row]:
    """Its row in the list; the goods are in the second file."""
    receiver = order.receiver
    place = (
        [receiver.province, receiver.city, receiver.county, receiver.town, receiver.address]
        if receiver
        else []
    )
    return [
        {
            "订单编号": f'="{order.number}"',
            "买家应付邮费": yuan(order.freight_fen),
            "买家实际支付金额": yuan(order.paid_fen),
            "订单状态": _TAOBAO[order.state],
            "收货人姓名": receiver.name if receiver else "",
            "收货地址": " ".join(place),
            "联系手机": f"'{receiver.phone}" if receiver else "",
            "订单创建时间": when(order.ordered_at),
            "订单付款时间": when(order.paid_at),
            "发货时间": when(order.shipped_at),
            "确认收货时间": when(order.received_at),
            "宝贝标题": "，".join(line.title for line in order.lines),
            "宝贝总数量": str(sum(line.quantity for line in order.lines)),
            "物流单号": f"No:{order.waybill}" if order.waybill else "",
            "物流公司": order.carrier,
            "天猫卡券抵扣": yuan(order.platform_fen),
            "退款金额": yuan(order.refunded_fen),
        }
    ]


def taobao_details(order: TheirOrder) -> list[Row]:
    """The goods of an order."""
    return [
        {
            "订单编号": f'="{order.number}"',
            "标题": line.title,
            "价格": yuan((line.amount_fen or 0) // line.quantity),
            "购买数量": str(line.quantity),
            "外部系统编号": line.code,
            "商品属性": line.spec,
            "商家编码": "null",
        }
        for line in order.lines
    ]


def sheet(order: TheirOrder, when: Told) -> list[Row]:
    """A row a line; what belongs to the order stands on the first."""
    receiver = order.receiver
    return [
        {
            "订单号": order.number,
            "行号": line.key,
            "状态": _SHEET[order.state],
            "商品": line.title,
            "商品编号": line.goods,
            "商家编码": line.code,
            "规格": line.spec,
            "件数": str(line.quantity),
            "金额": yuan((line.amount_fen or 0) - (0 if place else order.platform_fen + order.host_fen)),
            "运费": "" if place else yuan(order.freight_fen),
            "平台承担": "" if place else yuan(order.platform_fen),
            "主播承担": "" if place else yuan(order.host_fen),
            "已退款": "" if place else yuan(order.refunded_fen),
            "下单时间": when(order.ordered_at),
            "付款时间": when(order.paid_at),
            "发货时间": when(order.shipped_at),
            "收货时间": when(order.received_at),
            "运单号": order.waybill,
            "快递公司": order.carrier,
            "主播": order.host,
            "收货人": receiver.name if receiver else "",
            "电话": receiver.phone if receiver else "",
            "省": receiver.province if receiver else "",
            "市": receiver.city if receiver else "",
            "县": receiver.county if receiver else "",
            "乡镇": receiver.town if receiver else "",
            "地址": receiver.address if receiver else "",
        }
        for place, line in enumerate(order.lines)
    ]


ORDER_ROWS: dict[str, Callable[[TheirOrder, Told], list[Row]]] = {
    "pinduoduo": pinduoduo,
    "douyin": douyin,
    "kuaishou": kuaishou,
    "taobao": taobao,
    "sheet": sheet,
}
