"""What an agent chooses from when a harvest is weighed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Missing
from countyfair.kernel.rows import rows
from countyfair.registers.stations.queries import StationRow

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class Weighable:
    """A product that may be weighed in; `last_at` is when this household last brought it."""

    id: UUID
    name_zh: str
    name_en: str
    category: str
    icon: str
    unit: str
    place: str
    in_season: bool
    last_at: datetime | None


def weighable(
    actor: Actor, at: StationRow, *, household: UUID, month: int, limit: int = 200
) -> list[Weighable]:
    """The county's goods: what the household brought before, then what is in season, then the nearest.

    Needs `stock.weigh_in` at the station.

    Args:
        month: of the harvest, 1 to 12.

    Raises:
        Forbidden: nobody weighs there with this role.
    """
    return _found(actor, at, household, month, None, limit)


def weighed(actor: Actor, at: StationRow, *, household: UUID, product: UUID, month: int) -> Weighable:
    """One of them.

    Raises:
        Forbidden: as `weighable`.
        Missing: no such goods in this county.
    """
    found = _found(actor, at, household, month, product, 1)
    if not found:
        raise Missing(_("Choose one of this county's goods."))
    return found[0]


def _found(
    actor: Actor, at: StationRow, household: UUID, month: int, product: UUID | None, limit: int
) -> list[Weighable]:
    actor.require("stock.weigh_in", place=at.place)
    return rows(
        _WEIGHABLE,
        {
            "county": at.county, "household": household, "product": product, "month": month,
            "near": [at.place[:length] for length in (9, 12) if len(at.place) >= length], "limit": limit,
        },
        into=Weighable,
    )  # fmt: skip


_WEIGHABLE = """
SELECT d.id, d.name_zh, d.name_en, d.category, d.icon, d.unit, d.place, ripe.now, brought.at
  FROM catalog_product d
  CROSS JOIN LATERAL (SELECT cardinality(d.season_months) = 0
                             OR %(month)s::smallint = ANY (d.season_months) AS now) ripe
  LEFT JOIN LATERAL (SELECT max(l.weighed_at) AS at FROM stock_lot l JOIN stock_pool p ON p.id = l.pool_id
                      WHERE l.household_id = %(household)s::uuid AND p.product_id = d.id) brought ON true
 WHERE d.county = %(county)s AND d.kind = 'goods' AND d.withdrawn_at IS NULL
   AND (%(product)s::uuid IS NULL OR d.id = %(product)s::uuid)
 ORDER BY brought.at DESC NULLS LAST, ripe.now DESC,
       (SELECT count(*) FROM unnest(%(near)s::text[]) AS n (prefix)
         WHERE starts_with(d.place, n.prefix)) DESC,
       d.name_zh, d.id
 LIMIT %(limit)s::int
"""
