"""The outbox: events appended by verbs, read on in batches by their handlers.

An event is written in the transaction that made it true, with that transaction's id. A handler
reads in the order (transaction, sequence), and never past the horizon: the oldest transaction
still running. Ids and times skip what commits late; the horizon does not. It is the whole
server's: a transaction that stays open, in another database too, keeps the news waiting.

Delivery is at least once. The reader's place moves in the transaction in which its handler
writes, so that what a handler writes to this database happens once; what it does elsewhere
must bear repeating.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.events import REGISTRY, Delivered, Event
from countyfair.kernel.rows import rows
from countyfair.kernel.verbs import verb

Handler = Callable[[Sequence[Delivered[Any]]], None]

#: How many events a handler is given at once.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Wire:
    """One handler and the events it reads. `name` is its place in the readers' table: never change it."""

    name: str
    events: tuple[type[Event], ...]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Lag:
    """How many events a handler has still to read, and its last failure."""

    handler: str
    waiting: int
    failures: int
    last_error: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    transaction: int
    sequence: int
    name: str
    version: int
    county: str
    payload: Any
    actor: str
    at: datetime


def announce(*events: Event, county: str) -> None:
    """Append events in the current transaction. `county` is six digits, "" for the nation."""
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kernel_announce(e.name, e.version, %s, e.payload)"
            " FROM unnest(%s::text[], %s::int[], %s::jsonb[]) WITH ORDINALITY"
            " AS e (name, version, payload, place) ORDER BY e.place",
            [
                county,
                [one.NAME for one in events],
                [one.VERSION for one in events],
                [json.dumps(one.payload(), ensure_ascii=False) for one in events],
            ],
        )


def wires() -> tuple[Wire, ...]:
    """The wiring of this deployment (`COUNTYFAIR_WIRING`)."""
    wired: tuple[Wire, ...] = import_string(settings.COUNTYFAIR_WIRING)
    return wired


def wire_called(name: str) -> Wire:
    return next(wire for wire in wires() if wire.name == name)


def deliver_everything(limit: int = BATCH) -> int:
    """Deliver until nothing is left to read below the horizon (tests, the demonstration season).

    Returns the number of deliveries. A failing handler is left where it stands.
    """
    total = 0
    while True:
        behind = {lag.handler for lag in lags() if lag.waiting}
        done = 0
        for wire in wires():
            while wire.name in behind and (
                count := deliver(Actor.system(wire.name), handler=wire.name, limit=limit)
            ):
                done += count
        total += done
        if not done:
            return total


@verb
def deliver(actor: Actor, *, handler: str, limit: int = BATCH) -> int:
    """Give one handler its next batch and move its place.

    Returns the number of events it took; 0 when there is nothing to read, when another worker
    holds this reader, or when the handler failed (the failure is kept and the batch stays; the
    next attempt brings one event only, so that the one that fails is known).
    """
    wire = wire_called(handler)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_reader (handler, transaction, sequence, delivered, failures, last_error)"
            " VALUES (%s, 0, 0, 0, 0, '') ON CONFLICT DO NOTHING",
            [handler],
        )
        cursor.execute(
            "SELECT transaction, sequence, failures FROM kernel_reader"
            " WHERE handler = %s FOR UPDATE SKIP LOCKED",
            [handler],
        )
        place = cursor.fetchone()
    if place is None:
        return 0
    batch = _unread(wire, place[0], place[1], 1 if place[2] else limit)
    if not batch:
        return 0
    try:
        with transaction.atomic():
            wire.handler([_delivered(row) for row in batch])
    except Exception:
        _note_failure(handler)
        return 0
    _advance(handler, batch[-1], len(batch))
    return len(batch)


def lags() -> list[Lag]:
    """Handlers with something to read, or that failed; one statement."""
    pairs = [(wire.name, one.NAME) for wire in wires() for one in wire.events]
    return rows(
        "SELECT w.handler, sum(n.waiting)::bigint, coalesce(max(r.failures), 0),"
        " coalesce(max(r.last_error), '')"
        " FROM unnest(%(handlers)s::text[], %(names)s::text[]) AS w (handler, name)"
        " LEFT JOIN kernel_reader r ON r.handler = w.handler"
        " CROSS JOIN LATERAL (SELECT count(*) AS waiting FROM kernel_event e WHERE e.name = w.name AND"
        " (e.transaction, e.sequence) > (coalesce(r.transaction, 0), coalesce(r.sequence, 0))) n"
        " GROUP BY w.handler HAVING sum(n.waiting) > 0 OR max(r.failures) > 0 ORDER BY w.handler",
        {"handlers": [handler for handler, _name in pairs], "names": [name for _handler, name in pairs]},
        into=Lag,
    )


def _unread(wire: Wire, after_transaction: int, after_sequence: int, limit: int) -> list[_Row]:
    return rows(
        "SELECT id, transaction, sequence, name, version, county, payload, actor, at FROM kernel_event"
        " WHERE (transaction, sequence) > (%s::bigint, %s::bigint)"
        " AND transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " AND name = ANY(%s::text[]) ORDER BY transaction, sequence LIMIT %s::int",
        [after_transaction, after_sequence, [one.NAME for one in wire.events], limit],
        into=_Row,
    )


def _delivered(row: _Row) -> Delivered[Any]:
    payload = json.loads(row.payload) if isinstance(row.payload, str) else row.payload
    known = REGISTRY[(row.name, row.version)]
    return Delivered(row.id, row.county, row.at, row.actor, known.from_payload(payload))


def _advance(handler: str, last: _Row, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_reader SET transaction = %s, sequence = %s, delivered = delivered + %s,"
            " failures = 0, last_error = '', advanced_at = %s WHERE handler = %s",
            [last.transaction, last.sequence, count, now(), handler],
        )


def _note_failure(handler: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_reader SET failures = failures + 1, last_error = %s WHERE handler = %s",
            [traceback.format_exc(limit=-3), handler],
        )
