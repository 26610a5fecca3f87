"""A county's year at the desk: harvests announced, what is sold ahead, and when offers open and close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows

JOINS = ("catalog",)


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that is to happen, or happened, on a day, and to which goods.

    `kind`: `harvest` (households bring it then; `amount` in base units is what all of them announced, and
    `households` how many they are), `cycle_opens`, `cycle_closes` (of a harvest sold ahead: `about` is the
    cycle), `opens`, `closes` (of an offer: `about` is the offer). `state` is the cycle's or the offer's, "".
    """

    day: date
    kind: str
    about: UUID | None
    product: UUID
    name_zh: str
    name_en: str
    unit: str
    amount: int
    households: int
    state: str


def calendar(actor: Actor, *, county: str, first: datetime, until: datetime, limit: int = 600) -> list[Dated]:
    """What is dated from a moment on and before another, by day; needs `stock.read` in the county.

    Offers of a cycle are not told beside it. Days are those of the moments' zone, the county's own.

    Raises:
        Forbidden: no such power there.
    """
    actor.require("stock.read", place=county)
    return rows(_DATED, {"county": county, "first": first, "until": until, "limit": limit}, into=Dated)


_DATED = """
WITH span AS (SELECT %(county)s AS county, %(first)s::timestamptz AS first, %(until)s::timestamptz AS until),
dated AS (
    SELECT v.expected_on AS day, 'harvest' AS kind, NULL::uuid AS about, v.product_id,
           sum(v.amount)::bigint AS amount, count(DISTINCT v.household_id) AS households, '' AS state
      FROM stock_harvest v, span p
     WHERE v.county = p.county AND v.state = 'announced'
       AND v.expected_on >= catalog_day(p.first) AND v.expected_on < catalog_day(p.until)
     GROUP BY v.expected_on, v.product_id
    UNION ALL
    SELECT catalog_day(e.at), e.kind, c.id, c.product_id, 0, 0, c.state
      FROM stock_cycle c, span p, LATERAL (VALUES
           ('cycle_opens', coalesce((SELECT min(o.opens_at) FROM stock_supply s
                                       JOIN catalog_offer o ON o.id = s.offer_id
                                      WHERE s.pool_id = c.pool_id), c.opened_at)),
           ('cycle_closes', coalesce(c.closed_at, c.closes_at))) AS e (kind, at)
     WHERE c.county = p.county AND c.opened_at < p.until AND e.at >= p.first AND e.at < p.until
    UNION ALL
    SELECT catalog_day(e.at), e.kind, o.id, o.product_id, 0, 0, o.state
      FROM catalog_offer o, span p, LATERAL (VALUES ('opens', o.opens_at), ('closes', o.closes_at))
           AS e (kind, at)
     WHERE o.county = p.county AND o.state = 'on' AND o.expected_on IS NULL
       AND (o.opens_at IS NOT NULL OR o.closes_at IS NOT NULL)
       AND e.at >= p.first AND e.at < p.until)
SELECT t.day, t.kind, t.about, d.id, d.name_zh, d.name_en, d.unit, t.amount, t.households, t.state
  FROM dated t JOIN catalog_product d ON d.id = t.product_id
 ORDER BY t.day, t.kind, d.name_zh, d.id, t.about LIMIT %(limit)s::int
"""
