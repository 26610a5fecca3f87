"""What search engines are told: every product that is on a shelf, in pages, and every stall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.rows import rows

#: Shelf numbers of one page; it holds at most so many products.
PAGE = 10_000


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page of a county's products, and when the newest came onto the shelf."""

    county: str
    number: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A product on the shelf, and since when its newest offer is."""

    product: UUID
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class StallListed:
    """An open stall that has something out, and when its newest came."""

    county: str
    slug: str
    changed_at: datetime


def site_pages(counties: Sequence[str]) -> list[SitePage]:
    """The pages that have something. Reads the shelves' index: to be remembered for a while."""
    return rows(
        "SELECT c.code, p.shelf_no / %(page)s::bigint, max(p.listed_at)"
        " FROM unnest(%(counties)s::text[]) AS c (code)"
        " JOIN catalog_product p ON p.county = c.code AND p.shelf_no IS NOT NULL"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        {"page": PAGE, "counties": list(counties)},
        into=SitePage,
    )


def listed(*, county: str, number: int) -> list[Listed]:
    """The products of one page, by shelf number."""
    return rows(
        "SELECT id, listed_at FROM catalog_product WHERE county = %(county)s AND shelf_no IS NOT NULL"
        " AND shelf_no >= %(first)s::bigint AND shelf_no < %(end)s::bigint ORDER BY shelf_no",
        {"county": county, "first": number * PAGE, "end": (number + 1) * PAGE},
        into=Listed,
    )


def stalls_listed() -> list[StallListed]:
    """Every stall with something on the shelf."""
    return rows(
        "SELECT s.county, s.slug, n.listed_at FROM catalog_shop s CROSS JOIN LATERAL ("
        " SELECT p.listed_at FROM catalog_product p WHERE p.shop_id = s.id AND p.listed_at IS NOT NULL"
        " ORDER BY p.listed_at DESC LIMIT 1) n WHERE s.closed_on IS NULL ORDER BY s.county, s.slug",
        into=StallListed,
    )
