"""Sending what waits: each notice is taken, sent and answered for on its own, and never sent twice.

A notice is marked as taken, for good, before the provider hears of it. A worker that dies in between
leaves it taken: nobody knows whether it went out, so it is put down as `unsure` and not sent again.
A refusal of the provider is known, and tried again with growing waits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.rows import rows
from countyfair.kernel.verbs import verb
from countyfair.registers.notices.models import Notification
from countyfair.registers.notices.queries import wordings
from countyfair.registers.notices.rules import KINDS, LOST_AFTER, TOO_LATE, Words, filled, next_try
from countyfair.registers.people import sms
from countyfair.registers.people.actions import read_households
from countyfair.registers.people.queries.reaching import addresses_of
from countyfair.registers.people.rules import NOTICE

#: Notices that one run of the job takes.
BATCH = 50


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached, and what only they may be told; asked for at sending, kept nowhere."""

    phone: str = ""
    email: str = ""
    language: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)


#: Whom keys stand for: who is not to be reached is left out.
Book = Callable[[Actor, Sequence[UUID]], Mapping[UUID, Address]]


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    county: str
    kind: str
    recipient: str
    channel: str
    facts: str
    tries: int


def send_due(actor: Actor, *, books: Mapping[str, Book], limit: int = BATCH) -> int:
    """Send what is due, and say how many went out.

    Args:
        books: for each kind of recipient that a room above knows, how to ask that room.
    """
    _give_up(actor)
    due = rows(_DUE, [now(), limit], into=_Due)
    found = _addresses(actor, due, {"user": _users, "household": _households, **books})
    own = wordings(one.county for one in due)
    sent = 0
    for one in due:
        address = found.get(one.recipient, Address())
        to = address.phone if one.channel == "sms" else address.email
        if not to:
            _answer(actor, notice=one.id, state="no_address")
        elif _take(actor, notice=one.id):
            sent += _send(actor, one, address, own)
    return sent


def _send(actor: Actor, one: _Due, address: Address, own: Mapping[tuple[str, str, str], Words]) -> bool:
    language = "en" if address.language.startswith("en") else "zh-hans"
    kind = KINDS[one.kind]
    words = own.get((one.county, one.kind, language)) or (kind.en if language == "en" else kind.zh)
    values = json.loads(one.facts)
    try:
        if one.channel == "sms":
            told = values | {name: text for name, text in address.secrets.items() if name in kind.secret}
            text = filled(words.short, told)
            reference = sms.send(sms.Message(address.phone, one.kind, told, text, one.id))
        else:
            reference = _mail(one.id, address.email, filled(words.title, values), filled(words.long, values))
    except (sms.NotSent, SMTPException, OSError):
        again = next_try(one.tries + 1, now())
        _answer(actor, notice=one.id, state="waiting" if again else "failed", due_at=again)
        return False
    _answer(actor, notice=one.id, state="sent", reference=reference)
    return True


def _mail(key: UUID, to: str, title: str, text: str) -> str:
    reference = f"<{key}@countyfair>"
    letter = EmailMessage(title, text, settings.DEFAULT_FROM_EMAIL, [to], headers={"Message-ID": reference})
    letter.send()
    return reference


@verb
def _give_up(actor: Actor) -> None:
    """What was taken and not answered for is unsure; what is too old is told to nobody."""
    moment = now()
    Notification.objects.filter(state="sending", due_at__lt=moment - LOST_AFTER).update(
        state="unsure", done_at=moment
    )
    Notification.objects.filter(state="waiting", made_at__lt=moment - TOO_LATE).update(
        state="too_late", done_at=moment
    )


@verb
def _take(actor: Actor, *, notice: UUID) -> bool:
    """Whether it is ours to send: another worker may have been quicker. `due_at` is when it was taken."""
    waiting = Notification.objects.filter(id=notice, state="waiting")
    return waiting.update(state="sending", tries=F("tries") + 1, due_at=now()) == 1


@verb
def _answer(
    actor: Actor, *, notice: UUID, state: str, due_at: datetime | None = None, reference: str = ""
) -> None:
    moment = now()
    Notification.objects.filter(id=notice, state__in=["waiting", "sending"]).update(
        state=state,
        due_at=due_at or moment,
        done_at=None if state == "waiting" else moment,
        reference=reference[:80],
    )


def _addresses(actor: Actor, due: Iterable[_Due], books: Mapping[str, Book]) -> dict[str, Address]:
    asked: dict[str, dict[UUID, str]] = {}
    for one in due:
        book, _mark, text = one.recipient.partition(":")
        key = parse_uuid(text)
        if key is not None and book in books:
            asked.setdefault(book, {})[key] = one.recipient
    return {
        keys[key]: address
        for book, keys in asked.items()
        for key, address in books[book](actor, list(keys)).items()
    }


def _users(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Address]:
    return {row.id: Address(row.phone, row.email, row.language) for row in addresses_of(actor, users=keys)}


def _households(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Address]:
    opened = read_households(actor, household_ids=keys, fields=["phone"], purpose=NOTICE)
    return {row.id: Address(phone=row.fields["phone"]) for row in opened if not row.closed}


_DUE = """
SELECT id, county, kind, recipient, channel, facts::text, tries FROM notices_notification
 WHERE state = 'waiting' AND due_at <= %s ORDER BY due_at, id LIMIT %s::int
"""
