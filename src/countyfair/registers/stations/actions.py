"""Opening and closing stations, appointing who works them, counting their tills."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger import queries as ledger
from countyfair.registers.ledger.actions import post
from countyfair.registers.people.actions import end_role, grant_role
from countyfair.registers.stations.models import Agent, Station, TillCount
from countyfair.registers.stations.rules import check_count, count_lines, station_code, station_place

AGENT = "station_agent"


@dataclass(frozen=True, slots=True)
class Counted:
    """A till count as it was kept. `difference_fen` is positive where more lay there than was booked."""

    count: UUID
    expected_fen: int
    counted_fen: int
    banked_fen: int

    @property
    def difference_fen(self) -> int:
        return self.counted_fen - self.expected_fen

    @property
    def left_fen(self) -> int:
        return self.counted_fen - self.banked_fen


@verb
def open_station(
    actor: Actor,
    *,
    place: str,
    kind: str,
    name: str,
    station_id: UUID | None = None,
    name_en: str = "",
    code: str = "",
    address: str = "",
    phone: str = "",
    hours: str = "",
    lat: Decimal | None = None,
    lng: Decimal | None = None,
) -> UUID:
    """Open a service point at a place and return its key. The same key again changes nothing.

    Args:
        kind: centre, township or village.
        code: what it is known by in its county; made from the place when empty.

    Raises:
        Forbidden: no `station.manage` there.
        Invalid: a place of the wrong level, or no name.
        Conflict: the key or the code belongs to another station.
    """
    where = station_place(kind, place)
    actor.require("station.manage", place=where)
    if not name.strip():
        raise Invalid(_("Give the station a name."), field="name")
    key = station_id or uuid7()
    code = code or station_code(where, key)
    known = Station.objects.filter(id=key).first()
    if known is not None:
        if (known.place, known.kind, known.name) != (where, kind, name.strip()):
            raise Conflict(_("This station was opened before with other particulars."))
        return known.id
    if Station.objects.filter(county=where.county, code=code).exists():
        raise Conflict(_("Another station of the county has this code."), field="code")
    Station.objects.create(
        id=key,
        county=where.county,
        place=where,
        kind=kind,
        code=code,
        name=name.strip(),
        name_en=name_en,
        address=address,
        phone=phone,
        hours=hours,
        lat=lat,
        lng=lng,
        opened_on=today(),
    )
    return key


@verb
def close_station(actor: Actor, *, station: UUID) -> None:
    """Close a station: no buyer can choose it any more, its agents' roles end. Closed stays closed.

    Raises:
        Forbidden: no `station.manage` there, or an agent whose role the actor could not end.
        Missing: no such station.
        Conflict: its till is not empty; bank what lies in it first.
    """
    row = _locked(station)
    actor.require("station.manage", place=row.place)
    if not row.is_open:
        return
    if ledger.balance(county=row.county, code="till", owner=str(station)):
        raise Conflict(_("There is still money in this till. Count it and bank it first."), code="till")
    for user in Agent.objects.filter(station_id=station, until__isnull=True).values_list(
        "user_id", flat=True
    ):
        dismiss_agent(actor, station=station, user=user)
    row.is_open, row.closed_on = False, today()
    row.save(update_fields=["is_open", "closed_on"])


@verb
def appoint_agent(actor: Actor, *, station: UUID, user: UUID) -> UUID:
    """Let a user work a station, with the role of an agent at its place. Returns the appointment's key.

    Raises:
        Forbidden: no `station.manage` there, or the actor does not give that role.
        Missing: no such station or user.
        Conflict: the station is closed.
    """
    row = _locked(station)
    actor.require("station.manage", place=row.place)
    if not row.is_open:
        raise Conflict(_("This station is closed."))
    known = Agent.objects.filter(station_id=station, user_id=user, until__isnull=True).first()
    if known is not None:
        return known.id
    role = grant_role(actor, user_id=user, role=AGENT, place=row.place)
    return Agent.objects.create(
        station_id=station, user_id=user, role_key=role, county=row.county, since=today()
    ).id


@verb
def dismiss_agent(actor: Actor, *, station: UUID, user: UUID) -> None:
    """End an agent's work at a station, and the role that came with it unless another station needs it.

    Raises:
        Forbidden: no `station.manage` there, or the actor could not end the role.
        Missing: no such station, or the user does not work there.
    """
    row = _locked(station)
    actor.require("station.manage", place=row.place)
    held = Agent.objects.filter(station_id=station, user_id=user, until__isnull=True).first()
    if held is None:
        raise Missing(_("This person does not work at this station."))
    held.until = today()
    held.save(update_fields=["until"])
    if not Agent.objects.filter(role_key=held.role_key, until__isnull=True).exists():
        end_role(actor, role_id=held.role_key)


@verb
def count_till(
    actor: Actor, *, count_id: UUID, station: UUID, counted_fen: int, banked_fen: int = 0, reason: str = ""
) -> Counted:
    """Keep what was counted in a till, book the difference as over or short, and bank part of it.

    Args:
        count_id: made by whoever counts; the same again gets the first answer.
        counted_fen: what lies in the till before anything is banked.
        banked_fen: what is taken out of it to the bank.
        reason: why till and books differ; needed when they do.

    Raises:
        Forbidden: no `till.count` there.
        Missing: no such station.
        Invalid: figures that cannot be, or a difference without a reason (`details["expected_fen"]`).
        Conflict: the id was used for another count.
    """
    row = _locked(station)
    actor.require("till.count", place=row.place)
    known = TillCount.objects.filter(id=count_id).first()
    if known is not None:
        if (known.station_id, known.counted_fen, known.banked_fen) != (station, counted_fen, banked_fen):
            raise Conflict(_("This count was entered before with other figures."))
        return Counted(known.id, known.expected_fen, known.counted_fen, known.banked_fen)
    expected_fen = ledger.balance(county=row.county, code="till", owner=str(station))
    check_count(
        expected_fen=expected_fen, counted_fen=counted_fen, banked_fen=banked_fen, reason=reason.strip()
    )
    TillCount.objects.create(
        id=count_id,
        station_id=station,
        county=row.county,
        day=today(),
        expected_fen=expected_fen,
        counted_fen=counted_fen,
        banked_fen=banked_fen,
        reason=reason.strip(),
        counted_at=now(),
    )
    lines = count_lines(station, expected_fen=expected_fen, counted_fen=counted_fen, banked_fen=banked_fen)
    if lines:
        post(
            actor,
            county=row.county,
            source=f"till-count:{count_id}",
            what="till count",
            booked_at=now(),
            lines=lines,
        )
    return Counted(count_id, expected_fen, counted_fen, banked_fen)


def _locked(station: UUID) -> Station:
    row = Station.objects.select_for_update(no_key=True).filter(id=station).first()
    if row is None:
        raise Missing(_("There is no such station."))
    return row
