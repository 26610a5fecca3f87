"""What a platform settles for an order, as the rows of its statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from countyfair.outreach.channels.platforms.shape import TheirOrder
from countyfair.outreach.channels.tests.making.columns import Row, yuan
from countyfair.outreach.channels.tests.making.truth import BEGUN

#: Of what the buyer paid, in hundredths of a percent: technical service, host.
SERVICE, HOST = 60, 1000


def fees(order: TheirOrder) -> tuple[int, int]:
    """Fen for technical service, and for a host where there was one."""
    return order.paid_fen * SERVICE // 10_000, order.paid_fen * HOST // 10_000 if order.host else 0


def settled(order: TheirOrder, short_fen: int) -> int:
    """What is paid out for it."""
    service, host = fees(order)
    return order.due_fen - short_fen - service - host


def _when(order: TheirOrder) -> str:
    return f"{(order.received_at or BEGUN) + timedelta(days=8):%Y-%m-%d %H:%M:%S}"


def pinduoduo(order: TheirOrder, short_fen: int) -> list[Row]:
    """A row a movement."""
    service, _host = fees(order)

    def row(code: str, amount: int) -> Row:
        return {
            "商户订单号": order.number,
            "发生时间": _when(order),
            "收入金额（+元）": yuan(amount) if amount > 0 else "0.00",
            "支出金额（-元）": yuan(amount) if amount < 0 else "0.00",
            "账务类型": code.split("|")[1],
            "备注": "",
            "业务描述": code,
        }

    rows = [row("0010002|交易收入|订单收入", order.paid_fen - short_fen)]
    if order.platform_fen:
        rows.append(row("0010005|交易收入|优惠券结算", order.platform_fen))
    return [*rows, *([row("0030002|技术服务费|基础技术服务费", -service)] if service else [])]


def douyin(order: TheirOrder, short_fen: int) -> list[Row]:
    """One row, on the first sub-order."""
    service, host = fees(order)
    return [
        {
            "动账时间": _when(order),
            "动帐流水号": f"'20261120{order.number}",
            "动账方向": "入账",
            "动账金额": yuan(settled(order, short_fen)),
            "动账账户": "聚合账户",
            "动账场景": "货款结算入账",
            "计费类型": "精选联盟" if host else "小店自卖",
            "子订单号": f"'{order.lines[0].key}",
            "订单号": f"'{order.number}",
            "订单实付应结": yuan(order.paid_fen - order.freight_fen - short_fen),
            "运费实付": yuan(order.freight_fen),
            "实际平台补贴": yuan(order.platform_fen),
            "实际达人补贴": yuan(order.host_fen),
            "订单退款": "0.00",
            "平台服务费": yuan(-service),
            "佣金": yuan(-host),
            "招商服务费": "0.00",
            "站外推广费": "0.00",
            "备注": "订单结算",
        }
    ]


def kuaishou(order: TheirOrder, short_fen: int) -> list[Row]:
    """One row, fees without a sign."""
    service, host = fees(order)
    return [
        {
            "订单号": order.number,
            "订单实付(元)": yuan(order.paid_fen - short_fen),
            "平台补贴": yuan(order.platform_fen),
            "商家补贴(元)": "0.00",
            "达人补贴": yuan(order.host_fen),
            "合计收入(元)": yuan(order.due_fen - short_fen),
            "订单退款(元)": "0.00",
            "技术服务费(元)": yuan(service),
            "达人佣金(元)": yuan(host),
            "合计支出(元)": yuan(service + host),
            "实际结算金额(元)": yuan(settled(order, short_fen)),
            "实际结算时间": _when(order),
            "备注": "",
        }
    ]


def taobao(order: TheirOrder, short_fen: int) -> list[Row]:
    """Alipay's rows: what came in, what was kept."""
    service, _host = fees(order)

    def row(place: int, amount: int, kind: str, memo: str) -> Row:
        return {
            "账务流水号": f"20261120{order.number}{place}\t",
            "商户订单号": f"T200P{order.number}\t" if place == 1 else "\t",
            "发生时间": _when(order),
            "收入金额（+元）": yuan(amount) if amount > 0 else " ",
            "支出金额（-元）": yuan(amount) if amount < 0 else " ",
            "业务类型": kind,
            "备注": memo,
        }

    rows = [row(1, order.paid_fen - short_fen, "在线支付", "")]
    if order.platform_fen:
        rows.append(row(3, order.platform_fen, "其它", f"天猫红包补贴({order.number})"))
    return [*rows, *([row(2, -service, "其它", f"基础软件服务费({order.number})扣款")] if service else [])]


def sheet(order: TheirOrder, short_fen: int) -> list[Row]:
    """A row a charge, by our own words."""
    service, host = fees(order)
    amounts = {
        "sale": order.paid_fen - short_fen,
        "subsidy": order.platform_fen + order.host_fen,
        "service_fee": -service,
        "host": -host,
    }
    return [
        {
            "流水号": f"S{order.number}",
            "订单号": order.number,
            "费用": kind,
            "金额": yuan(amount),
            "时间": _when(order),
            "备注": "",
        }
        for kind, amount in amounts.items()
        if amount
    ]


BILL_ROWS: dict[str, Callable[[TheirOrder, int], list[Row]]] = {
    "pinduoduo": pinduoduo,
    "douyin": douyin,
    "kuaishou": kuaishou,
    "taobao": taobao,
    "sheet": sheet,
}
