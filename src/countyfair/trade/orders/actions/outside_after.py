"""What happens to an order from an outside platform after it came home: there, and by its statements."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.money import allocate
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.seal import blind
from countyfair.kernel.verbs import verb
from countyfair.trade.logistics.queries import by_waybill
from countyfair.trade.orders.actions.advancing import advance, locked, locked_all
from countyfair.trade.orders.actions.cancelling import undo
from countyfair.trade.orders.actions.fulfilling import deliver, hand_over, pack
from countyfair.trade.orders.actions.giving_back import give_back
from countyfair.trade.orders.actions.owing import Asked, Part, keep_refund
from countyfair.trade.orders.events import FeeKept
from countyfair.trade.orders.models import ChannelFee, Line, Order, Outside, Refund, Share
from countyfair.trade.orders.queries.outside import weight_of
from countyfair.trade.orders.queries.shares import held_of
from countyfair.trade.orders.rules.outside import Fee
from countyfair.trade.orders.rules.outside_fees import borne
from countyfair.trade.orders.rules.shares import Held, left_of

#: States in which nothing of an order has been delivered.
_UNDELIVERED = ("paid", "packed", "handed_over")


@verb
def lock_outside(actor: Actor, *, orders: Sequence[UUID]) -> None:
    """Lock these orders, by key, before a batch follows them one by one. For rooms above.

    Raises:
        Forbidden: no `channel.manage` in a county of theirs.
    """
    for row in locked_all(orders):
        actor.require("channel.manage", place=row.county)


@verb
def call_off_outside(actor: Actor, *, order: UUID, reason: str, goods_are_back: bool = False) -> bool:
    """The platform called an order off, or we did there: stock and money go back. Again, nothing happens.

    Args:
        goods_are_back: of what was handed over already: whether it lies on the shelf again.

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such order from outside.
        Conflict: it was delivered: that is a refund.
    """
    row = _outside(actor, order)
    if row.state == "cancelled":
        return False
    was = row.state
    advance(_system(actor), row, "cancel", reason=reason)
    undo(actor, row, was, reason, goods_are_back)
    return True


@verb
def refund_outside(actor: Actor, *, source: str, order: UUID, amount_fen: int, reason: str) -> bool:
    """The platform gave a buyer some of their money back; taken from each share in proportion.

    All of what is left of an order that was not delivered calls it off. Again under the same `source`,
    nothing happens.

    Args:
        source: what it is known by on the platform, once for all of its orders.

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such order from outside.
        Invalid: an amount that is not positive, or more than is left of it.
        Conflict: the source was used with another amount.
    """
    row = _outside(actor, order)
    key = uuid5(row.id, source)
    known = Refund.objects.filter(id=key).first()
    if known is not None:
        if known.amount_fen != amount_fen:
            raise Conflict(_("This refund was entered before with other content."), code="id_used")
        return False
    held = held_of(row.id)
    left = left_of(held)
    if not 0 < amount_fen <= left:
        raise Invalid(
            _("That is more than is left of this order."), field="amount", details={"left_fen": left}
        )
    if amount_fen == left and row.state in _UNDELIVERED:
        return call_off_outside(actor, order=order, reason=reason)
    asked = Asked(
        key, _parts(held, amount_fen), reason, blind(f"{order}:{source}:{amount_fen}", "order.refund")
    )
    if row.state in _UNDELIVERED:
        keep_refund(actor, row, asked, held)
    else:
        give_back(_system(actor), row, asked)
    return True


@verb
def send_outside(actor: Actor, *, order: UUID, carrier: str, waybill: str) -> bool:
    """The platform says that an order has left, which nobody told us: it is packed and gone. Again, nothing.

    Raises:
        Forbidden: no `channel.manage` in its county.
        Missing: no such order from outside.
    """
    row = _outside(actor, order)
    if row.state not in ("paid", "packed"):
        return False
    house = _system(actor)
    if row.state == "paid":
        pack(house, order_id=order, parcel=uuid7(), weight_g=weight_of(order))
    by = carrier.strip()[:20] or row.outlet
    hand_over(house, order_id=order, carrier=by, waybill=_own(house, row, by, waybill.strip() or row.number))
    return True


@verb
def confirm_outside(actor: Actor, *, orders: Sequence[UUID]) -> int:
    """The platform says that buyers have these goods: what was handed over is delivered. Answers how many.

    Raises:
        Forbidden: no `channel.manage` in a county of theirs.
    """
    delivered = 0
    for row in locked_all(orders):
        actor.require("channel.manage", place=row.county)
        if row.state == "handed_over" and Outside.objects.filter(order_id=row.id).exists():
            deliver(_system(actor), order_id=row.id, evidence=f"platform:{row.outlet}")
            delivered += 1
    return delivered


@verb
def charge_fees(actor: Actor, *, fees: Sequence[Fee]) -> int:
    """What platforms kept of orders, taken from each share in proportion; answers how many are new.

    The same source again changes nothing. What is kept of an order of which nothing is left the centre bears.

    Raises:
        Forbidden: no `channel.manage` in a county of theirs.
        Missing: no such order from outside.
        Conflict: a source was used with another amount or order.
    """
    wanted = {fee.source: fee for fee in fees if fee.amount_fen}
    known = {row.source: row for row in ChannelFee.objects.filter(source__in=wanted)}
    for source, row in known.items():
        if (row.order_id, row.amount_fen) != (wanted[source].order, wanted[source].amount_fen):
            raise Conflict(_("This fee was entered before with other content."), code="id_used")
    new = sorted((fee for source, fee in wanted.items() if source not in known), key=lambda fee: fee.source)
    orders = {key: _outside(actor, key) for key in sorted({fee.order for fee in new})}
    for fee in new:
        _charge(orders[fee.order], fee)
    return len(new)


@verb
def settle_outside(actor: Actor, *, orders: Sequence[UUID]) -> int:
    """The platform's statement told what it pays for these orders: they may be earned. Answers how many new.

    Raises:
        Forbidden: no `channel.manage` in a county of theirs.
    """
    rows = Outside.objects.select_for_update(no_key=True).filter(order_id__in=orders).order_by("order_id")
    settled = 0
    for row in rows:
        actor.require("channel.manage", place=row.county)
        if row.settled_at is None:
            row.settled_at = now()
            row.save(update_fields=["settled_at"])
            settled += 1
    return settled


def _outside(actor: Actor, order: UUID) -> Order:
    row = locked(order)
    actor.require("channel.manage", place=row.county)
    if not Outside.objects.filter(order_id=order).exists():
        raise Conflict(_("This order did not come from an outside platform."))
    return row


def _system(actor: Actor) -> Actor:
    """What the platform says happened to an order is done by the house, whoever dropped its file."""
    return actor if actor.everything else Actor.system("channels.told")


def _own(house: Actor, order: Order, carrier: str, waybill: str) -> str:
    """The waybill, with the order's number behind it where another parcel in the same box bears it."""
    others = (row for row in by_waybill(house, waybill=waybill) if row.carrier == carrier)
    return f"{waybill[:19]}/{order.number}" if any(others) else waybill[:40]


def _parts(held: Sequence[Held], amount_fen: int) -> tuple[Part, ...]:
    """A sum over what is left of each line and of the freight, in proportion."""
    lines = sorted({row.line for row in held}, key=lambda line: (line is None, str(line)))
    left = [left_of(row for row in held if row.line == line) for line in lines]
    return tuple(
        Part(line, part) for line, part in zip(lines, allocate(amount_fen, left), strict=True) if part
    )


def _charge(order: Order, fee: Fee) -> None:
    row = ChannelFee.objects.create(
        id=uuid7(), order_id=order.id, county=order.county, source=fee.source, kind=fee.kind[:20],
        amount_fen=fee.amount_fen, at=now(),
    )  # fmt: skip
    versions = Line.objects.filter(order_id=order.id).values_list("terms_version", flat=True)
    terms_version = max(versions, default=0)
    Share.objects.bulk_create(
        Share(
            order_id=order.id, line_id=part.line, county=order.county, beneficiary=part.share.beneficiary,
            owner=part.share.owner, lot_id=part.share.lot, amount_fen=part.share.amount_fen,
            terms_version=terms_version, fee_id=row.id,
        )
        for part in borne(fee.amount_fen, order.outlet, held_of(order.id))
    )  # fmt: skip
    if order.completed_at is not None:
        announce(FeeKept(order.id, row.id, fee.amount_fen), county=order.county)
