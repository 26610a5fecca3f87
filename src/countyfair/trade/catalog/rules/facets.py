"""What lists and searches can be narrowed to besides a row: place, month, band of prices, what goods bear.

A band is of what a kilogram costs in the offer that lists show. Goods without a season are ripe in
every month; what is sold by the piece is in no band. Goods bear a certificate or a brand's mark while it
holds, and a grade where all of an offer is of it or better.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from countyfair.trade.catalog.rules.grading import GRADES, OFF

#: Grades that lists can be narrowed to, from the best down.
BORNE_GRADES = tuple(grade for grade in GRADES if grade != OFF)

#: Where bands of a kilogram's price begin, in fen, after the first, which begins at nothing.
EDGES = (1000, 3000, 6000, 12000)
#: Bands by number, the lowest price and the price below which it lies; 0 for no end.
BANDS: dict[int, tuple[int, int]] = dict(enumerate(zip((0, *EDGES), (*EDGES, 0), strict=True), start=1))


def band_of(kilo_fen: int) -> int:
    """The number of the band of a kilogram's price in fen."""
    return 1 + sum(kilo_fen >= edge for edge in EDGES)


def borne(*, certified: str = "", brand: UUID | None = None, grade: str = "") -> list[str]:
    """What is noted on products that bear all of these; as `catalog_borne` in SQL.

    Args:
        certified: a kind of certificate.
        grade: one of `BORNE_GRADES`.
    """
    said = (f"c{certified}" if certified else "", f"b{brand}" if brand else "", f"g{grade}" if grade else "")
    return [tag for tag in said if tag]


def tags(
    *, county: str, place: str = "", month: int = 0, band: int = 0, bears: Sequence[str] = ()
) -> list[str]:
    """What products are found by that are left when narrowed to all of these; as `catalog_tags` in SQL.

    Args:
        place: nine digits or twelve; a county is no narrowing.
        bears: what `borne` says.
    """
    said = (
        f"p{place}" if len(place) > 6 else "",
        f"m{month}" if month else "",
        f"k{band}" if band else "",
        *bears,
    )
    return [f"{county}:{tag}" for tag in said if tag]
