"""Services: whose they are, and which places of which days are open, booked and free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.registers.people import queries as people
from countyfair.registers.people.queries import HouseholdRow

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service that a household offers; `open_days` counts days from today on that have a free place."""

    id: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    open_days: int


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One day of a service. `places` were opened, `booked` of them are promised or were used."""

    day: date
    places: int
    booked: int
    free: int


@dataclass(frozen=True, slots=True)
class Host:
    """Who may open days of a service: the household that keeps its shop, or, where an organisation
    keeps it, the household that is its host already (None: none yet).
    """

    county: str
    kind: str
    unit: str
    shop_household: UUID | None
    organisation: UUID | None
    host: UUID | None


def services_of(actor: Actor, whose: HouseholdRow, *, today: date) -> list[ServiceRow]:
    """The services of a household: of its own shops, or that it is the host of.

    Raises:
        Forbidden: neither its own people, nor `household.read` at its place.
    """
    people.require_household(actor, whose)
    return rows(
        _OF_HOUSEHOLD, {"county": whose.county, "household": whose.id, "today": today}, into=ServiceRow
    )


def host_of(product: UUID) -> Host:
    """Who may open days of a service.

    Raises:
        Missing: there is no such product.
    """
    return one(_HOST, {"product": product}, into=Host, missing=_("There is no such service any more."))


def service_days(*, product: UUID, since: date, until: date) -> list[ServiceDay]:
    """The days of a service that were opened, `until` included. For everybody: it names nobody."""
    return rows(_DAYS, {"product": product, "since": since, "until": until}, into=ServiceDay)


_OF_HOUSEHOLD = """
SELECT d.id, d.name_zh, d.name_en, d.category, d.icon,
       (SELECT count(*)::int FROM stock_lot l JOIN stock_pool p ON p.id = l.pool_id
         WHERE p.product_id = d.id AND l.service_on >= %(today)s::date AND l.has_free)
  FROM catalog_product d
  JOIN catalog_shop s ON s.id = d.shop_id
 WHERE d.county = %(county)s AND d.kind = 'service' AND d.withdrawn_at IS NULL AND s.closed_on IS NULL
   AND (s.household_id = %(household)s::uuid
        OR s.household_id IS NULL AND EXISTS (
           SELECT 1 FROM stock_pool p JOIN stock_lot l ON l.pool_id = p.id
            WHERE p.product_id = d.id AND l.household_id = %(household)s::uuid))
 ORDER BY d.name_zh, d.id
"""
_HOST = """
SELECT d.county, d.kind, d.unit, s.household_id, s.organisation_id,
       (SELECT l.household_id FROM stock_pool p JOIN stock_lot l ON l.pool_id = p.id
         WHERE p.product_id = d.id AND l.service_on IS NOT NULL LIMIT 1)
  FROM catalog_product d JOIN catalog_shop s ON s.id = d.shop_id
 WHERE d.id = %(product)s::uuid AND d.withdrawn_at IS NULL
"""
#: What was opened is the sum of what was put in and corrected, not what is left of it.
_DAYS = """
SELECT l.service_on, m.places, m.places - (l.on_hand - l.reserved),
       CASE WHEN l.has_free THEN l.on_hand - l.reserved ELSE 0 END
  FROM stock_pool p
  JOIN stock_lot l ON l.pool_id = p.id
  JOIN LATERAL (SELECT coalesce(sum(m.on_hand_delta), 0)::bigint AS places FROM stock_movement m
                 WHERE m.lot_id = l.id AND m.kind IN ('take_in', 'correct', 'write_off')) m ON true
 WHERE p.product_id = %(product)s::uuid AND l.service_on BETWEEN %(since)s::date AND %(until)s::date
 ORDER BY l.service_on
"""
