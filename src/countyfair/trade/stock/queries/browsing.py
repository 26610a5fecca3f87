"""Lots as the county's desk looks through them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.trade.stock.queries.lots import LotRow

JOINS = ("catalog", "people", "stations")


def browse(
    actor: Actor,
    *,
    county: str,
    number: str = "",
    product: UUID | None = None,
    household: str = "",
    place: str = "",
    since: datetime | None = None,
    free_only: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[LotRow]:
    """Lots of a county, the latest weigh-in first; needs `stock.read` in the whole county.

    Args:
        number, household: how the number of the lot or of its household begins.
        place: only what grew in this subtree.
        since: weighed at this moment or later.
        before: (weighed_at, id) of the last row of the page before.

    Raises:
        Forbidden: the actor may not read this county's stock.
    """
    actor.require("stock.read", place=county)
    at, key = before or (None, None)
    return rows(
        _BROWSE,
        {
            "county": county,
            "number": number,
            "product": product,
            "household": household,
            "place": place,
            "since": since,
            "free_only": free_only,
            "at": at,
            "key": key,
            "limit": limit,
        },
        into=LotRow,
    )


_BROWSE = """
SELECT l.id, l.number, l.county, l.pool_id, d.id, d.name_zh, d.name_en, l.household_id, h.number,
       l.station_id, coalesce(t.name, ''), coalesce(t.place, ''), l.place, l.field, l.harvested_on,
       l.weighed_at, l.unit, l.grade, l.on_hand, l.reserved
  FROM stock_lot l
  JOIN stock_pool p ON p.id = l.pool_id
  JOIN catalog_product d ON d.id = p.product_id
  JOIN people_household h ON h.id = l.household_id
  LEFT JOIN stations_station t ON t.id = l.station_id
 WHERE l.county = %(county)s AND l.number ^@ %(number)s AND h.number ^@ %(household)s AND l.place ^@ %(place)s
   AND (%(product)s::uuid IS NULL OR p.product_id = %(product)s::uuid)
   AND (%(since)s::timestamptz IS NULL OR l.weighed_at >= %(since)s::timestamptz)
   AND (NOT %(free_only)s::boolean OR l.has_free)
   AND (%(at)s::timestamptz IS NULL OR (l.weighed_at, l.id) < (%(at)s::timestamptz, %(key)s::uuid))
 ORDER BY l.weighed_at DESC, l.id DESC LIMIT %(limit)s::int
"""
