"""Announced harvests: what a household means to bring, said in three steps, each kept as it is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.money import Money
from countyfair.kernel.outbox import announce
from countyfair.kernel.quantity import Quantity
from countyfair.kernel.refusal import Conflict, Invalid, Missing
from countyfair.kernel.verbs import verb
from countyfair.registers.people import queries as people
from countyfair.trade.catalog.actions.keeping import keep_picture
from countyfair.trade.catalog.actions.voices import record_voice, show_voice
from countyfair.trade.catalog.rules.pictures import read_picture
from countyfair.trade.stock.actions.closing import close_pool
from countyfair.trade.stock.actions.intake import require_consent, take_in
from countyfair.trade.stock.events import HarvestAnnounced
from countyfair.trade.stock.models import Harvest, Lot
from countyfair.trade.stock.queries.lots import intake
from countyfair.trade.stock.rules import (
    FARTHEST_HARVEST_DAYS,
    HARVEST_LIFE,
    HIGHEST_WISH_FEN,
    LARGEST_HARVEST,
)

#: Held by who may announce for a household; the household itself needs no power.
ANNOUNCES = "harvest.announce"
_MOVED_ON = _("This harvest was weighed in or taken back. Look at it again.")


@verb
def begin_harvest(
    actor: Actor, *, harvest: UUID, household: UUID, product: UUID, photo: bytes | None = None
) -> None:
    """Begin to announce a harvest: whose, of what, and a picture of it. Repeatable by its id.

    By the household itself, or with `harvest.announce` at its place.

    Args:
        photo: the file as it was sent, see `catalog.rules.pictures`; None when there is none.

    Raises:
        Forbidden: neither.
        Missing: no such household.
        Invalid: not this county's goods, no picture that we take, or the household has not agreed that
            its harvest is sold (code `no_consent`).
        Conflict: the id stands for another harvest.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    place = _reached(actor, household)
    facts = intake(household=household, product=product, station=None)
    if facts.product_county != facts.county or facts.product_kind != "goods":
        raise Invalid(_("Choose one of this county's goods."), field="product")
    require_consent(facts)
    picture = read_picture(photo) if photo else None
    digest = picture.digest if picture else ""
    if first := Harvest.objects.filter(pk=harvest).first():
        if (first.household_id, first.product_id, first.photo) != (household, product, digest):
            raise Conflict(_("This was begun before with something else. Begin anew."))
        return
    if picture:
        keep_picture(picture)
    Harvest.objects.create(
        id=harvest, county=facts.county, household_id=household, product_id=product, place=place,
        unit=facts.product_unit or "", expected_on=today(), photo=digest,
        photo_width=picture.width if picture else 0, begun_at=now(),
    )  # fmt: skip


@verb
def say_amount(actor: Actor, *, harvest: UUID, quantity: Quantity, expected_on: date) -> None:
    """Say how much a harvest not announced yet will be, and on which day it is there.

    Raises:
        Missing, Forbidden: no such harvest, or neither one's own nor within reach.
        Invalid: an amount or a day that cannot be.
        Conflict: it was announced or taken back.
    """
    row = _of(actor, harvest)
    if quantity.unit.value != row.unit:
        raise Invalid(_("This product is counted in another unit."), field="amount")
    if not 0 < quantity.amount <= LARGEST_HARVEST:
        raise Invalid(_("The quantity must be more than zero and not absurdly large."), field="amount")
    if not today() <= expected_on <= today() + timedelta(days=FARTHEST_HARVEST_DAYS):
        raise Invalid(_("Choose a day from today on, within a year."), field="expected_on")
    said = (row.amount, row.expected_on)
    if row.state != "draft" and said != (quantity.amount, expected_on):
        raise Conflict(_MOVED_ON)
    row.amount, row.expected_on = quantity.amount, expected_on
    row.save(update_fields=["amount", "expected_on"])


@verb
def announce_harvest(actor: Actor, *, harvest: UUID, wished: Money) -> None:
    """Announce a harvest at a price for 500 g or a piece. The same again is answered as the first time.

    Raises:
        Missing, Forbidden: no such harvest, or neither one's own nor within reach.
        Invalid: a price that cannot be, no amount said yet, or consent taken back (code `no_consent`).
        Conflict: it was announced at another price, weighed in, or taken back.
    """
    row = _of(actor, harvest)
    if not 0 < wished.minor <= HIGHEST_WISH_FEN:
        raise Invalid(_("Say a price above zero that somebody could pay."), field="price")
    if row.state == "announced" and row.wished_fen == wished.minor:
        return
    if "announced" not in HARVEST_LIFE[row.state]:
        raise Conflict(_MOVED_ON)
    if not row.amount:
        raise Invalid(_("Say first how much it is."), field="amount")
    require_consent(intake(household=row.household_id, product=row.product_id, station=None))
    row.wished_fen, row.state, row.announced_at = wished.minor, "announced", now()
    row.save(update_fields=["wished_fen", "state", "announced_at"])
    announce(
        HarvestAnnounced(
            row.id, row.household_id, row.product_id, row.amount, row.unit, row.wished_fen, row.expected_on
        ),
        county=row.county,
    )


@verb
def tell_of_harvest(actor: Actor, *, harvest: UUID, voice: UUID, data: bytes, words: str = "") -> None:
    """Tell of a harvest aloud: buyers hear it once the station has weighed it in. The last one counts.

    Raises:
        Missing, Forbidden: no such harvest, or neither one's own nor within reach.
        Invalid: no recording that we take, or the household's consent does not stand (`no_consent`).
        Conflict: it was taken back, or the id stands for another recording.
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    row = _of(actor, harvest)
    if row.state == "withdrawn":
        raise Conflict(_MOVED_ON)
    require_consent(intake(household=row.household_id, product=row.product_id, station=None))
    record_voice(
        actor, voice=voice, product=row.product_id, data=data, words=words, household=row.household_id
    )
    if row.voice_id != voice:
        row.voice_id = voice
        row.save(update_fields=["voice"])


@verb
def withdraw_harvest(actor: Actor, *, harvest: UUID) -> None:
    """Take an announcement back; again is nothing.

    Raises:
        Missing, Forbidden: no such harvest, or neither one's own nor within reach.
        Conflict: it lies weighed in the store by now.
    """
    row = _of(actor, harvest)
    if row.state == "withdrawn":
        return
    if "withdrawn" not in HARVEST_LIFE[row.state]:
        raise Conflict(_("It was weighed in already. Speak with your station."))
    row.state = "withdrawn"
    row.save(update_fields=["state"])


@verb
def take_in_announced(
    actor: Actor,
    *,
    harvest: UUID,
    lot: UUID,
    quantity: Quantity,
    harvested_on: date,
    station: UUID,
    grade: str = "",
    measured: Mapping[str, Decimal] | None = None,
    heard: bool = True,
) -> Lot:
    """Weigh in what was announced, all of it or a load; as `take_in`, whose lot then names the harvest.

    What is sold ahead closes with its first weigh-in, and waits in its own pool to be allotted.

    Args:
        heard: whether buyers may hear what the household recorded of it: who weighs it listened first.

    Raises:
        Missing: no such harvest.
        Conflict: it was never announced or was taken back, or the lot was entered before otherwise.
        Forbidden, Invalid: as `take_in`.
    """
    row = _locked(harvest)
    if "weighed" not in HARVEST_LIFE[row.state]:
        raise Conflict(_("This harvest was taken back. Weigh it in as a new one."))
    if row.pool_name:
        close_pool(row.product_id, row.pool_name)
    taken = take_in(
        actor, lot=lot, household=row.household_id, product=row.product_id, quantity=quantity,
        harvested_on=harvested_on, station=station, grade=grade, measured=measured, pool=row.pool_name,
    )  # fmt: skip
    if taken.harvest_id is None:
        Lot.objects.filter(pk=lot).update(harvest=row)
    if row.state != "weighed":
        row.state = "weighed"
        row.save(update_fields=["state"])
    if heard and row.voice_id is not None:
        show_voice(actor, voice=row.voice_id)
    return taken


def _of(actor: Actor, harvest: UUID) -> Harvest:
    row = _locked(harvest)
    _reached(actor, row.household_id)
    return row


def _locked(harvest: UUID) -> Harvest:
    row = Harvest.objects.select_for_update().filter(pk=harvest).first()
    if row is None:
        raise Missing(_("There is no such harvest."))
    return row


def _reached(actor: Actor, household: UUID) -> str:
    """The place of a household that is one's own or lies within reach."""
    label = people.household_labels([household]).get(household)
    if label is None:
        raise Missing(_("There is no such household."))
    own = actor.user_id is not None and household in {
        one.id for one in people.households_of_user(actor.user_id)
    }
    if not own:
        actor.require(ANNOUNCES, place=label.place)
    return label.place
