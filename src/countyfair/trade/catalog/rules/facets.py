"""What lists and searches can be narrowed to besides a row: a township or village, a month, a band of prices.

A band is of what a kilogram costs in the offer that lists show. Goods without a season are ripe in
every month; what is sold by the piece is in no band.
"""

from __future__ import annotations

#: Where bands of a kilogram's price begin, in fen, after the first, which begins at nothing.
EDGES = (1000, 3000, 6000, 12000)
#: Bands by number, the lowest price and the price below which it lies; 0 for no end.
BANDS: dict[int, tuple[int, int]] = dict(enumerate(zip((0, *EDGES), (*EDGES, 0), strict=True), start=1))


def band_of(kilo_fen: int) -> int:
    """The number of the band of a kilogram's price in fen."""
    return 1 + sum(kilo_fen >= edge for edge in EDGES)


def tags(*, county: str, place: str = "", month: int = 0, band: int = 0) -> list[str]:
    """What products bear that are left when narrowed to all of these; as `catalog_tags` in SQL.

    Args:
        place: nine digits or twelve; a county is no narrowing.
    """
    said = (f"p{place}" if len(place) > 6 else "", f"m{month}" if month else "", f"k{band}" if band else "")
    return [f"{county}:{tag}" for tag in said if tag]
