"""Weigh in, one question a page: whose, what, how much; then the slip."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.quantity import Quantity, Unit
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal, Sentence
from countyfair.registers.people import queries as people
from countyfair.registers.people.actions import record_consent
from countyfair.registers.people.queries.finding import find_households
from countyfair.registers.people.rules import SELLING
from countyfair.surfaces import ui
from countyfair.surfaces.station.point import Point, day_began, page
from countyfair.surfaces.station.words import UNITS
from countyfair.surfaces.ui import places
from countyfair.surfaces.ui.given import Given
from countyfair.surfaces.ui.pictures import recording, smallest
from countyfair.trade.catalog.queries.standards import GuidePicture, StandardSeen, standard_for
from countyfair.trade.catalog.rules.grading import GRADES, MEASURES, graded, percent
from countyfair.trade.stock import actions
from countyfair.trade.stock.queries import harvests, weighing

MOST_SHOWN = 40
#: How a household may say yes at the scales: what is chosen, its words, a hint, a picture.
WAYS: tuple[tuple[str, Sentence, Sentence, str], ...] = (
    ("voice", _("It said so before me"), _("Read the sentence above to it first."), "farmer"),
    ("paper", _("It signed a paper"), _("Keep the paper at the station."), "clipboard"),
)


@page("stock.weigh_in")
def households(point: Point) -> HttpResponse:
    """Whose harvest is it?"""
    text = Given(point.request.GET).text("q", most=40)
    found = find_households(point.actor, place=point.at.place, text=text, limit=MOST_SHOWN + 1)
    names = places.names({row.place for row in found})
    shown = found[:MOST_SHOWN]
    return point.show(
        "weigh", {"households": shown, "more": len(found) > len(shown), "names": names, "q": text}
    )


@page("stock.weigh_in")
def products(point: Point, household: UUID) -> HttpResponse:
    """What is it?"""
    whose = household_here(point, household)
    if SELLING not in whose.agreed:
        return point.show("agree", {"household": whose, "ways": WAYS})
    found = weighing.weighable(point.actor, point.at, household=household, month=today().month)
    return point.show("weigh_product", {"household": whose, "products": found})


@page("household.register")
def agree(point: Point, household: UUID) -> HttpResponse:
    """The household says that its harvest may be sold: how it said so is put on record."""
    whose = household_here(point, household)
    if not point.sent:
        return point.go("weigh_product", household)
    given = Given(point.request.POST)
    try:
        how = given.text("how", need=_("Choose how the household said yes."))
        given.stop()
        record_consent(point.actor, household_id=household, purpose=SELLING, how=how)
    except Invalid as refusal:
        return point.show("agree", {"household": whose, "ways": WAYS}, refusal=refusal)
    return point.go("weigh_product", household, said=_("It is on record that the household agreed."))


@page("stock.weigh_in")
def weigh(point: Point, household: UUID, product: UUID) -> HttpResponse:
    """How much is it, and when was it harvested? The form's id becomes the lot's."""
    return _weigh(point, household, product)


@page("stock.weigh_in")
def coming(point: Point) -> HttpResponse:
    """What households announced, the soonest first."""
    found = harvests.coming(point.actor, point.at)
    return point.show("coming", {"harvests": found, "picture_of": smallest, "today": today()})


@page("stock.weigh_in")
def weigh_coming(point: Point, harvest: UUID) -> HttpResponse:
    """What was announced is here: the same form, and the lot names the harvest."""
    row = harvests.announced(point.actor, point.at, harvest=harvest)
    return _weigh(point, row.household, row.product, row)


def _weigh(
    point: Point, household: UUID, product: UUID, harvest: harvests.HarvestRow | None = None
) -> HttpResponse:
    whose = household_here(point, household)
    what = (
        _announced(harvest)
        if harvest is not None
        else weighing.weighed(
            point.actor, point.at, household=household, product=product, month=today().month
        )
    )
    standard = standard_for(product)
    if not point.sent:
        return _scales(point, whose, what, standard, harvest=harvest)
    given = Given(point.request.POST)
    try:
        lot = ui.once(point.request)
        quantity = _on_the_scale(given, what.unit)
        harvested_on = given.the_day("harvested_on")
        measured = _measured(given, standard)
        grade = given.text("grade", most=20) if standard and not measured else ""
        given.stop()
        if harvest is not None:
            actions.take_in_announced(
                point.actor, harvest=harvest.id, lot=lot, quantity=quantity, harvested_on=harvested_on,
                station=point.at.id, grade=grade, measured=measured, heard=given.text("heard") == "1",
            )  # fmt: skip
        else:
            actions.take_in(
                point.actor, lot=lot, household=household, product=product, quantity=quantity,
                harvested_on=harvested_on, station=point.at.id, grade=grade, measured=measured,
            )  # fmt: skip
    except Invalid as refusal:
        return _scales(point, whose, what, standard, refusal, harvest=harvest)
    except Conflict as refusal:
        return _scales(point, whose, what, standard, refusal, first=lot, harvest=harvest)
    return point.go("slip", lot, said=_("Taken in."))


@page("stock.weigh_in", "stock.read")
def slip(point: Point, lot: UUID) -> HttpResponse:
    """What was weighed, to keep and to print."""
    row = weighing.slip(point.actor, point.at, lot=lot)
    return point.show(
        "slip",
        {
            "slip": row,
            "names": places.names({row.place}),
            "measures": MEASURES,
            "graded": graded,
            "factor": percent,
        },
    )


@page("stock.weigh_in", "stock.read")
def lots(point: Point) -> HttpResponse:
    """What was weighed here today."""
    return point.show("lots", {"slips": weighing.weighed_here(point.actor, point.at, since=day_began())})


def household_here(point: Point, key: UUID) -> people.HouseholdRow:
    """A household of the station's county.

    Raises:
        Missing: none there, or its identity was erased.
    """
    row = people.household(point.actor, household_id=key)
    if row.county != point.at.county or row.erased:
        raise Missing(_("There is no such household here."))
    return row


def _scales(
    point: Point,
    whose: people.HouseholdRow,
    what: weighing.Weighable,
    standard: StandardSeen | None,
    refusal: Refusal | None = None,
    *,
    first: UUID | None = None,
    harvest: harvests.HarvestRow | None = None,
) -> HttpResponse:
    """The form; after another harvest was entered under its id (`first`) it goes on with a new one."""
    context: dict[str, object] = {
        "household": whose, "product": what, "units": UNITS[what.unit], "today": today(), "first": first,
        "harvest": harvest,
        "picture": smallest, "standard": standard, "measures": MEASURES,
        "guide": _guide(standard) if standard else (),
        "recording": recording,
    }  # fmt: skip
    if first is not None:
        context["once"] = None
    return point.show("weigh_in", context, refusal=refusal)


def _guide(standard: StandardSeen) -> list[tuple[str, Sentence, list[GuidePicture]]]:
    """Each grade that may be chosen by eye: its key, its name, how it looks."""
    return [
        (key, GRADES[key], [one for one in standard.guide if one.grade == key]) for key in standard.terms.keys
    ]


def _measured(given: Given, standard: StandardSeen | None) -> dict[str, Decimal]:
    """What was measured of all that the standard asks for; nothing where no field was filled in."""
    asked = standard.terms.measures if standard else ()
    return {key: value for key in asked if (value := given.number_if_any(key)) is not None}


def _on_the_scale(given: Given, unit: str) -> Quantity:
    """What the scale shows, in the unit that was chosen; where there is only one, it is that."""
    choices = [value for value, _label in UNITS[unit]]
    chosen = choices[0] if len(choices) == 1 else given.text("unit", most=10)
    if chosen not in choices and given.text("quantity").replace(".", "").isdecimal():
        given.errors.append(("unit", _("Choose what the scale shows: jin, kg or g.")))
        return Quantity(1, Unit(unit))
    return given.quantity("quantity", unit, chosen if chosen in choices else "")


def _announced(row: harvests.HarvestRow) -> weighing.Weighable:
    """The goods of an announced harvest, which its row tells already."""
    return weighing.Weighable(
        row.product, row.name_zh, row.name_en, row.category, row.icon, row.unit, row.place, in_season=True,
        last_at=None,
    )  # fmt: skip
