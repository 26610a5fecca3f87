"""What promotions announce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class GroupClosed(Event):
    """A group is full, all of it paid, or has failed: its time was over first. `outcome`: full or failed."""

    NAME: ClassVar[str] = "promotions.group_closed"

    group: UUID
    outcome: str
