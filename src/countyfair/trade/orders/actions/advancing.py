"""The one way an order changes its state: by the table of `rules.life`, with a step in its journal.

Whoever advances an order has locked its row first, before any stock and any payment.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Missing
from countyfair.kernel.seal import token_matches
from countyfair.trade.orders.models import Line, Order
from countyfair.trade.orders.rules.life import Places, Standing, next_state

#: The moment that each state stamps on the order.
STAMPS = {
    "paid": "paid_at", "delivered": "delivered_at", "completed": "completed_at", "cancelled": "cancelled_at",
}  # fmt: skip


def locked(order: UUID) -> Order:
    """The order, its row locked until the end of the transaction.

    Raises:
        Missing: there is no such order.
    """
    row = Order.objects.select_for_update(no_key=True).filter(id=order).first()
    if row is None:
        raise Missing(_("There is no such order."))
    return row


def locked_all(orders: Iterable[UUID]) -> list[Order]:
    """These orders, locked in the order of their keys; those that do not exist are left out."""
    return list(Order.objects.select_for_update(no_key=True).filter(id__in=list(orders)).order_by("id"))


def standing(actor: Actor, order: Order, token: str = "") -> Standing:
    """Who the actor is to this order: its buyer by log-in, or by the token of its link."""
    is_buyer = (order.buyer_id is not None and order.buyer_id == actor.user_id) or (
        bool(token) and token_matches(token, str(order.id), "order")
    )
    places = Places.going(order.county, order.origin_place, order.destination, order.fulfilment)
    return Standing(actor, is_buyer, places)


def advance(actor: Actor, order: Order, verb: str, *, token: str = "", reason: str = "") -> None:
    """Move a locked order on by one row of the table, and keep the step.

    Raises:
        Forbidden: the actor may not do that to this order.
        Conflict: it stands where this cannot be done.
    """
    before = order.state
    order.state = next_state(before, verb, standing(actor, order, token))
    changed = ["state"]
    if order.state != before:
        changed += _stamp(order)
    order.save(update_fields=changed)
    journal(order, verb, before, reason)


def journal(order: Order, verb: str, before: str, reason: str) -> None:
    """Append a step to the journal of a locked order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_step (id, order_id, county, position, verb, before, after, reason, at)"
            " SELECT %s, %s, %s, max(s.position) + 1, %s, %s, %s, %s, %s"
            " FROM orders_step s WHERE s.order_id = %s",
            [uuid7(), order.id, order.county, verb, before, order.state, reason[:200], now(), order.id],
        )


def _stamp(order: Order) -> list[str]:
    changed = []
    if order.cancelled_at is not None:
        order.cancelled_at = None
        changed.append("cancelled_at")
    stamp = STAMPS.get(order.state)
    if stamp is not None:
        setattr(order, stamp, now())
        changed.append(stamp)
    return changed


def holders(order: Order) -> list[str]:
    """The keys under which stock is held for an order: its lines."""
    return [
        str(key)
        for key in Line.objects.filter(order_id=order.id).order_by("position").values_list("id", flat=True)
    ]
