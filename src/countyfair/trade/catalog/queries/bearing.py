"""What goods bear at a moment, a certificate, a mark or a grade: pieces of statements.

It is noted on each product (`bears`). A certificate or a licence may have ended since midnight: what is asked
for is looked at again wherever it decides what is shown.
"""

from __future__ import annotations

JOINS = ()

#: Whether a certificate `c` holds.
HOLDS = """c.withdrawn_at IS NULL
       AND catalog_day(%(moment)s::timestamptz) BETWEEN c.since AND c.until"""

#: Whether a product `d` still bears what is asked for: values `certified` ("" for none), `brand` (or null).
STILL = """
(%(certified)s = '' OR EXISTS (SELECT 1 FROM catalog_certificate c
                                WHERE c.product_id = d.id AND c.kind = %(certified)s AND {holds}))
AND (%(brand)s::uuid IS NULL
     OR catalog_mark(%(brand)s::uuid, d.shop_id, %(moment)s::timestamptz) IS NOT NULL)
"""

#: What lists can be narrowed to, of a product `d`.
NARROWS = """
d.category, CASE WHEN length(d.place) >= 9 THEN left(d.place, 9) ELSE '' END AS township,
CASE d.season_months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE d.season_months END AS months,
coalesce(catalog_band(d.kilo_fen), 0) AS band, 1 AS products, d.bears
"""


def pieced(text: str) -> str:
    """A statement with its pieces in their places: {still}, {holds} and {narrows}."""
    return text.replace("{still}", STILL).replace("{holds}", HOLDS).replace("{narrows}", NARROWS)
