"""Freight tables by version, and parcels on their way: each move is a scan that is kept.

Rooms above create parcels for what they send and decide who may; they name it by `reference`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Stale
from countyfair.kernel.verbs import verb
from countyfair.registers.stations import queries as stations
from countyfair.trade.logistics import rules
from countyfair.trade.logistics.events import Arrived
from countyfair.trade.logistics.models import FreightRule, Parcel, Scan
from countyfair.trade.logistics.rules.reasons import kept

#: Who carries the county's own parcels.
COUNTY_CARRIER = "county"


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel as it was packed. `pickup_code` is what the buyer says at the counter, "" for a delivery."""

    id: UUID
    waybill: str
    pickup_code: str


@verb
def set_freight(actor: Actor, *, county: str, table: Sequence[rules.FreightRule], believed: int = 0) -> int:
    """Replace a county's whole freight table from now on; returns its version. Orders keep theirs.

    Args:
        table: the rows; their own `version` is not read.
        believed: the version that the caller saw, 0 for none.

    Raises:
        Forbidden: no `freight.manage` in the county.
        Invalid: two rows for one destination, or weights and prices that cannot be.
        Stale: somebody changed the table meanwhile.
    """
    actor.require("freight.manage", place=county)
    rules.check_table(table)
    standing = FreightRule.objects.select_for_update().filter(county=county, until__isnull=True)
    list(standing.order_by("id"))
    version = FreightRule.objects.filter(county=county).aggregate(newest=Max("version"))["newest"] or 0
    if version != believed:
        raise Stale(_("Somebody has just changed this table. Look again."), details={"version": version})
    moment = now()
    standing.update(until=moment)
    FreightRule.objects.bulk_create(
        FreightRule(
            county=county, fulfilment=row.fulfilment, destination=row.destination, first_g=row.first_g,
            first_fen=row.first_fen, further_g=row.further_g, further_fen=row.further_fen,
            free_from_fen=row.free_from_fen, refused=row.refused, version=version + 1, since=moment,
        )
        for row in table
    )  # fmt: skip
    return version + 1


@verb
def pack_parcel(
    actor: Actor,
    *,
    parcel: UUID,
    county: str,
    reference: str,
    weight_g: int,
    destination: str,
    station: UUID | None,
    place: str,
) -> Packed:
    """Make a parcel of what lies ready, with a waybill of the county's own series.

    Args:
        parcel: its key; the same again gets the first answer.
        station: where the buyer picks it up; None for a delivery.
        place: where it was packed.

    Raises:
        Invalid: no weight.
        Conflict: the key belongs to another parcel.
    """
    if weight_g <= 0:
        raise Invalid(_("Weigh the parcel: it must weigh more than nothing."), field="weight")
    known = Parcel.objects.filter(id=parcel).first()
    if known is not None:
        if known.reference != reference:
            raise Conflict(_("This parcel was packed before for something else."))
        return Packed(known.id, known.waybill, known.pickup_code)
    code = f"{secrets.randbelow(10**6):06d}" if station else ""
    waybill = _insert(parcel, county, reference, weight_g, destination, station, code)
    _scan(parcel, county, "packed", place, None, "")
    return Packed(parcel, waybill, code)


@verb
def name_carrier(actor: Actor, *, parcel: UUID, carrier: str, waybill: str) -> None:
    """Another carrier takes a packed parcel, under its own waybill. For rooms above. Again, nothing happens.

    Raises:
        Missing: no such parcel.
        Invalid: no carrier or waybill, or one too long; or another parcel bears it.
        Conflict: it has left.
    """
    carrier, waybill = " ".join(carrier.split()), "".join(waybill.split())
    if not 0 < len(carrier) <= 20:
        raise Invalid(_("Write who carries it (20 characters at most)."), field="carrier")
    if not 0 < len(waybill) <= 40:
        raise Invalid(_("Write the number of the waybill (40 characters at most)."), field="waybill")
    row = _locked(parcel)
    if (row.carrier, row.waybill) == (carrier, waybill):
        return
    if row.state != "packed":
        raise Conflict(_("This parcel has left already."), details={"state": row.state})
    if Parcel.objects.filter(carrier=carrier, waybill=waybill).exists():
        raise Invalid(_("Another parcel bears this waybill."), field="waybill")
    row.carrier, row.waybill = carrier, waybill
    row.save(update_fields=["carrier", "waybill"])


@verb
def hand_over(actor: Actor, *, parcel: UUID, place: str = "", station: UUID | None = None) -> None:
    """The carrier took it.

    Raises:
        Missing: no such parcel.
        Conflict: it is on its way already, or at an end.
    """
    _move(parcel, "hand_over", place, station, "")


@verb
def arrive(actor: Actor, *, parcel: UUID, station: UUID) -> None:
    """It lies at the station where its buyer picks it up. Needs `logistics.scan` at the station's place.

    Raises:
        Forbidden: no such power there.
        Missing: no such station, or no such parcel.
        Invalid: it goes to another station, or to a door.
        Conflict: it is not on its way.
    """
    place = stations.station(station).place
    actor.require(rules.MOVES["arrive"].power, place=place)
    row = _locked(parcel)
    if row.station_id != station:
        raise Invalid(
            _("This parcel goes to another place. Send it on, or call the centre."), field="station"
        )
    _move(parcel, "arrive", place, station, "")
    announce(Arrived(parcel, row.reference, station), county=row.county)


@verb
def deliver(
    actor: Actor,
    *,
    parcel: UUID,
    place: str = "",
    station: UUID | None = None,
    code: str = "",
    evidence: str = "",
) -> None:
    """The receiver has it. A parcel with a pick-up code wants the code, or what was looked at instead.

    Args:
        evidence: for instance a photo's key, a signature, an identity document shown.

    Raises:
        Invalid: a wrong code and no evidence.
        Missing, Conflict: as for the other moves.
    """
    row = _locked(parcel)
    if row.pickup_code and not evidence.strip() and not secrets.compare_digest(row.pickup_code, code.strip()):
        raise Invalid(
            _("This is not the pick-up code of this parcel. Ask for it again, or say what was shown."),
            field="code",
        )
    _move(parcel, "deliver", place, station, evidence.strip() or ("code" if row.pickup_code else ""))


@verb
def fail(actor: Actor, *, parcel: UUID, reason: str, place: str, note: str = "") -> None:
    """It could not be delivered; it may go out again or come back. Needs `logistics.scan` at the place.

    Args:
        reason: one of `rules.reasons.REASONS`; `note` is what was written beside it.
        place: where it was tried; somewhere on the parcel's way.

    Raises:
        Forbidden: no such power at the place.
        Missing, Conflict: as for the other moves; also when it has not arrived where it is picked up.
        Invalid: no such reason, or a place that the parcel does not come by.
    """
    actor.require(rules.MOVES["fail"].power, place=place)
    row = _locked(parcel)
    rules.check_way(place, origin=_origin(parcel), destination=row.destination)
    rules.check_tried(row.state, is_picked_up=row.station_id is not None)
    _move(parcel, "fail", place, None, kept(reason, note))


@verb
def send_out_again(actor: Actor, *, parcel: UUID, place: str) -> int:
    """What was tried in vain rides once more; answers how often it was tried before.

    For rooms above, which decide who may.

    Raises:
        Missing, Conflict: as for the other moves; also when it was tried often enough (code `tries`).
    """
    row = _locked(parcel)
    tried = Scan.objects.filter(parcel_id=parcel, kind="failed").count()
    if row.state == "failed":
        rules.check_tries(tried)
    _move(parcel, "send_out_again", place, None, "")
    return tried


@verb
def take_back(actor: Actor, *, parcel: UUID, reason: str, place: str) -> None:
    """What was tried in vain is back where it was packed. For rooms above, which decide who may.

    Raises:
        Missing, Conflict: as for the other moves.
    """
    _move(parcel, "take_back", place, None, reason)


@verb
def send_back(actor: Actor, *, parcel: UUID, reason: str, place: str = "") -> None:
    """Its order was called off: it is back where it was packed, or never left.

    For rooms above, which decide who may.

    Raises:
        Missing, Conflict: as for the other moves.
    """
    _move(parcel, "send_back", place, None, reason)


def _origin(parcel: UUID) -> str:
    """Where it was packed, as its first scan says."""
    return Scan.objects.filter(parcel_id=parcel).order_by("position").values_list("place", flat=True)[0]


def _locked(parcel: UUID) -> Parcel:
    row = Parcel.objects.select_for_update(no_key=True).filter(id=parcel).first()
    if row is None:
        raise Missing(_("There is no such parcel."))
    return row


def _move(parcel: UUID, verb_name: str, place: str, station: UUID | None, evidence: str) -> None:
    row = _locked(parcel)
    row.state = rules.moved(row.state, verb_name)
    row.save(update_fields=["state"])
    _scan(parcel, row.county, row.state, place, station, evidence)


def _scan(parcel: UUID, county: str, kind: str, place: str, station: UUID | None, evidence: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO logistics_scan"
            " (id, county, parcel_id, position, kind, place, station_id, at, evidence)"
            " SELECT %s, %s, %s, coalesce(max(s.position), 0) + 1, %s, %s, %s::uuid, %s, %s"
            " FROM logistics_scan s WHERE s.parcel_id = %s",
            [uuid7(), county, parcel, kind, place, station, now(), evidence[:500], parcel],
        )


def _insert(
    parcel: UUID,
    county: str,
    reference: str,
    weight_g: int,
    destination: str,
    station: UUID | None,
    code: str,
) -> str:
    """The parcel under the first waybill of its id that nobody else bears."""
    with connection.cursor() as cursor:
        for attempt in range(100):
            waybill = rules.waybill(county, parcel, attempt)
            cursor.execute(
                "INSERT INTO logistics_parcel (id, county, reference, waybill, carrier, station_id,"
                " destination, weight_g, state, pickup_code, packed_at) VALUES (%s, %s, %s, %s, %s,"
                " %s::uuid, %s, %s::bigint, 'packed', %s, %s) ON CONFLICT (carrier, waybill) DO NOTHING",
                [
                    parcel,
                    county,
                    reference,
                    waybill,
                    COUNTY_CARRIER,
                    station,
                    destination,
                    weight_g,
                    code,
                    now(),
                ],
            )
            if cursor.rowcount:
                return waybill
    raise Conflict(_("No waybill number is free. Try again."))
