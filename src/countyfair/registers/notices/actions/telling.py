"""Telling: news becomes a notice for each way that its recipient wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.verbs import verb
from countyfair.registers.notices.models import Muted
from countyfair.registers.notices.rules import KINDS


@dataclass(frozen=True, slots=True)
class News:
    """What is told to whom.

    Args:
        kind: of `rules.KINDS`.
        subject: what it is about, as a key: the same kind, subject and recipient is told once.
        recipient: `user:<id>`, `household:<id>` or what a book of the deployment's wiring knows.
        user: who reads it in the house, None for whoever has no log-in.
        facts: what the words name; nothing personal and no secret.
    """

    kind: str
    county: str
    subject: str
    recipient: str
    user: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@verb
def tell(actor: Actor, *, news: Sequence[News]) -> int:
    """Put news down to be told; what was put down before stays as it is. For rooms above: they know whom.

    Returns the number of notices made. What its reader muted is not made.
    """
    moment = now()
    muted = set(
        Muted.objects.filter(user_id__in=[one.user for one in news if one.user]).values_list(
            "user_id", "topic", "channel"
        )
    )
    made = []
    for one in news:
        kind = KINDS[one.kind]
        unknown = set(one.facts) - set(kind.values)
        if unknown:
            raise ValueError(f"{one.kind} has no {sorted(unknown)}")
        for channel in kind.channels:
            if (one.user, kind.topic, channel) in muted or (one.user is None and channel != "sms"):
                continue
            made.append(
                {
                    "id": str(uuid7()), "county": one.county, "kind": one.kind, "subject": one.subject,
                    "recipient": one.recipient, "user": str(one.user) if one.user else None,
                    "channel": channel, "facts": dict(one.facts),
                }
            )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, {"made": json.dumps(made, ensure_ascii=False), "moment": moment})
        return int(cursor.rowcount)


# What is read in the house has arrived when it stands there.
_MAKE = """
INSERT INTO notices_notification (id, county, kind, subject, recipient, user_id, channel, facts, state, tries,
                            made_at, due_at, done_at, reference)
SELECT m.id, m.county, m.kind, m.subject, m.recipient, m."user", m.channel, m.facts,
       CASE m.channel WHEN 'house' THEN 'sent' ELSE 'waiting' END, 0, %(moment)s, %(moment)s,
       CASE m.channel WHEN 'house' THEN %(moment)s::timestamptz END, ''
  FROM jsonb_to_recordset(%(made)s::jsonb)
       AS m (id uuid, county text, kind text, subject text, recipient text,
       "user" uuid, channel text, facts jsonb)
    ON CONFLICT (kind, subject, recipient, channel) DO NOTHING
"""
