"""What becomes of an order. `orders.placed` is announced by SQL (`sql/place.sql`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class Placed(Event):
    """Stock is held and payment is asked for."""

    NAME: ClassVar[str] = "orders.placed"

    order: UUID
    intent: UUID
    gateway: str
    total_fen: int


@event
@dataclass(frozen=True)
class Paid(Event):
    """The total was captured and the stock is still, or again, held."""

    NAME: ClassVar[str] = "orders.paid"

    order: UUID
    intent: UUID
    total_fen: int


@event
@dataclass(frozen=True)
class Joined(Event):
    """The total was captured; the order waits until its group is full, or its time over."""

    NAME: ClassVar[str] = "orders.joined"

    order: UUID
    group: UUID


@event
@dataclass(frozen=True)
class Allotted(Event):
    """The harvest that it was ordered ahead of is weighed: `short_packs` are missing and paid back."""

    NAME: ClassVar[str] = "orders.allotted"

    order: UUID
    refund: UUID | None
    amount_fen: int
    short_packs: int


@event
@dataclass(frozen=True)
class Packed(Event):
    """The goods lie ready in a parcel."""

    NAME: ClassVar[str] = "orders.packed"

    order: UUID


@event
@dataclass(frozen=True)
class HandedOver(Event):
    """The goods left the house with a carrier."""

    NAME: ClassVar[str] = "orders.handed_over"

    order: UUID


@event
@dataclass(frozen=True)
class Delivered(Event):
    """The buyer has the goods; the return window opened at `at`."""

    NAME: ClassVar[str] = "orders.delivered"

    order: UUID
    at: datetime


@event
@dataclass(frozen=True)
class Completed(Event):
    """The return window is over: what the shares still hold is earned."""

    NAME: ClassVar[str] = "orders.completed"

    order: UUID


@event
@dataclass(frozen=True)
class Cancelled(Event):
    """Nothing will be sent. `refund` is the key of what goes back, None where nothing was paid."""

    NAME: ClassVar[str] = "orders.cancelled"

    order: UUID
    refund: UUID | None
    amount_fen: int


@event
@dataclass(frozen=True)
class Refunded(Event):
    """Part or all goes back to the buyer; the shares with this `refund` take it back.

    `state` is the order's state before: what was `completed` has been earned, the rest was not.
    """

    NAME: ClassVar[str] = "orders.refunded"

    order: UUID
    refund: UUID
    amount_fen: int
    state: str


@event
@dataclass(frozen=True)
class Charged(Event):
    """The buyer paid what the goods weighed more; the shares with this `bill` have it."""

    NAME: ClassVar[str] = "orders.charged"

    order: UUID
    bill: UUID
    amount_fen: int


@event
@dataclass(frozen=True)
class FeeKept(Event):
    """An outside platform kept something of an order that was earned already: the shares with this `fee`."""

    NAME: ClassVar[str] = "orders.fee_kept"

    order: UUID
    fee: UUID
    amount_fen: int


@event
@dataclass(frozen=True)
class Claimed(Event):
    """A buyer asks the county to hear a claim on what was delivered."""

    NAME: ClassVar[str] = "orders.claimed"

    claim: UUID
    order: UUID


@event
@dataclass(frozen=True)
class ClaimAnswered(Event):
    """A claim was answered: `state` is refused, done, or awaiting (goods).

    `amount_fen` goes back to the buyer, or the order `replacement` goes out instead.
    """

    NAME: ClassVar[str] = "orders.claim_answered"

    claim: UUID
    order: UUID
    state: str
    amount_fen: int
    replacement: UUID | None = None
