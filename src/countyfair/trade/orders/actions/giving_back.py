"""Money that goes back to a buyer: kept as a refund, taken from the shares, asked of payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.orders.actions.advancing import advance, holders, locked
from countyfair.trade.orders.actions.billing import paid_by, sent_of, stop_asking_more
from countyfair.trade.orders.events import Refunded
from countyfair.trade.orders.models import Allotment, Line, Order, Refund, RefundLine, Share
from countyfair.trade.orders.queries.shares import held_of
from countyfair.trade.orders.rules.shares import Bearer, Held, borne_by, given_back, left_of
from countyfair.trade.payments.actions import ask_refund, ask_refund_of
from countyfair.trade.stock import actions as stock


@dataclass(frozen=True, slots=True)
class Part:
    """What of one line goes back; `line` None is the freight.

    `quantity` packs came back with it; `restock` puts them on the shelf again.
    """

    line: UUID | None
    amount_fen: int
    quantity: int = 0
    restock: bool = False


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund as it was asked for. `bearer` None: each gives back of what they hold.

    `among`: of what these hold instead, where the goods were not the line's own but replaced them.
    """

    id: UUID
    parts: tuple[Part, ...]
    reason: str
    content: str
    bearer: Bearer | None = None
    among: tuple[Held, ...] = ()


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
    stop_asking_more(actor, order)
    held = held_of(order.id)
    sums: dict[UUID | None, int] = {}
    for row in held:
        sums[row.line] = sums.get(row.line, 0) + row.share.amount_fen
    parts = [Part(line, amount) for line, amount in sums.items() if amount]
    if not parts:
        return None, 0
    refund_id = uuid7()
    content = blind(str(refund_id), "order.refund")
    keep_refund(actor, order, Asked(refund_id, tuple(parts), reason, content), held)
    return refund_id, sum(sums.values())


def give_back_missing(actor: Actor, order: Order, parts: Sequence[Part], reason: str) -> UUID:
    """Give back what a locked order will not be sent, at most what its shares hold of each line: the refund.

    Its state stays, and so does its stock.
    """
    refund_id = uuid7()
    content = blind(str(refund_id), "order.refund")
    keep_refund(actor, order, Asked(refund_id, tuple(parts), reason, content), held_of(order.id))
    return refund_id


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


def keep_refund(actor: Actor, order: Order, asked: Asked, held: Sequence[Held]) -> None:
    """Keep a refund of a locked order: its rows, the shares it takes back, and that payments owe it."""
    amount_fen = sum(part.amount_fen for part in asked.parts)
    Refund.objects.create(
        id=asked.id, order_id=order.id, county=order.county, amount_fen=amount_fen, reason=asked.reason[:200],
        content=asked.content, at=now(),
    )  # fmt: skip
    RefundLine.objects.bulk_create(
        RefundLine(
            refund_id=asked.id, line_id=part.line, county=order.county, amount_fen=part.amount_fen,
            quantity=part.quantity, restocked=part.restock,
        )
        for part in asked.parts
    )  # fmt: skip
    _counter(order, asked, held)
    source, intents = f"order-refund:{asked.id}", paid_by(order)
    if len(intents) == 1:
        ask_refund(actor, source=source, intent=order.intent, amount_fen=amount_fen, reason="order")
    else:
        ask_refund_of(actor, source=source, intents=intents, amount_fen=amount_fen, reason="order")


def _counter(order: Order, asked: Asked, held: Sequence[Held]) -> None:
    """The negative rows of the table of shares."""
    versions = dict(Line.objects.filter(order_id=order.id).values_list("id", "terms_version"))
    terms_version = max(versions.values(), default=0)
    rows = [row for part in asked.parts for row in _rows(part, asked, held)]
    Share.objects.bulk_create(
        Share(
            order_id=order.id, line_id=row.line, county=order.county, beneficiary=row.share.beneficiary,
            owner=row.share.owner, lot_id=row.share.lot, amount_fen=row.share.amount_fen,
            terms_version=terms_version, refund_id=asked.id, discount_id=row.share.discount,
        )
        for row in rows
    )  # fmt: skip


def _rows(part: Part, asked: Asked, held: Sequence[Held]) -> list[Held]:
    of_line = [row for row in held if row.line == part.line]
    if asked.bearer is not None:
        return borne_by(asked.bearer, part.amount_fen, of_line)
    if asked.among and part.line is not None:
        return given_back(part.amount_fen, [replace(row, line=part.line) for row in asked.among])
    return given_back(part.amount_fen, of_line)
