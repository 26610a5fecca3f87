"""Which news of an order its buyer is told, and of what kind."""

from __future__ import annotations

#: What an event of an order is told as; the kinds are those of the notices.
KINDS = {
    "orders.paid": "order.paid",
    "orders.packed": "order.packed",
    "orders.handed_over": "order.handed_over",
    "orders.allotted": "order.allotted",
    "orders.cancelled": "order.cancelled",
    "orders.refunded": "order.refunded",
    "logistics.arrived": "order.ready",
}


#: What of it who gets a gift is told, too.
GIFTS = {"order.ready": "gift.ready", "order.handed_over": "gift.handed_over"}


def kind_of(event: str, *, stays: bool) -> str:
    """The kind of news that an event is.

    Args:
        stays: it is picked up where it was packed, so that packed it can be fetched.
    """
    return "order.ready" if stays and event == "orders.packed" else KINDS[event]
