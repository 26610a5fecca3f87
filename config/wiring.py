"""Who hears what, on one page: every event and its handlers, and the recurring jobs."""

from __future__ import annotations

from countyfair.kernel.jobs import Job
from countyfair.kernel.outbox import Wire

WIRING: tuple[Wire, ...] = ()

JOBS: tuple[Job, ...] = ()
