"""A household's own shop: opened at its station, and what it tells of its people while they agree."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people.actions import record_consent, withdraw_consent
from countyfair.registers.people.queries import household_labels
from countyfair.registers.people.rules import BACKGROUND, SELLING
from countyfair.trade.catalog.actions.shops import OPENS, open_shop
from countyfair.trade.catalog.models import Shop
from countyfair.trade.catalog.rules.keeping import BACKGROUNDS


@verb
def open_household_shop(
    actor: Actor,
    *,
    shop: UUID,
    household: UUID,
    name_zh: str,
    name_en: str = "",
    known_as: str = "",
    licence_number: str = "",
    agreed_how: str = "",
    background: str = "",
    background_how: str = "",
) -> Shop:
    """Open a household's shop with all that is said of it, or nothing of it. Repeatable by its id.

    Args:
        agreed_how: how it agreed to selling, where that is not on record yet; see `people.rules.HOW`.
        background: one of `BACKGROUNDS`, or "" where it tells nothing.
        background_how: how it agreed to buyers seeing that.

    Raises:
        Missing: no such household.
        Forbidden: no `shop.open` at its place.
        Invalid: as `open_shop`, or a background without a consent to it.
        Conflict: it runs a shop already, or the id stands for another.
    """
    label = household_labels([household]).get(household)
    if label is None:
        raise Missing(_("There is no such household."))
    actor.require(OPENS, place=label.place)
    if Shop.objects.filter(household_id=household, closed_on__isnull=True).exclude(pk=shop).exists():
        raise Conflict(_("This household has a shop already."))
    if agreed_how:
        record_consent(actor, household_id=household, purpose=SELLING, how=agreed_how)
    made = open_shop(
        actor, shop=shop, county=label.county, name_zh=name_zh, name_en=name_en, known_as=known_as,
        household=household, licence_number=licence_number,
    )  # fmt: skip
    if background:
        tell_background(actor, shop=shop, background=background, how=background_how)
    return made


@verb
def tell_background(actor: Actor, *, shop: UUID, background: str, how: str = "") -> None:
    """Let a household's stall tell what its people did before, or, with "", no longer.

    Raises:
        Missing: no such shop of a household.
        Forbidden: no `shop.open` at the household's place.
        Invalid: no such background, or not said how the household agreed to its being told.
    """
    row = Shop.objects.select_for_update(no_key=True).filter(pk=shop, household__isnull=False).first()
    if row is None or row.household_id is None:
        raise Missing(_("There is no such shop of a household."))
    actor.require(OPENS, place=household_labels([row.household_id])[row.household_id].place)
    if background and background not in BACKGROUNDS:
        raise Invalid(_("Choose what its people did before from the list."), field="background")
    if background and not how:
        raise Invalid(_("Choose how the household agreed that buyers see this."), field="background_how")
    if background:
        record_consent(actor, household_id=row.household_id, purpose=BACKGROUND, how=how)
    else:
        withdraw_consent(actor, household_id=row.household_id, purpose=BACKGROUND)
    row.background = background
    row.save(update_fields=["background"])
