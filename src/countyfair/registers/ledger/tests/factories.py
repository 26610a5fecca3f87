"""Entries for tests, booked through the verb."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.registers.ledger.actions import post
from countyfair.registers.ledger.rules import line

COUNTY = "450225"
MOMENT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)


def booked(
    amount_fen: int = 1000,
    *,
    source: str = "",
    county: str = COUNTY,
    at: datetime = MOMENT,
    debit: tuple[str, str] = ("clearing", "sandbox"),
    credit: tuple[str, str] = ("escrow", ""),
    reference: str = "",
) -> UUID:
    """One entry of two lines."""
    return post(
        Actor.system("test"),
        county=county,
        source=source or f"test:{uuid7()}",
        what="test",
        booked_at=at,
        lines=[
            line(debit[0], amount_fen, owner=debit[1], reference=reference),
            line(credit[0], -amount_fen, owner=credit[1], reference=reference),
        ],
    )
