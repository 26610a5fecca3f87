"""The PostgreSQL server of a run, its databases, and pgbench beside ours."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from django.db import connection
from psycopg import sql

from benchmarks.cpu import used_by
from benchmarks.figures import Cost, pgbench_transactions, statements
from countyfair.runtime import database
from countyfair.runtime.postgres import binaries, home, server

PGBENCH = "pgbench"


class Ground:
    """An embedded server with the settings of a deployment (fsync on), in a folder of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="countyfair-bench-"))
        self.home = home.temporary(self.folder)
        self.server = server.Server(self.home, server.LASTING | {"log_line_prefix": "%a|"})

    def __enter__(self) -> Self:
        self.server.__enter__()
        self.programs = binaries.find(self.home.account, self.home.folder, major=self.home.major).folder
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        database.disconnect()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def process(self) -> int:
        assert self.server.process is not None
        return self.server.process.pid

    def cpu(self) -> float:
        """CPU seconds of all server processes so far."""
        return used_by(self.process)

    def url(self, name: str, application: str = "") -> str:
        """DATABASE_URL of a database; `application` is the name its statements are logged under."""
        return server.url(self.home, name) + (f"&application_name={application}" if application else "")

    @contextmanager
    def admin(self, name: str = "postgres") -> Iterator[psycopg.Connection]:
        with psycopg.connect(server.url(self.home, name), autocommit=True) as open_:
            yield open_

    def copy(self, name: str, template: str) -> None:
        """A database like `template`, to which nobody may be connected."""
        with self.admin() as admin:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def settle(self, *names: str) -> None:
        """Leave nothing of the filling to be done while we measure."""
        for name in names:
            with self.admin(name) as admin:
                admin.execute("VACUUM (ANALYZE)")
        with self.admin() as admin:
            admin.execute("CHECKPOINT")

    @contextmanager
    def logged(self, application: str) -> Iterator[list[str]]:
        """Statements of `application` as the server executed them, in the list once the block has ended."""
        found: list[str] = []
        self._log_statements("all")
        start = self.home.log.stat().st_size
        yield found
        self._log_statements("none")
        with self.home.log.open("rb") as log:
            log.seek(start)
            found += statements(log.read().decode(errors="replace"), application)

    def _log_statements(self, which: str) -> None:
        with self.admin() as admin:
            admin.execute(sql.SQL("ALTER SYSTEM SET log_statement = {}").format(which))
            admin.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)  # until each server process has heard of it

    def prepare_pgbench(self, scale: int) -> None:
        with self.admin() as admin:
            admin.execute("CREATE DATABASE pgbench")
        self._pgbench("-i", "-q", "-s", str(scale))

    def pgbench(self, clients: int, seconds: float) -> Cost:
        """pgbench's own TPC-B-like transaction, prepared, on the same socket."""
        server_before, own_before = self.cpu(), _children()
        started = time.perf_counter()
        said = self._pgbench(
            "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(max(1, round(seconds)))
        )
        wall = time.perf_counter() - started
        time.sleep(0.3)  # until its server processes have been waited for, and so counted
        return Cost(pgbench_transactions(said), _children() - own_before, self.cpu() - server_before, wall)

    def _pgbench(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.programs / "pgbench", "-h", self.home.sockets, "-U", server.ROLE, *arguments, PGBENCH],
            capture_output=True, text=True, check=False,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"pgbench failed: {done.stderr.strip()[-500:]}")
        return done.stdout


@contextmanager
def at(ground: Ground, name: str) -> Iterator[None]:
    """Django of this process at one database of the server."""
    database.disconnect()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        database.disconnect()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
