"""What stock announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from countyfair.kernel.events import Event, event


@event
@dataclass(frozen=True)
class TakenIn(Event):
    """A household's harvest was weighed and lies there as a lot. `amount` in base units."""

    NAME: ClassVar[str] = "stock.taken_in"

    lot: UUID
    household: UUID
    product: UUID
    amount: int
    unit: str


@event
@dataclass(frozen=True)
class HarvestAnnounced(Event):
    """A household means to bring a harvest. `amount` in base units; `wished_fen` for 500 g or a piece."""

    NAME: ClassVar[str] = "stock.harvest_announced"

    harvest: UUID
    household: UUID
    product: UUID
    amount: int
    unit: str
    wished_fen: int
    expected_on: date


@event
@dataclass(frozen=True)
class CycleClosed(Event):
    """Nothing more of a harvest cycle is sold ahead; its harvests are expected on this day."""

    NAME: ClassVar[str] = "stock.cycle_closed"

    cycle: UUID
    product: UUID
    expected_on: date


@event
@dataclass(frozen=True)
class Corrected(Event):
    """A lot was counted again, or part of it written off. `delta` in base units."""

    NAME: ClassVar[str] = "stock.corrected"

    lot: UUID
    delta: int
    reason: str


@event
@dataclass(frozen=True)
class Shortfall(Event):
    """A lot has less than it held for others: these holders lost these reservations."""

    NAME: ClassVar[str] = "stock.shortfall"

    lot: UUID
    holders: tuple[str, ...]
    reservations: tuple[UUID, ...]


@event
@dataclass(frozen=True)
class Blocked(Event):
    """Nothing of a lot may be sold any more: these holders lost what they held of it."""

    NAME: ClassVar[str] = "stock.blocked"

    lot: UUID
    holders: tuple[str, ...]
    reservations: tuple[UUID, ...]


@event
@dataclass(frozen=True)
class ReservationExpired(Event):
    """A holder did not pay in time; its reservations were released. Announced by `stock_expire`."""

    NAME: ClassVar[str] = "stock.reservation_expired"

    holder: str
    reservations: tuple[UUID, ...]
