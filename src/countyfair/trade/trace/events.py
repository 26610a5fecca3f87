"""What trace announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class Recalled(Event):
    """A lot is called back; `orders` had some of it."""

    NAME: ClassVar[str] = "trace.recalled"

    recall: UUID
    lot: UUID
    severity: str
    orders: tuple[UUID, ...]


@event
@dataclass(frozen=True)
class RecallLifted(Event):
    """A recall was a mistake: its lot may be sold again."""

    NAME: ClassVar[str] = "trace.recall_lifted"

    recall: UUID
    lot: UUID
