"""Shops: who runs a stall at the fair."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people.queries import household_labels, organisations_by_id
from countyfair.trade.catalog.models import Offer, Shop

_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@verb
def open_shop(
    actor: Actor,
    *,
    shop: UUID,
    county: str,
    slug: str,
    name_zh: str,
    name_en: str = "",
    organisation: UUID | None = None,
    household: UUID | None = None,
    licence_number: str = "",
    opened_on: date | None = None,
) -> Shop:
    """Open a shop for one operator: an organisation or a household of the county. Repeatable by its id.

    Raises:
        Forbidden: no `catalog.manage` in the county.
        Invalid: a name, address or operator that cannot be.
        Conflict: the address or the id is taken.
    """
    actor.require("catalog.manage", place=county)
    if not name_zh.strip() or len(name_zh) > 80:
        raise Invalid(_("Give the shop a name of at most 80 characters."), field="name_zh")
    if not _SLUG.match(slug) or len(slug) > 60:
        raise Invalid(_("The address has small letters, digits and hyphens."), field="slug")
    if first := Shop.objects.filter(pk=shop).first():
        return _first_answer(first, county, slug, organisation, household)
    if Shop.objects.filter(county=county, slug=slug).exists():
        raise Conflict(_("Another shop has this address."), field="slug")
    return Shop.objects.create(
        id=shop,
        county=county,
        slug=slug,
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        operator_kind=_operator_kind(county, organisation, household),
        organisation_id=organisation,
        household_id=household,
        licence_number=licence_number.strip(),
        opened_on=opened_on or today(),
    )


@verb
def close_shop(actor: Actor, *, shop: UUID) -> None:
    """Close a shop; nothing of it may be on sale any more.

    Raises:
        Missing: no such shop.
        Forbidden: no `catalog.manage` in its county.
        Conflict: it still sells something.
    """
    row = Shop.objects.select_for_update(no_key=True).filter(pk=shop).first()
    if row is None:
        raise Missing(_("There is no such shop."))
    actor.require("catalog.manage", place=row.county)
    if Offer.objects.filter(product__shop_id=shop, state="on").exists():
        raise Conflict(_("Take down its offers first."))
    if row.closed_on is None:
        row.closed_on = today()
        row.save(update_fields=["closed_on"])


def _operator_kind(county: str, organisation: UUID | None, household: UUID | None) -> str:
    if (organisation is None) == (household is None):
        raise Invalid(_("A shop has one operator: an organisation or a household."), field="operator")
    if organisation is not None:
        found = organisations_by_id([organisation]).get(organisation)
        if found is None or found.county != county or found.closed_on is not None:
            raise Invalid(_("Choose an organisation of this county."), field="operator")
        return found.kind
    label = household_labels([household] if household else []).get(household) if household else None
    if label is None or label.county != county:
        raise Invalid(_("Choose a household of this county."), field="operator")
    return "household"


def _first_answer(
    first: Shop, county: str, slug: str, organisation: UUID | None, household: UUID | None
) -> Shop:
    if (first.county, first.slug, first.organisation_id, first.household_id) != (
        county,
        slug,
        organisation,
        household,
    ):
        raise Conflict(_("This was entered before with other particulars."))
    return first
