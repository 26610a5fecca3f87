"""One's own tasks: how far they are, and the files that came out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import one, rows
from countyfair.kernel.seal import unseal_bytes
from countyfair.registers.tasks.rules import KEPT, UNDER_WAY

#: What files are sealed for (see `kernel.seal`): they may name people.
SEALED = "tasks.file"


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A task of one's own: `done` of `total` pieces, 0 of them while that is not known."""

    id: UUID
    county: str
    kind: str
    state: str
    done: int
    total: int
    asked_at: datetime
    failure: str
    name: str

    @property
    def is_moving(self) -> bool:
        """Whether the worker has still to do with it."""
        return self.state in UNDER_WAY

    @property
    def kept_until(self) -> datetime:
        """When it is forgotten, with its file."""
        return self.asked_at + KEPT


@dataclass(frozen=True, slots=True)
class File:
    """A file with its name and media type."""

    name: str
    media_type: str
    data: bytes


def task(actor: Actor, *, task: UUID) -> TaskSeen:
    """One's own task.

    Raises:
        Missing: no such task any more, or somebody else's.
    """
    return one(f"{_TASKS} AND id = %s", [actor.user_id, task], into=TaskSeen, missing=_MISSING)


def tasks(actor: Actor, *, county: str, limit: int = 50) -> list[TaskSeen]:
    """One's own tasks of a county, the latest first."""
    wanted = f"{_TASKS} AND county = %s ORDER BY asked_at DESC LIMIT %s::int"
    return rows(wanted, [actor.user_id, county, limit], into=TaskSeen)


def file(actor: Actor, *, task: UUID) -> File:
    """The file of one's own task that is done.

    Raises:
        Missing: no such task any more, somebody else's, or not done.
    """
    found = one(
        "SELECT name, media_type, made FROM tasks_task WHERE user_id = %s AND id = %s AND state = 'done'",
        [actor.user_id, task],
        into=File,
        missing=_MISSING,
    )
    return File(found.name, found.media_type, unseal_bytes(bytes(found.data), SEALED))


_MISSING = _("There is no such file any more.")
_TASKS = """
SELECT id, county, kind, state, done, total, asked_at, failure, name FROM tasks_task WHERE user_id = %s"""
