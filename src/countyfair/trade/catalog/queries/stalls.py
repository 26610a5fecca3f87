"""One shop, as who runs it and the county's desk see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.registers.people.queries import HouseholdRow, require_household
from countyfair.registers.people.rules import BACKGROUND
from countyfair.trade.catalog.queries.fair import CATEGORIES, TOLD

JOINS = ("people",)


@dataclass(frozen=True, slots=True)
class ShopSeen:
    """A shop with its operator (an organisation's name, or a household's number) and what it has.

    `background` and `categories` as of `StallShown`, as is `registration_number`.
    """

    id: UUID
    county: str
    slug: str
    name_zh: str
    name_en: str
    known_as: str
    operator_kind: str
    organisation: UUID | None
    household: UUID | None
    operator: str
    licence_number: str
    opened_on: date
    closed_on: date | None
    products: int
    on_sale: int
    background: str
    categories: list[str]
    registration_number: str


def shop_whole(actor: Actor, *, shop: UUID) -> ShopSeen:
    """One shop; needs `catalog.read` in its county or at its operator.

    Raises:
        Missing: no such shop.
        Forbidden: no such power there.
    """
    given = {"shop": shop, "purpose": BACKGROUND, "today": clock.today()}
    found = one(_WHOLE, given, into=ShopSeen, missing=_("There is no such shop."))
    actor.require("catalog.read", place=found.county, organisation=found.organisation)
    return found


def shop_of_household(actor: Actor, whose: HouseholdRow) -> ShopSeen | None:
    """The open shop that a household runs; by itself or with `household.read` at its place.

    Raises:
        Forbidden: neither.
    """
    require_household(actor, whose)
    given = {"household": whose.id, "purpose": BACKGROUND, "today": clock.today()}
    return next(iter(rows(_OF_HOUSEHOLD, given, into=ShopSeen)), None)


_WHAT = """
SELECT s.id, s.county, s.slug, s.name_zh, s.name_en, s.known_as, s.operator_kind, s.organisation_id,
       s.household_id, coalesce(g.name, h.number, ''), s.licence_number, s.opened_on, s.closed_on,
       (SELECT count(*) FROM catalog_product d WHERE d.shop_id = s.id AND d.withdrawn_at IS NULL),
       (SELECT count(*) FROM catalog_product d JOIN catalog_offer o ON o.product_id = d.id
         WHERE d.shop_id = s.id AND o.state = 'on'),
"""
_SEEN = f"""{_WHAT} {TOLD}, {CATEGORIES}, coalesce(g.registration_number, '')
  FROM catalog_shop s
  LEFT JOIN people_organisation g ON g.id = s.organisation_id
  LEFT JOIN people_household h ON h.id = s.household_id
"""
_WHOLE = f"{_SEEN} WHERE s.id = %(shop)s::uuid"
_OF_HOUSEHOLD = f"""
{_SEEN} WHERE s.household_id = %(household)s::uuid AND s.closed_on IS NULL ORDER BY s.opened_on, s.id LIMIT 1
"""
