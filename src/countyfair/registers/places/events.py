"""What the room announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class DivisionsLoaded(Event):
    """New reference files stand in the register. `counties` is empty when all were loaded."""

    NAME: ClassVar[str] = "places.divisions_loaded"

    load: UUID
    rows: int
    counties: tuple[str, ...]
