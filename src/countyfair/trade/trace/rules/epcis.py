"""A lot's and a parcel's life as an EPCIS 2.0 document (GS1 EPCIS 2.0, ISO/IEC 19987:2024; CBV 2.0).

Vocabulary is CBV's where it has the word; sowing and field work, for which it has none, are addresses of
the deployment's own, as CBV §6 allows. Classes and parcels are named by the addresses of their pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from countyfair.kernel.clock import COUNTY_ZONE
from countyfair.trade.trace.rules.history import (
    LotOf,
    MoveOf,
    NoteOf,
    PackedLot,
    ParcelOf,
    RecallOf,
    StationOf,
)
from countyfair.trade.trace.rules.notes import TESTED
from countyfair.trade.trace.rules.numbers import gtin, lot_path, parcel_path

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
ZONE = "+08:00"
#: UNECE Recommendation 20: grams. Pieces are counted, and EPCIS wants no unit then.
GRAM = "GRM"

Json = dict[str, Any]

#: Counter-entry → action, business step, disposition; a correction adds or takes by its sign.
_MOVES = {
    "write_off": ("DELETE", "destroying", "destroyed"),
    "take_back": ("ADD", "receiving", "returned"),
    "correct": ("OBSERVE", "cycle_counting", "in_progress"),
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """What things are called outside the house: `origin` is the deployment's address, without a slash."""

    origin: str
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def prefix(self, county: str) -> str:
        return self.prefixes.get(county, "")

    def lot(self, lot: LotOf) -> str:
        """The address of a lot's page."""
        return self.origin + lot_path(gtin(lot.goods, self.prefix(lot.county)), lot.number)

    def parcel(self, county: str, waybill: str) -> str:
        """The address of a parcel's page: what its label's QR code says."""
        return self.origin + parcel_path(waybill, self.prefix(county))

    def place(self, code: str) -> str:
        return f"{self.origin}/id/place/{code}"

    def station(self, county: str, station: StationOf) -> str:
        return f"{self.origin}/id/station/{county}-{station.code}"

    def word(self, name: str) -> str:
        """A word of a vocabulary of our own."""
        return f"{self.origin}/id/word/{name}"


def document(events: Iterable[Json], addresses: Addresses, made_at: datetime) -> Json:
    """The document of these events, in the order of their time."""
    return {
        "@context": [CONTEXT, {"countyfair": f"{addresses.origin}/id/word/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(made_at),
        "epcisBody": {"eventList": sorted(events, key=lambda event: str(event["eventTime"]))},
    }


def lot_events(lot: LotOf, addresses: Addresses) -> list[Json]:
    """What a lot went through before and outside of parcels."""
    return [
        *(_noted(lot, note, addresses) for note in lot.notes),
        _harvested(lot, addresses),
        _weighed(lot, addresses),
        *(_moved(lot, move, addresses) for move in lot.moves),
        *(event for recall in lot.recalls for event in _recalled(lot, recall, addresses)),
    ]


def parcel_events(parcel: ParcelOf, addresses: Addresses) -> list[Json]:
    """What a parcel went through: lots were put in, it was sent, it arrived; never where or to whom."""
    name = addresses.parcel(parcel.county, parcel.waybill)
    events = [_packed(parcel, name, addresses)]
    for scan in parcel.scans:
        if scan.kind == "handed_over":
            events.append(_of_parcel(scan.id, scan.at, name, "shipping", "in_transit"))
        elif scan.kind == "delivered":
            events.append(_of_parcel(scan.id, scan.at, name, "receiving", "retail_sold"))
        elif scan.kind == "returned":
            events.append(_of_parcel(scan.id, scan.at, name, "receiving", "returned"))
    return events


def whole_parcel(parcel: ParcelOf, addresses: Addresses) -> list[Json]:
    """A parcel's events and those of all its lots."""
    of_lots = [event for packed in parcel.lots for event in lot_events(packed.lot, addresses)]
    return of_lots + parcel_events(parcel, addresses)


def _event(kind: str, key: UUID | str, at: datetime, **said: Any) -> Json:
    return {
        "type": kind,
        "eventID": f"urn:uuid:{key}",
        "eventTime": _moment(at),
        "eventTimeZoneOffset": ZONE,
        **said,
    }


def _harvested(lot: LotOf, addresses: Addresses) -> Json:
    where = addresses.place(lot.place)
    ilmd: Json = {"cbvmda:harvestStartDate": lot.harvested_on.isoformat()}
    if lot.grade:
        ilmd["countyfair:grade"] = lot.grade
    return _event(
        "ObjectEvent", lot.id, _day(lot.harvested_on), action="ADD", bizStep="creating_class_instance",
        disposition="active", quantityList=[_quantity(lot, lot.amount, addresses)],
        readPoint={"id": where}, bizLocation={"id": where}, ilmd=ilmd,
    )  # fmt: skip


def _weighed(lot: LotOf, addresses: Addresses) -> Json:
    where = addresses.station(lot.county, lot.station) if lot.station.code else addresses.place(lot.place)
    return {
        "type": "ObjectEvent", "eventTime": _moment(lot.weighed_at), "eventTimeZoneOffset": ZONE,
        "action": "OBSERVE", "bizStep": "receiving", "disposition": "in_progress",
        "quantityList": [_quantity(lot, lot.amount, addresses)],
        "readPoint": {"id": where}, "bizLocation": {"id": where},
    }  # fmt: skip


def _noted(lot: LotOf, note: NoteOf, addresses: Addresses) -> Json:
    if note.kind == TESTED:
        said: Json = {
            "bizStep": "inspecting",
            "disposition": "conformant" if note.passed else "non_conformant",
        }
        if note.laboratory:
            said["countyfair:laboratory"] = note.laboratory
    else:
        said = {"bizStep": addresses.word(note.kind), "readPoint": {"id": addresses.place(lot.place)}}
    return _event(
        "ObjectEvent", note.id, _day(note.on), action="OBSERVE",
        quantityList=[{"epcClass": addresses.lot(lot)}], **said,
    )  # fmt: skip


def _moved(lot: LotOf, move: MoveOf, addresses: Addresses) -> Json:
    action, step, disposition = _MOVES[move.kind]
    if move.kind == "correct":
        action = "ADD" if move.delta > 0 else "DELETE"
    return _event(
        "ObjectEvent", move.id, move.at, action=action, bizStep=step, disposition=disposition,
        quantityList=[_quantity(lot, abs(move.delta), addresses)],
    )  # fmt: skip


def _recalled(lot: LotOf, recall: RecallOf, addresses: Addresses) -> list[Json]:
    what: Json = {"action": "OBSERVE", "quantityList": [{"epcClass": addresses.lot(lot)}]}
    events = [
        _event(
            "ObjectEvent", recall.id, recall.at, **what, bizStep="holding", disposition="recalled",
            persistentDisposition={"set": ["recalled"]},
        )
    ]  # fmt: skip
    if recall.lift is not None and recall.lifted_at is not None:
        events.append(
            _event(
                "ObjectEvent", recall.lift, recall.lifted_at, **what, bizStep="inspecting",
                disposition="in_progress", persistentDisposition={"unset": ["recalled"]},
            )
        )  # fmt: skip
    return events


def _packed(parcel: ParcelOf, name: str, addresses: Addresses) -> Json:
    at = parcel.packed_at_station
    where = addresses.station(parcel.county, at) if at.code else addresses.place(parcel.place)
    return _event(
        "AggregationEvent", parcel.id, parcel.packed_at, action="ADD", bizStep="packing",
        disposition="in_progress", parentID=name, childQuantityList=_children(parcel.lots, addresses),
        readPoint={"id": where}, bizLocation={"id": where},
    )  # fmt: skip


def _children(lots: Sequence[PackedLot], addresses: Addresses) -> list[Json]:
    return [_quantity(packed.lot, packed.amount, addresses) for packed in lots]


def _of_parcel(key: UUID, at: datetime, name: str, step: str, disposition: str) -> Json:
    return _event(
        "ObjectEvent", key, at, action="OBSERVE", bizStep=step, disposition=disposition, epcList=[name]
    )


def _quantity(lot: LotOf, amount: int, addresses: Addresses) -> Json:
    said: Json = {"epcClass": addresses.lot(lot), "quantity": amount}
    return said | {"uom": GRAM} if lot.unit == "g" else said


def _day(day: date) -> datetime:
    return datetime.combine(day, time.min, COUNTY_ZONE)


def _moment(at: datetime) -> str:
    return at.astimezone(COUNTY_ZONE).isoformat(timespec="milliseconds")
