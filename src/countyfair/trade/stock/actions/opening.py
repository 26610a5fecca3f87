"""Days of a service: a day's places are a lot, and opening or closing them a movement like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.registers.people import queries as people
from countyfair.trade.stock.actions.announcing import ANNOUNCES
from countyfair.trade.stock.actions.intake import require_consent
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.actions.pooling import pool_called
from countyfair.trade.stock.models import Lot, Movement, Supply
from countyfair.trade.stock.queries.lots import Intake, intake
from countyfair.trade.stock.queries.services import Host, host_of
from countyfair.trade.stock.rules import FARTHEST_DAY, MOST_DAYS, MOST_PLACES, content_key, lot_number


@verb
def open_days(actor: Actor, *, household: UUID, product: UUID, days: Sequence[date], places: int) -> int:
    """Say how many places a service has on these days in all, booked ones included; 0 closes them.

    What is booked stays: a day with more booked than `places` keeps just those. The same again changes
    nothing. By the household itself, or with `harvest.announce` at its place; where an organisation keeps
    the shop, with `catalog.offer` for it.

    Returns:
        How many of the days have more booked than `places`.

    Raises:
        Forbidden: none of these.
        Missing: no such household or service.
        Invalid: no service, a day that is past or too far, too many days or places, or no consent to selling.
        Conflict: another household is its host.
    """
    facts = intake(household=household, product=product, station=None)
    host = host_of(product)
    _allowed(actor, household, host, facts)
    _check(days, places)
    if places:
        require_consent(facts)
    pool = pool_called(actor, facts.county, product, "", kind="service")
    lots = _lots(pool, household, facts, sorted(set(days)))
    opened = _opened([lot.id for lot in lots])
    fuller = 0
    for lot in lots:
        before = opened.get(lot.id, 0)
        booked = before - (lot.on_hand - lot.reserved)
        fuller += places < booked
        _set(lot, max(places, booked) - before, is_first=lot.id not in opened)
    return fuller


@verb
def close_past_days(actor: Actor, *, batch: int = 500) -> int:
    """Write off the places of past days that nobody booked; answers how many days that were.

    A place of yesterday cannot be sold any more, and would count as being there.
    """
    past = Lot.objects.filter(service_on__lt=today(), has_free=True).order_by("service_on", "id")
    keys = list(past.values_list("id", flat=True)[:batch])
    lots = list(Lot.objects.filter(id__in=keys).select_for_update(no_key=True).order_by("id"))
    for lot in lots:
        if lot.on_hand > lot.reserved:
            append(
                "write_off", lot=lot.id, county=lot.county, on_hand=lot.reserved - lot.on_hand,
                source=f"past:{uuid7()}", reason="the day is over",
            )  # fmt: skip
    return len(lots)


def _allowed(actor: Actor, household: UUID, host: Host, facts: Intake) -> None:
    whose = people.household(actor, household_id=household)
    own = actor.user_id is not None and actor.user_id == whose.user_id
    if not own:
        actor.require(ANNOUNCES, place=whose.place)
    if host.kind != "service" or host.unit != "piece" or host.county != facts.county:
        raise Invalid(_("Choose one of this county's services."), field="product")
    if (host.shop_household or host.host or household) != household:
        raise Conflict(_("Another household is the host of this service."))
    if host.shop_household is None and host.host is None:
        actor.require("catalog.offer", place=host.county, organisation=host.organisation)


def _check(days: Sequence[date], places: int) -> None:
    if not days or len(set(days)) > MOST_DAYS:
        raise Invalid(
            _("Choose one day at least, and at most %(most)d at once.") % {"most": MOST_DAYS}, field="days"
        )
    if not 0 <= places <= MOST_PLACES:
        raise Invalid(_("Choose between 0 and %(most)d places.") % {"most": MOST_PLACES}, field="places")
    if not all(today() <= day <= today() + timedelta(days=FARTHEST_DAY) for day in days):
        raise Invalid(_("Choose days from today on, within a year."), field="days")


def _lots(pool: UUID, household: UUID, facts: Intake, days: Sequence[date]) -> list[Lot]:
    """The lots of these days, made where they are not there, locked behind their supplies."""
    keys = [uuid7() for _day in days]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_lot (id, county, pool_id, household_id, number, place, field, harvested_on,"
            " service_on, weighed_at, unit, grade, standard_version, factor_milli, graded_by, measured,"
            " on_hand, reserved, content)"
            " SELECT w.id, %s, %s::uuid, %s::uuid, w.number, %s, '', w.day, w.day, %s::timestamptz,"
            " 'piece', '', 0, 1000, '', '{}'::jsonb, 0, 0, %s"
            " FROM unnest(%s::uuid[], %s::text[], %s::date[]) AS w (id, number, day)"
            " ON CONFLICT (pool_id, service_on) WHERE service_on IS NOT NULL DO NOTHING",
            [
                facts.county, pool, household, facts.place, now(), content_key(str(household), pool), keys,
                [lot_number(key, day) for key, day in zip(keys, days, strict=True)], list(days),
            ],
        )  # fmt: skip
    list(Supply.objects.filter(pool_id=pool).select_for_update(no_key=True).order_by("id").values_list("id"))
    chosen = Lot.objects.filter(pool_id=pool, service_on__in=days)
    return list(chosen.select_for_update(no_key=True).order_by("id"))


def _opened(lots: Sequence[UUID]) -> dict[UUID, int]:
    """The places opened so far by lot; a lot without any movement is left out."""
    put_in = Movement.objects.filter(lot_id__in=lots, kind__in=("take_in", "correct", "write_off"))
    return dict(put_in.values("lot_id").annotate(places=Sum("on_hand_delta")).values_list("lot_id", "places"))


def _set(lot: Lot, change: int, *, is_first: bool) -> None:
    if change:
        append(
            "take_in" if is_first else "correct",
            lot=lot.id,
            county=lot.county,
            on_hand=change,
            source=f"open:{uuid7()}",
            reason="places of the day",
        )
