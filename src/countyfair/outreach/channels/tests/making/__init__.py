"""Files as the platforms write them, made by seed: what is in them is known before they are read.

    planted = plant(folder, "douyin", count=200_000, seed=7)
    planted.orders, planted.later, planted.statement     # paths
    planted.changed, planted.refunded, planted.short     # what was planted

`orders_of` tells the orders themselves, `write_orders` writes any of them. All is streamed to disk. People in
them are plainly made: phones 1990000xxxx.
"""

from __future__ import annotations

from countyfair.outreach.channels.tests.making.files import Planted, plant, write_orders, write_statement
from countyfair.outreach.channels.tests.making.truth import GOODS, made_order, orders_of

__all__ = ["GOODS", "Planted", "made_order", "orders_of", "plant", "write_orders", "write_statement"]
