"""Files of platforms that were dropped, and how far they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import Columns, one, rows


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A file: what it brings, how far it is read, what became of its rows, what was wrong with some.

    `counts` are words and how often; `flaws` have row, column and sentence.
    """

    id: UUID
    county: str
    connection: UUID
    platform: str
    shop_name: str
    kind: str
    name: str
    state: str
    total: int
    done: int
    counts: dict[str, int]
    flaws: list[dict[str, Any]]
    failure: str
    at: datetime
    moved_at: datetime


def intakes(actor: Actor, *, county: str, limit: int = 20) -> list[IntakeRow]:
    """A county's latest files; needs `channel.read` there.

    Raises:
        Forbidden: no such power.
    """
    actor.require("channel.read", place=county)
    found = rows(
        f"{_INTAKES} WHERE i.county = %s ORDER BY i.at DESC, i.id LIMIT %s::int",
        [county, limit],
        into=Columns,
    )
    return [_seen(row) for row in found]


def intake(actor: Actor, *, intake: UUID) -> IntakeRow:
    """One file; needs `channel.read` in its county.

    Raises:
        Missing: there is none.
        Forbidden: no such power.
    """
    row = one(f"{_INTAKES} WHERE i.id = %s", [intake], into=Columns, missing=_("There is no such file."))
    found = _seen(row)
    actor.require("channel.read", place=found.county)
    return found


def _seen(row: Columns) -> IntakeRow:
    facts = [json.loads(value) if place in _JSON else value for place, value in enumerate(row)]
    return IntakeRow(*facts)


#: Which columns are JSON: counts and flaws.
_JSON = (10, 11)
_INTAKES = """
SELECT i.id, i.county, i.connection_id, c.platform, c.name, i.kind, i.name, i.state, i.total, i.done,
       i.counts, i.flaws, i.failure, i.at, i.moved_at
  FROM channels_intake i JOIN channels_connection c ON c.id = i.connection_id
"""
