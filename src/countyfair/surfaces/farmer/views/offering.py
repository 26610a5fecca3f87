"""A harvest is offered in three steps: a picture, how much, how much for. Each is kept as it is said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.clock import today
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal
from countyfair.surfaces import ui
from countyfair.surfaces.farmer.farm import Farm, agreed, page
from countyfair.surfaces.ui.given import Correctable, Given
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.catalog.rules.voices import LARGEST_FILE as LARGEST_RECORDING
from countyfair.trade.stock import actions
from countyfair.trade.stock.queries import harvests, weighing
from countyfair.trade.stock.queries.harvests import HarvestRow
from countyfair.trade.stock.rules import worth

#: When it is there: days from today, and the picture of each.
WHEN = ((0, _("Today"), "sun"), (1, _("Tomorrow"), "sheaf-of-rice"), (7, _("In a week"), "tear-off-calendar"))
#: What a bare number on the keys counts in.
COUNTS_IN = {"g": "斤", "piece": "个"}


@page
def goods(farm: Farm) -> HttpResponse:
    """What the household offered, and what it may offer: a picture each."""
    return farm.show(
        "goods",
        {
            "harvests": harvests.harvests_of(farm.actor, farm.household),
            "grown": weighing.grown(farm.actor, farm.household, month=today().month),
            "today": today(),
        },
    )


@agreed
def begin(farm: Farm, product: UUID) -> HttpResponse:
    """A picture of it, or none. The form's id becomes the harvest's."""
    what = weighing.grown_one(farm.actor, farm.household, product=product, month=today().month)
    if not farm.sent:
        return farm.show("begin", {"product": what})
    file = farm.request.FILES.get("photo")
    try:
        made = ui.once(farm.request)
        if file is None and not farm.request.POST.get("without"):
            raise Invalid(_("Take a picture, or go on without one."), field="photo")
        data = file.read(LARGEST_FILE + 1) if file else None
        actions.begin_harvest(farm.actor, harvest=made, household=farm.id, product=product, photo=data)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return farm.show("begin", {"product": what}, refusal=refusal)
    return farm.go("amount", made)


@agreed
def amount(farm: Farm, harvest: UUID) -> HttpResponse:
    """How much, and when it is there."""
    row = _own(farm, harvest)
    if not farm.sent:
        return _amount(farm, row) if row.state == "draft" else farm.go("harvest", harvest)
    given = Given(farm.request.POST)
    try:
        quantity = given.quantity("amount", row.unit, COUNTS_IN[row.unit])
        days = given.whole("days")
        given.stop()
        actions.say_amount(
            farm.actor, harvest=harvest, quantity=quantity, expected_on=today() + timedelta(days=days)
        )
    except Conflict as refusal:
        return farm.go("harvest", harvest, said=refusal.sentence, kind="info")
    except Correctable as refusal:
        return _amount(farm, row, refusal)
    return farm.go("price", harvest)


@agreed
def price(farm: Farm, harvest: UUID) -> HttpResponse:
    """How much for; then it is announced."""
    row = _own(farm, harvest)
    if not farm.sent:
        return farm.show("price", {"harvest": row}) if row.state == "draft" else farm.go("harvest", harvest)
    given = Given(farm.request.POST)
    try:
        wished = given.money("price")
        given.stop()
        actions.announce_harvest(farm.actor, harvest=harvest, wished=wished)
    except Conflict as refusal:
        return farm.go("harvest", harvest, said=refusal.sentence, kind="info")
    except Invalid as refusal:
        return farm.show("price", {"harvest": row}, refusal=refusal)
    return farm.go("harvest", harvest, said=_("Offered. The station knows that it is coming."))


@page
def harvest(farm: Farm, harvest: UUID) -> HttpResponse:
    """What was offered, in a sentence to hear, and the way back."""
    row = _own(farm, harvest)
    if row.state == "draft":
        return farm.go("price" if row.amount else "amount", harvest)
    total = worth(row.amount, row.wished_fen, row.unit)
    return farm.show("harvest", {"harvest": row, "worth": total, "today": today()})


@agreed
def voice(farm: Farm, harvest: UUID) -> HttpResponse:
    """Tell of it aloud: buyers hear it once the station has weighed it in."""
    row = _own(farm, harvest)
    if not farm.sent:
        return farm.show("voice", {"harvest": row})
    file = farm.request.FILES.get("voice")
    given = Given(farm.request.POST)
    try:
        made = ui.once(farm.request)
        words = given.text("words", most=300)
        given.stop()
        data = file.read(LARGEST_RECORDING + 1) if file else b""
        actions.tell_of_harvest(farm.actor, harvest=harvest, voice=made, data=data, words=words)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return farm.show("voice", {"harvest": row}, refusal=refusal)
    return farm.go("harvest", harvest, said=_("Recorded. Buyers hear it once it is weighed in."))


@page
def withdraw(farm: Farm, harvest: UUID) -> HttpResponse:
    """Take it back."""
    row = _own(farm, harvest)
    if not farm.sent:
        return farm.go("harvest", harvest)
    try:
        actions.withdraw_harvest(farm.actor, harvest=row.id)
    except Conflict as refusal:
        return farm.go("harvest", harvest, said=refusal.sentence, kind="info")
    return farm.go("goods", said=_("Taken back."))


def _own(farm: Farm, harvest: UUID) -> HarvestRow:
    """A harvest of this household.

    Raises:
        Missing: none of its own.
    """
    row = harvests.harvest(farm.actor, harvest=harvest)
    if row.household != farm.id:
        raise Missing(_("There is no such harvest."))
    return row


def _amount(farm: Farm, row: HarvestRow, refusal: Refusal | None = None) -> HttpResponse:
    when = [(days, word, "", icon) for days, word, icon in WHEN]
    return farm.show("amount", {"harvest": row, "when": when}, refusal=refusal)
