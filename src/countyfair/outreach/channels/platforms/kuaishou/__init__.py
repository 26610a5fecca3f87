"""Kuaishou shops (快手小店): the order export and the settlement by order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.outreach.channels.platforms.kuaishou import orders, statement
from countyfair.outreach.channels.platforms.shape import Platform

PLATFORM = Platform(
    name="kuaishou",
    label=_("Kuaishou"),
    columns=orders.COLUMNS | statement.COLUMNS,
    order_marks=orders.MARKS,
    charge_marks=statement.MARKS,
    read_orders=orders.read,
    read_charges=statement.read,
    ship_hours=48,
    reasons={
        "out_of_stock": _("Sold out"),
        "buyer_asked": _("The buyer asked for it"),
        "cannot_deliver": _("It cannot be delivered there"),
    },
)
