"""What the job worker can be asked to do: deliver a handler's events, or run a recurring job.

Both are listed in the deployment's wiring; nothing else is queued.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from countyfair.kernel import outbox
from countyfair.kernel.actor import Actor
from countyfair.kernel.jobs import Job


def wired() -> tuple[Job, ...]:
    """The recurring jobs of this deployment (`COUNTYFAIR_JOBS`)."""
    listed: tuple[Job, ...] = import_string(settings.COUNTYFAIR_JOBS)
    return listed


@app.task(name="house.deliver")
def deliver(handler: str) -> None:
    """Deliver to one handler until it has read everything below the horizon, or fails."""
    actor = Actor.system(handler)
    while outbox.deliver(actor, handler=handler):
        pass


@app.task(name="house.recur")
def recur(name: str, timestamp: int) -> None:
    """Run the recurring job `name`; `timestamp` is the beginning of the period it is run for.

    One that is wired no longer, but was queued by an older version, is let go.
    """
    for job in wired():
        if job.name == name:
            job.run()
