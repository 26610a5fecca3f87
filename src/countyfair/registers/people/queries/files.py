"""One household's file: what it agreed to, and who opened its identity."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows
from countyfair.registers.people.queries.households import ConsentRow, HouseholdRow, ReadRow, household


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """A household with its consents and the latest openings, newest first.

    `reads` is empty for who holds no `audit.read` at its place.
    """

    household: HouseholdRow
    consents: tuple[ConsentRow, ...]
    reads: tuple[ReadRow, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    consents: str
    reads: str


def household_file(actor: Actor, *, household_id: UUID, reads: int = 20) -> HouseholdFile:
    """A household's file, in two statements; by itself or with `household.read` at its place.

    Raises:
        Missing: no such household.
        Forbidden: out of reach.
    """
    row = household(actor, household_id=household_id)
    most = reads if actor.may("audit.read", place=row.place) else 0
    found = rows(_FILE, {"household": household_id, "most": most}, into=_Found)[0]
    return HouseholdFile(
        row,
        tuple(_consent(one) for one in json.loads(found.consents)),
        tuple(_read(one, row) for one in json.loads(found.reads)),
    )


def _consent(one: dict[str, Any]) -> ConsentRow:
    return ConsentRow(
        UUID(one["id"]),
        one["purpose"],
        one["how"],
        datetime.fromisoformat(one["given_at"]),
        date.fromisoformat(one["until"]) if one["until"] else None,
        datetime.fromisoformat(one["withdrawn_at"]) if one["withdrawn_at"] else None,
        one["taken_by"],
        one["evidence"],
    )


def _read(one: dict[str, Any], row: HouseholdRow) -> ReadRow:
    at = datetime.fromisoformat(one["at"])
    return ReadRow(UUID(one["id"]), row.id, row.number, one["actor"], one["purpose"], one["fields"], at)


_FILE = """
SELECT coalesce((SELECT json_agg(json_build_object('id', c.id, 'purpose', c.purpose, 'how', c.how,
           'given_at', c.given_at, 'until', c.until, 'withdrawn_at', c.withdrawn_at, 'taken_by', c.taken_by,
           'evidence', CASE WHEN coalesce(e.sealed, '') <> '' THEN e.kind ELSE '' END)
           ORDER BY c.given_at DESC, c.id DESC)
           FROM people_consent c LEFT JOIN people_consentevidence e ON e.consent_id = c.id
          WHERE c.household_id = %(household)s::uuid), '[]')::text,
       coalesce((SELECT json_agg(json_build_object('id', r.id, 'actor', r.actor, 'purpose', r.purpose,
           'fields', r.fields, 'at', r.at) ORDER BY r.at DESC, r.id DESC)
           FROM (SELECT * FROM people_householdread WHERE household_id = %(household)s::uuid
                  ORDER BY at DESC, id DESC LIMIT %(most)s::int) r), '[]')::text
"""
