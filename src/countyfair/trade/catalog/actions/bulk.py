"""Many offers at once: all of them or none, on record as one change, and taken back as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.money import Money
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.listing import list_products
from countyfair.trade.catalog.actions.offers import check_terms
from countyfair.trade.catalog.events import OfferChanged
from countyfair.trade.catalog.models import BulkChange, BulkRow, Offer, Product, Shop
from countyfair.trade.catalog.rules.bulk import Edit, Terms, edited

BATCH = 1000
#: What an edit of ticked rows may name at once.
MOST = 500
#: The columns that `_set` sets.
SET = [field.name for field in fields(Terms)] + ["version", "put_up_at"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An offer, the version that the caller saw, and the terms it shall have."""

    offer: UUID
    version: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a bulk change did: its key, and how many offers became others."""

    id: UUID
    changed: int


@verb
def edit_offers(actor: Actor, *, change: UUID, county: str, seen: Mapping[UUID, int], edit: Edit) -> Bulk:
    """Edit the offers that were ticked; the same change again gets the first answer.

    Args:
        change: made with the form.
        seen: the version that the caller saw, by offer.

    Raises:
        Invalid: nothing ticked, too many, or an edit that cannot be.
        Missing, Forbidden, Conflict: as `change_offers`.
    """
    if not 1 <= len(seen) <= MOST:
        raise Invalid(_("Tick from 1 to %(most)d offers.") % {"most": MOST})
    known = BulkChange.objects.filter(pk=change).first()
    if known is None:
        held = _locked(actor, county, seen)
        wanted = [Wanted(row.id, seen[row.id], edited(terms_of(row), edit)) for row in held]
        return _change(actor, change, county, held, wanted, content=_digest(seen, edit))
    return _again(actor, known, county, _digest(seen, edit))


@verb
def change_offers(actor: Actor, *, change: UUID, county: str, wanted: Sequence[Wanted]) -> Bulk:
    """Give many offers terms of their own each, as a sheet does: all or none. For none, nothing is kept.

    Raises:
        Missing: one of the offers is not the county's.
        Forbidden: no `catalog.offer` in the county or at one of the shops' operators.
        Invalid: terms that cannot be.
        Conflict: some changed since they were seen (`details["offers"]`), one cannot go up beside another
            of its pack and outlet, or this key was used for another change.
    """
    if not wanted:
        return Bulk(change, 0)
    content = _digest({one.offer: one.version for one in wanted}, wanted)
    known = BulkChange.objects.filter(pk=change).first()
    if known is None:
        held = _locked(actor, county, [one.offer for one in wanted])
        return _change(actor, change, county, held, wanted, content=content)
    return _again(actor, known, county, content)


@verb
def undo_bulk(actor: Actor, *, change: UUID, undo: UUID) -> Bulk:
    """Give the offers of a bulk change their terms back, as a change of its own; all or none.

    Args:
        undo: the key of the new change.

    Raises:
        Missing: no such change.
        Forbidden: as `change_offers`.
        Conflict: it was undone before, or somebody changed one of the offers since (`details["offers"]`).
    """
    first = BulkChange.objects.filter(pk=change).first()
    if first is None:
        raise Missing(_("There is no such change."))
    rows = list(BulkRow.objects.filter(bulk_id=change).order_by("offer_id"))
    content = f"undo:{change}"
    known = BulkChange.objects.filter(pk=undo).first()
    if known is not None:
        return _again(actor, known, first.county, content)
    held = _locked(actor, first.county, [row.offer_id for row in rows])
    if BulkChange.objects.filter(undoes=first).exists():
        raise Conflict(_("This change was undone before."))
    wanted = [Wanted(row.offer_id, row.version, _terms(row.before)) for row in rows]
    return _change(actor, undo, first.county, held, wanted, content=content, undoes=first)


@verb
def mark_bundled(actor: Actor, *, county: str, offers: Collection[UUID], bundled: bool) -> None:
    """Say of offers whether a bundle names them, so that who reads one knows to ask; they are held till then.

    Raises:
        Missing: the county has no such offer.
        Forbidden: as `change_offers`.
    """
    held = _locked(actor, county, offers)
    Offer.objects.filter(pk__in=[row.id for row in held if row.bundled != bundled]).update(bundled=bundled)


def terms_of(row: Offer) -> Terms:
    """The terms that an offer has."""
    return Terms(
        price_fen=row.price_fen,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        most_per_order=row.most_per_order,
        state=row.state,
        most_per_buyer=row.most_per_buyer,
    )


def _change(
    actor: Actor,
    key: UUID,
    county: str,
    held: Sequence[Offer],
    wanted: Iterable[Wanted],
    *,
    content: str,
    undoes: BulkChange | None = None,
) -> Bulk:
    asked = {one.offer: one for one in wanted}
    others = [row for row in held if asked[row.id].terms != terms_of(row)]
    _unchanged_since(others, asked)
    bulk = BulkChange.objects.create(id=key, county=county, content=content, undoes=undoes, at=now())
    kept = []
    for row in others:
        kept.append(
            BulkRow(bulk=bulk, offer_id=row.id, county=county, before=_told(terms_of(row)), version=0)
        )
        _set(row, asked[row.id].terms)
        kept[-1].version = row.version
    _no_rivals(others)
    Offer.objects.bulk_update(others, SET, batch_size=BATCH)
    BulkRow.objects.bulk_create(kept, batch_size=BATCH)
    list_products({row.product_id for row in others})
    announce(
        *(
            OfferChanged(row.id, row.product_id, row.outlet, row.state, row.version, row.price_fen)
            for row in others
        ),
        county=county,
    )
    return Bulk(key, len(others))


def _set(row: Offer, terms: Terms) -> None:
    price = Money(terms.price_fen, row.currency)
    most = (terms.most_per_order, terms.most_per_buyer)
    check_terms(price, row.outlet, terms.opens_at, terms.closes_at, *most)
    if terms.state not in ("on", "off") and terms.state != row.state:
        raise Invalid(_("An offer is put on sale or taken down."), field="state")
    if terms.state == "on" and row.state != "on":
        row.put_up_at = now()
    row.price_fen, row.opens_at, row.closes_at = terms.price_fen, terms.opens_at, terms.closes_at
    row.most_per_order, row.most_per_buyer = most
    row.state = terms.state
    row.version += 1


def _unchanged_since(held: Sequence[Offer], asked: Mapping[UUID, Wanted]) -> None:
    moved = [
        {"offer": row.id, "version": row.version, "price_fen": row.price_fen,
         "wanted_fen": asked[row.id].terms.price_fen}
        for row in held
        if row.version != asked[row.id].version
    ]  # fmt: skip
    if moved:
        raise Conflict(
            _(
                "%(count)d offers were changed by somebody else since."
                " Look at them again; nothing was changed."
            )
            % {"count": len(moved)},
            code="changed",
            details={"offers": moved},
        )


def _no_rivals(held: Sequence[Offer]) -> None:
    up = {(row.pack_id, row.outlet): row.id for row in held if row.state != "off"}
    rivals = (
        Offer.objects.filter(pack_id__in={pack for pack, _outlet in up})
        .exclude(state="off")
        .exclude(pk__in=[row.id for row in held])
    )
    if len(up) < sum(row.state != "off" for row in held) or any(
        (row.pack_id, row.outlet) in up for row in rivals
    ):
        raise Conflict(_("A pack is on offer once at each outlet. Take the other one down first."))


def _locked(actor: Actor, county: str, offers: Iterable[UUID]) -> list[Offer]:
    """The offers, locked in the order of keys behind their products."""
    keys = list(offers)
    found = dict(Offer.objects.filter(pk__in=keys, county=county).values_list("id", "product_id"))
    if len(found) < len(set(keys)):
        raise Missing(_("There is no such offer."))
    goods = list(
        Product.objects.select_for_update(no_key=True).filter(pk__in=set(found.values())).order_by("id")
    )
    shops = Shop.objects.filter(pk__in={row.shop_id for row in goods}).values_list("organisation_id")
    for (organisation,) in shops.distinct():
        actor.require("catalog.offer", place=county, organisation=organisation)
    return list(Offer.objects.select_for_update(no_key=True).filter(pk__in=list(found)).order_by("id"))


def _again(actor: Actor, known: BulkChange, county: str, content: str) -> Bulk:
    if (known.county, known.content, known.actor) != (county, content, actor.key):
        raise Conflict(_("This was entered before with other particulars."))
    return Bulk(known.id, BulkRow.objects.filter(bulk=known).count())


def _digest(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _told(terms: Terms) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(terms).items()
    }


def _terms(told: Any) -> Terms:
    said: dict[str, Any] = json.loads(told) if isinstance(told, str) else told
    moments = {name: parse_datetime(said[name]) if said[name] else None for name in ("opens_at", "closes_at")}
    return Terms(**{**said, **moments})
