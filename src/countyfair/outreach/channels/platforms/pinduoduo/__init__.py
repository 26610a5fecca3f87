"""Pinduoduo: the order export and the bill of the merchant's account (货款明细)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.outreach.channels.platforms.pinduoduo import client, orders, statement
from countyfair.outreach.channels.platforms.shape import Platform

PLATFORM = Platform(
    name="pinduoduo",
    label=_("Pinduoduo"),
    order_marks=orders.MARKS,
    charge_marks=statement.MARKS,
    columns=orders.COLUMNS | statement.COLUMNS,
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
