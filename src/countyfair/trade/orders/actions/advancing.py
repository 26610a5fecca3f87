"""The one way an order changes its state: by the table of `rules.life`, with a step in its journal.

Whoever advances an order has locked its row first, before any stock and any payment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


def advance_all(actor: Actor, orders: Sequence[Order], verb: str, *, reason: str = "") -> None:
    """`advance` of many locked orders, in as many statements as of one.

    Raises:
        Forbidden, Conflict: as `advance`, for any of them.
    """
    steps = []
    for order in orders:
        before = order.state
        order.state = next_state(before, verb, standing(actor, order))
        if order.state != before:
            _stamp(order)
        steps.append(Walked(order, before, reason))
    Order.objects.bulk_update(orders, ["state", *sorted(set(STAMPS.values()))], batch_size=1000)
    journal_all(steps, verb)


@dataclass(frozen=True, slots=True)
class Walked:
    """A locked order, the state that it came from, and why."""

    order: Order
    before: str
    reason: str = ""


def journal(order: Order, verb: str, before: str, reason: str) -> None:
    """Append a step to the journal of a locked order."""
    journal_all([Walked(order, before, reason)], verb)


def journal_all(steps: Sequence[Walked], verb: str) -> None:
    """Append a step of this verb to the journal of each locked order, at most one an order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_step (id, order_id, county, position, verb, before, after, reason, at)"
            " SELECT w.id, w.of_order, w.county,"
            " (SELECT max(s.position) + 1 FROM orders_step s WHERE s.order_id = w.of_order),"
            " %s, w.before, w.after, w.reason, %s"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])"
            " AS w (id, of_order, county, before, after, reason)",
            [
                verb,
                now(),
                [uuid7() for _step in steps],
                [step.order.id for step in steps],
                [step.order.county for step in steps],
                [step.before for step in steps],
                [step.order.state for step in steps],
                [step.reason[:200] for step in steps],
            ],
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
    return holders_of([order])


def holders_of(orders: Sequence[Order]) -> list[str]:
    """The keys under which stock is held for these orders: their lines."""
    lines = Line.objects.filter(order_id__in=[order.id for order in orders])
    return [str(key) for key in lines.order_by("order_id", "position").values_list("id", flat=True)]
