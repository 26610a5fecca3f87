"""Parcels and their scans, and the freight table as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.proofs import Proof, prove
from countyfair.kernel.rows import rows
from countyfair.trade.logistics.rules import FreightRule


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel and where it is. `reference` is the key of what it was packed for."""

    id: UUID
    county: str
    reference: str
    waybill: str
    carrier: str
    station: UUID | None
    destination: str
    weight_g: int
    state: str
    pickup_code: str
    packed_at: datetime


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One thing that happened to a parcel."""

    parcel: UUID
    kind: str
    place: str
    station: UUID | None
    at: datetime
    evidence: str
    actor: str


def parcels_of(references: Sequence[str]) -> list[ParcelRow]:
    """The parcels packed for these references, by key. For rooms above, which decide who may see them."""
    return rows(_OF_REFERENCES, [list(references)], into=ParcelRow)


def scans_of(parcels: Sequence[UUID]) -> list[ScanRow]:
    """What happened to these parcels, oldest first. For rooms above, which decide who may see it."""
    return rows(
        "SELECT parcel_id, kind, place, station_id, at, evidence, actor FROM logistics_scan"
        " WHERE parcel_id = ANY(%s::uuid[]) ORDER BY parcel_id, position",
        [list(parcels)],
        into=ScanRow,
    )


def parcels_at(
    actor: Actor,
    *,
    county: str,
    station: UUID,
    place: str,
    states: Sequence[str] = ("handed_over", "arrived"),
) -> list[ParcelRow]:
    """The parcels bound for a station, without their pick-up codes; needs `logistics.read` at its place.

    Raises:
        Forbidden: the actor may not read this station's parcels.
    """
    actor.require("logistics.read", place=place)
    return rows(_AT_STATION, [county, station, list(states)], into=ParcelRow)


def by_waybill(actor: Actor, *, waybill: str) -> list[ParcelRow]:
    """The parcels that bear a waybill number and that the actor may read, by whichever carrier."""
    found = rows(_BY_WAYBILL, [waybill.strip().upper()], into=ParcelRow)
    return [row for row in found if any(actor.may("logistics.read", place=p) for p in _places(row))]


def freight_table(county: str) -> list[FreightRule]:
    """The freight table of a county as it stands now, by fulfilment and destination."""
    return rows(
        "SELECT destination, fulfilment, first_g, first_fen, further_g, further_fen, free_from_fen, refused,"
        " version FROM logistics_freightrule WHERE county = %(county)s AND since <= %(moment)s"
        " AND (until IS NULL OR until > %(moment)s) ORDER BY fulfilment, destination",
        {"county": county, "moment": now()},
        into=FreightRule,
    )


def proofs() -> list[Proof]:
    """Every proof of this room, each one statement over all rows."""
    return prove(_PROOFS)


def _places(row: ParcelRow) -> tuple[str, ...]:
    inside = row.destination.startswith(row.county)
    return (row.county, row.destination) if inside else (row.county,)


#: name → how many rows it speaks of, and the keys for which it fails
_PROOFS: dict[str, tuple[str, str]] = {
    "logistics.a_parcel_is_where_its_last_scan_says": (
        "SELECT count(*) FROM logistics_parcel",
        """
        SELECT p.id::text FROM logistics_parcel p
          LEFT JOIN LATERAL (SELECT s.kind FROM logistics_scan s WHERE s.parcel_id = p.id
                              ORDER BY s.position DESC LIMIT 1) last ON true
         WHERE last.kind IS DISTINCT FROM p.state
        """,
    ),
}

_OF_REFERENCES = """
SELECT id, county, reference, waybill, carrier, station_id, destination, weight_g, state, pickup_code,
       packed_at
  FROM logistics_parcel WHERE reference = ANY(%s::text[]) ORDER BY reference, id
"""

_AT_STATION = """
SELECT id, county, reference, waybill, carrier, station_id, destination, weight_g, state, '', packed_at
  FROM logistics_parcel
 WHERE county = %s AND station_id = %s AND state = ANY(%s::text[]) ORDER BY packed_at, id
"""

_BY_WAYBILL = """
SELECT id, county, reference, waybill, carrier, station_id, destination, weight_g, state, '', packed_at
  FROM logistics_parcel WHERE waybill = %s ORDER BY packed_at, id
"""
