"""What is known of a lot and of a parcel, as values: pages and documents are made of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.trade.trace.rules.numbers import Item


@dataclass(frozen=True, slots=True)
class NoteOf:
    """A note on a lot. `paper` is the kind of file that proves it, "" for none."""

    id: UUID
    kind: str
    on: date
    words: str
    laboratory: str
    passed: bool | None
    paper: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class RecallOf:
    """A recall of a lot, lifted or not."""

    id: UUID
    severity: str
    reason: str
    at: datetime
    lifted_at: datetime | None
    lift: UUID | None


@dataclass(frozen=True, slots=True)
class MoveOf:
    """A counter-entry of a lot: `correct`, `write_off` or `take_back`; `delta` in base units."""

    id: UUID
    kind: str
    delta: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StationOf:
    """A service point as the public may know it; `code` is "" where there was none."""

    code: str
    name: str
    name_en: str
    place: str


@dataclass(frozen=True, slots=True)
class LotOf:
    """A lot from field to store. Amounts in base units; whose it is stands nowhere here.

    `item` is the number of its product among the county's goods, 0 while it has none.
    """

    id: UUID
    county: str
    number: str
    item: int
    name_zh: str
    name_en: str
    category: str
    icon: str
    place: str
    harvested_on: date
    weighed_at: datetime
    station: StationOf
    unit: str
    grade: str
    amount: int
    notes: tuple[NoteOf, ...]
    recalls: tuple[RecallOf, ...]
    moves: tuple[MoveOf, ...]

    @property
    def goods(self) -> Item:
        return Item(self.county, self.item)

    @property
    def recalled(self) -> RecallOf | None:
        """The recall that stands."""
        return next((one for one in self.recalls if one.lift is None), None)

    @property
    def tests(self) -> tuple[NoteOf, ...]:
        return tuple(note for note in self.notes if note.kind == "tested")


@dataclass(frozen=True, slots=True)
class PackedLot:
    """What of a lot went into a parcel. `paid_fen` is the household's share, None where it has not agreed,
    and in a gift. `mark` is what the brand it was sold under was called then, zh and en; "" without one."""

    lot: LotOf
    amount: int
    paid_fen: int | None
    mark: tuple[str, str] = ("", "")

    @property
    def paid_per(self) -> int | None:
        """Fen a kilogram, or a piece, rounded to the fen."""
        if self.paid_fen is None or self.amount <= 0:
            return None
        per = 1000 if self.lot.unit == "g" else 1
        return (2 * self.paid_fen * per + self.amount) // (2 * self.amount)


@dataclass(frozen=True, slots=True)
class ScanOf:
    """A scan of a parcel, without its place: where a parcel goes is its buyer's business."""

    id: UUID
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelOf:
    """A parcel from packing to delivery. It knows no order and no buyer."""

    id: UUID
    county: str
    waybill: str
    state: str
    packed_at: datetime
    packed_at_station: StationOf
    place: str
    scans: tuple[ScanOf, ...]
    lots: tuple[PackedLot, ...]

    def last(self, kind: str) -> ScanOf | None:
        """The latest scan of a kind."""
        return next((scan for scan in reversed(self.scans) if scan.kind == kind), None)

    @property
    def days_on_the_way(self) -> int | None:
        """Whole days from packing to delivery; None before it is delivered."""
        done = self.last("delivered")
        return (done.at - self.packed_at).days if done else None
