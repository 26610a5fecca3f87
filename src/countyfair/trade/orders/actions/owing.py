"""Keeping refunds: their rows, the shares they take back, and that payments owe them.

Of one order or of three thousand, in the same number of statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.trade.orders.actions.billing import paid_by
from countyfair.trade.orders.models import Line, Order, Refund, RefundLine, Share
from countyfair.trade.orders.rules.shares import Bearer, Held, borne_by, given_back
from countyfair.trade.payments.actions import Owing, ask_refunds

#: How many rows go with one statement.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """What of one line goes back; `line` None is the freight.

    `quantity` packs came back with it; `restock` puts them on the shelf again.
    """

    line: UUID | None
    amount_fen: int
    quantity: int = 0
    restock: bool = False


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

    @property
    def amount_fen(self) -> int:
        """What goes back of all its parts."""
        return sum(part.amount_fen for part in self.parts)


@dataclass(frozen=True, slots=True)
class Owed:
    """A refund of a locked order, and what its shares hold now."""

    order: Order
    asked: Asked
    held: tuple[Held, ...]


def keep_refund(actor: Actor, order: Order, asked: Asked, held: Sequence[Held]) -> None:
    """Keep a refund of a locked order: its rows, the shares it takes back, and that payments owe it."""
    keep_refunds(actor, [Owed(order, asked, tuple(held))])


def keep_refunds(actor: Actor, owed: Sequence[Owed]) -> None:
    """Keep these refunds, each of a locked order; nothing is sent for none."""
    if not owed:
        return
    Refund.objects.bulk_create(map(_refund, owed), batch_size=_BATCH)
    lines = (_line(one, part) for one in owed for part in one.asked.parts)
    RefundLine.objects.bulk_create(lines, batch_size=_BATCH)
    Share.objects.bulk_create(_counter(owed), batch_size=_BATCH)
    paid = paid_by([one.order for one in owed])
    ask_refunds(
        actor,
        owing=[
            Owing(f"order-refund:{one.asked.id}", tuple(paid[one.order.id]), one.asked.amount_fen, "order")
            for one in owed
        ],
    )


def _refund(one: Owed) -> Refund:
    return Refund(
        id=one.asked.id, order_id=one.order.id, county=one.order.county, amount_fen=one.asked.amount_fen,
        reason=one.asked.reason[:200], content=one.asked.content, at=now(),
    )  # fmt: skip


def _line(one: Owed, part: Part) -> RefundLine:
    return RefundLine(
        refund_id=one.asked.id, line_id=part.line, county=one.order.county, amount_fen=part.amount_fen,
        quantity=part.quantity, restocked=part.restock,
    )  # fmt: skip


def _counter(owed: Sequence[Owed]) -> Iterator[Share]:
    """The negative rows of the table of shares."""
    versions: dict[UUID, int] = {}
    known = Line.objects.filter(order_id__in=[one.order.id for one in owed])
    for order, version in known.values_list("order_id", "terms_version"):
        versions[order] = max(version, versions.get(order, 0))
    for one in owed:
        for part in one.asked.parts:
            for row in _rows(part, one.asked, one.held):
                yield Share(
                    order_id=one.order.id, line_id=row.line, county=one.order.county,
                    beneficiary=row.share.beneficiary, owner=row.share.owner, lot_id=row.share.lot,
                    amount_fen=row.share.amount_fen, terms_version=versions.get(one.order.id, 0),
                    refund_id=one.asked.id, discount_id=row.share.discount,
                )  # fmt: skip


def _rows(part: Part, asked: Asked, held: Sequence[Held]) -> list[Held]:
    of_line = [row for row in held if row.line == part.line]
    if asked.bearer is not None:
        return borne_by(asked.bearer, part.amount_fen, of_line)
    if asked.among and part.line is not None:
        return given_back(part.amount_fen, [replace(row, line=part.line) for row in asked.among])
    return given_back(part.amount_fen, of_line)
