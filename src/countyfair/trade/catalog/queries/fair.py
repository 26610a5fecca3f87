"""The fair as a whole: which counties have a shelf, and whose stall stands at an address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.rows import one, rows


@dataclass(frozen=True, slots=True)
class StallShown:
    """A shop as a buyer meets it."""

    id: UUID
    county: str
    slug: str
    name_zh: str
    name_en: str
    operator_kind: str
    licence_number: str


@dataclass(frozen=True, slots=True)
class _County:
    code: str


def counties() -> list[str]:
    """Counties that have something on their shelf, by code. Steps over the index, a county a step."""
    return [row.code for row in rows(_COUNTIES, into=_County)]


def stall(*, county: str, slug: str) -> StallShown:
    """The open shop at this address.

    Raises:
        Missing: there is none, or it closed.
    """
    return one(
        "SELECT id, county, slug, name_zh, name_en, operator_kind, licence_number FROM catalog_shop"
        " WHERE county = %s AND slug = %s AND closed_on IS NULL",
        [county, slug],
        into=StallShown,
        missing=_("This stall is not at the fair any more."),
    )


_COUNTIES = """
WITH RECURSIVE found AS (
    (SELECT county FROM catalog_product WHERE listed_at IS NOT NULL ORDER BY county LIMIT 1)
    UNION ALL
    (SELECT n.county FROM found f, LATERAL (
         SELECT county FROM catalog_product WHERE listed_at IS NOT NULL AND county > f.county
          ORDER BY county LIMIT 1) n))
SELECT county FROM found
"""
