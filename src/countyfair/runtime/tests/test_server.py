"""A server that is killed comes back; one that runs is left alone; one that cannot start says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from countyfair.runtime.postgres import binaries, home, server
from countyfair.runtime.postgres.binaries import NoDatabase
from countyfair.runtime.postgres.server import InUse, Server

STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from countyfair.runtime.postgres import home, server
one = server.throwaway(home.lasting(Path(sys.argv[1])))
one.start()
print(one.process.pid, flush=True)
time.sleep(600)
"""


def kill(one: Server) -> None:
    assert one.process is not None
    one.process.kill()
    one.process.wait()


@pytest.mark.slow
def test_committed_rows_outlive_a_kill(running: Server) -> None:
    running.options = server.LASTING  # with fsync, as a lasting server has
    running.stop()
    running.start()
    with psycopg.connect(server.url(running.home, "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    kill(running)
    running.start()
    with psycopg.connect(server.url(running.home, "postgres")) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (7,)


def test_a_second_start_takes_the_same_data(running: Server) -> None:
    running.create("kept")
    running.stop()
    running.start()
    assert server.url(running.home, "kept").startswith("postgresql://countyfair@/kept?host=/")
    with psycopg.connect(server.url(running.home, "kept")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("kept",)


def test_trigrams_of_chinese_are_found(serving: Server) -> None:
    with psycopg.connect(server.url(serving.home, "postgres")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT similarity('砀山酥梨', '砀山梨')").fetchone()
    assert found is not None
    assert found[0] > 0.2


def test_the_socket_is_closed_to_other_users_and_no_port_is_open(serving: Server) -> None:
    assert serving.home.sockets.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(server.url(serving.home, "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_one_process_at_a_time_runs_a_home(serving: Server) -> None:
    with pytest.raises(InUse, match=rf"already runs on this data \(process {os.getpid()}\)"):
        Server(serving.home).start()
    assert server.answers(serving.home)


@pytest.mark.slow
def test_a_lock_file_of_a_stranger_with_the_same_number_is_no_obstacle(running: Server) -> None:
    lock = running.home.data / "postmaster.pid"
    kept = lock.read_text()
    kill(running)
    lock.write_text(kept.replace(kept.partition("\n")[0], str(os.getppid()), 1))
    running.start()
    assert server.answers(running.home)


@pytest.mark.slow
def test_a_server_ends_with_the_process_that_started_it(open_folder: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, open_folder], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    assert int(owner.stdout.readline()) > 0
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    with server.throwaway(home.lasting(open_folder)) as successor:
        assert server.answers(successor.home)


@pytest.mark.slow
def test_data_left_half_made_is_made_anew(stopped: Server) -> None:
    unfinished = stopped.home.data.with_suffix(".unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    stopped.start()
    assert server.answers(stopped.home)


@pytest.mark.slow
def test_a_long_path_gets_its_socket_elsewhere(open_folder: Path) -> None:
    deep = open_folder / ("深" * 40)
    with server.throwaway(home.lasting(deep)) as one:
        assert not one.home.sockets.is_relative_to(deep)
        assert one.home.data.is_relative_to(deep)
        sockets = one.home.sockets
    sockets.rmdir()


def test_data_of_another_version_is_refused_with_a_sentence(stopped: Server) -> None:
    stopped.home.data.mkdir()
    (stopped.home.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(NoDatabase, match="made by PostgreSQL 12"):
        stopped.start()


def test_a_machine_without_postgresql_is_told_what_to_do(
    stopped: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COUNTYFAIR_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(NoDatabase, match="make run"):
        stopped.start()


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why(running: Server) -> None:
    running.stop()
    running.options = dict(running.options) | {"shared_buffers": "nonsense"}
    with pytest.raises(NoDatabase, match="shared_buffers"):
        running.start()


@pytest.mark.slow
@pytest.mark.skipif(not any(binaries.DEBIAN.glob("*/bin/postgres")), reason="Debian's PostgreSQL is not here")
def test_debians_programs_serve_as_well(stopped: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTYFAIR_POSTGRES_BIN", str(next(binaries.DEBIAN.glob("*/bin"))))
    stopped.start()
    assert server.answers(stopped.home)
