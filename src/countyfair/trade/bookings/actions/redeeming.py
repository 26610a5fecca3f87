"""Redeeming on the spot: once, from whichever phone, whenever it reaches the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.refusal import Conflict, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import queries as people
from countyfair.trade.bookings.models import Booking, Redemption
from countyfair.trade.bookings.queries import BookingRow, by_code
from countyfair.trade.bookings.rules import hash_of, typed
from countyfair.trade.orders import actions as orders
from countyfair.trade.stock.actions import ANNOUNCES


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A booking that is redeemed: of which service, and since when. `again`: it was before, elsewhere."""

    order: UUID
    number: str
    name_zh: str
    name_en: str
    first_on: date
    days: int
    places: int
    at: datetime
    again: bool


@verb
def redeem(
    actor: Actor, *, redemption: UUID, household: UUID, code: str, at: datetime | None = None
) -> Redeemed:
    """Redeem the booking that this code opens. The same again, or on another phone, redeems nothing twice.

    By the household itself, or with `harvest.announce` at its place.

    Args:
        redemption: made by the phone, without a line too.
        code: as it was typed or scanned.
        at: when, by the phone; now when not said.

    Raises:
        Forbidden: neither.
        Missing: no such household, or no booking of it has this code.
        Invalid: no code.
        Conflict: it was called off or cancelled (code `called_off`), is not paid (`unpaid`), begins later
            (`too_early`), or was closed as a no-show (`no_show`).
    """
    whose = people.household(actor, household_id=household)
    if actor.user_id is None or actor.user_id != whose.user_id:
        actor.require(ANNOUNCES, place=whose.place)
    found = _opened(household, code)
    kept = Booking.objects.select_for_update(no_key=True).get(order_id=found.order)
    if kept.ended == "redeemed":
        first = Redemption.objects.get(booking_id=found.order)
        return _answer(found, first.at, again=first.id != redemption)
    moment = now() if at is None else min(at, now())
    _check(found, kept.ended, moment)
    orders.serve(Actor.system("bookings.redeem"), order_id=found.order)
    Redemption.objects.create(
        id=redemption, county=kept.county, booking_id=found.order, at=moment, received_at=now()
    )
    kept.ended, kept.ended_at = "redeemed", now()
    kept.save(update_fields=["ended", "ended_at"])
    return _answer(found, moment, again=False)


def _opened(household: UUID, code: str) -> BookingRow:
    found = by_code(household=household, code_hash=hash_of(typed(code), household))
    if not found:
        raise Missing(_("No booking of this household has this code."))
    return found[0]


def _check(found: BookingRow, ended: str, moment: datetime) -> None:
    if ended == "called_off" or found.order_state in ("cancelled", "refunded"):
        raise Conflict(
            _("This booking was called off. The guest's money went back; let the county centre know."),
            code="called_off",
        )
    if ended == "no_show":
        raise Conflict(
            _("This booking was closed, since nobody redeemed it in time. Speak with the county centre."),
            code="no_show",
        )
    if found.order_state == "placed":
        raise Conflict(_("This booking is not paid yet."), code="unpaid")
    if found.first_on > moment.astimezone(COUNTY_ZONE).date():
        raise Conflict(
            _("This booking begins on %(day)s. Redeem it then.") % {"day": found.first_on}, code="too_early"
        )


def _answer(found: BookingRow, at: datetime, *, again: bool) -> Redeemed:
    return Redeemed(
        found.order, found.number, found.name_zh, found.name_en, found.first_on, found.days, found.places,
        at, again,
    )  # fmt: skip
