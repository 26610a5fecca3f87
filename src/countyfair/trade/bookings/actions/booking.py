"""Booking a service: an order whose places are of the days it is for."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.bookings.queries import Service, service
from countyfair.trade.bookings.rules import check_wish, code_of, days_of, hash_of
from countyfair.trade.logistics.rules import ON_SPOT
from countyfair.trade.orders.actions import Placed, place_order
from countyfair.trade.orders.rules.contact import Contact
from countyfair.trade.payments.gateways import gateway_called
from countyfair.trade.stock.queries.services import host_of


@verb
def book(
    actor: Actor,
    *,
    order_id: UUID,
    offer: UUID,
    first_on: date,
    days: int,
    places: int,
    contact: Contact,
    gateway: str,
    expected_total_fen: int,
) -> Placed:
    """Book so many places of a service on each of these days, all or none. The same again: the first answer.

    Args:
        order_id: made with the form.
        places: packs of the offer on each day, e.g. rooms.

    Raises:
        Missing: no such service.
        Invalid: a day, number or way to pay that cannot be, or the contact.
        SoldOut: a day has less; `details["lines"]` tells how many places all of the days have.
        Stale: the total is another by now.
        Conflict: it is not on sale, or the id was used for something else.
    """
    what = service(offer=offer)
    if what.kind != "service":
        raise Conflict(_("This is sold as goods: put it in the basket."), code="not_a_service")
    check_wish(first_on, days, places, today())
    if gateway_called(gateway).by_hand:
        raise Invalid(_("A booking is paid online. Choose another way to pay."), field="gateway")
    placed = place_order(
        actor,
        order_id=order_id,
        county=what.county,
        contact=contact,
        fulfilment=ON_SPOT,
        gateway=gateway,
        expected_total_fen=expected_total_fen,
        lines=[(offer, places * days)],
        destination=what.place,
        days=days_of(first_on, days),
    )
    _keep(order_id, what, first_on, days, places)
    return placed


def _keep(order: UUID, what: Service, first_on: date, days: int, places: int) -> None:
    """The booking beside its order; sent again, it is there already."""
    household = host_of(what.product).host
    if household is None:
        raise Conflict(_("This service has no open days."), code="not_on_sale")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_booking (order_id, county, product_id, household_id, first_on, days,"
            " places, terms_version, tiers, no_show_percent, code_hash, ended)"
            " VALUES (%s::uuid, %s, %s::uuid, %s::uuid, %s::date, %s, %s, %s, %s::jsonb, %s, %s, '')"
            " ON CONFLICT (order_id) DO NOTHING",
            [
                order, what.county, what.product, household, first_on, days, places, what.terms_version,
                json.dumps(what.rule.tiers), what.rule.no_show_percent, hash_of(code_of(order), household),
            ],
        )  # fmt: skip
