"""What a bulk change made of its offers, and whether it can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows


@dataclass(frozen=True, slots=True)
class BulkHead:
    """A bulk change: who made it when, what undid it, and how many offers it changed.

    `moved` are those that somebody has changed since: with one of them it cannot be undone.
    """

    id: UUID
    county: str
    at: datetime
    actor: str
    undoes: UUID | None
    undone_by: UUID | None
    offers: int
    moved: int


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One of its offers: price and state before, and as they are now."""

    offer: UUID
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    outlet: str
    before_fen: int
    price_fen: int
    before_state: str
    state: str
    moved: bool


def bulk_change(actor: Actor, *, change: UUID) -> BulkHead:
    """A bulk change of a county; needs `catalog.offer` in it, or at an organisation of whoever made it.

    Raises:
        Missing: no such change, or one that this actor may not know of.
    """
    found = one(_HEAD, [change], into=BulkHead, missing=_("There is no such change."))
    if found.actor != actor.key:
        actor.require("catalog.offer", place=found.county)
    return found


def bulk_lines(actor: Actor, *, change: UUID, limit: int = 100) -> list[BulkLine]:
    """The first offers of a bulk change, by name; as `bulk_change`."""
    bulk_change(actor, change=change)
    return rows(_LINES, {"change": change, "limit": limit}, into=BulkLine)


_HEAD = """
SELECT b.id, b.county, b.at, b.actor, b.undoes_id, u.id, count(r.id),
       count(r.id) FILTER (WHERE o.version <> r.version)
  FROM catalog_bulkchange b
  LEFT JOIN catalog_bulkchange u ON u.undoes_id = b.id
  LEFT JOIN catalog_bulkrow r ON r.bulk_id = b.id
  LEFT JOIN catalog_offer o ON o.id = r.offer_id
 WHERE b.id = %s::uuid GROUP BY b.id, u.id
"""

_LINES = """
SELECT o.id, d.name_zh, d.name_en, k.label_zh, k.label_en, o.outlet, (r.before->>'price_fen')::bigint,
       o.price_fen, r.before->>'state', o.state, o.version <> r.version
  FROM catalog_bulkrow r
  JOIN catalog_offer o ON o.id = r.offer_id
  JOIN catalog_pack k ON k.id = o.pack_id
  JOIN catalog_product d ON d.id = o.product_id
 WHERE r.bulk_id = %(change)s::uuid ORDER BY d.name_zh, k.code, o.id LIMIT %(limit)s::int
"""
