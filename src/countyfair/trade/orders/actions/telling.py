"""Telling buyers and stations: who is reached how is opened at sending only, and put on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import COUNTY_ZONE, now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Forbidden
from countyfair.kernel.seal import unseal
from countyfair.kernel.verbs import verb
from countyfair.registers.notices import actions as notices
from countyfair.registers.notices.actions import Address, News
from countyfair.registers.people.queries.reaching import addresses_of
from countyfair.trade.logistics.queries import parcels_of
from countyfair.trade.orders.models import Contact as Kept
from countyfair.trade.orders.models import ContactRead
from countyfair.trade.orders.queries.told import groups_nearly_over, work_waiting
from countyfair.trade.orders.rules.contact import TELL_NEWS, Contact
from countyfair.trade.orders.rules.news import until

#: The digest of a station's work goes out from this time of its day on.
MORNING = time(7)


@verb
def addresses(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Address]:
    """Where the buyers of these orders are reached, and the pick-up code that only they may know.

    Each opening is on record. Who was erased is left out.

    Raises:
        Forbidden: anybody but the house itself.
    """
    kept = _opened(actor, keys)
    codes = _codes(kept)
    members = {
        row.id: row
        for row in addresses_of(actor, users=[one.order.buyer_id for one in kept if one.order.buyer_id])
    }
    found = {}
    for one in kept:
        member = members.get(one.order.buyer_id) if one.order.buyer_id else None
        found[one.order_id] = Address(
            phone=Contact.from_text(unseal(one.sealed, "order.contact")).phone,
            email=member.email if member else "",
            language=member.language if member else "",
            secrets={"code": codes.get(str(one.order_id), "")},
        )
    return found


@verb
def gift_addresses(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Address]:
    """Where those are reached who get these orders as gifts, their pick-up code, and who gives it.

    Each opening is on record. Who was erased, or gave no phone, is left out.

    Raises:
        Forbidden: anybody but the house itself.
    """
    kept = _opened(actor, keys)
    codes = _codes(kept)
    found = {}
    for one in kept:
        contact = Contact.from_text(unseal(one.sealed, "order.contact"))
        if contact.gift and contact.gift.phone:
            secrets = {"code": codes.get(str(one.order_id), ""), "giver": contact.name}
            found[one.order_id] = Address(phone=contact.gift.phone, secrets=secrets)
    return found


def _opened(actor: Actor, keys: Sequence[UUID]) -> list[Kept]:
    if not actor.everything:
        raise Forbidden(_("Your role does not allow this here."))
    kept = list(Kept.objects.select_related("order").filter(order_id__in=list(keys), erased_at__isnull=True))
    moment = now()
    ContactRead.objects.bulk_create(
        ContactRead(id=uuid7(), order_id=one.order_id, county=one.order.county, purpose=TELL_NEWS, at=moment)
        for one in kept
    )
    return kept


def _codes(kept: Sequence[Kept]) -> dict[str, str]:
    """Pick-up codes by the key of the order."""
    return {
        parcel.reference: parcel.pickup_code
        for parcel in parcels_of([str(one.order_id) for one in kept])
        if parcel.pickup_code
    }


@verb
def tell_stations(actor: Actor) -> int:
    """Tell agents once a day, from the morning on, what waits at their station; how much news that was."""
    here = now().astimezone(COUNTY_ZONE)
    if here.time() < MORNING:
        return 0
    news = [
        News(
            "station.work", row.county, f"{row.station}:{here:%Y-%m-%d}", f"user:{row.agent}", row.agent,
            {"station": row.name, "to_pack": str(row.to_pack), "to_hand_over": str(row.to_hand_over)},
        )
        for row in work_waiting()
    ]  # fmt: skip
    return notices.tell(actor, news=news) if news else 0


@verb
def call_members(actor: Actor) -> int:
    """Tell the members of a group that is nearly over what they can do, once; how much news that was.

    Who paid hears how many places are free, to share the link; who took a place and did not pay, to pay.
    Where every place is taken, nobody is told to find others.
    """
    news = []
    for row in groups_nearly_over(now()):
        facts = {"number": row.number, "until": until(row.closes_at)}
        kind = "group.last_call" if row.is_paid else "group.unpaid"
        if row.is_paid:
            facts["missing"] = str(row.missing)
        news.append(News(kind, row.county, str(row.order), f"order:{row.order}", row.buyer, facts))
    return notices.tell(actor, news=news) if news else 0
