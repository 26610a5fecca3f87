"""Stations as buyers, agents and the centre see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.registers.ledger import queries as ledger

JOINS = ("people",)


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station as anybody may know it."""

    id: UUID
    county: str
    place: str
    kind: str
    code: str
    name: str
    name_en: str
    address: str
    phone: str
    hours: str
    lat: Decimal | None
    lng: Decimal | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """A station as a list to choose from shows it."""

    id: UUID
    place: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class AgentRow:
    """Who works a station."""

    user: UUID
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class CountRow:
    """A till count, as kept."""

    id: UUID
    day: date
    expected_fen: int
    counted_fen: int
    banked_fen: int
    reason: str
    counted_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Till:
    """What the books say lies in a till now, and its latest counts."""

    station: UUID
    expected_fen: int
    counts: tuple[CountRow, ...]


def station(station_id: UUID) -> StationRow:
    """One station.

    Raises:
        Missing: there is none with this key.
    """
    return _station(station_id)


def stations(
    *, county: str, within: str = "", kind: str = "", text: str = "", closed: bool = False
) -> list[StationRow]:
    """The stations of a county, by place; `within` narrows to a place, `closed` shows closed ones too.

    Args:
        text: part of the name in either language, or of the code.
    """
    return rows(
        _OF_A_COUNTY,
        {"county": county, "within": within, "kind": kind, "text": text, "closed": closed},
        into=StationRow,
    )


def pickup_points(*, county: str) -> list[PickupPoint]:
    """Where in a county one may pick up, by place; one statement, a hundred short rows."""
    return rows(
        "SELECT s.id, s.place, s.name, s.name_en FROM stations_station s"
        " WHERE s.county = %s AND s.is_open ORDER BY s.place, s.id",
        [county],
        into=PickupPoint,
    )


def stations_of(user: UUID) -> list[StationRow]:
    """The open stations that a user works at now."""
    return rows(_OF_AN_AGENT, [user], into=StationRow)


def stations_at(actor: Actor, *, power: str) -> list[StationRow]:
    """The open stations at places where an actor holds a power: an agent's one, a centre's all."""
    return rows(_AT_PLACES, [list(actor.places(power))], into=StationRow)


def pickup_near(place: str, *, county: str = "", limit: int = 20) -> list[StationRow]:
    """Open stations where one may pick up, nearest in the tree of places first.

    Nearness is how much of the place code they share: the village, then the township, then the
    county. `county` is the county that sells; "" is that of `place`.
    """
    prefixes = [place[:length] for length in (2, 4, 6, 9, 12) if len(place) >= length]
    return rows(_NEAR, {"county": county or place[:6], "prefixes": prefixes, "limit": limit}, into=StationRow)


def agents(actor: Actor, *, station: UUID) -> list[AgentRow]:
    """Who works a station now; needs `station.read` there.

    Raises:
        Forbidden, Missing.
    """
    row = _station(station)
    actor.require("station.read", place=row.place)
    return rows(
        "SELECT u.id, u.name, a.since FROM stations_agent a JOIN people_user u ON u.id = a.user_id"
        " WHERE a.station_id = %s AND a.until IS NULL ORDER BY a.since, u.id",
        [station],
        into=AgentRow,
    )


def till(actor: Actor, *, station: UUID | StationRow, limit: int = 30) -> Till:
    """The till of a station; needs `till.read` there. Whoever has read the station gives its row.

    Raises:
        Forbidden, Missing.
    """
    row = station if isinstance(station, StationRow) else _station(station)
    actor.require("till.read", place=row.place)
    expected_fen = ledger.balance(county=row.county, code="till", owner=str(row.id))
    counts = rows(
        "SELECT id, day, expected_fen, counted_fen, banked_fen, reason, counted_at, actor"
        " FROM stations_tillcount WHERE county = %s AND station_id = %s"
        " ORDER BY counted_at DESC, id DESC LIMIT %s::int",
        [row.county, row.id, limit],
        into=CountRow,
    )
    return Till(row.id, expected_fen, tuple(counts))


def _station(key: UUID) -> StationRow:
    return one(_ONE, [key], into=StationRow, missing=_("There is no such station."))


_ONE = """
SELECT s.id, s.county, s.place, s.kind, s.code, s.name, s.name_en, s.address, s.phone, s.hours, s.lat, s.lng,
       s.is_open
  FROM stations_station s
 WHERE s.id = %s
"""

_OF_A_COUNTY = """
SELECT s.id, s.county, s.place, s.kind, s.code, s.name, s.name_en, s.address, s.phone, s.hours, s.lat, s.lng,
       s.is_open
  FROM stations_station s
 WHERE s.county = %(county)s AND starts_with(s.place, %(within)s) AND (%(kind)s = '' OR s.kind = %(kind)s)
   AND (s.is_open OR %(closed)s::boolean)
   AND position(lower(%(text)s) IN lower(concat_ws(' ', s.name, s.name_en, s.code))) > 0
 ORDER BY s.place, s.name, s.id
"""

_OF_AN_AGENT = """
SELECT s.id, s.county, s.place, s.kind, s.code, s.name, s.name_en, s.address, s.phone, s.hours, s.lat, s.lng,
       s.is_open
  FROM stations_agent a
  JOIN stations_station s ON s.id = a.station_id
 WHERE a.user_id = %s AND a.until IS NULL AND s.is_open
 ORDER BY s.name, s.id
"""

_AT_PLACES = """
SELECT s.id, s.county, s.place, s.kind, s.code, s.name, s.name_en, s.address, s.phone, s.hours, s.lat, s.lng,
       s.is_open
  FROM stations_station s
 WHERE s.is_open
   AND EXISTS (SELECT 1 FROM unnest(%s::text[]) AS p (prefix) WHERE starts_with(s.place, p.prefix))
 ORDER BY s.county, s.place, s.name, s.id
"""

_NEAR = """
SELECT s.id, s.county, s.place, s.kind, s.code, s.name, s.name_en, s.address, s.phone, s.hours, s.lat, s.lng,
       s.is_open
  FROM stations_station s
 WHERE s.is_open AND s.county = %(county)s
 ORDER BY (SELECT max(length(p.prefix)) FROM unnest(%(prefixes)s::text[]) AS p (prefix)
            WHERE starts_with(s.place, p.prefix)) DESC NULLS LAST, s.place, s.name, s.id
 LIMIT %(limit)s::int
"""
