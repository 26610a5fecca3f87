"""Movements of settlements that wait to be booked, and what their orders are owed. For verbs of this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.outreach.channels.rules.settling import Owed


@dataclass(frozen=True, slots=True)
class Settling:
    """An order of which movements wait, at which of our shops."""

    connection: UUID
    number: str


def to_book(batch: int) -> list[Settling]:
    """Orders that are here, of which movements wait to be booked."""
    return rows(
        """
        SELECT DISTINCT c.connection_id, c.number FROM channels_charge c
          JOIN channels_arrival a ON a.connection_id = c.connection_id AND a.number = c.number
         WHERE c.standing = 'waiting' AND a.standing IN ('placed', 'called_off')
         ORDER BY 1, 2 LIMIT %s::int""",
        [batch],
        into=Settling,
    )


def owed(arrivals: Sequence[UUID]) -> dict[UUID, Owed]:
    """What these orders are owed, and what of it was booked."""
    found = rows(
        """
        SELECT a.id, a.number, a.due_fen, a.freight_fen, a.platform_fen, a.host_fen, a.refunded_fen,
               coalesce(b.paid, 0)::bigint, coalesce(b.back, 0)::bigint
          FROM channels_arrival a
          LEFT JOIN LATERAL (
               SELECT sum(c.amount_fen) FILTER (WHERE c.kind IN ('sale', 'subsidy')) AS paid,
                      -sum(c.amount_fen) FILTER (WHERE c.kind = 'refund') AS back
                 FROM channels_charge c
                WHERE c.connection_id = a.connection_id AND c.number = a.number AND c.standing = 'booked') b
                 ON true
         WHERE a.id = ANY (%s::uuid[])""",
        [list(arrivals)],
        into=Owed,
    )
    return {row.arrival: row for row in found}
