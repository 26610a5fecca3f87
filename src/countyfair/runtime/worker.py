"""The job worker: runs queued jobs, and queues them.

Each second it looks which handlers have events to read and which recurring jobs are due. Any
number of workers may run; the queue's locks see to it that a handler or a job is queued once.

The queue's own worker does not come back from a lost database: it stops listening for new jobs, or
its heart stops beating while it works on, so that others take its jobs for lost. So whenever the
database did not answer, it is ended and another is begun in its place, which listens again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Iterable, Iterator
from typing import Any

import click
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from procrastinate.connector import Notify
from procrastinate.contrib.django import app, connector_params
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

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
LEAVE = 2.0  # seconds the worker is given to sign off after its last job
LONGEST_WAIT = 60.0  # seconds between two tries of a handler that keeps failing
KEPT_HOURS = 168  # failed jobs stay so long for people to look at


@click.command("worker")
def command() -> None:
    """Run queued and recurring jobs until told to stop."""
    connector = Watched()
    with app.replace_connector(connector):
        asyncio.run(_work(connector))


class Watched(PsycopgConnector):
    """The worker's connections to the database.

    `listens` is set when the queue's worker is registered and hears of new jobs, `lost` once the database
    did not answer it.
    """

    def __init__(self) -> None:
        super().__init__(kwargs=connector_params())
        self.listens = asyncio.Event()
        self.lost = asyncio.Event()

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Such as a heartbeat, or what became of a job."""
        with self._watching():
            await super().execute_query_async(query, **arguments)

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Hear of new jobs until cancelled; after a loss, of none."""
        self.listens.set()
        with contextlib.suppress(ConnectorException), self._watching():
            await super().listen_notify(on_notification, channels)
        await asyncio.Event().wait()

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except UniqueViolation:
            raise
        except ConnectorException:
            self.lost.set()
            raise


async def _work(connector: Watched) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with app.open_async():
        looking = asyncio.create_task(_look())
        try:
            await _run(connector, told)
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking


async def _run(connector: Watched, told: asyncio.Event) -> None:
    """Run the queue's worker until told to stop, and another after each loss of the database.

    The former one is ended when the next is there, so that whoever asks finds a worker all the while.
    """
    former: asyncio.Task[None] | None = None
    while not told.is_set():
        connector.lost.clear()
        connector.listens.clear()
        running = asyncio.create_task(_queue_s_worker())
        await _first_of(running, told, connector.listens)
        if former is not None:
            await _end(former)
        await _first_of(running, told, connector.lost)
        former = running
        if not told.is_set():
            logger.warning("The database was lost; the worker listens again as soon as it answers.")
        if not connector.listens.is_set():
            await _first_of(asyncio.create_task(asyncio.sleep(LOOK_EVERY)), told)
    if former is not None:
        await _end(former)


async def _queue_s_worker() -> None:
    await app.run_worker_async(
        concurrency=CONCURRENCY,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=LOST,
        shutdown_graceful_timeout=GRACE,
    )


async def _first_of(running: asyncio.Task[None], *events: asyncio.Event) -> None:
    """Return when it ended, or one of these happened."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait([running, *waiting], return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()


async def _end(running: asyncio.Task[None]) -> None:
    """Let it finish the jobs it has begun, within its time."""
    running.cancel()
    await asyncio.wait([running], timeout=GRACE + LEAVE)
    if running.done():
        with contextlib.suppress(asyncio.CancelledError, ConnectorException):
            running.result()


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
