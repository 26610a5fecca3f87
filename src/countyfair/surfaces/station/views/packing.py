"""Paid orders: packed, weighed, labelled, and given to the round."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal
from countyfair.registers.places import queries as places
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.station.words import STATES
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.surfaces.ui.papers import Label, Slip, qr
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import at_station
from countyfair.trade.orders.queries.at_station import StationOrder
from countyfair.trade.trace.queries import addresses

#: Lengths of the codes of a place, province first.
STEPS = (2, 4, 6, 9, 12)


@page("orders.pack")
def waiting(point: Point) -> HttpResponse:
    """What is to be packed, the longest waiting first."""
    return point.show("pack_list", {"orders": at_station.to_pack(point.actor, point.at)})


@page("orders.pack")
def pack(point: Point, order: UUID) -> HttpResponse:
    """What goes into the parcel, and what it weighs. The form's id becomes the parcel's."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    if not point.sent:
        return _packing(point, row) if row.state == "paid" else point.go("order", order)
    given = Given(point.request.POST)
    try:
        parcel = ui.once(point.request)
        weights = {
            line.id: given.quantity(f"weight-{line.id}", "g", "g").amount
            for line in row.lines
            if line.sold_by == "weight"
        }
        weight_g = given.quantity("weight", "g", "g").amount
        given.stop()
        actions.pack(
            point.actor, order_id=order, parcel=parcel, weight_g=weight_g, weights=weights,
            lighter_agreed=bool(given.text("lighter")),
        )  # fmt: skip
    except Conflict as refusal:
        if row.state == "paid":
            return _packing(point, row, refusal)
        return point.go("order", order, said=_("This order was packed before."), kind="info")
    except Invalid as refusal:
        return _packing(point, row, refusal)
    return point.go("order", order, said=_("Packed."))


@page("orders.deliver")
def order(point: Point, order: UUID) -> HttpResponse:
    """One order: where it stands, and what may be done with it next."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    return point.show("order", {"order": row, "states": STATES, "packs_here": packs_here(point, row)})


@page("orders.pack")
def label(point: Point, order: UUID) -> HttpResponse:
    """What is stuck on the parcel, 76 by 130 millimetres: its receiver is opened by a press, on record."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    if row.state not in ("packed", "handed_over") or not packs_here(point, row):
        raise Missing(_("There is a label for what is packed here and on its way."))
    if not point.sent:
        return point.go("order", order)
    receiver = actions.open_contact(point.actor, order_id=order, purpose="label")
    codes = [row.destination[:length] for length in STEPS if len(row.destination) >= length]
    names = places.names(set(codes))
    drawn = Label(
        waybill=row.waybill,
        number=row.number,
        weight_g=row.weight_g,
        goal=said(row.station_name, row.station_name_en) if row.fulfilment == "pickup" else "",
        way=" ".join(dict.fromkeys(names[code] for code in codes if code in names)),
        name=receiver.name,
        phone=receiver.phone,
        address=receiver.address,
        note=receiver.note,
        sender=said(point.at.name, point.at.name_en),
        sender_phone=point.at.phone,
        qr=qr(row.waybill),
        origin_qr=qr(addresses().parcel(point.at.county, row.waybill)),
        marks=tuple(dict.fromkeys(said(line.mark_zh, line.mark_en) for line in row.lines if line.mark_zh)),
    )
    return point.show("label", {"order": row, "label": drawn})


@page("orders.pack")
def parcel_slip(point: Point, order: UUID) -> HttpResponse:
    """What lies in the parcel, without prices; of a gift with its greeting, opened by a press, on record."""
    row = at_station.order_at(point.actor, point.at, order_id=order)
    if row.state not in ("paid", "packed", "handed_over") or not packs_here(point, row):
        raise Missing(_("There is a slip for what is packed here and not delivered yet."))
    if not point.sent:
        return point.go("order", order)
    gift = actions.open_contact(point.actor, order_id=order, purpose="gift_slip").gift if row.gift else None
    drawn = Slip(
        number=row.number,
        sender=said(point.at.name, point.at.name_en),
        goods=tuple(
            (said(line.name_zh, line.name_en), said(line.label_zh, line.label_en), line.quantity)
            for line in row.lines
        ),
        name=gift.name if gift else "",
        greeting=gift.greeting if gift else "",
    )
    return point.show("parcel_slip", {"order": row, "slip": drawn})


@page("orders.hand_over")
def hand_over(point: Point) -> HttpResponse:
    """What the courier takes along: one parcel or many."""
    lying = at_station.to_hand_over(point.actor, point.at)
    if not point.sent:
        return point.show("round", {"orders": lying, "ticked": {row.id for row in lying}})
    ticked = {parse_uuid(text) for text in point.request.POST.getlist("order")} - {None}
    try:
        if not ticked:
            raise Invalid(_("Tick the parcels that the courier takes."), field="order")
        gone = sum(_hand_over(point, row.id) for row in lying if row.id in ticked)
    except Correctable as refusal:
        return point.show("round", {"orders": lying, "ticked": ticked}, refusal=refusal)
    if not gone:
        return point.go("round", said=_("These parcels were handed over before."), kind="info")
    done = ngettext("%(count)d parcel handed over.", "%(count)d parcels handed over.", gone)
    return point.go("round", said=done % {"count": gone})


def packs_here(point: Point, row: StationOrder) -> bool:
    """Whether this station packs the order, rather than only giving it out."""
    return row.origin == point.at.id or (row.origin is None and point.at.kind == "centre")


def _hand_over(point: Point, key: UUID) -> bool:
    """Whether it was handed over just now; somebody else may have been quicker."""
    try:
        actions.hand_over(point.actor, order_id=key)
    except Conflict as refusal:
        if refusal.details.get("state") in ("handed_over", "delivered", "completed", "cancelled"):
            return False
        raise
    return True


def _packing(point: Point, row: StationOrder, refusal: Refusal | None = None) -> HttpResponse:
    too_light = refusal is not None and refusal.code == "too_light"
    return point.show("pack", {"order": row, "too_light": too_light}, refusal=refusal)
