"""The job worker outlives its database: it listens again, its heart beats, and it ends without a cry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.server import Server
from countyfair.runtime.tests.conftest import folder_for_all
from countyfair.runtime.tests.test_up import wait_for
from countyfair.runtime.worker import HEARTBEAT
from tests.databases import ADDRESS, CHECKOUT

pytestmark = pytest.mark.slow

LISTENS = "SELECT count(*) FROM pg_stat_activity WHERE starts_with(query, 'LISTEN')"
REGISTERED = "SELECT count(*) FROM procrastinate_workers"
ALIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s"


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    """A database of its own, migrated."""
    with folder_for_all() as folder, server.throwaway(home.lasting(folder)) as one:
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--no-input"]
        subprocess.run(migrate, cwd=CHECKOUT, env=environment(one), check=True)
        yield one


def environment(one: Server) -> dict[str, str]:
    return os.environ | {ADDRESS: server.url(one.home), "DJANGO_SETTINGS_MODULE": "config.settings"}


def count(one: Server, sql: LiteralString, *params: object) -> int:
    with psycopg.connect(server.url(one.home)) as connection:
        row = connection.execute(sql, params).fetchone()
    assert row is not None
    return int(row[0])


def beats(one: Server) -> None:
    """Return when a heart has beaten from now on."""
    with psycopg.connect(server.url(one.home)) as connection:
        moment = next(connection.execute("SELECT clock_timestamp()"))
    wait_for(lambda: count(one, ALIVE, *moment) == 1)


def lose(one: Server, seconds: float) -> None:
    """Kill the database, and start it again after so long."""
    assert one.process is not None
    one.process.kill()
    one.process.wait()
    time.sleep(seconds)
    one.start()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        pytest.param(0.0, signal.SIGINT, id="between two heartbeats"),
        pytest.param(HEARTBEAT + 1, signal.SIGTERM, id="over a heartbeat"),
    ],
)
def test_a_worker_that_lost_its_database_listens_again_and_ends_quietly(
    database: Server, tmp_path: Path, seconds: float, told: signal.Signals
) -> None:
    with (tmp_path / "said").open("w") as said:
        worker = subprocess.Popen(
            [sys.executable, "-m", "countyfair.runtime", "worker"], env=environment(database), stdout=said,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_for(lambda: count(database, LISTENS) == 1)
        lose(database, seconds)
        wait_for(lambda: count(database, LISTENS) == 1)
        beats(database)
        wait_for(lambda: count(database, REGISTERED) == 1)  # the former one has signed off
        assert worker.poll() is None
        before = (tmp_path / "said").stat().st_size  # a job that was cut off has said so
        worker.send_signal(told)
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.wait()
    assert "Traceback" not in (tmp_path / "said").read_bytes()[before:].decode()
    assert count(database, REGISTERED) == 0
