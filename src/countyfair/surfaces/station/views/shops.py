"""A household's own shop: opened at the counter on one page, and what its stall tells of its people."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.registers.people.queries import HouseholdRow
from countyfair.registers.people.queries.finding import find_households
from countyfair.registers.people.rules import SELLING
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, page
from countyfair.surfaces.station.views.weighing import MOST_SHOWN, WAYS, household_here
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.surfaces.ui.keepers import BACKGROUNDS, MISSING
from countyfair.trade.catalog.actions import open_household_shop, tell_background
from countyfair.trade.catalog.queries import shop_of_household
from countyfair.trade.catalog.rules.keeping import licence_asked, licence_missing


@page("shop.open")
def households(point: Point) -> HttpResponse:
    """Whose shop is it?"""
    text = Given(point.request.GET).text("q", most=40)
    found = find_households(point.actor, place=point.at.place, text=text, limit=MOST_SHOWN + 1)
    shown = found[:MOST_SHOWN]
    names = places.names({row.place for row in shown})
    return point.show(
        "shops", {"households": shown, "more": len(found) > MOST_SHOWN, "names": names, "q": text}
    )


@page("shop.open")
def shop(point: Point, household: UUID) -> HttpResponse:
    """All that a shop needs, asked on one page; the form's id becomes the shop's."""
    whose = household_here(point, household)
    if not point.sent:
        return _shop(point, whose)
    given = Given(point.request.POST)
    try:
        made = ui.once(point.request)
        name = given.text("name_zh", need=_("Give the shop a name of at most 80 characters."))
        how = (
            "" if SELLING in whose.agreed else given.text("how", need=_("Choose how the household said yes."))
        )
        given.stop()
        open_household_shop(
            point.actor, shop=made, household=household, name_zh=name, agreed_how=how,
            known_as=given.text("known_as"), licence_number=given.text("licence_number"),
            background=given.text("background"), background_how=given.text("background_how"),
        )  # fmt: skip
    except Correctable as refusal:
        return _shop(point, whose, refusal)
    return point.go("shop", household, said=_("The shop is open. The county centre adds its goods."))


@page("shop.open")
def background(point: Point, household: UUID) -> HttpResponse:
    """What its people did before: told from now on, or no longer."""
    whose = household_here(point, household)
    stands = shop_of_household(point.actor, whose)
    if not point.sent or stands is None:
        return point.go("shop", household)
    given = Given(point.request.POST)
    told = given.text("background")
    try:
        tell_background(point.actor, shop=stands.id, background=told, how=given.text("background_how"))
    except Correctable as refusal:
        return _shop(point, whose, refusal)
    return point.go(
        "shop", household, said=_("The stall tells it.") if told else _("The stall tells it no longer.")
    )


def _shop(point: Point, whose: HouseholdRow, refusal: Refusal | None = None) -> HttpResponse:
    """What stands, or the form."""
    stands = shop_of_household(point.actor, whose)
    asked = licence_asked(stands.operator_kind, stands.categories) if stands else ""
    missing = MISSING[asked] if stands and licence_missing(asked, stands.licence_number) else ""
    context: dict[str, object] = {
        "household": whose, "shop": stands, "agreed": SELLING in whose.agreed, "ways": WAYS,
        "plain_ways": [(key, words, "", picture) for key, words, _hint, picture in WAYS],
        "backgrounds": list(BACKGROUNDS.items()), "words": BACKGROUNDS, "missing": missing,
    }  # fmt: skip
    return point.show("shop", context, refusal=refusal)
