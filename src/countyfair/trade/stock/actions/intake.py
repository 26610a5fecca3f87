"""Weigh-in: a household's harvest becomes a lot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.outbox import announce
from countyfair.kernel.quantity import Quantity
from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.kernel.verbs import verb
from countyfair.trade.stock.actions.grading import grading
from countyfair.trade.stock.actions.movements import append
from countyfair.trade.stock.actions.pooling import pool_called
from countyfair.trade.stock.events import TakenIn
from countyfair.trade.stock.models import Lot
from countyfair.trade.stock.queries.lots import Intake, intake
from countyfair.trade.stock.rules import (
    LARGEST_HARVEST,
    OLDEST_HARVEST_DAYS,
    SOLD_AHEAD,
    content_key,
    lot_number,
)


@verb
def take_in(
    actor: Actor,
    *,
    lot: UUID,
    household: UUID,
    product: UUID,
    quantity: Quantity,
    harvested_on: date,
    station: UUID | None = None,
    weighed_at: datetime | None = None,
    field: str = "",
    grade: str = "",
    measured: Mapping[str, Decimal] | None = None,
    pool: str = "",
) -> Lot:
    """Weigh in a harvest as the lot whose id the device made. The same again gets the first answer.

    Args:
        quantity: net, in the product's unit.
        station: where it was weighed; None when it was weighed at the household's own place.
        weighed_at: when, by the device; now when not said.
        grade: where the product has a standard, the grade chosen by its pictures when nothing was
            measured; else any word for it.
        measured: what the product's standard asks for, by its key; the grade follows from it.
        pool: the name of a pool of its own, e.g. of a grade; "" is the product's common one.

    Raises:
        Forbidden: no `stock.weigh_in` at the station's or the household's place.
        Missing: no such household.
        Invalid: the quantity, the date, the product or the station cannot be, the product's standard
            asks for something else, or the household has not agreed that its
            harvest is sold (code `no_consent`).
        Conflict: the id was used for another weigh-in.
    """
    facts = intake(lot=lot, household=household, product=product, station=station)
    where = facts.station_place if facts.station_place is not None else facts.place
    actor.require("stock.weigh_in", place=where)
    _check(facts, station, quantity, harvested_on, weighed_at)
    content = content_key(
        actor.key,
        household,
        product,
        station,
        quantity.amount,
        quantity.unit,
        harvested_on,
        field,
        grade,
        "" if pool.startswith(SOLD_AHEAD) else pool,
        *sorted((measured or {}).items()),
    )
    if facts.known:
        return _first_answer(lot, content)
    graded = grading(product, grade, measured or {})
    made = Lot(
        id=lot,
        county=facts.county,
        pool_id=pool_called(actor, facts.county, product, pool, kind="goods"),
        household_id=household,
        station_id=station,
        number=lot_number(lot, harvested_on),
        place=facts.place,
        field=field,
        harvested_on=harvested_on,
        weighed_at=weighed_at or now(),
        unit=quantity.unit.value,
        grade=graded.grade,
        standard_id=graded.standard,
        standard_version=graded.version,
        factor_milli=graded.factor_milli,
        graded_by=graded.by,
        measured={key: f"{value:f}" for key, value in graded.measured.items()},
        content=content,
    )
    if not _insert(made):
        return _first_answer(lot, content)
    require_consent(facts)
    append("take_in", lot=lot, county=facts.county, on_hand=quantity.amount, source=f"take_in:{lot}")
    announce(TakenIn(lot, household, product, quantity.amount, quantity.unit.value), county=facts.county)
    return Lot.objects.get(pk=lot)


def _check(
    facts: Intake, station: UUID | None, quantity: Quantity, harvested_on: date, weighed_at: datetime | None
) -> None:
    if station is not None and facts.station_county != facts.county:
        raise Invalid(_("This household belongs to another county's stations."), field="household")
    if facts.product_county != facts.county or facts.product_kind != "goods":
        raise Invalid(_("Choose one of this county's goods."), field="product")
    if quantity.unit.value != facts.product_unit:
        raise Invalid(_("This product is counted in another unit."), field="quantity")
    if not 0 < quantity.amount <= LARGEST_HARVEST:
        raise Invalid(_("The quantity must be more than zero and not absurdly large."), field="quantity")
    if not today() - timedelta(days=OLDEST_HARVEST_DAYS) <= harvested_on <= today():
        raise Invalid(_("The day of harvest cannot be in the future or years ago."), field="harvested_on")
    if weighed_at is not None and weighed_at > now() + timedelta(days=1):
        raise Invalid(_("The device's clock is ahead. Set it and send again."), field="weighed_at")


def require_consent(facts: Intake) -> None:
    """Asked of a new lot or harvest only: what was entered before is answered as it was then.

    Raises:
        Invalid: the household's consent to selling does not stand (code `no_consent`).
    """
    if not facts.agreed:
        raise Invalid(
            _(
                "This household has not agreed that its harvest is sold. Ask it first and put its answer on"
                " record: here at the scales, or at the county centre."
            ),
            field="household",
            code="no_consent",
        )


def _insert(made: Lot) -> bool:
    """Whether the row is new. Waits for whoever inserts the same id at the same time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_lot (id, county, pool_id, household_id, station_id, number, place, field,"
            " harvested_on, weighed_at, unit, grade, standard_id, standard_version, factor_milli, graded_by,"
            " measured, on_hand, reserved, content)"
            " VALUES (%s::uuid, %s, %s::uuid, %s::uuid, %s::uuid, %s, %s, %s, %s, %s, %s, %s, %s::uuid, %s,"
            " %s, %s, %s::jsonb, 0, 0, %s)"
            " ON CONFLICT (id) DO NOTHING",
            [
                made.id,
                made.county,
                made.pool_id,
                made.household_id,
                made.station_id,
                made.number,
                made.place,
                made.field,
                made.harvested_on,
                made.weighed_at,
                made.unit,
                made.grade,
                made.standard_id,
                made.standard_version,
                made.factor_milli,
                made.graded_by,
                json.dumps(made.measured),
                made.content,
            ],
        )
        return bool(cursor.rowcount == 1)


def _first_answer(lot: UUID, content: str) -> Lot:
    first = Lot.objects.get(pk=lot)
    if first.content != content:
        raise Conflict(_("This weigh-in was entered before with other figures. Start a new one."))
    return first
