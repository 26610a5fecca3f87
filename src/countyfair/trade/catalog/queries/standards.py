"""Standards as the desk keeps them and as the scales use them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import Columns, one, rows
from countyfair.trade.catalog.queries.brands import LICENSED_JSON, EndedByName, Licensed, licensed_from
from countyfair.trade.catalog.rules.grading import StandardTerms, from_json

JOINS = ()


@dataclass(frozen=True, slots=True)
class GuidePicture:
    """How a grade looks; `digest` names its files."""

    id: UUID
    grade: str
    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class StandardSeen:
    """A standard as it holds now. Of one product (`product`), else of a category. `guide` by grade."""

    id: UUID
    county: str
    name_zh: str
    name_en: str
    product: UUID | None
    product_name_zh: str
    product_name_en: str
    category: str
    version: int
    ended_at: datetime | None
    since: datetime
    terms: StandardTerms
    guide: tuple[GuidePicture, ...]


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version of a standard."""

    version: int
    since: datetime
    actor: str
    terms: StandardTerms


def standard_for(product: UUID) -> StandardSeen | None:
    """The standard by which a product is graded now: its own, else its category's; None without one."""
    found = rows(_FOR, {"product": product}, into=_Found)
    return _seen(found[0]) if found else None


def standard_and_licences(product: UUID) -> tuple[StandardSeen | None, list[Licensed]]:
    """As `standard_for`, and beside it the brands that the product's shop may bear now; one statement.

    Without a standard no brand is told: a mark needs one.
    """
    found = rows(_WITH_LICENCES, {"product": product, "moment": now()}, into=Columns)
    if not found:
        return None, []
    *plain, told = found[0]
    return _seen(_Found(*plain)), licensed_from(told)


def standards(
    actor: Actor, *, county: str, after: EndedByName | None = None, limit: int = 500
) -> list[StandardSeen]:
    """A county's standards by name, those that ended last; needs `catalog.read` there.

    Args:
        after: (whether it ended, name, id) of the last row of the page before.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("catalog.read", place=county)
    goes_on = " AND (s.ended_at IS NOT NULL, s.name_zh, s.id) > (%s::bool, %s::text, %s::uuid)"
    found = rows(
        f"{_SEEN} WHERE s.county = %s{goes_on if after else ''}"
        " ORDER BY s.ended_at IS NOT NULL, s.name_zh, s.id LIMIT %s::int",
        [county, *(after or ()), limit],
        into=_Found,
    )
    return [_seen(row) for row in found]


def standard(actor: Actor, *, standard: UUID) -> StandardSeen:
    """One standard; needs `catalog.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power there.
    """
    found = one(_SEEN + " WHERE s.id = %s", [standard], into=_Found, missing=_("There is no such standard."))
    actor.require("catalog.read", place=found.county)
    return _seen(found)


def versions(actor: Actor, seen: StandardSeen) -> list[VersionSeen]:
    """All versions of a standard, the latest first; needs `catalog.read` in its county.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("catalog.read", place=seen.county)
    found = rows(
        "SELECT version, since, actor, terms::text FROM catalog_standardversion WHERE standard_id = %s"
        " ORDER BY version DESC",
        [seen.id],
        into=_Version,
    )
    return [VersionSeen(row.version, row.since, row.actor, from_json(json.loads(row.terms))) for row in found]


@dataclass(frozen=True, slots=True)
class _Version:
    version: int
    since: datetime
    actor: str
    terms: str


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    county: str
    name_zh: str
    name_en: str
    product: UUID | None
    product_name_zh: str
    product_name_en: str
    category: str
    version: int
    ended_at: datetime | None
    since: datetime
    terms: str
    guide: str


def _seen(row: _Found) -> StandardSeen:
    return StandardSeen(
        row.id, row.county, row.name_zh, row.name_en, row.product, row.product_name_zh, row.product_name_en,
        row.category, row.version, row.ended_at, row.since, from_json(json.loads(row.terms)),
        tuple(
            GuidePicture(UUID(key), grade, digest, width, height)
            for key, grade, digest, width, height in json.loads(row.guide)
        ),
    )  # fmt: skip


_SEEN = """
SELECT s.id, s.county, s.name_zh, s.name_en, s.product_id, coalesce(d.name_zh, ''), coalesce(d.name_en, ''),
       s.category, s.version, s.ended_at, v.since, v.terms::text,
       coalesce((SELECT json_agg(json_build_array(g.id, g.grade, g.digest, g.width, g.height) ORDER BY g.id)
                   FROM catalog_gradepicture g
                  WHERE g.standard_id = s.id AND g.withdrawn_at IS NULL), '[]')::text
  FROM catalog_standard s
  JOIN catalog_standardversion v ON v.standard_id = s.id AND v.version = s.version
  LEFT JOIN catalog_product d ON d.id = s.product_id
"""
_FOR = f"""
{_SEEN} JOIN catalog_product p ON p.id = %(product)s::uuid AND p.county = s.county
 WHERE s.ended_at IS NULL
   AND (s.product_id = p.id OR s.product_id IS NULL AND s.category = p.category)
 ORDER BY s.product_id IS NULL LIMIT 1
"""
_BOTH = "SELECT seen.*, ({licences}) FROM ({standard}) seen"
_WITH_LICENCES = _BOTH.format(licences=LICENSED_JSON, standard=_FOR)
