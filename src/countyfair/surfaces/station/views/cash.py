"""Cash over the counter: taken for orders, handed back for what was cancelled or returned."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Invalid, Missing, Refusal
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.orders.queries import at_counter
from countyfair.trade.orders.queries.at_counter import CashBack
from countyfair.trade.orders.queries.at_station import StationOrder
from countyfair.trade.payments import actions


@page("counter.take")
def waiting(point: Point) -> HttpResponse:
    """Which order is paid? By the number that the buyer shows, or from the list."""
    number = Given(point.request.GET).text("number", most=40)
    refusal: Refusal | None = None
    if "number" in point.request.GET:
        try:
            if not number:
                raise Invalid(_("Write the number of the order."), field="number")
            found = at_counter.payable_by_number(point.actor, point.at, number=number)
            return point.go("take_cash", found.id)
        except (Invalid, Missing) as told:
            refusal = type(told)(told.sentence, field="number")
    orders = at_counter.to_be_paid(point.actor, point.at, moment=now())
    return point.show("cash", {"orders": orders, "asked": number}, refusal=refusal)


@page("counter.take")
def take(point: Point, order: UUID) -> HttpResponse:
    """The sum, asked once more; afterwards the receipt."""
    row = at_counter.payable(point.actor, point.at, order_id=order)
    if not point.sent:
        return _counter(point, row)
    try:
        actions.take_cash(point.actor, intent=row.intent, station=point.at.id)
    except Correctable as refusal:
        return _counter(point, at_counter.payable(point.actor, point.at, order_id=order), refusal)
    return point.go("take_cash", order, said=_("Paid."))


@page("counter.refund")
def refunds(point: Point) -> HttpResponse:
    """Whose money goes back? From the list, or by the number of the order."""
    number = Given(point.request.GET).text("number", most=40)
    found = at_counter.cash_back(point.actor, point.at, number=number)
    refusal = (
        Missing(_("No cash is owed back for this number. Look at it again."), field="number")
        if number and not found
        else None
    )
    return point.show("refunds", {"refunds": found, "asked": number}, refusal=refusal)


@page("counter.refund")
def hand_back(point: Point, refund: UUID) -> HttpResponse:
    """The sum to hand back, asked once more; afterwards the receipt."""
    row = _owed(point, refund)
    if not point.sent:
        return _back(point, row)
    try:
        actions.hand_back_cash(point.actor, refund=refund, station=point.at.id)
    except Correctable as refusal:
        return _back(point, _owed(point, refund), refusal)
    return point.go("hand_back", refund, said=_("Handed back."))


def _owed(point: Point, refund: UUID) -> CashBack:
    found = at_counter.cash_back(point.actor, point.at, refund=refund)
    if not found:
        raise Missing(_("There is no such money to hand back in this county."))
    return found[0]


def _counter(point: Point, row: StationOrder, refusal: Refusal | None = None) -> HttpResponse:
    return point.show("take_cash", {"order": row}, refusal=refusal)


def _back(point: Point, row: CashBack, refusal: Refusal | None = None) -> HttpResponse:
    return point.show("hand_back", {"refund": row}, refusal=refusal)
