"""The worker's side of files: read in batches, two at a time, each a transaction of its own."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection
from django.db.models import Q

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Refusal, Stale
from countyfair.kernel.verbs import verb
from countyfair.outreach.channels.actions.arriving import BATCH, bring
from countyfair.outreach.channels.actions.detailing import detail
from countyfair.outreach.channels.actions.intake import file_of
from countyfair.outreach.channels.actions.settling import charge
from countyfair.outreach.channels.models import Intake, IntakePart
from countyfair.outreach.channels.platforms.shape import RowError, TheirCharge, TheirDetail, TheirOrder
from countyfair.outreach.channels.rules.recognising import KNOWN, recognised
from countyfair.outreach.channels.rules.tables import open_table
from countyfair.outreach.channels.rules.taking import read

log = logging.getLogger(__name__)
T = TypeVar("T")
#: Is told how many rows are done of how many.
Progress = Callable[[int, int], None]

#: After so long without a word a file's worker is dead, and another reads it anew.
SILENT = timedelta(minutes=2)
#: Batches at once: while one waits for the database the next is decided.
AT_ONCE = 2
#: How often a batch is tried that met another at the same rows.
TRIES = 5


class Stopped(Exception):
    """The file is not this worker's any more."""


def read_intakes(most: int = 10, *, at_once: int = AT_ONCE, progress: Progress | None = None) -> int:
    """The job: read the files that wait, one after the other; answers how many were read to their end.

    Args:
        progress: is told of rows done, and of how many there seem to be.
    """
    actor = Actor.system("channels.read_intakes")
    done = 0
    for _turn in range(most):
        claimed = _claim(actor)
        if claimed is None:
            break
        try:
            _read(actor, claimed, at_once, progress)
            done += 1
        except Stopped:
            continue
        except Refusal as refusal:
            _fail(actor, intake=claimed.id, why=str(refusal))
        except Exception:
            log.exception("file %s could not be read and waits", claimed.id)
    return done


@verb
def _claim(actor: Actor) -> Intake | None:
    waits = Q(state="waiting") | Q(state="reading", moved_at__lt=now() - SILENT)
    free = Intake.objects.select_for_update(no_key=True, skip_locked=True).filter(waits)
    row = free.order_by("at").first()
    if row is not None:
        row.state, row.done, row.counts, row.flaws, row.moved_at = "reading", 0, {}, [], now()
        row.save()
    return row


def _read(actor: Actor, intake: Intake, at_once: int, progress: Progress | None) -> None:
    counts: Counter[str] = Counter()
    flaws: list[RowError] = []
    done = 0
    with file_of(intake.id) as path, open_table(path, known=KNOWN) as table:
        found = recognised(table.heads)
        told = _batches(read(table, found, flaws), BATCH)

        def taken(batch: Sequence[TheirOrder | TheirCharge | TheirDetail]) -> Counter[str]:
            return take(actor, intake.connection_id, batch)

        for came, size in _in_order(taken, told, 1 if connection.in_atomic_block else at_once):
            counts += came
            done += size
            total = max(done, round(done / table.share)) if table.share else done
            _note(actor, intake=intake.id, done=done, total=total, counts=counts, flaws=flaws)
            if progress is not None:
                progress(done, total)
    _end(actor, intake=intake.id, done=done, counts=counts, flaws=flaws)


def take(actor: Actor, shop: UUID, batch: Sequence[TheirOrder | TheirCharge | TheirDetail]) -> Counter[str]:
    """One batch, tried again where it met another at the same rows."""
    for attempt in range(TRIES):
        try:
            if isinstance(batch[0], TheirOrder):
                return bring(
                    actor, connection=shop, told=[one for one in batch if isinstance(one, TheirOrder)]
                )
            if isinstance(batch[0], TheirDetail):
                return detail(
                    actor, connection=shop, told=[one for one in batch if isinstance(one, TheirDetail)]
                )
            return charge(actor, connection=shop, told=[one for one in batch if isinstance(one, TheirCharge)])
        except (OperationalError, IntegrityError, Stale):
            if attempt == TRIES - 1:
                raise
    raise AssertionError("tried in vain")


def _batches(told: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(told)
    while batch := list(islice(rest, size)):
        yield batch


def _in_order(
    take: Callable[[list[T]], Counter[str]], batches: Iterable[list[T]], at_once: int
) -> Iterator[tuple[Counter[str], int]]:
    """What each batch came to, in order, with `at_once` of them under way."""
    if at_once == 1:
        for batch in batches:
            yield take(batch), len(batch)
        return
    under_way: deque[tuple[Future[Counter[str]], int]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for batch in batches:
                under_way.append((pool.submit(_alone, take, batch), len(batch)))
                if len(under_way) > at_once:
                    first, size = under_way.popleft()
                    yield first.result(), size
            for first, size in under_way:
                yield first.result(), size
        finally:
            for first, _size in under_way:
                first.cancel()


def _alone(take: Callable[[list[T]], Counter[str]], batch: list[T]) -> Counter[str]:
    """In a thread: its connection goes back to the pool when the batch is done."""
    try:
        return take(batch)
    finally:
        connection.close()


@verb
def _note(
    actor: Actor, *, intake: UUID, done: int, total: int, counts: Counter[str], flaws: Sequence[RowError]
) -> None:
    moved = Intake.objects.filter(id=intake, state="reading").update(
        done=done, total=total, counts=dict(counts), flaws=[asdict(flaw) for flaw in flaws], moved_at=now()
    )
    if not moved:
        raise Stopped


@verb
def _end(actor: Actor, *, intake: UUID, done: int, counts: Counter[str], flaws: Sequence[RowError]) -> None:
    ended = Intake.objects.filter(id=intake, state="reading").update(
        state="done", done=done, total=done, counts=dict(counts), flaws=[asdict(flaw) for flaw in flaws],
        moved_at=now(),
    )  # fmt: skip
    if not ended:
        raise Stopped
    IntakePart.objects.filter(intake_id=intake).delete()


@verb
def _fail(actor: Actor, *, intake: UUID, why: str) -> None:
    Intake.objects.filter(id=intake, state="reading").update(state="failed", failure=why, moved_at=now())
