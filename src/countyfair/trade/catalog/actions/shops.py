"""Shops: who runs a stall at the fair."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import today
from countyfair.kernel.outbox import announce
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people.actions import close_organisation, hold_organisation
from countyfair.registers.people.queries import has_agreed, household_labels, organisations_by_id
from countyfair.registers.people.rules import SELLING
from countyfair.trade.catalog.events import ShopRenamed
from countyfair.trade.catalog.models import Offer, Shop
from countyfair.trade.catalog.rules.naming import (
    LONGEST_NAME,
    MOST_NAMES,
    NAMES_APART,
    known_names,
    shop_slug,
)

#: The power to open a shop for a household.
OPENS = "shop.open"

#: What a shop is given, besides its address and its day, which may be left to the house.
_GIVEN = ("county", "name_zh", "name_en", "known_as", "organisation_id", "household_id", "licence_number")
#: What its goods are found by.
_FOUND_BY = ("name_zh", "known_as")

_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@verb
def open_shop(
    actor: Actor,
    *,
    shop: UUID,
    county: str,
    name_zh: str,
    slug: str = "",
    name_en: str = "",
    known_as: str = "",
    organisation: UUID | None = None,
    household: UUID | None = None,
    licence_number: str = "",
    opened_on: date | None = None,
) -> Shop:
    """Open a shop for one operator: an organisation or a household of the county. Repeatable by its id.

    Args:
        slug: its part of the address; made from the name when empty.
        known_as: other names by which buyers know it or its household, a comma between them.

    Raises:
        Forbidden: no `catalog.manage` in the county, and for a household no `shop.open` at its place either.
        Invalid: a name, address or operator that cannot be, or a household that has not agreed to selling.
        Conflict: the address is taken, or the id by a shop with other particulars.
    """
    _require_opening(actor, county, household)
    said = _checked(name_zh, name_en, known_as, licence_number)
    if slug and (not _SLUG.match(slug) or len(slug) > 60):
        raise Invalid(_("The address has small letters, digits and hyphens."), field="slug")
    given = Shop(
        id=shop,
        county=county,
        organisation_id=organisation,
        household_id=household,
        opened_on=opened_on or today(),
        **said,
    )
    if first := Shop.objects.filter(pk=shop).first():
        return _first_answer(first, given, slug, opened_on)
    given.operator_kind = _operator_kind(actor, county, organisation, household)
    return _opened(given, slug, opened_on)


@verb
def change_shop(
    actor: Actor,
    *,
    shop: UUID,
    name_zh: str,
    name_en: str = "",
    known_as: str = "",
    licence_number: str = "",
    opened_on: date,
) -> None:
    """Say something else of a shop; its operator and its address stay. What was sold keeps the old name.

    Its goods are found by what it is called now.

    Raises:
        Missing: no such shop.
        Forbidden: no `catalog.manage` in its county or at its operator.
        Invalid: a name or a number that cannot be.
        Conflict: it is closed.
    """
    row = _locked(shop)
    actor.require("catalog.manage", place=row.county, organisation=row.organisation_id)
    if row.closed_on is not None:
        raise Conflict(_("This shop is closed."))
    said = _checked(name_zh, name_en, known_as, licence_number)
    found_otherwise = any(getattr(row, name) != said[name] for name in _FOUND_BY)
    for name, value in said.items():
        setattr(row, name, value)
    row.opened_on = opened_on
    row.save(update_fields=[*said, "opened_on"])
    if found_otherwise:
        announce(ShopRenamed(row.id), county=row.county)


@verb
def close_operator(actor: Actor, *, organisation: UUID) -> None:
    """Close an organisation that runs no shop any more.

    Raises:
        Missing, Forbidden: as for `people.close_organisation`.
        Conflict: one of its shops is open.
    """
    hold_organisation(actor, organisation_id=organisation)
    if Shop.objects.filter(organisation_id=organisation, closed_on__isnull=True).exists():
        raise Conflict(_("Close its shops first."))
    close_organisation(actor, organisation_id=organisation)


@verb
def close_shop(actor: Actor, *, shop: UUID) -> None:
    """Close a shop; nothing of it may be on sale any more.

    Raises:
        Missing: no such shop.
        Forbidden: no `catalog.manage` in its county.
        Conflict: it still sells something.
    """
    row = _locked(shop)
    actor.require("catalog.manage", place=row.county)
    if Offer.objects.filter(product__shop_id=shop, state="on").exists():
        raise Conflict(_("Take down its offers first."))
    if row.closed_on is None:
        row.closed_on = today()
        row.save(update_fields=["closed_on"])


@verb
def mark_announcing(actor: Actor, *, shops: Collection[UUID], announces: bool) -> None:
    """Say of shops whether a promotion is told on their pages, so that who reads one knows to ask.

    They are held till then, by key.

    Raises:
        Forbidden: no `catalog.offer` in a shop's county or at its operator.
    """
    held = list(Shop.objects.select_for_update(no_key=True).filter(pk__in=list(shops)).order_by("id"))
    for row in held:
        actor.require("catalog.offer", place=row.county, organisation=row.organisation_id)
    others = [row.id for row in held if row.announces != announces]
    Shop.objects.filter(pk__in=others).update(announces=announces)


def _locked(shop: UUID) -> Shop:
    row = Shop.objects.select_for_update(no_key=True).filter(pk=shop).first()
    if row is None:
        raise Missing(_("There is no such shop."))
    return row


def _require_opening(actor: Actor, county: str, household: UUID | None) -> None:
    label = household_labels([household]).get(household) if household else None
    if label is None or label.county != county:
        actor.require("catalog.manage", place=county)
    else:
        actor.require(OPENS, place=label.place)


def _checked(name_zh: str, name_en: str, known_as: str, licence_number: str) -> dict[str, str]:
    """What may be said of a shop, by its columns."""
    name_zh, name_en, licence_number = name_zh.strip(), name_en.strip(), licence_number.strip()
    names = known_names(known_as)
    if not name_zh or len(name_zh) > 80:
        raise Invalid(_("Give the shop a name of at most 80 characters."), field="name_zh")
    if len(name_en) > 120:
        raise Invalid(_("The English name has at most 120 characters."), field="name_en")
    if len(licence_number) > 40:
        raise Invalid(_("A licence number has at most 40 characters."), field="licence_number")
    if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
        raise Invalid(
            _("Give at most %(most)d other names of at most %(long)d characters, a comma between them.")
            % {"most": MOST_NAMES, "long": LONGEST_NAME},
            field="known_as",
        )
    return {
        "name_zh": name_zh,
        "name_en": name_en,
        "known_as": NAMES_APART.join(names),
        "licence_number": licence_number,
    }


def _free_slug(county: str, name_zh: str) -> str:
    """The name in letters; with a number behind it where another shop of the county has it."""
    wanted = shop_slug(name_zh)
    rivals = Shop.objects.filter(county=county, slug__startswith=wanted)
    taken = set(rivals.values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in itertools.count(2))
    return next(slug for slug in itertools.chain([wanted], numbered) if slug not in taken)


def _operator_kind(actor: Actor, county: str, organisation: UUID | None, household: UUID | None) -> str:
    if (organisation is None) == (household is None):
        raise Invalid(_("A shop has one operator: an organisation or a household."), field="operator")
    if organisation is not None:
        hold_organisation(actor, organisation_id=organisation)
        found = organisations_by_id([organisation]).get(organisation)
        if found is None or found.county != county or found.closed_on is not None:
            raise Invalid(_("Choose an organisation of this county."), field="operator")
        return found.kind
    label = household_labels([household] if household else []).get(household) if household else None
    if label is None or label.county != county:
        raise Invalid(_("Choose a household of this county."), field="operator")
    if household is not None and not has_agreed(household, SELLING):
        raise Invalid(
            _("This household has not agreed to selling. Put its answer on record first, on its own page."),
            field="operator",
            code="no_consent",
        )
    return "household"


def _opened(given: Shop, slug: str, opened_on: date | None) -> Shop:
    """Write the shop. Whoever took its address or its id at the same moment is seen once they are done."""
    while True:
        given.slug = slug or _free_slug(given.county, given.name_zh)
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError as error:
            if first := Shop.objects.filter(pk=given.id).first():
                return _first_answer(first, given, slug, opened_on)
            if not Shop.objects.filter(county=given.county, slug=given.slug).exists():
                raise
            if slug:
                raise Conflict(_("Another shop has this address."), field="slug") from error
        else:
            return given


def _first_answer(first: Shop, given: Shop, slug: str, opened_on: date | None) -> Shop:
    """What was opened under this id, if it is what is given now; what was left open counts as the same."""
    same = (
        all(getattr(first, name) == getattr(given, name) for name in _GIVEN)
        and slug in ("", first.slug)
        and opened_on in (None, first.opened_on)
    )
    if not same:
        raise Conflict(_("This was entered before with other particulars."))
    return first
