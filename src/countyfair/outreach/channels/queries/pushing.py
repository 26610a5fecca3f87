"""How much may be sold of our goods on a platform, and what it was told last."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.outreach.channels.rules.pushing import pieces
from countyfair.trade.stock.queries import availability


@dataclass(frozen=True, slots=True)
class ToTell:
    """Goods of which a platform is to be told that `pieces` may be sold; `told` is what it was told last."""

    listing: UUID
    goods: str
    sku: str
    title: str
    pieces: int
    told: int | None


@dataclass(frozen=True, slots=True)
class _Mapped:
    id: UUID
    goods: str
    sku: str
    title: str
    offer: UUID
    packs: int
    buffer: int
    told: int | None


def to_tell(actor: Actor, *, county: str, connection: UUID, changed: bool = True) -> list[ToTell]:
    """What a shop's platform is to be told; needs `channel.read` in the county.

    Args:
        changed: only what differs from what it was told last.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    found = rows(_MAPPED, [county, connection], into=_Mapped)
    left = availability([row.offer for row in found])
    told = [
        ToTell(
            row.id, row.goods, row.sku, row.title,
            pieces(left.get(row.offer, 0), buffer=row.buffer, packs=row.packs), row.told,
        )
        for row in found
    ]  # fmt: skip
    return [one for one in told if not changed or one.pieces != one.told]


_MAPPED = """
SELECT l.id, l.goods, l.sku, l.title, l.offer_id, l.packs, c.buffer, l.told_packs
  FROM channels_listing l JOIN channels_connection c ON c.id = l.connection_id
 WHERE l.county = %s AND l.connection_id = %s::uuid AND l.standing = 'mapped' AND c.ended_at IS NULL
 ORDER BY l.id
"""
