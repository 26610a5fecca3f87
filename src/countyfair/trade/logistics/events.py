"""What the parcels announce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class Arrived(Event):
    """A parcel lies at the station where it is picked up. `reference` is the key of what it was sent for."""

    NAME: ClassVar[str] = "logistics.arrived"

    parcel: UUID
    reference: str
    station: UUID
