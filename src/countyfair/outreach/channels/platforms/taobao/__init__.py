"""Taobao and Tmall: ExportOrderList, ExportOrderDetailList, and Alipay's bill of the shop's account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.outreach.channels.platforms.shape import Platform
from countyfair.outreach.channels.platforms.taobao import client, details, orders, statement

PLATFORM = Platform(
    name="taobao",
    label=_("Taobao and Tmall"),
    columns=orders.COLUMNS | details.COLUMNS | statement.COLUMNS,
    order_marks=orders.MARKS,
    charge_marks=statement.MARKS,
    detail_marks=details.MARKS,
    read_orders=orders.read,
    read_charges=statement.read,
    read_details=details.read,
    ship_hours=48,
    client=client.Client,
    window=client.WINDOW,
    reasons={
        "out_of_stock": _("Sold out"),
        "buyer_asked": _("The buyer asked for it"),
        "cannot_deliver": _("It cannot be delivered there"),
    },
)
