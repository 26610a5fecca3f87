"""Parcels that came for people here: arrived, given out by code or by what was shown, or not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal, Sentence
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.station.tries import TooOften, count_wrong, require_tries
from countyfair.surfaces.station.views.packing import packs_here
from countyfair.surfaces.station.words import STATES
from countyfair.surfaces.ui.given import Given
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.rules.reasons import AT_COUNTER, AT_DOOR, REASONS
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import at_station
from countyfair.trade.orders.queries.at_station import StationOrder

GONE = ("delivered", "completed", "refunded")


@page("orders.deliver")
def parcels(point: Point) -> HttpResponse:
    """What lies here, what comes, what is on its way to a door; at the top, the buyer's code."""
    if not point.sent:
        return _shelf(point)
    code = _digits(point)
    try:
        if not code:
            raise Invalid(_("Write the six digits that the buyer says."), field="code")
        require_tries(point.at.id)
        found = at_station.by_pickup_code(point.actor, point.at, code=code)
        if not found:
            count_wrong(point.at.id)
            raise Invalid(_("No parcel here has this code. Ask for it again."), field="code")
    except (Invalid, TooOften) as refusal:
        return _shelf(point, refusal)
    return point.show("found", {"orders": found, "code": code})


@page("logistics.scan")
def arrived(point: Point, order: UUID) -> HttpResponse:
    """The round brought it."""
    row = _bound_here(point, order)
    if point.sent and row.parcel is not None and row.parcel_state == "handed_over":
        try:
            logistics.arrive(point.actor, parcel=row.parcel, station=point.at.id)
        except Conflict:  # somebody was quicker: it has arrived
            return point.go("parcels")
        return point.go("parcels", said=_("It lies here now. The buyer may come."))
    return point.go("parcels")


@page("orders.deliver")
def give(point: Point, order: UUID) -> HttpResponse:
    """To the buyer: by the code they say, or by what they showed or signed."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    _require_ours(point, row)
    if row.state in GONE:
        return point.go("order", order)
    if not point.sent:
        return _giving(point, row)
    given = Given(point.request.POST)
    code, evidence = _digits(point), given.text("evidence", most=200)
    try:
        given.stop()
        if not evidence:
            _require_code(point, row, code)
        actions.deliver(point.actor, order_id=order, code=code, evidence=evidence)
    except Invalid as refusal:
        if refusal.field == "code" and code:
            count_wrong(point.at.id)
        return _giving(point, row, refusal)
    except TooOften as refusal:
        return _giving(point, row, refusal)
    except Conflict as refusal:
        return _moved_on(point, row, refusal)
    return point.go("order", order, said=_("Given to the buyer."))


@page("logistics.scan")
def failed(point: Point, order: UUID) -> HttpResponse:
    """It could not be given: why. It waits here, or goes back when the centre says so."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    _require_ours(point, row)
    if not point.sent or row.parcel is None:
        return _failing(point, row)
    given = Given(point.request.POST)
    try:
        reason, note = given.text("reason"), given.text("note", most=200)
        given.stop()
        if row.parcel_state != "failed":
            logistics.fail(point.actor, parcel=row.parcel, reason=reason, note=note, place=point.at.place)
    except (Invalid, Conflict) as refusal:
        return _failing(point, row, refusal)
    return point.go("order", order, said=_("Noted. Call the centre about it."), kind="waiting")


@page("orders.deliver")
def again(point: Point, order: UUID) -> HttpResponse:
    """What was tried in vain and lies here again goes out once more."""
    row = _packed_here(point, order)
    if not point.sent:
        return point.go("order", order)
    try:
        actions.send_out_again(point.actor, order_id=order)
    except Conflict as refusal:
        return _shown(point, row, refusal)
    return point.go("order", order, said=_("It is on its way once more."))


@page("orders.return")
def returned(point: Point, order: UUID) -> HttpResponse:
    """What was tried in vain is back where it was packed: its money goes back to the buyer."""
    row = _packed_here(point, order)
    if not point.sent:
        if row.state != "handed_over" or row.parcel_state != "failed":
            return point.go("order", order)
        return point.show("returned", {"order": row, "fates": _fates(point)})
    given = Given(point.request.POST)
    try:
        reason = given.text("reason", need=_("Say why, in a few words."))
        fate = given.text("fate", need=_("Choose what becomes of the goods."))
        given.stop()
        actions.return_to_sender(point.actor, order_id=order, reason=reason, goods_are_good=fate != "spoilt")
    except (Invalid, Conflict) as refusal:
        return point.show("returned", {"order": row, "fates": _fates(point)}, refusal=refusal)
    return point.go("order", order, said=_("It is back. The buyer gets all of the money."))


def _fates(point: Point) -> list[tuple[str, Sentence, Sentence, str]]:
    """What may become of goods that came back: what is chosen, its words, a hint, a picture."""
    good = ("good", _("They are good"), _("They go back on the shelf."), "package")
    spoilt = ("spoilt", _("They are spoilt"), _("They are written off."), "fallen-leaf")
    return [good, spoilt] if point.may("stock.write_off") else [good]


def _packed_here(point: Point, key: UUID) -> StationOrder:
    row = at_station.order_at(point.actor, point.at, order_id=key)
    if not packs_here(point, row):
        raise Missing(_("This parcel was packed at another station."))
    return row


def _shown(point: Point, row: StationOrder, refusal: Refusal) -> HttpResponse:
    return point.show("order", {"order": row, "states": STATES, "packs_here": True}, refusal=refusal)


def _failing(point: Point, row: StationOrder, refusal: Refusal | None = None) -> HttpResponse:
    asked = AT_COUNTER if row.fulfilment == "pickup" else AT_DOOR
    reasons = {key: REASONS[key] for key in asked}
    return point.show("failed", {"order": row, "reasons": reasons}, refusal=refusal)


def _digits(point: Point) -> str:
    """The code as it was meant: full-width digits and gaps do not matter."""
    said = point.request.POST.get("code", "")[:40]
    return "".join(str(int(one)) for one in said if one.isdecimal())


def _require_code(point: Point, row: StationOrder, code: str) -> None:
    if row.fulfilment == "delivery":
        raise Invalid(_("Write who took it, or what you saw."), field="evidence")
    if not code:
        raise Invalid(_("Write the code, or what the buyer showed you instead."), field="code")
    require_tries(point.at.id)


def _bound_here(point: Point, key: UUID) -> StationOrder:
    row = at_station.order_at(point.actor, point.at, order_id=key)
    if row.station != point.at.id:
        raise Missing(_("This parcel goes to another station."))
    return row


def _require_ours(point: Point, row: StationOrder) -> None:
    """What is picked up elsewhere is given out there."""
    if row.fulfilment == "pickup" and row.station != point.at.id:
        raise Missing(_("This parcel goes to another station."))


def _moved_on(point: Point, row: StationOrder, refusal: Refusal) -> HttpResponse:
    if refusal.details.get("state") in GONE:
        return point.go("order", row.id, said=_("This was given out before."), kind="info")
    return _giving(point, row, refusal)


def _giving(point: Point, row: StationOrder, refusal: Refusal | None = None) -> HttpResponse:
    return point.show("give", {"order": row}, refusal=refusal)


def _shelf(point: Point, refusal: Refusal | None = None) -> HttpResponse:
    lists = {
        "lying": at_station.to_hand_out(point.actor, point.at),
        "coming": at_station.coming(point.actor, point.at),
        "to_the_door": at_station.to_the_door(point.actor, point.at),
    }
    return point.show("parcels", lists, refusal=refusal)
