"""Appending one movement by hand; the hot paths append theirs in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DatabaseError

from countyfair.kernel.clock import now
from countyfair.trade.stock.models import Movement
from countyfair.trade.stock.rules import refusal_of


def append(kind: str, *, lot: UUID, county: str, on_hand: int, source: str, reason: str = "") -> None:
    """A movement of what lies there. The counters follow, or their constraints refuse."""
    with refusing():
        Movement.objects.create(
            county=county,
            lot_id=lot,
            kind=kind,
            on_hand_delta=on_hand,
            reserved_delta=0,
            used_delta=0,
            source=source,
            reason=reason,
            at=now(),
        )


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the database's refusals of this room into sentences."""
    try:
        yield
    except DatabaseError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
