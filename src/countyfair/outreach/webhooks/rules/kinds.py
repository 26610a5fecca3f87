"""The events that programs may hear, as one table: who may, and which of an event's values go out.

What is not named here never leaves the house. Households stay inside: who grew for whom is read with a
role, and each reading is on record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.events import Delivered, E, Event
from countyfair.kernel.refusal import Sentence
from countyfair.trade.catalog import events as catalog
from countyfair.trade.logistics import events as logistics
from countyfair.trade.orders import events as orders
from countyfair.trade.promotions import events as promotions
from countyfair.trade.stock import events as stock
from countyfair.trade.trace import events as trace


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: what people call it, the power that reads it, the values that are sent."""

    event: type[Event]
    label: Sentence
    power: str
    values: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    kind.event.NAME: kind
    for kind in (
        Kind(orders.Placed, _("An order was placed"), "orders.read", ("order", "gateway", "total_fen")),
        Kind(orders.Paid, _("An order was paid"), "orders.read", ("order", "total_fen")),
        Kind(orders.Packed, _("An order was packed"), "orders.read", ("order",)),
        Kind(orders.HandedOver, _("An order was given to its carrier"), "orders.read", ("order",)),
        Kind(orders.Delivered, _("An order was delivered"), "orders.read", ("order", "at")),
        Kind(orders.Completed, _("An order was completed"), "orders.read", ("order",)),
        Kind(orders.Cancelled, _("An order was cancelled"), "orders.read", ("order", "amount_fen")),
        Kind(
            orders.Refunded, _("Money of an order goes back"), "orders.read",
            ("order", "refund", "amount_fen"),
        ),
        Kind(
            orders.Charged, _("More was paid for heavier goods"), "orders.read",
            ("order", "bill", "amount_fen"),
        ),
        Kind(
            orders.Allotted, _("Goods ordered ahead were allotted"), "orders.read",
            ("order", "refund", "amount_fen", "short_packs"),
        ),
        Kind(orders.Claimed, _("A buyer claims something"), "orders.refund", ("claim", "order")),
        Kind(
            orders.ClaimAnswered, _("A claim was answered"), "orders.refund",
            ("claim", "order", "state", "amount_fen", "replacement"),
        ),
        Kind(
            promotions.GroupClosed, _("A group is full, or fell through"), "catalog.read",
            ("group", "outcome"),
        ),
        Kind(
            stock.CycleClosed, _("A harvest is sold ahead no longer"), "stock.read",
            ("cycle", "product", "expected_on"),
        ),
        Kind(logistics.Arrived, _("A parcel lies at its station"), "orders.read", ("parcel", "station")),
        Kind(
            catalog.OfferChanged, _("An offer was put up, changed or taken down"), "catalog.read",
            ("offer", "product", "outlet", "state", "version", "price_fen"),
        ),
        Kind(
            stock.TakenIn, _("A harvest was weighed in"), "stock.read",
            ("lot", "product", "amount", "unit"),
        ),
        Kind(
            trace.Recalled, _("A lot was called back"), "trace.read",
            ("recall", "lot", "severity", "orders"),
        ),
        Kind(trace.RecallLifted, _("A recall was lifted"), "trace.read", ("recall", "lot")),
    )
}  # fmt: skip


def body_of(news: Delivered[E]) -> str:
    """What is sent of an event: its kind, when it happened, where, and its values (Standard Webhooks)."""
    name = news.event.NAME
    values = news.event.payload()
    said = {
        "type": name,
        "timestamp": news.at.isoformat(),
        "data": {"county": news.county} | {value: values[value] for value in KINDS[name].values},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
