"""Orders of platforms that wait for a person: their goods are lacking, or they cannot be taken in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.trade.stock.queries import availability

JOINS = ("catalog",)
#: Standings in which somebody has to do something about an order.
WAITING = ("short", "refused")


@dataclass(frozen=True, slots=True)
class Waits:
    """An order of a platform that is not taken in. `why` is a code, "" where only goods are lacking."""

    arrival: UUID
    county: str
    connection: UUID
    platform: str
    shop_name: str
    number: str
    standing: str
    why: str
    due_fen: int
    ordered_at: datetime
    ship_before: datetime | None
    pieces: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of it: so many pieces of `packs` packs of an offer each; `left` packs of that are there.

    `offer` None: nobody has said what these goods are, or they are not the county's.
    """

    key: str
    title: str
    spec: str
    code: str
    standing: str
    quantity: int
    amount_fen: int
    packs: int
    offer: UUID | None
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    left: int = field(default=0)

    @property
    def wanted(self) -> int:
        """Packs of the offer."""
        return self.quantity * self.packs


def waits(
    actor: Actor,
    *,
    county: str,
    standings: Collection[str] = WAITING,
    after: tuple[datetime | None, UUID] | None = None,
    limit: int = 50,
) -> list[Waits]:
    """What waits in a county, the nearest deadline first; needs `channel.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    at, key = after or (None, None)
    named = {"county": county, "standings": sorted(standings), "at": at, "key": key, "limit": limit}
    return rows(f"{_WAITS} {_OF_COUNTY}", named, into=Waits)


def waiting_order(actor: Actor, *, arrival: UUID) -> tuple[Waits, list[WaitingLine]]:
    """One order, wherever it stands, and its lines; needs `channel.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    found = one(f"{_WAITS} WHERE a.id = %s", [arrival], into=Waits, missing=_("There is no such order."))
    actor.require("channel.read", place=found.county)
    lines = rows(_LINES, [arrival], into=_Line)
    left = availability([line.offer for line in lines if line.offer is not None])
    return found, [line.shown(left.get(line.offer, 0) if line.offer else 0) for line in lines]


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    title: str
    spec: str
    code: str
    standing: str
    quantity: int
    amount_fen: int
    packs: int
    offer: UUID | None
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str

    def shown(self, left: int) -> WaitingLine:
        return WaitingLine(
            self.key, self.title, self.spec, self.code, self.standing, self.quantity, self.amount_fen,
            self.packs, self.offer, self.name_zh, self.name_en, self.label_zh, self.label_en, left,
        )  # fmt: skip


_WAITS = """
SELECT a.id, a.county, c.id, c.platform, c.name, a.number, a.standing, a.why, a.due_fen, a.ordered_at,
       a.ship_before, n.pieces
  FROM channels_arrival a JOIN channels_connection c ON c.id = a.connection_id
 CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0)::int AS pieces FROM channels_arrivalline x
                      WHERE x.arrival_id = a.id) n
"""
_OF_COUNTY = """
 WHERE a.county = %(county)s AND a.standing <> 'placed' AND a.standing = ANY (%(standings)s::text[])
   AND (%(key)s::uuid IS NULL
        OR (coalesce(a.ship_before, 'infinity'), a.id)
           > (coalesce(%(at)s::timestamptz, 'infinity'), %(key)s::uuid))
 ORDER BY coalesce(a.ship_before, 'infinity'), a.id LIMIT %(limit)s::int
"""

_LINES = """
SELECT n.key, l.title, l.spec, l.code, l.standing, n.quantity, n.amount_fen, l.packs, l.offer_id,
       coalesce(p.name_zh, ''), coalesce(p.name_en, ''), coalesce(k.label_zh, ''), coalesce(k.label_en, '')
  FROM channels_arrivalline n JOIN channels_listing l ON l.id = n.listing_id
  LEFT JOIN catalog_offer o ON o.id = l.offer_id
  LEFT JOIN catalog_product p ON p.id = o.product_id LEFT JOIN catalog_pack k ON k.id = o.pack_id
 WHERE n.arrival_id = %s ORDER BY n.key
"""
