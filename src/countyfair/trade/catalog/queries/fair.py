"""The fair as a whole: which counties have a shelf, and whose stall stands at an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.rows import column, one
from countyfair.registers.people.rules import BACKGROUND

JOINS = ("people",)


@dataclass(frozen=True, slots=True)
class StallShown:
    """A shop as a buyer meets it.

    `licence_number` is its own, `registration_number` its organisation's; `background` is "" unless a
    consent to telling it stands today; `categories` are those of its goods.
    """

    id: UUID
    county: str
    slug: str
    name_zh: str
    name_en: str
    known_as: str
    operator_kind: str
    licence_number: str
    registration_number: str
    background: str
    opened_on: date
    categories: list[str]


def counties() -> list[str]:
    """Counties that have something on their shelf, by code. Steps over the index, a county a step."""
    return column(_COUNTIES, of=str)


def stall(*, county: str, slug: str) -> StallShown:
    """The open shop at this address.

    Raises:
        Missing: there is none, or it closed.
    """
    return one(
        _STALL,
        {"county": county, "slug": slug, "purpose": BACKGROUND, "today": clock.today()},
        into=StallShown,
        missing=_("This stall is not at the fair any more."),
    )


#: What a shop's people did before (`s`), while their household agrees to its being told.
TOLD = """
CASE WHEN s.background <> '' AND EXISTS (
    SELECT 1 FROM people_consent c
     WHERE c.household_id = s.household_id AND c.purpose = %(purpose)s AND c.withdrawn_at IS NULL
       AND (c.until IS NULL OR c.until >= %(today)s::date)) THEN s.background ELSE '' END"""

#: The categories of all that it has (`s`).
CATEGORIES = """
ARRAY(SELECT DISTINCT d.category::text FROM catalog_product d
       WHERE d.shop_id = s.id AND d.withdrawn_at IS NULL ORDER BY 1)"""

_SHOWN = """
SELECT s.id, s.county, s.slug, s.name_zh, s.name_en, s.known_as, s.operator_kind, s.licence_number,
       coalesce(g.registration_number, ''),
"""
_STALL = f"""{_SHOWN} {TOLD}, s.opened_on, {CATEGORIES}
  FROM catalog_shop s LEFT JOIN people_organisation g ON g.id = s.organisation_id
 WHERE s.county = %(county)s AND s.slug = %(slug)s AND s.closed_on IS NULL
"""

_COUNTIES = """
WITH RECURSIVE found AS (
    (SELECT county FROM catalog_product WHERE listed_at IS NOT NULL ORDER BY county LIMIT 1)
    UNION ALL
    (SELECT n.county FROM found f, LATERAL (
         SELECT county FROM catalog_product WHERE listed_at IS NOT NULL AND county > f.county
          ORDER BY county LIMIT 1) n))
SELECT county FROM found
"""
