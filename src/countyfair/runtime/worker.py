"""The job worker: runs queued jobs, and queues them.

Each second it looks which handlers have events to read and which recurring jobs are due. Any
number of workers may run; the queue's locks see to it that a handler or a job is queued once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable

import click
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from countyfair.kernel import outbox
from countyfair.kernel.clock import now
from countyfair.kernel.jobs import Job
from countyfair.runtime import jobs

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; so long an event waits at most for its handlers
CONCURRENCY = 3
HEARTBEAT = 5.0
LOST = 20.0  # seconds without a heartbeat after which a worker's jobs are given to others
GRACE = 10.0  # seconds a running job is given when the worker is told to stop
LONGEST_WAIT = 60.0  # seconds between two tries of a handler that keeps failing
KEPT_HOURS = 168  # failed jobs stay so long for people to look at


@click.command("worker")
def command() -> None:
    """Run queued and recurring jobs until told to stop."""
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        asyncio.run(_work())


async def _work() -> None:
    async with app.open_async():
        looking = asyncio.create_task(_look())
        try:
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=LOST,
                shutdown_graceful_timeout=GRACE,
            )
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking


async def _look() -> None:
    """Queue what is due, each second; a database that is away is asked again."""
    failing: dict[str, float] = {}
    while True:
        try:
            await _queue_deliveries(failing)
            await _queue_recurring(jobs.wired())
            await _free_lost()
        except (DatabaseError, ConnectorException) as trouble:
            logger.warning("Nothing is queued until the database answers: %s", trouble.__cause__ or trouble)
        await asyncio.sleep(LOOK_EVERY)


async def _queue_deliveries(failing: dict[str, float]) -> None:
    """Queue a delivery for each handler that lags; `failing` holds when a failing one is tried again."""
    for lag in await sync_to_async(_lags)():
        if failing.get(lag.handler, 0.0) > time.monotonic():
            continue
        failing[lag.handler] = time.monotonic() + (
            min(2.0**lag.failures, LONGEST_WAIT) if lag.failures else 0.0
        )
        with contextlib.suppress(AlreadyEnqueued):
            queue = jobs.deliver.configure(queueing_lock=f"deliver {lag.handler}")
            await queue.defer_async(handler=lag.handler)


async def _queue_recurring(recurring: Iterable[Job]) -> None:
    """Queue each job once in its period, by whichever worker comes first."""
    seconds = int(now().timestamp())
    for job in recurring:
        timestamp = seconds - seconds % job.seconds
        queue = jobs.recur.configure(queueing_lock=f"recur {job.name}", lock=f"recur {job.name}")
        with contextlib.suppress(AlreadyEnqueued):
            await app.job_manager.defer_periodic_job(
                queue.make_new_job(name=job.name, timestamp=timestamp), job.name, timestamp
            )


async def _free_lost() -> None:
    """Give the jobs of workers that were killed to others, and let go of old ones.

    Where the same is queued again already, the lost one is only closed.
    """
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LOST):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    await app.job_manager.delete_old_jobs(KEPT_HOURS, include_failed=True, include_aborted=True)


def _lags() -> list[outbox.Lag]:
    try:
        return outbox.lags()
    finally:
        connection.close()
