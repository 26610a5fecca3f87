"""Reading the log of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One recorded change. `changes` maps a column to its value or to [old, new]."""

    id: UUID
    at: datetime
    actor: str
    operation: str
    table_name: str
    row_key: str
    county: str
    changes: Any


def changes(
    actor: Actor,
    *,
    county: str,
    table_name: str = "",
    row_key: str = "",
    by: str = "",
    before: datetime | None = None,
    limit: int = 50,
) -> list[ChangeRow]:
    """The latest changes in a county, newest first; needs `audit.read` there.

    Raises:
        Forbidden: the actor may not read the log of this county.
    """
    actor.require("audit.read", place=county)
    return rows(
        "SELECT id, at, actor, operation, table_name, row_key, county, changes FROM kernel_change"
        " WHERE county = %(county)s AND (%(table)s = '' OR table_name = %(table)s)"
        " AND (%(key)s = '' OR row_key = %(key)s) AND (%(by)s = '' OR actor = %(by)s)"
        " AND (%(before)s::timestamptz IS NULL OR at < %(before)s::timestamptz)"
        " ORDER BY at DESC LIMIT %(limit)s::int",
        {"county": county, "table": table_name, "key": row_key, "by": by, "before": before, "limit": limit},
        into=ChangeRow,
    )
