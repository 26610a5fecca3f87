"""What becomes of an order that a platform tells of: decisions on what was known and what is said now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from countyfair.kernel.money import allocate
from countyfair.outreach.channels.platforms.shape import STATES, Receiver, State, TheirLine, TheirOrder
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.orders.rules.outside import Dispatched, OutsideLine, OutsideOrder

#: States in which the buyer has paid and the goods are ours to send, or gone.
SOLD: frozenset[State] = frozenset({"paid", "shipped", "received"})
_ORDER = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class KnownArrival:
    """An order as it was told so far."""

    id: UUID
    number: str
    state: State
    standing: str
    due_fen: int
    refunded_fen: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a listing is here. standing: new, mapped, ignored; `packs` of `offer` for each piece of theirs."""

    id: UUID
    standing: str
    offer: UUID | None
    packs: int


@dataclass(frozen=True, slots=True)
class LineOf:
    """A line as it is kept: so many pieces of a listing, for so much."""

    key: str
    listing: str
    quantity: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of an order that is not taken in yet."""

    arrival: UUID
    number: str
    due_fen: int
    freight_fen: int
    refunded_fen: int
    ordered_at: datetime
    paid_at: datetime | None
    state: str
    key: str
    listing: UUID
    standing: str
    offer: UUID | None
    packs: int
    quantity: int
    amount_fen: int


def fingerprint(order: TheirOrder) -> str:
    """32 hex digits of all that a later file may change of an order."""
    said = (
        order.state, order.due_fen, order.freight_fen, order.refunded_fen, order.aftersale, order.waybill,
        order.carrier, [(line.key, line.quantity, line.off) for line in order.lines],
    )  # fmt: skip
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()


def listing_key(line: TheirLine) -> str:
    """What goods are known by on their platform: the sku's id, else goods and spec, else code, else title."""
    if line.sku:
        return f"sku:{line.sku}"
    if line.goods:
        return f"goods:{line.goods}/{line.spec}"[:300]
    if line.code:
        return f"code:{line.code}"
    return f"title:{line.title}/{line.spec}"[:300]


def lines_of(order: TheirOrder) -> list[LineOf]:
    """The lines with what each comes to: they sum to what is due for the order without its freight.

    Where the platform tells amounts of the whole only, or they do not sum up, it is parted in proportion.
    """
    goods_fen = max(0, order.due_fen - order.freight_fen)
    said = [line.amount_fen for line in order.lines]
    if any(amount is None for amount in said) or sum(amount or 0 for amount in said) != goods_fen:
        weights = [amount or 0 for amount in said]
        if not sum(weights):
            weights = [max(1, line.quantity) for line in order.lines]
        said = list(allocate(goods_fen, weights))
    return [
        LineOf(line.key, listing_key(line), max(1, line.quantity), amount or 0)
        for line, amount in zip(order.lines, said, strict=True)
    ]


def standing_of(state: State, lines: Sequence[LineOf], mapped: Mapping[str, Mapped]) -> str:
    """Where a new order stands before it is taken in; `placing` where it can be."""
    if state == "closed":
        return "called_off"
    if state == "unpaid":
        return "unpaid"
    standings = {mapped[line.listing].standing for line in lines}
    if standings == {"ignored"}:
        return "ignored"
    return "unmapped" if "new" in standings else "placing"


def goes_forward(before: State, after: State) -> bool:
    """Whether a platform's order moved on: an older file never takes one back."""
    return _ORDER[after] > _ORDER[before]


def outside_order(
    key: UUID, order: TheirOrder, lines: Sequence[LineOf], mapped: Mapping[str, Mapped], moment: datetime
) -> OutsideOrder:
    """The order as the trade takes it in; lines of goods that are not ours are left out, with their money."""
    ours = [(line, mapped[line.listing]) for line in lines]
    ordered_at = order.ordered_at or order.paid_at or moment
    sent = None
    if order.state in ("shipped", "received"):
        sent = Dispatched(
            order.carrier[:20] or "unknown", order.waybill[:32], order.shipped_at or moment,
            (order.received_at or moment) if order.state == "received" else None,
        )  # fmt: skip
    return OutsideOrder(
        key, order.number,
        tuple(
            OutsideLine(known.offer, line.quantity * known.packs, line.amount_fen)
            for line, known in ours if known.offer is not None
        ),
        order.freight_fen, ordered_at, order.paid_at or ordered_at,
        contact_of(order.receiver) if sent is None else None, "", sent,
    )  # fmt: skip


def contact_of(receiver: Receiver | None) -> Contact | None:
    """Whom a parcel goes to, as far as the platform says; a hidden phone is none."""
    if receiver is None or not (receiver.name or receiver.address):
        return None
    where = "".join((receiver.province, receiver.city, receiver.county, receiver.town, receiver.address))
    phone = receiver.phone if receiver.phone.isdigit() and not receiver.masked else ""
    return Contact(receiver.name[:60], phone, where[:200])


def ship_before(order: TheirOrder, hours: int) -> datetime | None:
    """Until when it must be sent: as the platform says, or so many hours after it was paid."""
    if order.ship_before is not None or order.paid_at is None:
        return order.ship_before
    return order.paid_at + timedelta(hours=hours)
