"""Orders of the sheet: a row a line, gathered by 订单号; every column has a Chinese and an English head.

A row's 金额 is what the buyer paid for it without its 运费; what platform and host bear come on top.
States are 待付款, 待发货, 已发货, 已收货, 已关闭 or unpaid, paid, shipped, received, closed; any
platform's word is understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from countyfair.outreach.channels.platforms.cells import code_of, discount, identity, moment, text_of
from countyfair.outreach.channels.platforms.goods import GoodsColumns, lines_of
from countyfair.outreach.channels.platforms.receivers import receiver
from countyfair.outreach.channels.platforms.rows import gathered
from countyfair.outreach.channels.platforms.shape import Cells, RowError, TheirOrder
from countyfair.outreach.channels.platforms.sheet.currencies import currency_of, minor
from countyfair.outreach.channels.platforms.words import aftersale_of, state_of

#: Our word for a column, with its Chinese and its English head.
HEADS: dict[str, tuple[str, str]] = {
    "number": ("订单号", "order_no"),
    "line": ("行号", "line_no"),
    "state": ("状态", "state"),
    "title": ("商品", "product"),
    "goods": ("商品编号", "product_id"),
    "code": ("商家编码", "code"),
    "spec": ("规格", "spec"),
    "pieces": ("件数", "pieces"),
    "amount": ("金额", "amount"),
    "freight": ("运费", "freight"),
    "platform": ("平台承担", "platform_bears"),
    "host_bears": ("主播承担", "host_bears"),
    "shop": ("店铺优惠", "shop_discount"),
    "refunded": ("已退款", "refunded"),
    "aftersale": ("售后", "after_sale"),
    "currency": ("币种", "currency"),
    "ordered_at": ("下单时间", "ordered_at"),
    "paid_at": ("付款时间", "paid_at"),
    "ship_before": ("最晚发货", "ship_before"),
    "shipped_at": ("发货时间", "shipped_at"),
    "received_at": ("收货时间", "received_at"),
    "waybill": ("运单号", "waybill"),
    "carrier": ("快递公司", "carrier"),
    "host": ("主播", "host"),
    "reason": ("关闭原因", "reason"),
    "name": ("收货人", "receiver"),
    "phone": ("电话", "phone"),
    "province": ("省", "province"),
    "city": ("市", "city"),
    "county": ("县", "county"),
    "town": ("乡镇", "town"),
    "address": ("地址", "address"),
}
_NEEDED = ("number", "state", "pieces", "amount")
MARKS = tuple(frozenset(HEADS[one][tongue] for one in _NEEDED) for tongue in (0, 1))
COLUMNS = frozenset(head for heads in HEADS.values() for head in heads)
GOODS = GoodsColumns(
    key=HEADS["line"],
    goods=HEADS["goods"],
    sku=(),
    code=HEADS["code"],
    title=HEADS["title"],
    spec=HEADS["spec"],
    pieces=HEADS["pieces"],
)


def read(rows: Iterable[Cells]) -> Iterator[TheirOrder | RowError]:
    """The orders of the sheet."""
    return gathered(rows, lambda cells: identity(cells, *HEADS["number"]), _part)


def _part(cells: Cells, number: str) -> TheirOrder:
    currency = currency_of(cells, *HEADS["currency"])
    amount = minor(cells, currency, *HEADS["amount"])
    freight = minor(cells, currency, *HEADS["freight"])
    platform = abs(minor(cells, currency, *HEADS["platform"]))
    host = abs(minor(cells, currency, *HEADS["host_bears"]))
    return TheirOrder(
        number=number,
        state=state_of(cells, *HEADS["state"]),
        lines=lines_of(cells, GOODS, amount + platform + host),
        paid_fen=amount + freight,
        freight_fen=freight,
        platform_fen=platform,
        host_fen=host,
        shop_fen=discount(cells, *HEADS["shop"]),
        refunded_fen=abs(minor(cells, currency, *HEADS["refunded"])),
        aftersale=aftersale_of(cells.get(*HEADS["aftersale"])) == "open",
        ordered_at=moment(cells, *HEADS["ordered_at"]),
        paid_at=moment(cells, *HEADS["paid_at"]),
        ship_before=moment(cells, *HEADS["ship_before"]),
        shipped_at=moment(cells, *HEADS["shipped_at"]),
        received_at=moment(cells, *HEADS["received_at"]),
        waybill=code_of(cells, *HEADS["waybill"]),
        carrier=text_of(cells, *HEADS["carrier"]),
        host=text_of(cells, *HEADS["host"]),
        reason=text_of(cells, *HEADS["reason"]),
        currency=currency,
        receiver=receiver(
            name=cells.get(*HEADS["name"]),
            phone=cells.get(*HEADS["phone"]),
            province=cells.get(*HEADS["province"]),
            city=cells.get(*HEADS["city"]),
            county=cells.get(*HEADS["county"]),
            town=cells.get(*HEADS["town"]),
            address=cells.get(*HEADS["address"]),
        ),
        row=cells.row,
    )
