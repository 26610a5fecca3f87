"""Goods of a county by what they are certified as, at a moment: pieces of statements.

Certificates are few beside goods, and each may end tonight: what holds is looked up each time, so nothing
kept before can show what is over. Values: county, moment, and `certified` where one kind is asked for.
"""

from __future__ import annotations

JOINS = ()

#: Whether a certificate `c` holds.
HOLDS = """c.withdrawn_at IS NULL
       AND catalog_day(%(moment)s::timestamptz) BETWEEN c.since AND c.until"""

#: What lists can be narrowed to, of a product `d`.
NARROWS = """
d.category, CASE WHEN length(d.place) >= 9 THEN left(d.place, 9) ELSE '' END AS township,
CASE d.season_months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE d.season_months END AS months,
coalesce(catalog_band(d.kilo_fen), 0) AS band, 1 AS products
"""


def certified(text: str) -> str:
    """A statement with its pieces in their places: {holds}, {narrows} and {certified}.

    {certified} are all goods of the county with a certificate of the kind, looked up before they are ordered.
    """
    return text.replace("{certified}", _CERTIFIED).replace("{holds}", HOLDS).replace("{narrows}", NARROWS)


_CERTIFIED = """
(SELECT d.* FROM catalog_certificate c JOIN catalog_product d ON d.id = c.product_id
  WHERE c.county = %(county)s AND c.kind = %(certified)s AND {holds}
 OFFSET 0)
"""
