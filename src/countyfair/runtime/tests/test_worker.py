"""Jobs are queued once however many workers look, and lost ones are found again."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from countyfair.kernel import clock
from countyfair.kernel.jobs import Job
from countyfair.runtime import jobs, worker

NOON = datetime(2026, 9, 1, 4, 0, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> None:
    """Django's flush leaves the queue's tables alone, which are not its own."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def queued() -> list[str]:
    return sorted(str(job.args["name"]) for job in ProcrastinateJob.objects.all())


def done(work: Coroutine[object, object, None]) -> None:
    """Run it to its end, in a thread of its own: a browser of other tests may keep a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def look(*recurring: Job) -> None:
    done(worker._queue_recurring(recurring))


@pytest.fixture
def idle() -> Job:
    return Job("orchard.prune", 60, lambda: None)


@pytest.mark.django_db(transaction=True)
def test_a_recurring_job_is_queued_once_in_its_period(idle: Job) -> None:
    with clock.at(NOON):
        look(idle)
        look(idle)
    assert queued() == ["orchard.prune"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_still_waits_is_not_queued_again(idle: Job) -> None:
    for minute in range(3):
        with clock.at(NOON + timedelta(minutes=minute)):
            look(idle)
    assert queued() == ["orchard.prune"]


@pytest.mark.django_db(transaction=True)
def test_jobs_with_other_periods_do_not_hinder_each_other(idle: Job) -> None:
    with clock.at(NOON):
        look(idle, Job("orchard.water", 5, lambda: None))
    assert queued() == ["orchard.prune", "orchard.water"]


def test_a_recurring_job_is_run_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(jobs, "wired", lambda: (Job("orchard.prune", 60, lambda: ran.append("pruned")),))
    jobs.recur(name="orchard.prune", timestamp=0)
    jobs.recur(name="orchard.felled_long_ago", timestamp=0)
    assert ran == ["pruned"]


def test_the_wiring_names_each_job_once() -> None:
    names = [job.name for job in jobs.wired()]
    assert sorted(set(names)) == sorted(names)


@pytest.fixture
def process() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers on this test's database; all are gone afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "countyfair.runtime", "worker"]))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_what_is_queued_and_stops_when_told(
    process: Callable[[], subprocess.Popen[bytes]],
) -> None:
    name = jobs.wired()[0].name
    jobs.recur.defer(name=name, timestamp=0)
    one = process()
    wait_until("NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE args @> '{\"timestamp\": 0}')")
    wait_until("EXISTS (SELECT 1 FROM procrastinate_workers)")
    one.send_signal(signal.SIGTERM)
    assert one.wait(30) == 0
    wait_until("NOT EXISTS (SELECT 1 FROM procrastinate_workers)")


@pytest.mark.django_db(transaction=True)
def test_a_lost_job_whose_successor_is_queued_is_closed() -> None:
    queue = jobs.recur.configure(queueing_lock="recur orchard.prune")
    queue.defer(name="orchard.prune", timestamp=0)
    lose_all()
    queue.defer(name="orchard.prune", timestamp=60)
    done(worker._free_lost())
    assert [job.args["timestamp"] for job in ProcrastinateJob.objects.all()] == [60]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_run_by_another(
    process: Callable[[], subprocess.Popen[bytes]],
) -> None:
    jobs.recur.defer(name=jobs.wired()[0].name, timestamp=0)
    lose_all()
    process()
    wait_until("NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE args @> '{\"timestamp\": 0}')")


def lose_all() -> None:
    """Leave every queued job in the hands of a worker that was killed an hour ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = procrastinate_workers.id"
            " FROM procrastinate_workers"
        )


def wait_until(condition: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {condition}")
            row = cursor.fetchone()
        if row is not None and row[0]:
            return
        assert time.monotonic() < deadline, condition
        time.sleep(0.1)
