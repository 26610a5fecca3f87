"""From a paid order to delivered goods: packed, handed to a carrier, given to the buyer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.logistics.rules import ON_SPOT
from countyfair.trade.orders.actions.advancing import advance, holders, locked
from countyfair.trade.orders.actions.billing import give_rest_back, weigh
from countyfair.trade.orders.events import Delivered, HandedOver, Packed
from countyfair.trade.orders.models import Allotment, Line, Order
from countyfair.trade.stock import actions as stock

#: Jars and ice may weigh more than what they hold: so many times the goods, and this on top, are believed.
MOST_WRAPPING, WRAPPING_G = 10, 20_000


@verb
def pack(
    actor: Actor,
    *,
    order_id: UUID,
    parcel: UUID,
    weight_g: int,
    weights: Mapping[UUID, int] | None = None,
    lighter_agreed: bool = False,
) -> logistics.Packed:
    """Put a paid order into a parcel; answers its waybill and pick-up code. Pressed again, the same.

    Args:
        parcel: the parcel's key, made with the packing form.
        weight_g: what the whole parcel weighs.
        weights: base units really packed, by line; needed for every line sold by weight, and billed.
        lighter_agreed: lines that are lighter than the buyer accepted go out all the same.

    Raises:
        Forbidden: no `orders.pack` where it is packed.
        Missing, Conflict: no such order, it is not waiting to be packed, or some of it was recalled.
        Invalid: a weight is missing, cannot be, or is lighter than was accepted; or the lots of a line that
            weighs more have no more (`actions.billing`).
    """
    order = locked(order_id)
    if order.state == "packed" and any(row.id == parcel for row in parcels_of([str(order_id)])):
        return _parcel(actor, order, parcel, weight_g)
    advance(actor, order, "pack")
    _believe(order, weight_g)
    weigh(actor, order, weights or {}, lighter_agreed=lighter_agreed)
    packed = _parcel(actor, order, parcel, weight_g)
    announce(Packed(order.id), county=order.county)
    return packed


@verb
def hand_over(actor: Actor, *, order_id: UUID, carrier: str = "", waybill: str = "") -> None:
    """Give a packed order to the carrier: its goods leave the stock.

    Args:
        carrier, waybill: another carrier than the county's, and its number for the parcel.

    Raises:
        Forbidden: no `orders.hand_over` where it is packed.
        Missing, Conflict: no such order, or it is not packed.
        Invalid: a carrier without a waybill, or a waybill that another parcel bears.
    """
    order = locked(order_id)
    advance(actor, order, "hand_over")
    if carrier or waybill:
        for row in parcels_of([str(order_id)]):
            logistics.name_carrier(actor, parcel=row.id, carrier=carrier, waybill=waybill)
    _send(actor, order)
    for parcel in parcels_of([str(order_id)]):
        logistics.hand_over(actor, parcel=parcel.id, place=order.origin_place, station=order.origin_id)
    announce(HandedOver(order.id), county=order.county)


@verb
def deliver(actor: Actor, *, order_id: UUID, code: str = "", evidence: str = "") -> None:
    """The buyer has the goods: the return window opens.

    Args:
        code: the pick-up code that the buyer said.
        evidence: what was looked at instead, or who signed for a delivery.

    Raises:
        Forbidden: no `orders.deliver` where it goes to; for what is picked up, no `orders.hand_out` there.
        Missing, Conflict: no such order, or it is not on its way.
        Invalid: a wrong code and no evidence.
    """
    order = locked(order_id)
    was = order.state
    advance(actor, order, "deliver")
    if was == "packed":
        _send(actor, order)
    for parcel in parcels_of([str(order_id)]):
        logistics.deliver(
            actor,
            parcel=parcel.id,
            place=order.destination,
            station=order.station_id,
            code=code,
            evidence=evidence,
        )
    announce(Delivered(order.id, now()), county=order.county)


@verb
def serve(actor: Actor, *, order_id: UUID, reason: str = "") -> None:
    """The buyer of a service had it, or may not have it back any more: the return window opens.

    For the house itself: room `bookings` decides when.

    Args:
        reason: why, where it was not redeemed.

    Raises:
        Forbidden: anybody else.
        Missing, Conflict: no such order, it is none on the spot, or it is not paid or served already.
    """
    order = locked(order_id)
    if order.fulfilment != ON_SPOT:
        raise Conflict(_("This order is sent or picked up: it is not redeemed on the spot."))
    advance(actor, order, "serve", reason=reason)
    stock.dispatch(actor, holders=holders(order))
    announce(Delivered(order.id, now()), county=order.county)


def _send(actor: Actor, order: Order) -> None:
    """The goods leave the house; what was not packed of them stays."""
    stock.dispatch(actor, holders=holders(order))
    give_rest_back(actor, order)


def _believe(order: Order, weight_g: int) -> None:
    """Refuse what is not harvested yet, and what a slipped point or another unit makes of a weight."""
    fields = ("id", "unit", "quantity", "content_amount", "expected_on")
    lines = list(Line.objects.filter(order_id=order.id).values_list(*fields))
    if ahead := [line for line, *_rest, expected_on in lines if expected_on is not None]:
        _allotted(ahead)
    if any(unit != "g" for _line, unit, *_rest in lines):
        return
    goods_g = sum(packs * content for _line, _unit, packs, content, _expected in lines)
    if weight_g > MOST_WRAPPING * goods_g + WRAPPING_G:
        raise Invalid(
            _("%(weight)s kg for goods of %(goods)s kg cannot be right. Look at the figure and its unit.")
            % {"weight": f"{weight_g / 1000:g}", "goods": f"{goods_g / 1000:g}"},
            field="weight",
        )


def _allotted(lines: Sequence[UUID]) -> None:
    """Raises Conflict while the harvest of one of these lines is not weighed and allotted."""
    if Allotment.objects.filter(line_id__in=lines).count() < len(lines):
        raise Conflict(_("It is sold ahead: its harvest is not weighed and allotted yet."), code="expected")


def _parcel(actor: Actor, order: Order, parcel: UUID, weight_g: int) -> logistics.Packed:
    return logistics.pack_parcel(
        actor, parcel=parcel, county=order.county, reference=str(order.id), weight_g=weight_g,
        destination=order.destination, station=order.station_id, place=order.origin_place,
    )  # fmt: skip
