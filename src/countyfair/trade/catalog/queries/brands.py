"""Brands and licences as the desk keeps them, and whose mark an offer may bear."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now, today
from countyfair.kernel.rows import one, rows, scalar
from countyfair.trade.catalog.rules.brands import ENDS_SOON_DAYS, grades_of

JOINS = ()

#: Where a list goes on that names those that ended last: whether its last row ended, its name and id.
EndedByName = tuple[bool, str, UUID]
#: The same where they go by day.
EndedByDay = tuple[bool, date, UUID]


@dataclass(frozen=True, slots=True)
class BrandSeen:
    """A brand as it is now. `shops` counts those that may bear its mark today, `offers` those that do."""

    id: UUID
    county: str
    name_zh: str
    name_en: str
    holder: str
    standard: UUID
    standard_name_zh: str
    standard_name_en: str
    least: str
    digest: str
    width: int
    height: int
    version: int
    ended_at: datetime | None
    shops: int
    offers: int

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades under which it is borne, from the best down."""
        return grades_of(self.least)


@dataclass(frozen=True, slots=True)
class LicenceSeen:
    """A licence of a shop. `follows` tells that another one begins after it."""

    id: UUID
    brand: UUID
    brand_name_zh: str
    brand_name_en: str
    shop: UUID
    shop_name_zh: str
    shop_name_en: str
    county: str
    number: str
    since: date
    until: date
    granted_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str
    withdrawn_by: str
    follows: bool

    @property
    def state(self) -> str:
        """`withdrawn`, `over`, `coming`, `ending` (soon, and none follows) or `holds`, today."""
        day = today()
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.until < day:
            return "over"
        if self.since > day:
            return "coming"
        return "ending" if not self.follows and (self.until - day).days <= ENDS_SOON_DAYS else "holds"


@dataclass(frozen=True, slots=True)
class Licensed:
    """A brand that the shop of some goods may bear now, and by which standard they must be graded."""

    brand: UUID
    name_zh: str
    name_en: str
    standard: UUID
    least: str
    until: date


def brands(
    actor: Actor, *, county: str, after: EndedByName | None = None, limit: int = 500
) -> list[BrandSeen]:
    """A county's brands by name, those that ended last; needs `catalog.read` there.

    Args:
        after: (whether it ended, name, id) of the last row of the page before.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("catalog.read", place=county)
    ended, name, key = after or (None, None, None)
    goes_on = (
        " AND (b.ended_at IS NOT NULL, b.name_zh, b.id) > (%(ended)s::bool, %(name)s::text, %(key)s::uuid)"
    )
    return rows(
        f"{_BRANDS} WHERE b.county = %(county)s{goes_on if after else ''}"
        " ORDER BY b.ended_at IS NOT NULL, b.name_zh, b.id LIMIT %(limit)s::int",
        {"county": county, "day": today(), "limit": limit, "ended": ended, "name": name, "key": key},
        into=BrandSeen,
    )


def brand(actor: Actor, *, brand: UUID) -> BrandSeen:
    """One brand; needs `catalog.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power there.
    """
    found = one(
        _BRANDS + " WHERE b.id = %(brand)s::uuid", {"brand": brand, "day": today()}, into=BrandSeen,
        missing=_("There is no such brand."),
    )  # fmt: skip
    actor.require("catalog.read", place=found.county)
    return found


def licences(
    actor: Actor,
    *,
    county: str,
    brand: UUID | None = None,
    licence: UUID | None = None,
    after: EndedByDay | None = None,
    limit: int = 500,
) -> list[LicenceSeen]:
    """Licences of a county, of one brand or one alone: those that hold by their last day, then the others
    by theirs; needs `catalog.read` there.

    Args:
        after: (whether it was withdrawn or is over, its last day, id) of the last row of the page before.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("catalog.read", place=county)
    narrowed = (" AND c.brand_id = %(brand)s::uuid" if brand else "") + (
        " AND c.id = %(licence)s::uuid" if licence else ""
    )
    goes_on = f" AND ({_BY_DAY}) > (%(ended)s::bool, %(until)s::date, %(key)s::uuid)" if after else ""
    ended, until, key = after or (None, None, None)
    return rows(
        f"{_LICENCES} WHERE c.county = %(county)s{narrowed}{goes_on} ORDER BY {_BY_DAY} LIMIT %(limit)s::int",
        {
            "county": county, "brand": brand, "licence": licence, "day": today(), "limit": limit,
            "ended": ended, "until": until, "key": key,
        },
        into=LicenceSeen,
    )  # fmt: skip


def ending_licences(actor: Actor, *, county: str, limit: int = 500) -> list[LicenceSeen]:
    """Licences that end soon and are followed by none, the first to end first; needs `catalog.read` there.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("catalog.read", place=county)
    day = today()
    found = rows(
        f"{_LICENCES} WHERE c.county = %(county)s AND c.withdrawn_at IS NULL"
        " AND c.until BETWEEN %(day)s::date AND %(soon)s::date ORDER BY c.until, c.id LIMIT %(limit)s::int",
        {"county": county, "day": day, "soon": day + timedelta(days=ENDS_SOON_DAYS), "limit": limit},
        into=LicenceSeen,
    )
    return [row for row in found if row.state == "ending"]


def licensed(product: UUID) -> list[Licensed]:
    """The brands that a product's shop is licensed for now, by name; it is public who is."""
    return licensed_from(scalar(f"SELECT ({LICENSED_JSON})", {"product": product, "moment": now()}))


def licensed_from(told: object) -> list[Licensed]:
    """What `LICENSED_JSON` answers."""
    return [
        Licensed(UUID(brand), name_zh, name_en, UUID(standard), least, date.fromisoformat(until))
        for brand, name_zh, name_en, standard, least, until in json.loads(str(told or "[]"))
    ]


_BRANDS = """
SELECT b.id, b.county, b.name_zh, b.name_en, b.holder, s.id, s.name_zh, s.name_en, b.least, b.digest, b.width,
       b.height, b.version, b.ended_at,
       (SELECT count(DISTINCT c.shop_id) FROM catalog_brandlicence c
         WHERE c.brand_id = b.id AND b.ended_at IS NULL AND c.withdrawn_at IS NULL
           AND %(day)s::date BETWEEN c.since AND c.until),
       (SELECT count(*) FROM catalog_offer o JOIN catalog_product d ON d.id = o.product_id
         WHERE o.brand_id = b.id AND o.state = 'on' AND b.ended_at IS NULL
           AND EXISTS (SELECT 1 FROM catalog_brandlicence c
                        WHERE c.brand_id = b.id AND c.shop_id = d.shop_id AND c.withdrawn_at IS NULL
                          AND %(day)s::date BETWEEN c.since AND c.until))
  FROM catalog_brand b JOIN catalog_standard s ON s.id = b.standard_id
"""

_LICENCES = """
SELECT c.id, b.id, b.name_zh, b.name_en, h.id, h.name_zh, h.name_en, c.county, c.number, c.since, c.until,
       c.granted_at, c.withdrawn_at, c.withdrawn_reason, c.withdrawn_by,
       EXISTS (SELECT 1 FROM catalog_brandlicence n
                WHERE n.brand_id = c.brand_id AND n.shop_id = c.shop_id AND n.withdrawn_at IS NULL
                  AND n.since > c.until)
  FROM catalog_brandlicence c
  JOIN catalog_brand b ON b.id = c.brand_id
  JOIN catalog_shop h ON h.id = c.shop_id
"""

#: Licences in the order of their list.
_BY_DAY = "c.withdrawn_at IS NOT NULL OR c.until < %(day)s::date, c.until, c.id"

#: The brands that the shop of a product may bear at a moment, as JSON; statements ask for it beside others.
LICENSED_JSON = """
SELECT json_agg(json_build_array(b.id, b.name_zh, b.name_en, b.standard_id, b.least, c.until)
                ORDER BY b.name_zh, b.id)::text
  FROM catalog_product d
  JOIN catalog_brandlicence c ON c.shop_id = d.shop_id AND c.withdrawn_at IS NULL
       AND catalog_day(%(moment)s::timestamptz) BETWEEN c.since AND c.until
  JOIN catalog_brand b ON b.id = c.brand_id AND b.ended_at IS NULL
 WHERE d.id = %(product)s::uuid
"""
