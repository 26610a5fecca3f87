"""Douyin shops (抖店): the order export and the settlement by order (动账明细)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.outreach.channels.platforms.douyin import client, orders, statement
from countyfair.outreach.channels.platforms.shape import Platform

PLATFORM = Platform(
    name="douyin",
    label=_("Douyin"),
    columns=orders.COLUMNS | statement.COLUMNS,
    order_marks=orders.MARKS,
    charge_marks=statement.MARKS,
    read_orders=orders.read,
    read_charges=statement.read,
    ship_hours=48,
    client=client.Client,
    window=client.WINDOW,
    reasons={
        "out_of_stock": _("Sold out"),
        "buyer_asked": _("The buyer asked for it"),
        "cannot_deliver": _("It cannot be delivered there"),
    },
)
