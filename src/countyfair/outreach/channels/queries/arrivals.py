"""Orders and goods of a connection as they are known: for the verbs of this room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.outreach.channels.rules.arriving import KnownArrival, Mapped, Waiting


@dataclass(frozen=True, slots=True)
class _Listed:
    key: str
    id: UUID
    standing: str
    offer: UUID | None
    packs: int


def known_arrivals(connection: UUID, numbers: Sequence[str]) -> dict[str, KnownArrival]:
    """Orders of a connection by their numbers there; those that were never told of are left out."""
    found = rows(
        """
        SELECT id, number, state, standing, due_fen, refunded_fen, fingerprint FROM channels_arrival
         WHERE connection_id = %s::uuid AND number = ANY (%s::text[])""",
        [connection, list(numbers)],
        into=KnownArrival,
    )
    return {row.number: row for row in found}


def listings_of(connection: UUID, keys: Collection[str]) -> dict[str, Mapped]:
    """What these goods of a connection are here, by their keys; those never seen are left out."""
    found = rows(
        """
        SELECT key, id, standing, offer_id, packs FROM channels_listing
         WHERE connection_id = %s::uuid AND key = ANY (%s::text[])""",
        [connection, list(keys)],
        into=_Listed,
    )
    return {row.key: Mapped(row.id, row.standing, row.offer, row.packs) for row in found}


def waiting_lines(connection: UUID, *, arrivals: Sequence[UUID]) -> list[Waiting]:
    """The lines of these orders, by order: what they are here as their listings say now."""
    return rows(
        """
        SELECT a.id, a.number, a.due_fen, a.freight_fen, a.refunded_fen, a.ordered_at, a.paid_at, a.state,
               n.key, l.id, l.standing, l.offer_id, l.packs, n.quantity, n.amount_fen
          FROM channels_arrival a JOIN channels_arrivalline n ON n.arrival_id = a.id
          JOIN channels_listing l ON l.id = n.listing_id
         WHERE a.connection_id = %s::uuid AND a.id = ANY (%s::uuid[])
           AND a.standing IN ('unmapped', 'short', 'refused')
         ORDER BY a.paid_at, a.id, n.key""",
        [connection, list(arrivals)],
        into=Waiting,
    )
