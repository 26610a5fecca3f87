"""How far a brought sheet is, and what it would do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows


@dataclass(frozen=True, slots=True)
class SheetState:
    """A brought sheet, `done` of its `total` rows read: waiting, reading, ready or refused, then asked,
    applying, done.
    """

    id: UUID
    county: str
    at: datetime
    state: str
    total: int
    done: int
    summary: str

    @property
    def says(self) -> dict[str, Any]:
        """Problems (row, column, cell, sentence), their count, changes, and how many rows change."""
        empty = {"problems": [], "count": 0, "changes": [], "changed": 0, "same": 0}
        return {**empty, **(json.loads(self.summary) if self.summary else {})}

    @property
    def is_moving(self) -> bool:
        """Whether the worker has still to do with it."""
        return self.state in ("waiting", "reading", "asked", "applying")


def offer_sheet(actor: Actor, *, sheet: UUID) -> SheetState:
    """One's own sheet.

    Raises:
        Missing: no such sheet, or somebody else's.
    """
    missing = _("There is no such sheet.")
    return one(f"{_SHEETS} AND id = %s", [actor.user_id, sheet], into=SheetState, missing=missing)


def offer_sheets(actor: Actor, *, county: str) -> list[SheetState]:
    """One's own sheets of a county, the latest first."""
    return rows(
        f"{_SHEETS} AND county = %s ORDER BY at DESC LIMIT 10", [actor.user_id, county], into=SheetState
    )


_SHEETS = """
SELECT id, county, at, state, total, done, summary::text FROM catalog_offersheet WHERE user_id = %s"""
