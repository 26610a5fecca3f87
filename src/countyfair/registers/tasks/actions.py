"""Asking for a task, stopping it, and doing what was asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Conflict, Forbidden, Missing, Refusal
from countyfair.kernel.rows import scalar
from countyfair.kernel.seal import seal_bytes
from countyfair.kernel.verbs import verb
from countyfair.registers.notices.actions import News, tell
from countyfair.registers.people.queries import actor_of
from countyfair.registers.tasks.models import Task
from countyfair.registers.tasks.queries import SEALED, File
from countyfair.registers.tasks.rules import AT_ONCE, KEPT, LARGEST, SILENT, TRIES, UNDER_WAY

logger = logging.getLogger(__name__)

#: Says how many pieces are done of how many; 0 of them all while that is not known.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A task as whoever does it sees it. `actor` is who asked, as they may act now."""

    actor: Actor
    county: str
    particulars: Mapping[str, Any]


#: Does a kind of task.
Worker = Callable[[Asked, Progress], File]


class Stopped(Exception):
    """The task is not this worker's any more: it was stopped, or another worker began it anew."""


@verb
def ask(
    actor: Actor, *, task: UUID, county: str, kind: str, particulars: Mapping[str, Any], language: str
) -> None:
    """Ask for a task; the same key and content again changes nothing.

    For surfaces: they know which power a kind needs, and whoever does it asks for it again.

    Raises:
        Forbidden: a guest.
        Conflict: this key was used for something else, or too many are under way.
    """
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    moment, said = (
        now(),
        {"county": county, "user_id": actor.user_id, "kind": kind, "particulars": particulars},
    )
    row, made = Task.objects.get_or_create(
        id=task, defaults={**said, "language": language, "asked_at": moment, "moved_at": moment}
    )
    if not made and any(getattr(row, name) != value for name, value in said.items()):
        raise Conflict(_("This was entered before with other particulars."))
    others = Task.objects.filter(user_id=row.user_id, state__in=UNDER_WAY).exclude(pk=task)
    if made and others.count() >= AT_ONCE:
        raise Conflict(
            _("%(most)d files of yours are being made. Wait for one, or stop it.") % {"most": AT_ONCE}
        )


@verb
def stop(actor: Actor, *, task: UUID) -> None:
    """Stop a task of one's own; what has ended stays as it is.

    Raises:
        Missing: no such task, or somebody else's.
    """
    row = Task.objects.select_for_update(no_key=True).filter(pk=task).first()
    if row is None or row.user_id != actor.user_id:
        raise Missing(_("There is no such file any more."))
    if row.state in UNDER_WAY:
        row.state, row.moved_at = "stopped", now()
        row.save(update_fields=["state", "moved_at"])


def work(actor: Actor, *, workers: Mapping[str, Worker]) -> int:
    """Do what was asked, who asked first before others; how many tasks came to an end.

    Args:
        workers: who does which kind, of the deployment's wiring.
    """
    _forget(actor)
    ended = 0
    while (row := _begin(actor)) is not None:
        with translation.override(row.language):
            ended += _end(actor, row, workers)
    return ended


def _end(actor: Actor, row: Task, workers: Mapping[str, Worker]) -> bool:
    def progress(done: int, total: int) -> None:
        _say(actor, task=row, done=done, total=total)

    try:
        asked = Asked(actor_of(row.user_id), row.county, row.particulars)
        made = workers[row.kind](asked, progress)
        if len(made.data) > LARGEST:
            raise Conflict(_("The file became too large. Choose less at a time."))
        _done(actor, task=row, made=made)
    except Stopped:
        return False
    except Refusal as refusal:
        return _failed(actor, task=row, sentence=str(refusal.sentence))
    except Exception:
        logger.exception("Task %s of kind %s failed", row.id, row.kind)
        return _failed(actor, task=row, sentence=str(_UNKNOWN))
    return True


@verb
def _begin(actor: Actor) -> Task | None:
    """The next task, taken; one that was begun too often is given up."""
    moment = now()
    key = scalar(_NEXT, {"moment": moment, "silent": moment - SILENT, "tries": TRIES})
    if key is None:
        return None
    row = Task.objects.get(pk=UUID(str(key)))
    if row.state == "failed":
        with translation.override(row.language):
            Task.objects.filter(pk=row.pk).update(failure=str(_UNKNOWN))
        _tell(actor, row, "task.failed")
        return _begin(actor)
    return row


@verb
def _say(actor: Actor, /, *, task: Task, done: int, total: int) -> None:
    _mine(task, done=done, total=total)


@verb
def _done(actor: Actor, /, *, task: Task, made: File) -> None:
    _mine(
        task, state="done", done=F("total"), name=made.name, media_type=made.media_type,
        made=seal_bytes(made.data, SEALED),
    )  # fmt: skip
    _tell(actor, task, "task.done")


@verb
def _failed(actor: Actor, /, *, task: Task, sentence: str) -> bool:
    try:
        _mine(task, state="failed", failure=sentence)
    except Stopped:
        return False
    _tell(actor, task, "task.failed")
    return True


def _tell(actor: Actor, task: Task, kind: str) -> None:
    tell(actor, news=[News(kind, task.county, str(task.id), f"user:{task.user_id}", task.user_id)])


def _mine(task: Task, **values: Any) -> None:
    """Write these of a task that is still this worker's.

    Raises:
        Stopped: it is not any more.
    """
    mine = Task.objects.filter(pk=task.pk, state="running", tries=task.tries)
    if not mine.update(moved_at=now(), **values):
        raise Stopped


@verb
def _forget(actor: Actor) -> None:
    Task.objects.filter(asked_at__lt=now() - KEPT).delete()


_UNKNOWN = _("It did not work out, and the reason is in the log of this house. Ask for it once more.")

# Begun too often, it is given up: what kills its worker would kill the next one too.
_NEXT = """
UPDATE tasks_task SET moved_at = %(moment)s, tries = tries + 1,
       state = CASE WHEN tries < %(tries)s::int THEN 'running' ELSE 'failed' END
 WHERE id = (SELECT id FROM tasks_task
              WHERE state = 'waiting' OR state = 'running' AND moved_at < %(silent)s::timestamptz
              ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
