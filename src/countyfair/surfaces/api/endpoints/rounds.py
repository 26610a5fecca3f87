"""What a courier does with the parcels of the round."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.refusal import Forbidden, Invalid
from countyfair.surfaces.api import cursors
from countyfair.surfaces.api.cursors import Cursor, Limit, Page
from countyfair.surfaces.api.endpoints.stations import FailAsked
from countyfair.surfaces.api.routes import Call, Routes
from countyfair.surfaces.api.shapes import Given, Text, paged, shape
from countyfair.surfaces.courier.views import CARRIES
from countyfair.trade.logistics import actions as logistics
from countyfair.trade.orders import actions
from countyfair.trade.orders.queries import rounds
from countyfair.trade.orders.queries.rounds import ToBring
from countyfair.trade.orders.rules.contact import Contact

routes = Routes()

ROUND = paged("ToBringOut", ToBring)
CONTACT = shape("Contact", Contact)


class DeliveredSaid(Given):
    """Who took it, or what was seen."""

    evidence: Annotated[Text, Field(min_length=1, max_length=200)]


@routes.reads("/round", ROUND, scope="orders.write")
def my_round(call: Call, cursor: Cursor = "", limit: Limit = 60) -> Page[ToBring]:
    """What is out: doors by place, then stations."""
    _carrier(call)
    rows = rounds.to_bring(call.actor, after=cursors.key(cursor), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: (row.order,))


@routes.writes("/round/{order}/call", CONTACT, scope="orders.write")
def whom_to_call(call: Call, order: UUID) -> Contact:
    """Open whom to call and which door it is; it is put on record."""
    _brought(call, order)
    return actions.open_contact(call.actor, order_id=order, purpose="deliver")


@routes.writes("/round/{order}/delivered", scope="orders.write")
def delivered(call: Call, order: UUID, body: DeliveredSaid) -> None:
    """Somebody has it."""
    _brought(call, order)
    actions.deliver(call.actor, order_id=order, evidence=body.evidence)


@routes.writes("/round/{order}/failed", scope="orders.write")
def failed_at_door(call: Call, order: UUID, body: FailAsked) -> None:
    """Nobody has it, and why."""
    _brought(call, order)
    actions.fail_delivery(call.actor, order_id=order, reason=body.reason, note=body.note)


@routes.writes("/round/{order}/again", scope="orders.write")
def goes_along_again(call: Call, order: UUID) -> None:
    """It goes along once more."""
    _brought(call, order)
    actions.send_out_again(call.actor, order_id=order)


@routes.writes("/round/{order}/arrived", scope="orders.write")
def left_at_station(call: Call, order: UUID) -> None:
    """It lies at the station where its buyer picks it up."""
    row = _brought(call, order)
    if row.station is None:
        raise Invalid(_("This parcel goes to a door."))
    logistics.arrive(call.actor, parcel=row.parcel, station=row.station)


def _carrier(call: Call) -> None:
    if not call.actor.holds(CARRIES):
        raise Forbidden(_("You deliver nothing here. Ask your county centre."))


def _brought(call: Call, order: UUID) -> ToBring:
    _carrier(call)
    return rounds.brought(call.actor, order_id=order)
