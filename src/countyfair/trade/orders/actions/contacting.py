"""Opening who receives an order, and telling them their code: a write, since each opening is kept."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.seal import unseal
from countyfair.kernel.verbs import verb
from countyfair.registers.people import sms
from countyfair.registers.stations import queries as stations
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders.actions.advancing import locked, standing
from countyfair.trade.orders.models import Contact as Kept
from countyfair.trade.orders.models import ContactRead, Order
from countyfair.trade.orders.rules.contact import (
    PURPOSES,
    TELL_CODE,
    TELLING_COUNTED,
    Contact,
    told_too_often,
)


@verb
def open_contact(actor: Actor, *, order_id: UUID, purpose: str) -> Contact:
    """Who receives an order, for a purpose of `rules.contact.PURPOSES`; who asked, and for what, is kept.

    Of a gift, who brings it is shown who gets it and nothing of the buyer.

    Raises:
        Missing: no such order.
        Forbidden: the purpose's power is held at none of its places.
        Invalid: no such purpose.
        Conflict: the order stands where this purpose has no need of it, or the contact was erased.
    """
    contact = _opened(actor, order_id, purpose)
    return contact.receiver if PURPOSES[purpose].receiver else contact


def tell_code(actor: Actor, *, order_id: UUID) -> None:
    """Send the pick-up code once more: to the buyer's phone, or to that of who gets it as a gift.

    Nobody who works here gets to see either.

    The try is on record before the provider is asked, and counts whatever it answers: one that sends and
    answers with an error is not asked for ever. Nothing is locked while it takes its time.

    Raises:
        Missing: no such order.
        Forbidden: no `orders.deliver` where it is packed or picked up.
        Conflict: it has no code, is not waiting to be fetched, or the code was sent too often already.
        NotSent: the provider did not say that it took the message.
    """
    message = _message(actor, order_id=order_id)
    try:
        sms.send(message)
    except sms.NotSent as unsure:
        raise sms.NotSent(
            _("Nobody confirmed the message: it may not arrive. Ask the buyer, or try again in two minutes.")
        ) from unsure


@verb
def _message(actor: Actor, *, order_id: UUID) -> sms.Message:
    """What is to be sent, with its line in the log."""
    order = locked(order_id)
    since = now() - TELLING_COUNTED
    before = ContactRead.objects.filter(order_id=order_id, purpose=TELL_CODE, at__gt=since)
    told = list(before.values_list("at", flat=True))
    contact = _opened(actor, order_id, TELL_CODE)
    codes = [parcel.pickup_code for parcel in parcels_of([str(order_id)]) if parcel.pickup_code]
    if not codes or order.station_id is None:
        raise Conflict(_("This order has no pick-up code."), code="no_code")
    if told_too_often(told, now()):
        raise Conflict(
            _("The code was sent or tried a moment ago, or three times today. Ask the buyer, or wait."),
            code="too_often",
        )
    where = stations.station(order.station_id).name
    with translation.override(settings.LANGUAGE_CODE):
        return sms.pickup_code(contact.receiver.phone or contact.phone, codes[-1], order.number, where)


def _opened(actor: Actor, order_id: UUID, purpose: str) -> Contact:
    row = PURPOSES.get(purpose)
    if row is None:
        raise Invalid(_("Say for which purpose you open this contact."), field="purpose")
    kept = Kept.objects.select_related("order").filter(order_id=order_id).first()
    if kept is None:
        raise Missing(_("There is no such order."))
    order: Order = kept.order
    places = standing(actor, order).places.of(row.where)
    if not any(actor.may(power, place=place) for power in row.powers for place in places):
        raise Forbidden(_("Your role does not allow this for this order."))
    if order.state not in row.states:
        raise Conflict(_("Nobody needs to be called for this order now."), details={"state": order.state})
    if kept.erased_at is not None:
        raise Conflict(_("Name and address of this order have been erased."), code="erased")
    ContactRead.objects.create(id=uuid7(), order_id=order_id, county=order.county, purpose=purpose, at=now())
    return Contact.from_text(unseal(kept.sealed, "order.contact"))
