"""Placing an order: one statement reads what it rests on, one writes it, holds stock, asks for payment.

Neither is in a transaction of its own making: the second is one statement, and so one commit.
Rules decide in between; when the stock moved meanwhile, all is read and decided again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.place_code import Level, PlaceCode
from countyfair.kernel.refusal import Conflict, Invalid, SoldOut, Stale
from countyfair.kernel.rows import rows
from countyfair.kernel.seal import link_token
from countyfair.trade.logistics.rules import ON_SPOT
from countyfair.trade.orders.actions.freezing import PLACE, Wish, frozen, order_number
from countyfair.trade.orders.actions.lacking import cap_exceeded, in_trouble
from countyfair.trade.orders.queries.offered import Basis, basis
from countyfair.trade.orders.queries.quoting import with_promotions
from countyfair.trade.orders.rules.contact import Contact, checked
from countyfair.trade.orders.rules.quote import (
    Quote,
    later_lots,
    quote,
    with_freight,
)
from countyfair.trade.orders.rules.timing import pay_before
from countyfair.trade.payments.gateways import gateway_called
from countyfair.trade.payments.gateways.shape import Asked
from countyfair.trade.promotions.rules.making import tidy_code
from countyfair.trade.promotions.rules.refusing import used_up
from countyfair.trade.stock.rules import refusal_of

#: How often an order is decided anew when stock or a number was taken meanwhile.
ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Placed:
    """A placed order: `token` opens its page by a link, `intent` is what is to be paid.

    `asked` is what its payer was asked for just now; None in the answer to a form sent again, whose
    intent may be paid or over by now. Both are the same answer.
    """

    order: UUID
    number: str
    intent: UUID
    total_fen: int
    token: str
    asked: Asked | None = field(default=None, compare=False)


def place_order(
    actor: Actor,
    /,
    *,
    order_id: UUID,
    county: str,
    contact: Contact,
    fulfilment: str,
    gateway: str,
    expected_total_fen: int,
    basket: UUID | None = None,
    lines: Sequence[tuple[UUID, int]] | None = None,
    destination: str = "",
    station: UUID | None = None,
    outlet: str = "shop",
    coupon: str = "",
    days: Sequence[date] = (),
    group: UUID | None = None,
) -> Placed:
    """Place an order once, however often it is asked for; a verb whose write is one statement.

    Args:
        order_id: made with the checkout form. The same form again gets the first answer.
        county: the six digits of the one county it buys from.
        basket: the guest's basket; a member's is known by the actor. Ignored with `lines`.
        lines: (offer, packs) instead of a basket.
        destination: place code of the address, to the county at least; for a delivery. Where the buyer goes
            to, for a service.
        station: where it is picked up; for a pick-up.
        expected_total_fen: what the page said it costs.
        coupon: the code of a coupon, "" for none.
        group: the group that it joins, with one pack of its offer as the only line, of what is there already.
        outlet: `shop`, or `station` where an agent with `counter.take` orders for a villager.
        days: of a service, the days it is booked for, each taking the same part of its one line; its
            `fulfilment` is `on_spot`. Room `bookings` asks for it.

    Raises:
        Invalid: the contact, the destination, the station, the coupon, or too many packs of one kind.
        SoldOut: `details["lines"]` tells for each line in trouble how many packs are left.
        Invalid: the same of lines of which one buyer, with what was bought before, would have too many.
        Stale: the total is another by now (`details["total_fen"]`), or too many bought at once.
        Conflict: the id was used for something else, or something is no longer on sale.
        Forbidden: an outlet that needs a role.
    """
    wish = _checked(
        Wish(
            order_id,
            county,
            basket,
            _merged(lines),
            contact,
            fulfilment,
            destination,
            station,
            gateway,
            outlet,
            expected_total_fen,
            tidy_code(coupon)[:40],
            tuple(days),
            group,
        )
    )
    content = wish.content(actor)
    attempt, number = 0, 0
    while True:
        found = _read(actor, wish, ease=1 if attempt < 2 else 20)
        if found.known:
            return _first_answer(wish, found, content)
        priced = _priced(actor, wish, found, start=attempt * wish.order.int if attempt >= 2 else 0)
        try:
            return _write(actor, wish, found, priced, content, number)
        except (SoldOut, Stale):
            attempt += 1
            if attempt == ATTEMPTS:
                raise
        except _NumberTaken:
            number += 1


@dataclass(frozen=True, slots=True)
class _Written:
    """What `orders_place` answers."""

    number: str
    intent: UUID
    total_fen: int


class _NumberTaken(Exception):
    """Another order of the county bears the number that this one's id gave it."""


def _merged(lines: Sequence[tuple[UUID, int]] | None) -> tuple[tuple[UUID, int], ...] | None:
    if lines is None:
        return None
    sums: dict[UUID, int] = {}
    for offer, quantity in lines:
        if not 0 < quantity <= 999:
            raise Invalid(_("Choose between 1 and 999 packs."), field="quantity")
        sums[offer] = sums.get(offer, 0) + quantity
    return tuple(sums.items())


def _checked(wish: Wish) -> Wish:
    if not gateway_called(wish.gateway).offered:
        raise Invalid(_("This way to pay is not offered now. Choose another one."), field="gateway")
    contact = checked(wish.contact, wish.fulfilment)
    destination, station = wish.destination, wish.station
    if wish.fulfilment == "pickup":
        if station is None:
            raise Invalid(_("Choose the station where you want to pick it up."), field="station")
        destination = ""
    elif wish.fulfilment == ON_SPOT and wish.days:
        station = None
    elif wish.fulfilment == "delivery":
        station, code = None, PlaceCode(destination)
        if code.level < Level.COUNTY:
            raise Invalid(_("Choose the place down to the county at least."), field="place")
        destination = str(code)
    else:
        raise Invalid(_("Choose delivery or pick-up at a station."), field="fulfilment")
    return replace(wish, contact=contact, destination=destination, station=station)


def _read(actor: Actor, wish: Wish, ease: int) -> Basis:
    return basis(
        county=wish.county,
        moment=now(),
        order=wish.order,
        user=actor.user_id,
        basket=wish.basket,
        lines=wish.lines,
        station=wish.station,
        ease=ease,
        days=wish.days,
    )


def _first_answer(wish: Wish, found: Basis, content: str) -> Placed:
    known = found.known
    if known is None or known.content != content:
        raise Conflict(_("This form was sent before. Open the basket and order again."), code="id_used")
    return Placed(
        wish.order, known.number, known.intent, known.total_fen, link_token(str(wish.order), "order")
    )


def _priced(actor: Actor, wish: Wish, found: Basis, start: int) -> Quote:
    """The quote of this wish, when it is whole, and costs what the buyer was shown."""
    if wish.outlet != "shop":
        actor.require("counter.take", place=found.pickup.place if found.pickup else wish.county)
    if not found.wanted:
        raise Invalid(_("Your basket is empty."), code="empty")
    if found.terms is None:
        raise Conflict(_("This county does not sell yet."), code="no_terms")
    if wish.station and (found.pickup is None or not found.pickup.is_open):
        raise Invalid(_("This station is closed. Choose another one."), field="station")
    if len({offered.currency for offered, _quantity in found.wanted}) > 1:
        raise Conflict(_("These goods are sold in different currencies. Order them one by one."))
    wanted = found.wanted if wish.days else later_lots(found.wanted, start)
    goods = quote(wanted, moment=now(), outlet=wish.outlet, days=wish.days)
    if goods.in_trouble:
        raise in_trouble(goods)
    if wish.group and [(line.quantity, line.offered.expected_on) for line in goods.lines] != [(1, None)]:
        raise Invalid(_("A group is joined with one pack of its goods."), code="group_goods")
    goods = with_promotions(goods, county=wish.county, coupon=wish.coupon, group=wish.group)
    whole = with_freight(
        goods,
        found.freight,
        fulfilment=wish.fulfilment,
        destination=found.pickup.place if found.pickup else wish.destination,
    )
    if whole.total_fen != wish.expected_total_fen:
        raise Stale(
            _("The price has changed since you opened this page. Look at the new total and confirm it."),
            code="total_changed",
            details={"total_fen": whole.total_fen},
        )
    return whole


def _write(
    actor: Actor, wish: Wish, found: Basis, priced: Quote, content: str, number_attempt: int
) -> Placed:
    moment = now()
    number = order_number(wish.order, moment, number_attempt)
    params = frozen(actor, wish, found, priced, moment=moment, number=number, content=content)
    inside = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with inside:
            (written,) = rows(PLACE, params, into=_Written, keep_plan=True)
    except DatabaseError as error:
        refusal = _refusal(error, priced, of_group=wish.group is not None)
        if refusal is None:
            raise
        raise refusal from error
    by_hand = gateway_called(wish.gateway).by_hand
    asked = Asked(
        written.intent,
        str(wish.order),
        written.total_fen,
        priced.lines[0].offered.currency,
        pay_before(moment, by_hand=by_hand),
        written.number,
    )
    token = link_token(str(wish.order), "order")
    return Placed(wish.order, written.number, written.intent, written.total_fen, token, asked)


def _refusal(error: DatabaseError, priced: Quote, *, of_group: bool) -> Exception | None:
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if getattr(diagnosis, "constraint_name", None) == "order_number":
        return _NumberTaken()
    if getattr(cause, "sqlstate", None) == "PR001":
        return used_up(by_buyer=getattr(diagnosis, "message_detail", None) == "buyer", of_group=of_group)
    if getattr(cause, "sqlstate", None) == "OR002":
        return cap_exceeded(priced, dict(json.loads(getattr(diagnosis, "message_detail", None) or "[]")))
    if getattr(cause, "sqlstate", None) == "OR409":
        return Conflict(_("This form was sent before. Open the basket and order again."), code="id_used")
    return refusal_of(error)
