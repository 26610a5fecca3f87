"""Offers: a pack at an outlet at a price. Each change of terms is a new version."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.money import LARGEST, Money
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.actions.listing import bear, list_products
from countyfair.trade.catalog.events import OfferChanged
from countyfair.trade.catalog.models import Offer, Pack, Product, Shop
from countyfair.trade.catalog.queries.brands import licensed
from countyfair.trade.catalog.rules.bulk import MOST_PER_BUYER
from countyfair.trade.catalog.rules.outlets import OUTLETS


@verb
def put_up(
    actor: Actor,
    *,
    offer: UUID,
    pack: UUID,
    price: Money,
    outlet: str = "shop",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    most_per_order: int = 99,
    most_per_buyer: int | None = None,
    expected_on: date | None = None,
) -> Offer:
    """Put a pack up for sale. Repeatable by its id; a draft of this id, or one taken down, goes up again.

    Args:
        most_per_buyer: so many packs go to one buyer in all from when it is put up, or opens; None: no cap.
        expected_on: the day of the harvest that it is sold ahead of; None for what lies there.

    Raises:
        Missing: no such pack.
        Forbidden: no `catalog.offer` in the county or at the shop's operator.
        Invalid: terms that cannot be.
        Conflict: the pack is on offer at this outlet already, or its product or shop is withdrawn.
    """
    box = Pack.objects.filter(pk=pack).first()
    if box is None:
        raise Missing(_("There is no such pack."))
    _allowed(actor, box.product_id, still_there=True)
    check_terms(price, outlet, opens_at, closes_at, most_per_order, most_per_buyer)
    terms = {
        "price_fen": price.minor,
        "currency": price.currency,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "most_per_order": most_per_order,
        "most_per_buyer": most_per_buyer,
        "expected_on": expected_on,
    }
    row = Offer.objects.select_for_update(no_key=True).filter(pk=offer).first()
    if row is not None and (row.pack_id, row.outlet) != (pack, outlet):
        raise Conflict(_("This was entered before with other particulars."))
    if row is not None and row.state == "on":
        if any(getattr(row, name) != value for name, value in terms.items()):
            raise Conflict(_("It is on offer already. Change its price instead."), details=_shown(row))
        return row
    rival = Offer.objects.filter(pack=box, outlet=outlet).exclude(state="off").exclude(pk=offer).first()
    if rival is not None:
        raise Conflict(_("It is on offer already. Change its price instead."), details=_shown(rival))
    if row is None:
        row = Offer(
            id=offer, pack=box, product_id=box.product_id, county=box.county, outlet=outlet, version=0
        )
    return _changed(row, state="on", put_up_at=now(), **terms)


@verb
def change_offer(
    actor: Actor,
    *,
    offer: UUID,
    version: int,
    price: Money,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    most_per_order: int = 99,
    most_per_buyer: int | None = None,
) -> Offer:
    """Change the price and the other terms of an offer.

    Args:
        version: the version that the caller saw.

    Raises:
        Missing: no such offer.
        Forbidden, Invalid: as `put_up`.
        Conflict: it changed meanwhile; `details` show its terms, `version` and `state` now, and the
            `wanted_fen` of the caller.
    """
    row = _locked(actor, offer)
    check_terms(price, row.outlet, opens_at, closes_at, most_per_order, most_per_buyer)
    terms = {
        "price_fen": price.minor,
        "currency": price.currency,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "most_per_order": most_per_order,
        "most_per_buyer": most_per_buyer,
    }
    if all(getattr(row, name) == value for name, value in terms.items()):
        return row
    if row.version != version:
        raise Conflict(
            _("Somebody has just changed this offer. Compare both and decide."),
            code="changed",
            details={**_shown(row), "wanted_fen": price.minor},
        )
    return _changed(row, **terms)


@verb
def take_down(actor: Actor, *, offer: UUID) -> Offer:
    """Take an offer off its shelf, whatever its terms are by now. Taking it down twice is the same.

    Raises:
        Missing, Forbidden: as `change_offer`.
    """
    row = _locked(actor, offer)
    return row if row.state == "off" else _changed(row, state="off")


@verb
def bear_mark(actor: Actor, *, offer: UUID, brand: UUID | None) -> Offer:
    """Let an offer bear a brand's mark, or none. Through `stock.bear_brand`, which keeps what feeds it to it.

    Raises:
        Missing, Forbidden: as `change_offer`.
        Invalid: no brand that its shop is licensed for now.
    """
    row = _locked(actor, offer)
    if row.brand_id == brand:
        return row
    if brand is not None and all(one.brand != brand for one in licensed(row.product_id)):
        raise Invalid(_("The shop holds no licence for this mark now. Grant one first."), field="brand")
    return _changed(row, brand_id=brand)


@verb
def grade_offer(actor: Actor, *, offer: UUID, least: str) -> None:
    """Say of which grade all of an offer is at least, "" for whatever lies there: lists are narrowed by it.

    Through `stock.set_grades`, which keeps what feeds it to that. Its terms stay, and so does its version.

    Raises:
        Missing, Forbidden: as `change_offer`.
    """
    row = _locked(actor, offer)
    if row.least_grade != least:
        row.least_grade = least
        row.save(update_fields=["least_grade"])
        bear([row.product_id])


def _changed(row: Offer, **terms: object) -> Offer:
    for name, value in terms.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    list_products([row.product_id])
    announce(
        OfferChanged(row.id, row.product_id, row.outlet, row.state, row.version, row.price_fen),
        county=row.county,
    )
    return row


def _locked(actor: Actor, offer: UUID) -> Offer:
    row = Offer.objects.select_for_update(no_key=True).filter(pk=offer).first()
    if row is None:
        raise Missing(_("There is no such offer."))
    _allowed(actor, row.product_id)
    return row


def _allowed(actor: Actor, product: UUID, *, still_there: bool = False) -> None:
    goods = Product.objects.select_for_update(no_key=True).get(pk=product)
    shop = Shop.objects.get(pk=goods.shop_id)
    actor.require("catalog.offer", place=goods.county, organisation=shop.organisation_id)
    if still_there and (goods.withdrawn_at is not None or shop.closed_on is not None):
        raise Conflict(_("This product or its shop is not in the catalogue any more."))


def _shown(row: Offer) -> dict[str, object]:
    return {
        "offer": row.id, "version": row.version, "price_fen": row.price_fen, "state": row.state,
        "opens_at": row.opens_at, "closes_at": row.closes_at, "most_per_order": row.most_per_order,
        "most_per_buyer": row.most_per_buyer,
    }  # fmt: skip


def check_terms(
    price: Money,
    outlet: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    most_per_order: int,
    most_per_buyer: int | None,
) -> None:
    """Raises Invalid for terms that no offer can have."""
    if not 0 < price.minor <= LARGEST or price.currency != "CNY":
        raise Invalid(_("A price is more than zero, in yuan."), field="price")
    if outlet not in OUTLETS:
        raise Invalid(_("Choose an outlet from the list."), field="outlet")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid(_("An offer closes after it opens."), field="closes_at")
    if not 1 <= most_per_order <= 999:
        raise Invalid(_("One order takes from 1 to 999 packs."), field="most_per_order")
    if most_per_buyer is not None and not 1 <= most_per_buyer <= MOST_PER_BUYER:
        raise Invalid(
            _("One buyer may have from 1 to 9,999 packs; leave it empty for no such cap."),
            field="most_per_buyer",
        )
