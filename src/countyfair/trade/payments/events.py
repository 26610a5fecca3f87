"""What payments announce. `reference` is the key of what is paid for, as its owner gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class PaymentCaptured(Event):
    """The whole sum of an awaiting intent was received and lies in escrow."""

    NAME = "payments.captured"

    intent: UUID
    capture: UUID
    reference: str
    gateway: str
    amount_fen: int
    currency: str
    captured_at: datetime


@event
@dataclass(frozen=True)
class PaymentCapturedLate(Event):
    """Money came for an intent that no longer awaited it; it lies in escrow until its owner decides.

    `was` is the intent's state before: `expired`, `cancelled`, or `paid` (the sum came twice).
    Whoever hears it serves what was paid for after all, or asks for `capture` to be refunded.
    """

    NAME = "payments.captured_late"

    intent: UUID
    capture: UUID
    reference: str
    gateway: str
    amount_fen: int
    currency: str
    captured_at: datetime
    was: str


@event
@dataclass(frozen=True)
class RefundSettled(Event):
    """A refund reached the payer. `source` is what it was asked for, as `ask_refund` was told."""

    NAME = "payments.refund_settled"

    refund: UUID
    source: str
    capture: UUID
    intent: UUID
    reference: str
    amount_fen: int
    currency: str
    settled_at: datetime
