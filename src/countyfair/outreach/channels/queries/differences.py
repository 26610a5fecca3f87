"""What platforms told that does not fit what we know: the queue, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows


@dataclass(frozen=True, slots=True)
class Differs:
    """Something that does not fit. `order` is ours, None where the order is not here."""

    id: UUID
    county: str
    connection: UUID
    platform: str
    shop_name: str
    number: str
    order: UUID | None
    kind: str
    reason: str
    ours_fen: int
    theirs_fen: int
    found_at: datetime
    ended_at: datetime | None
    ended_by: str
    note: str

    @property
    def gap_fen(self) -> int:
        """What the platform told less what we know."""
        return self.theirs_fen - self.ours_fen

    @property
    def acceptable(self) -> bool:
        """Whether it may be taken as it is: it was paid too little."""
        return self.ended_at is None and self.kind == "paid" and self.gap_fen < 0


def differences(
    actor: Actor,
    *,
    county: str,
    ended: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Differs]:
    """A county's differences, the latest first; needs `channel.read` there.

    Args:
        ended: those that were dealt with, in place of those that wait.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    at, key = after or (None, None)
    named = {"county": county, "ended": ended, "at": at, "key": key, "limit": limit}
    return rows(f"{_DIFFERS} {_OF_COUNTY}", named, into=Differs)


def difference(actor: Actor, *, difference: UUID) -> Differs:
    """One of them; needs `channel.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    sql = f"{_DIFFERS} WHERE d.id = %s"
    found = one(sql, [difference], into=Differs, missing=_("There is no such difference."))
    actor.require("channel.read", place=found.county)
    return found


_DIFFERS = """
SELECT d.id, d.county, c.id, c.platform, c.name, d.number, a.id, d.kind, d.reason, d.ours_fen, d.theirs_fen,
       d.found_at, d.ended_at, d.ended_by, d.note
  FROM channels_difference d JOIN channels_connection c ON c.id = d.connection_id
  LEFT JOIN channels_arrival a ON a.connection_id = d.connection_id AND a.number = d.number
       AND a.standing IN ('placed', 'called_off')
"""
_OF_COUNTY = """
 WHERE d.county = %(county)s AND (d.ended_at IS NOT NULL) = %(ended)s::boolean
   AND (%(key)s::uuid IS NULL OR (d.found_at, d.id) < (%(at)s::timestamptz, %(key)s::uuid))
 ORDER BY d.found_at DESC, d.id DESC LIMIT %(limit)s::int
"""
