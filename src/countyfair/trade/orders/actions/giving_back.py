"""Money that goes back to a buyer: kept as a refund, taken from the shares, asked of payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import advance, holders, locked
from countyfair.trade.orders.actions.billing import sent_of, stop_asking_more, stop_asking_more_of
from countyfair.trade.orders.actions.owing import Asked, Owed, Part, keep_refund, keep_refunds
from countyfair.trade.orders.events import Refunded
from countyfair.trade.orders.models import Allotment, Line, Order, Refund
from countyfair.trade.orders.queries.shares import held_by_order, held_of
from countyfair.trade.orders.rules.shares import Held, left_of
from countyfair.trade.stock import actions as stock


@verb
def refund(actor: Actor, *, order_id: UUID, refund_id: UUID, parts: Sequence[Part], reason: str) -> None:
    """Give back part or all of a delivered order. The same refund again changes nothing.

    Args:
        refund_id: made with the form.
        parts: what of each line, at most what is left of it.

    Raises:
        Forbidden: no `orders.refund` in the county.
        Missing: no such order.
        Invalid: no reason, nothing to give back, or more than is left of a line.
        Conflict: the order is not delivered, or the id was used for something else.
    """
    order = locked(order_id)
    content = blind(repr((str(order_id), list(parts), reason)), "order.refund")
    known = Refund.objects.filter(id=refund_id).first()
    if known is not None:
        if known.content != content:
            raise Conflict(_("This refund was entered before with other content."), code="id_used")
        return
    if not reason.strip():
        raise Invalid(_("Say why, in a few words."), field="reason")
    give_back(actor, order, Asked(refund_id, tuple(parts), reason, content))


def give_back(actor: Actor, order: Order, asked: Asked) -> None:
    """Give back these parts of a locked order, its state, shares, stock and payment with it.

    Raises:
        Forbidden, Invalid, Conflict: as `refund`.
    """
    held = held_of(order.id)
    _check(order, held, asked.parts)
    amount_fen = sum(part.amount_fen for part in asked.parts)
    was = order.state
    everything = amount_fen == left_of(held)
    advance(actor, order, "refund_all" if everything else "refund", reason=asked.reason)
    if everything:
        stop_asking_more(actor, order)
    _restock(actor, order, asked.id, asked.parts, asked.reason)
    keep_refund(actor, order, asked, held)
    announce(Refunded(order.id, asked.id, amount_fen, was), county=order.county)


def give_back_all(actor: Actor, order: Order, reason: str) -> tuple[UUID | None, int]:
    """Give back all that the shares of a locked order still hold: the refund and its amount, or None, 0."""
    return give_back_all_of(actor, [order], reason)[order.id]


def give_back_all_of(
    actor: Actor, orders: Sequence[Order], reason: str
) -> dict[UUID, tuple[UUID | None, int]]:
    """`give_back_all` of many locked orders, in as many statements as of one: what went back, by order."""
    stop_asking_more_of(actor, orders)
    held = held_by_order([order.id for order in orders])
    owed = [
        _owed(order, parts, reason, held[order.id])
        for order in orders
        if (parts := _all_parts(held[order.id]))
    ]
    keep_refunds(actor, owed)
    back = {one.order.id: (one.asked.id, one.asked.amount_fen) for one in owed}
    return {order.id: back.get(order.id, (None, 0)) for order in orders}


def give_back_missing(
    actor: Actor, missing: Mapping[UUID, Sequence[Part]], orders: Sequence[Order], reason: str
) -> dict[UUID, UUID]:
    """Give back what locked orders will not be sent, at most what their shares hold of each line.

    Their states stay, and so does their stock. Answers the refund of each order that misses something.
    """
    short = [order for order in orders if missing.get(order.id)]
    held = held_by_order([order.id for order in short])
    owed = [_owed(order, missing[order.id], reason, held[order.id]) for order in short]
    keep_refunds(actor, owed)
    return {one.order.id: one.asked.id for one in owed}


def shelve_all(actor: Actor, order: Order, source: str, reason: str = "") -> list[str]:
    """Put every line of a locked order back on its shelf, all locks taken first; answers its holders."""
    keys = holders(order)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stock_lock_holders(%s::text[])", [keys])
    for line, amount in sorted(sent_of(order).items()):
        stock.take_back(actor, holder=str(line), amount=amount, source=source, reason=reason)
    return keys


def _check(order: Order, held: Sequence[Held], parts: Sequence[Part]) -> None:
    if not parts or any(part.amount_fen <= 0 or part.quantity < 0 for part in parts):
        raise Invalid(_("Write how much goes back: more than nothing."), field="amount")
    if len({part.line for part in parts}) != len(parts):
        raise Invalid(_("Name each line once."), field="amount")
    for part in parts:
        left = left_of(row for row in held if row.line == part.line)
        if part.amount_fen > left:
            raise Invalid(
                _("That is more than is left of this line."),
                field="amount",
                details={"line": part.line, "left_fen": left},
            )


def _restock(actor: Actor, order: Order, refund_id: UUID, parts: Sequence[Part], reason: str) -> None:
    packs = dict(Line.objects.filter(order_id=order.id).values_list("id", "quantity"))
    packs |= dict(Allotment.objects.filter(line__order_id=order.id).values_list("line_id", "packs"))
    sent = sent_of(order)
    for part in sorted((p for p in parts if p.restock and p.quantity), key=lambda p: str(p.line)):
        if part.line not in packs:
            raise Invalid(_("There is no such line in this order."), field="line")
        stock.take_back(
            actor, holder=str(part.line), amount=sent[part.line] * part.quantity // max(1, packs[part.line]),
            source=f"refund:{refund_id}", reason=reason[:200],
        )  # fmt: skip


def _all_parts(held: Sequence[Held]) -> list[Part]:
    sums: dict[UUID | None, int] = {}
    for row in held:
        sums[row.line] = sums.get(row.line, 0) + row.share.amount_fen
    return [Part(line, amount) for line, amount in sums.items() if amount]


def _owed(order: Order, parts: Sequence[Part], reason: str, held: Sequence[Held]) -> Owed:
    """A refund that the house itself asks for, under an id of its own."""
    refund_id = uuid7()
    content = blind(str(refund_id), "order.refund")
    return Owed(order, Asked(refund_id, tuple(parts), reason, content), tuple(held))
