"""One PostgreSQL server on a unix socket, as a direct child of this process.

A direct child is reaped at once, so a server that was killed is back in about a tenth of a
second. One process at a time may run a home's server: it holds the home's lock file, which the
kernel releases when that process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from countyfair.runtime.postgres.binaries import Binaries, NoDatabase, find
from countyfair.runtime.postgres.home import Home
from countyfair.runtime.processes import spawn, stop

ROLE = "countyfair"
DATABASE = "countyfair"
LASTING = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_checkpoints": "off",
    # The disk does not turn: else reading here and there is dear, and small tables are read through.
    "random_page_cost": "1.1",
}
THROWAWAY = LASTING | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
    "autovacuum_naptime": "10min",
}
STATUS_LINE = 7  # of postmaster.pid, counted from 0
LOG_KEPT = 10_000_000
ORPHANS_GO = 10.0  # seconds until what is left of a killed server is made to leave


class InUse(NoDatabase):
    """Another process of this house runs the server of this home."""

    code = "in_use"


def url(home: Home, database: str = DATABASE) -> str:
    """The DATABASE_URL of a home's server, as libpq and Django both read it."""
    return f"postgresql://{ROLE}@/{database}?host={quote(str(home.sockets), safe='/')}"


def answers(home: Home) -> bool:
    """Whether a server takes connections at this home now, whoever started it."""
    try:
        with psycopg.connect(url(home, "postgres"), connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


class Server:
    """The server of `home`, run by this process. As a context manager: started, then stopped."""

    def __init__(self, home: Home, options: Mapping[str, str] = LASTING) -> None:
        self.home = home
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None
        self._binaries: Binaries | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
            self.create(DATABASE)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Return when the server takes connections; initialise its data first where there is none.

        Raises InUse when another process runs it, NoDatabase when it cannot start.
        """
        self._claim()
        if self._binaries is None:
            self._binaries = find(self.home.account, self.home.folder, major=self.home.major)
        self._initialise(self._binaries)
        self._evict_orphans()
        deadline = time.monotonic() + ORPHANS_GO
        while not self._launch(self._binaries):
            trouble = self._last_words()
            if time.monotonic() > deadline or "still in use" not in trouble:
                raise NoDatabase(f"PostgreSQL did not start: {trouble} Its log is {self.home.log}.")
            time.sleep(0.05)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, *, when_idle: bool = False) -> None:
        """Stop the server and give up the home. `when_idle` lets its other clients finish first."""
        if self.process is not None:
            patience = [(signal.SIGTERM, 3600.0)] if when_idle else []
            stop(self.process, *patience, (signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def create(self, database: str) -> None:
        """Create `database` unless it is there."""
        with psycopg.connect(url(self.home, "postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if there is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def _claim(self) -> None:
        if self._lock is not None:
            return
        lock = os.fdopen(os.open(self.home.lock, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise InUse(
                f"CountyFair already runs on this data (process {holder}). Use that one, or stop it first."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def _initialise(self, binaries: Binaries) -> None:
        """Make the data folder; under another name first, so that half of one is never taken for whole."""
        if self.home.major is not None:
            return
        unfinished = self.home.data.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        command: list[str | Path] = [binaries.initdb, "-D", unfinished, "-U", ROLE, "-A", "trust"]
        command += ["--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums"]
        command += ["--no-sync"] if self.options.get("fsync") == "off" else []
        with self._log() as log:
            done = self._spawn(command, log)
            if done.wait() != 0:
                raise NoDatabase(
                    f"The database could not be set up: {self._last_words()} The log is {self.home.log}."
                )
        unfinished.rename(self.home.data)

    def _launch(self, binaries: Binaries) -> bool:
        """Whether a server was started and became ready; False when it ended instead."""
        command: list[str | Path] = [binaries.postgres, "-D", self.home.data, "-k", self.home.sockets]
        settings = {"listen_addresses": "", "unix_socket_permissions": "0700"} | dict(self.options)
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log() as log:
            self.process = self._spawn(command, log)
        while self.process.poll() is None:
            if self._status(self.process.pid) == "ready":
                return True
            time.sleep(0.005)
        return False

    def _status(self, pid: int) -> str:
        try:
            lines = (self.home.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return ""
        mine = len(lines) > STATUS_LINE and lines[0] == str(pid)
        return lines[STATUS_LINE].strip() if mine else ""

    def _evict_orphans(self) -> None:
        """Send away what a killed predecessor left: its processes first, then its lock file.

        PostgreSQL handles a lock file of a dead process itself. It is taken off here because its
        number may have been given to a stranger since; and only once nobody works in the data.
        """
        lock = self.home.data / "postmaster.pid"
        if not lock.exists() or not Path("/proc/self").exists():
            return
        left = _working_in(self.home.data)
        leader = lock.read_text().partition("\n")[0]
        _signal([pid for pid in left if str(pid) == leader], signal.SIGINT)
        deadline = time.monotonic() + ORPHANS_GO
        while left := _working_in(self.home.data):
            if time.monotonic() > deadline:
                _signal(left, signal.SIGQUIT)
            time.sleep(0.02)
        lock.unlink(missing_ok=True)

    def _spawn(self, command: list[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn(
            command,
            cwd=self.home.folder,
            env=_environment(),
            account=self.home.account,
            output=log,
            at_parents_death=signal.SIGINT,
        )

    def _log(self) -> IO[bytes]:
        path = self.home.log
        fresh = path.exists() and path.stat().st_size > LOG_KEPT
        return path.open("wb" if fresh else "ab")

    def _last_words(self) -> str:
        """The last complaint in the server's log, as a sentence."""
        lines = self.home.log.read_text(errors="replace").splitlines()[-40:] if self.home.log.exists() else []
        for line in reversed(lines):
            for mark in ("FATAL:", "PANIC:", "error:"):
                if mark in line:
                    return line.split(mark, 1)[1].strip().rstrip(".") + "."
        return "it gave no reason."


def throwaway(home: Home) -> Server:
    """A server for tests: quick, and careless of power cuts."""
    return Server(home, THROWAWAY)


def _environment() -> dict[str, str]:
    """This process's environment without what would steer PostgreSQL elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _working_in(data: Path) -> list[int]:
    """The PostgreSQL processes of `data`: each has it as its working directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == data and (entry / "comm").read_text() == "postgres\n":
                    found.append(int(entry.name))
    return found
