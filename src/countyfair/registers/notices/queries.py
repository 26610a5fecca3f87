"""What is told: one's own news, how much of it is unread, a county's log, and its own wordings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import rows, scalar
from countyfair.registers.notices.rules import KINDS, Words, filled, of_language


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One notice as the log shows it: keys and states, nothing personal."""

    id: UUID
    kind: str
    subject: str
    recipient: str
    channel: str
    state: str
    tries: int
    made_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One's own news, in words. `subject` is the key of what it is about, in `county`."""

    id: UUID
    county: str
    kind: str
    subject: str
    title: str
    text: str
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class WordingRow:
    """The words that hold in a county; version 0 is the house's own."""

    kind: str
    language: str
    version: int
    words: Words


@dataclass(frozen=True, slots=True)
class _Mine:
    id: UUID
    county: str
    kind: str
    subject: str
    facts: str
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Wording:
    county: str
    kind: str
    language: str
    version: int
    title: str
    short: str
    long: str


def unread(actor: Actor) -> int:
    """How much news in the house the actor has not read; 0 for a guest, without asking."""
    if actor.user_id is None:
        return 0
    found = scalar(
        "SELECT count(*) FROM notices_notification"
        " WHERE user_id = %s AND channel = 'house' AND read_at IS NULL",
        [actor.user_id],
    )
    return int(str(found))


def mine(actor: Actor, *, language: str, before: UUID | None = None, limit: int = 30) -> list[Told]:
    """The actor's own news in a language, the latest first, from the county's words or the house's.

    Args:
        before: the id of the last one of the page before.
    """
    if actor.user_id is None:
        return []
    found = rows(
        "SELECT id, county, kind, subject, facts::text, made_at, read_at FROM notices_notification"
        " WHERE user_id = %(user)s AND channel = 'house'"
        " AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)"
        " ORDER BY id DESC LIMIT %(limit)s::int",
        {"user": actor.user_id, "before": before, "limit": limit},
        into=_Mine,
    )
    own = wordings(row.county for row in found)
    return [_told(row, own, language) for row in found if row.kind in KINDS]


def muted(actor: Actor) -> set[tuple[str, str]]:
    """The (topic, channel) that the actor is not told of."""
    if actor.user_id is None:
        return set()
    found = rows("SELECT topic, channel FROM notices_muted WHERE user_id = %s", [actor.user_id], into=_Pair)
    return {(row.topic, row.channel) for row in found}


def log(
    actor: Actor, *, county: str, state: str = "", before: UUID | None = None, limit: int = 50
) -> list[NotificationRow]:
    """What a county's people were told by message and e-mail, the latest first; needs `orders.read` there.

    Args:
        before: the id of the last row of the page before.

    Raises:
        Forbidden: no such power in the county.
    """
    actor.require("orders.read", place=county)
    return rows(
        "SELECT id, kind, subject, recipient, channel, state, tries, made_at, done_at"
        " FROM notices_notification WHERE county = %(county)s AND channel <> 'house'"
        " AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)"
        " AND (%(state)s = '' OR state = %(state)s)"
        " ORDER BY id DESC LIMIT %(limit)s::int",
        {"county": county, "state": state, "before": before, "limit": limit},
        into=NotificationRow,
    )


def wordings(counties: Iterable[str]) -> Mapping[tuple[str, str, str], Words]:
    """The counties' own words by (county, kind, language), one statement; the house's are left out."""
    return {
        (row.county, row.kind, row.language): Words(row.title, row.short, row.long)
        for row in _latest(set(counties))
        if row.title
    }


def wordings_of(county: str) -> list[WordingRow]:
    """Every kind in every language as it is worded in a county; the words are public once told."""
    own = {(row.kind, row.language): row for row in _latest({county})}
    found = []
    for name, kind in KINDS.items():
        for language in ("zh-hans", "en"):
            row = own.get((name, language))
            words = (
                Words(row.title, row.short, row.long) if row and row.title else of_language(kind, language)
            )
            found.append(WordingRow(name, language, row.version if row else 0, words))
    return found


@dataclass(frozen=True, slots=True)
class _Pair:
    topic: str
    channel: str


def _latest(counties: set[str]) -> list[_Wording]:
    if not counties:
        return []
    return rows(
        "SELECT DISTINCT ON (county, kind, language) county, kind, language, version, title, short, long"
        " FROM notices_wording WHERE county = ANY(%s::text[])"
        " ORDER BY county, kind, language, version DESC",
        [sorted(counties)],
        into=_Wording,
    )


def _told(row: _Mine, own: Mapping[tuple[str, str, str], Words], language: str) -> Told:
    language = "en" if language.startswith("en") else "zh-hans"
    words = own.get((row.county, row.kind, language)) or of_language(KINDS[row.kind], language)
    values = json.loads(row.facts)
    title, text = filled(words.title, values), filled(words.long, values)
    return Told(row.id, row.county, row.kind, row.subject, title, text, row.made_at, row.read_at is None)
