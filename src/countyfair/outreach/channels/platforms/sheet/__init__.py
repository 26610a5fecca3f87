"""A sheet of our own layout: for any other platform, for markets and orders by phone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from countyfair.outreach.channels.platforms.shape import Platform
from countyfair.outreach.channels.platforms.sheet import orders, statement

PLATFORM = Platform(
    name="sheet",
    label=_("A sheet"),
    columns=orders.COLUMNS | statement.COLUMNS,
    order_marks=orders.MARKS,
    charge_marks=statement.MARKS,
    read_orders=orders.read,
    read_charges=statement.read,
    ship_hours=72,
    reasons={
        "out_of_stock": _("Sold out"),
        "buyer_asked": _("The buyer asked for it"),
        "cannot_deliver": _("It cannot be delivered there"),
    },
)
