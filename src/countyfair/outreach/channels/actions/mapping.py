"""Saying what goods of a platform are here: confirmed by a person, remembered, changed for what comes."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.placing import place_waiting
from countyfair.outreach.channels.models import Arrival, ArrivalLine, Connection, Listing
from countyfair.outreach.channels.queries.shops import outlet_of

#: A piece of theirs is at most so many packs of ours; so many orders are taken in with the answer.
MOST_PACKS, AT_ONCE = 100, 500


@verb
def map_listing(actor: Actor, *, listing: UUID, offer: UUID, packs: int = 1) -> Counter[str]:
    """Say that a piece of these goods is so many packs of an offer of ours; orders that waited are taken in.

    Orders that are taken in already stay as they are. Again, or with another offer, what comes from now on
    follows. Answers where how many of the waiting orders stand now; the job takes in the rest.

    Raises:
        Missing: no such goods.
        Forbidden: no `channel.manage` in their county.
        Invalid: an offer that is not put up on that platform in that county, or packs that cannot be.
    """
    row, shop = _locked(actor, listing)
    if outlet_of(offer) != (row.county, shop.platform):
        raise Invalid(_("Choose an offer that is put up on this platform."), field="offer")
    if not 1 <= packs <= MOST_PACKS:
        raise Invalid(_("A piece is between 1 and 100 packs."), field="packs")
    row.standing, row.offer_id, row.packs = "mapped", offer, packs
    return _said(actor, row)


@verb
def ignore_listing(actor: Actor, *, listing: UUID) -> Counter[str]:
    """Say that these goods are not the county's: orders of nothing else are left aside.

    Raises:
        Missing: no such goods.
        Forbidden: no `channel.manage` in their county.
    """
    row, _shop = _locked(actor, listing)
    row.standing, row.offer_id, row.packs = "ignored", None, 1
    return _said(actor, row)


def place_mapped(batch: int = AT_ONCE) -> int:
    """The job: take in orders whose goods are mapped by now; answers how many were looked at."""
    actor = Actor.system("channels.place_mapped")
    looked = 0
    for shop in _shops_with_waiting():
        keys = _ready(shop, batch)
        if keys:
            place_waiting(actor, connection=shop, arrivals=keys)
            looked += len(keys)
    return looked


def _said(actor: Actor, row: Listing) -> Counter[str]:
    row.confirmed_by, row.confirmed_at = actor.key, now()
    row.save(update_fields=["standing", "offer", "packs", "confirmed_by", "confirmed_at"])
    keys = _ready(row.connection_id, AT_ONCE, listing=row.id)
    return place_waiting(actor, connection=row.connection_id, arrivals=keys) if keys else Counter()


def _locked(actor: Actor, listing: UUID) -> tuple[Listing, Connection]:
    row = Listing.objects.select_for_update(no_key=True).filter(id=listing).first()
    if row is None:
        raise Missing(_("There are no such goods."))
    actor.require("channel.manage", place=row.county)
    return row, Connection.objects.get(id=row.connection_id)


def _shops_with_waiting() -> list[UUID]:
    waiting = Arrival.objects.filter(standing="unmapped")
    return sorted(set(waiting.values_list("connection_id", flat=True)))


def _ready(connection: UUID, batch: int, *, listing: UUID | None = None) -> list[UUID]:
    """Orders of a shop that wait for nobody to say what their goods are, the oldest first."""
    waiting = Arrival.objects.filter(connection_id=connection, standing="unmapped")
    if listing is not None:
        of_it = ArrivalLine.objects.filter(listing_id=listing).values("arrival_id")
        waiting = waiting.filter(id__in=of_it)
    unknown = ArrivalLine.objects.filter(listing__standing="new").values("arrival_id")
    ready = waiting.exclude(id__in=unknown).order_by("paid_at", "id")
    return list(ready.values_list("id", flat=True)[:batch])
