"""One order with all that hangs on it, and the verbs that its state allows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Missing, Refusal, Sentence
from countyfair.registers.people.queries.colleagues import colleagues
from countyfair.registers.people.sms import NotSent
from countyfair.surfaces import ui
from countyfair.surfaces.centre.desk import Desk, page
from countyfair.surfaces.centre.words import (
    BENEFICIARIES,
    CLAIMS,
    FULFILMENTS,
    GATEWAYS,
    INTENTS,
    ORDERS,
    OUTLETS,
    PARCELS,
    REFUNDS,
    STEPS,
)
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.catalog.rules.outlets import OUTSIDE
from countyfair.trade.logistics.rules import reasons
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries.claims import claims_on
from countyfair.trade.orders.queries.contact_reads import ContactReadRow, contact_reads
from countyfair.trade.orders.queries.discounts import taken_off
from countyfair.trade.orders.queries.marks import marks_on
from countyfair.trade.orders.rules.claims import KINDS
from countyfair.trade.orders.rules.contact import PURPOSES, Contact
from countyfair.trade.orders.rules.reasons import in_words


@page("orders.read")
def order(desk: Desk, key: UUID) -> HttpResponse:
    """One order: lines, shares, timeline, parcels, payment, refunds."""
    return _order(desk, key)


@page("orders.cancel")
def cancel(desk: Desk, key: UUID) -> HttpResponse:
    """Call an order off, with a reason; what was paid goes back."""

    def act(given: Given) -> Sentence:
        reason = given.text("reason", most=200, need=_("Say why, in a few words."))
        given.stop()
        actions.cancel(
            desk.actor, order_id=key, reason=reason, goods_are_back=given.text("goods_are_back") == "1"
        )
        return _("The order is cancelled.")

    return _form(desk, key, "order_cancel", ("cancel",), act)


@page("orders.refund")
def refund(desk: Desk, key: UUID) -> HttpResponse:
    """Give back part or all of a delivered order, line by line."""

    def act(given: Given) -> Sentence:
        reason = given.text("reason", most=200, need=_("Say why, in a few words."))
        parts = _parts(given, own_order(desk, key))
        given.stop()
        if not parts:
            raise Invalid(_("Write how much goes back: more than nothing."), field="reason")
        actions.refund(desk.actor, order_id=key, refund_id=ui.once(desk.request), parts=parts, reason=reason)
        return _("The money goes back.")

    return _form(desk, key, "order_refund", ("refund", "refund_all"), act)


@page("orders.pack")
def pack(desk: Desk, key: UUID) -> HttpResponse:
    """Pack an order at the centre: what the parcel weighs, and what each line sold by weight really is."""

    def act(given: Given) -> Sentence:
        weight = given.amount("weight", "g")
        lines = [line for line in own_order(desk, key).lines if line.sold_by == "weight"]
        weights = {line.id: given.amount(f"weight_{line.id}", line.unit) for line in lines}
        given.stop()
        packed = actions.pack(
            desk.actor, order_id=key, parcel=ui.once(desk.request), weight_g=weight, weights=weights,
            lighter_agreed=bool(given.text("lighter")),
        )  # fmt: skip
        return _("Packed. Waybill %(waybill)s.") % {"waybill": packed.waybill}

    return _form(desk, key, "order_pack", ("pack",), act)


@page("orders.hand_over")
def hand_over(desk: Desk, key: UUID) -> HttpResponse:
    """Give a packed order to the carrier: the county's own, or the one that is named with its waybill."""
    given = Given(desk.request.POST)
    carrier, waybill = given.text("carrier"), given.text("waybill")
    done = _("The order is on its way.")

    def act() -> None:
        actions.hand_over(desk.actor, order_id=key, carrier=carrier, waybill=waybill)

    return _press(desk, key, act, done)


@page("orders.deliver")
def deliver(desk: Desk, key: UUID) -> HttpResponse:
    """Put on record that the buyer has the goods, and by what it is known."""

    def act(given: Given) -> Sentence:
        evidence = given.text("evidence", most=200, need=_("Say how you know: who signed, what was shown."))
        given.stop()
        actions.deliver(desk.actor, order_id=key, evidence=evidence)
        return _("The order is delivered.")

    return _form(desk, key, "order_deliver", ("deliver",), act)


@page("orders.deliver")
def again(desk: Desk, key: UUID) -> HttpResponse:
    """What was tried in vain goes out once more."""
    return _press(desk, key, lambda: actions.send_out_again(desk.actor, order_id=key), _("It is out again."))


@page("orders.return")
def returned(desk: Desk, key: UUID) -> HttpResponse:
    """What was tried in vain is back: the goods are good or written off, the money goes to the buyer."""

    def act(given: Given) -> Sentence:
        reason = given.text("reason", most=200, need=_("Say why, in a few words."))
        fate = given.text("fate", need=_("Choose what becomes of the goods."))
        given.stop()
        actions.return_to_sender(desk.actor, order_id=key, reason=reason, goods_are_good=fate != "spoilt")
        return _("It is back. The buyer gets all of the money.")

    return _form(desk, key, "order_returned", ("return_to_sender",), act)


@page("orders.pack")
def receiver(desk: Desk, key: UUID) -> HttpResponse:
    """Open who receives an order: shown once, and put on record."""
    own_order(desk, key)
    try:
        contact = actions.open_contact(desk.actor, order_id=key, purpose="desk")
    except Correctable as refusal:
        return _order(desk, key, refusal)
    return _order(desk, key, contact=contact)


@page("orders.deliver")
def tell_code(desk: Desk, key: UUID) -> HttpResponse:
    """Send the pick-up code to the buyer's phone once more."""
    sent = _("The code is on its way to the buyer's phone.")
    return _press(desk, key, lambda: actions.tell_code(desk.actor, order_id=key), sent)


def _press(desk: Desk, key: UUID, act: Callable[[], None], done: Sentence) -> HttpResponse:
    """A button without questions."""
    own_order(desk, key)
    try:
        act()
    except (*Correctable, NotSent) as refusal:
        return _order(desk, key, refusal)
    return desk.go("order", key, said=done)


def _form(
    desk: Desk, key: UUID, template: str, verbs: tuple[str, ...], act: Callable[[Given], Sentence]
) -> HttpResponse:
    """A page that asks for what a verb needs, and calls it; the order's state decides whether it is shown."""
    row = own_order(desk, key)

    def show(refusal: Refusal | None) -> HttpResponse:
        if refusal is not None:
            return _asking(desk, own_order(desk, key), template, refusal)
        if not set(verbs) & set(row.verbs):
            raise Missing(_("This cannot be done to the order as it stands. Look at it again."))
        return _asking(desk, row, template)

    return desk.asks(show, lambda given: desk.go("order", key, said=act(given)))


def _asking(
    desk: Desk, row: queries.OrderShown, template: str, refusal: Refusal | None = None
) -> HttpResponse:
    tried = sum(scan.kind == "failed" for parcel in row.parcels for scan in parcel.scans)
    context = {
        "order": row, "tried": tried, "typed": desk.request.POST, "once": desk.request.POST.get("once"),
        "said": said, "states": ORDERS, "too_light": refusal is not None and refusal.code == "too_light",
    }  # fmt: skip
    return desk.show(template, context, refusal=refusal)


def _parts(given: Given, row: queries.OrderShown) -> list[actions.Part]:
    parts = []
    for line in row.lines:
        amount = given.money_if_any(f"amount_{line.id}")
        packs = given.whole(f"packs_{line.id}") if given.text(f"packs_{line.id}") else 0
        if packs > line.quantity:
            given.errors.append((f"packs_{line.id}", _("More packs than were sold.")))
        if amount is not None and amount.minor:
            restock = given.text(f"restock_{line.id}") == "1"
            parts.append(actions.Part(line.id, amount.minor, packs, restock))
    freight = given.money_if_any("amount_freight")
    if freight is not None and freight.minor:
        parts.append(actions.Part(None, freight.minor))
    return parts


def own_order(desk: Desk, key: UUID) -> queries.OrderShown:
    """The order of this address, of this county.

    Raises:
        Missing: there is none, or none in this county.
    """
    return desk.own(lambda: queries.order(desk.actor, order_id=key), lambda row: row.county)


def _order(
    desk: Desk, key: UUID, refusal: Refusal | None = None, contact: Contact | None = None
) -> HttpResponse:
    row = own_order(desk, key)
    opened = _opened(desk, key)
    scans = [scan for parcel in row.parcels for scan in parcel.scans]
    acted = [step.actor for step in row.steps] + [scan.actor for scan in scans]
    acted += [read.actor for read in opened]
    return desk.show(
        "order",
        {
            "order": row,
            "outlets": OUTLETS,
            "outside": OUTSIDE,
            "typed": desk.request.POST,
            "contact": contact,
            "opened": opened,
            "less": taken_off(row),
            "marks": marks_on(row),
            "claims": [one for one in claims_on(desk.actor, order=row).claims if one.state != "begun"],
            "claim_states": CLAIMS,
            "claim_kinds": KINDS,
            "purposes": PURPOSES,
            "has_code": row.fulfilment == "pickup" and row.state in ("packed", "handed_over"),
            "people": colleagues(desk.actor, county=desk.county, keys=acted),
            "states": ORDERS,
            "ways": FULFILMENTS,
            "gateways": GATEWAYS,
            "intents": INTENTS,
            "parcels": PARCELS,
            "refunds": REFUNDS,
            "verbs": STEPS,
            "beneficiaries": BENEFICIARIES,
            "said": said,
            "in_words": in_words,
            "why_failed": reasons.in_words,
        },
        codes=[
            row.destination, row.origin_place, *(line.place for line in row.lines),
            *(scan.place for scan in scans),
        ],
        refusal=refusal,
    )  # fmt: skip


def _opened(desk: Desk, key: UUID) -> list[ContactReadRow]:
    """Who opened its contact; none for who may not know."""
    if not desk.may("audit.read"):
        return []
    return contact_reads(desk.actor, county=desk.county, order_id=key)
