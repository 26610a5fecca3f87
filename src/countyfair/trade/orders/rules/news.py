"""Which news of an order its buyer is told, and of what kind."""

from __future__ import annotations

from datetime import datetime, timedelta

from countyfair.kernel.clock import COUNTY_ZONE

#: Members of a group that is not full are called so long before its time is over,
LAST_CALL = timedelta(hours=6)
#: if it was open for so long.
WORTH_A_CALL = timedelta(hours=24)
#: Who took a place and has not paid is reminded then, but not sooner after ordering.
LEFT_ALONE = timedelta(minutes=10)

#: What an event of an order is told as; the kinds are those of the notices.
KINDS = {
    "orders.joined": "group.joined",
    "orders.paid": "order.paid",
    "orders.packed": "order.packed",
    "orders.handed_over": "order.handed_over",
    "orders.allotted": "order.allotted",
    "orders.cancelled": "order.cancelled",
    "orders.refunded": "order.refunded",
    "logistics.arrived": "order.ready",
}
#: The same of an order in a group that came together, or fell through after it was paid.
IN_FULL_GROUP = {"orders.paid": "group.full"}
FELL_THROUGH = {"orders.cancelled": "group.failed"}
#: What of it who gets a gift is told, too.
GIFTS = {"order.ready": "gift.ready", "order.handed_over": "gift.handed_over"}


def kind_of(event: str, *, stays: bool, in_group: bool = False, fell_through: bool = False) -> str:
    """The kind of news that an event is.

    Args:
        stays: it is picked up where it was packed, so that packed it can be fetched.
        in_group: it was ordered in a group.
        fell_through: its group was not full in time, and its money goes back.
    """
    if stays and event == "orders.packed":
        return "order.ready"
    own = FELL_THROUGH if fell_through else IN_FULL_GROUP if in_group else {}
    return own.get(event) or KINDS[event]


def answers_told(state: str, *, is_replaced: bool) -> tuple[str, ...]:
    """The kinds of news that an answered claim is.

    Args:
        state: of the claim: refused, done, or awaiting goods.
    """
    if state == "refused":
        return ("claim.refused",)
    granted = "claim.replaced" if is_replaced else "claim.refunded"
    return (granted, "claim.bring_back") if state == "awaiting" else (granted,)


def until(moment: datetime) -> str:
    """A moment by the county's clock, as both languages read it."""
    return f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"
