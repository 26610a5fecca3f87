"""Two addresses for whoever watches the machine.

`/healthz` says that this process answers. `/readyz` says that the whole house is open: the
database answers and has every table, and a job worker is alive. Both are asked often, so the
first costs no statement and the second one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from countyfair.kernel.clock import now
from countyfair.runtime.database import pending_migrations

WORKER_SILENT = timedelta(seconds=30)

_migrated = False


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 while this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when a visitor can be served, else 503; the body says which part is missing."""
    parts = readiness()
    return JsonResponse(parts, status=200 if all(value == "ok" for value in parts.values()) else 503)


def readiness() -> dict[str, str]:
    """Each part that must work, with "ok" or what is wrong with it."""
    try:
        beat = _last_heartbeat() if _is_migrated() else None
    except DatabaseError:
        return {"database": "does not answer"}
    if not _migrated:
        return {"database": "ok", "migrations": "pending"}
    lively = beat is not None and now() - beat < WORKER_SILENT
    return {"database": "ok", "migrations": "ok", "worker": "ok" if lively else "silent"}


def _is_migrated() -> bool:
    """Looked up until it holds: the code of a running process does not change."""
    global _migrated
    _migrated = _migrated or not pending_migrations()
    return _migrated


def _last_heartbeat() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        found = cursor.fetchone()
    return found[0] if found else None
