"""Holding stock for somebody, letting it go, sending it out, taking it back.

Rooms above call these, and have decided who may; a buyer without any role cancels an order.
`holder` is their key, e.g. of an order's line. A hot verb of theirs calls the SQL functions of
`sql/stock.sql` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.rows import scalar
from countyfair.kernel.verbs import verb
from countyfair.trade.stock.actions.movements import refusing


@dataclass(frozen=True, slots=True)
class Hold:
    """So many base units of a lot, drawn through a supply, for a holder. The id is the caller's."""

    id: UUID
    supply: UUID
    lot: UUID
    amount: int
    holder: str


@verb
def reserve(actor: Actor, *, county: str, holds: Sequence[Hold], expires: datetime | None) -> None:
    """Hold all of these or none. The same again changes nothing.

    Raises:
        SoldOut: a pool or a cap has less; `details["short"]` tells what is left by supply.
        Stale: a lot has less than was read, its pool has enough: read again.
        Conflict: the ids were used for something else.
    """
    _call(
        "SELECT stock_reserve(%s, %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[],"
        " %s::timestamptz, %s::timestamptz)",
        county,
        [hold.id for hold in holds],
        [hold.supply for hold in holds],
        [hold.lot for hold in holds],
        [hold.amount for hold in holds],
        [hold.holder for hold in holds],
        expires,
        now(),
    )


@verb
def release(actor: Actor, *, holders: Sequence[str], reason: str = "") -> int:
    """Give back what holders still hold. Returns how many reservations that were; 0 the second time."""
    return _count("SELECT stock_release(%s::text[], %s, %s::timestamptz)", list(holders), reason, now())


@verb
def dispatch(actor: Actor, *, holders: Sequence[str]) -> int:
    """Let what holders hold leave the house. Returns how many reservations went now; 0 the second time.

    Raises:
        Conflict: a holder has nothing, or something of theirs was released or expired.
    """
    return _count("SELECT stock_dispatch(%s::text[], %s::timestamptz)", list(holders), now())


@verb
def keep(actor: Actor, *, holders: Sequence[str]) -> Literal["kept", "retaken", "gone"]:
    """What holders hold was paid: it no longer expires. What had expired is taken again, if it is there.

    Returns `gone` when it is not, or when it was released; nothing is changed then: refund.
    """
    answer = _call("SELECT stock_keep(%s::text[], %s::timestamptz)", list(holders), now())
    return "kept" if answer == "kept" else "retaken" if answer == "retaken" else "gone"


@verb
def take_back(actor: Actor, *, holder: str, amount: int, source: str, reason: str = "") -> int:
    """Put returned goods back into the lots they came from, the last lot first.

    Args:
        source: the key of the return; the same again changes nothing and returns 0.

    Raises:
        Conflict: more than was sent, or the source was used with another amount.
    """
    return _count(
        "SELECT stock_take_back(%s, %s::bigint, %s, %s, %s::timestamptz)",
        holder,
        amount,
        source,
        reason,
        now(),
    )


@verb
def expire_reservations(actor: Actor, *, batch: int = 500) -> int:
    """Release at most `batch` reservations whose time is over; each holder is announced once.

    Returns how many there were. Run every few seconds; safe to run twice at a time.
    """
    return _count("SELECT stock_expire(%s::timestamptz, %s::int)", now(), batch)


def release_reservations(ids: Sequence[UUID], reason: str) -> None:
    """Release these held reservations, whose supplies and lot the caller has locked."""
    _call(
        "UPDATE stock_reservation SET state = 'released' WHERE id = ANY(%s::uuid[]) RETURNING id", list(ids)
    )
    _call("SELECT stock_move('release', %s::uuid[], %s, %s::timestamptz)", list(ids), reason, now())


def _call(sql: str, *params: object) -> object:
    with refusing():
        return scalar(sql, params)


def _count(sql: str, *params: object) -> int:
    return int(str(_call(sql, *params)))
