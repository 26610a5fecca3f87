"""A PostgreSQL of its own for every run of the tests.

Loaded by `-p tests.postgres` before Django's settings. Every process of the tests starts an embedded
server in a temporary folder: events are read up to the oldest transaction of a whole server, so that
on a shared one a long test would keep another's news waiting. A DATABASE_URL that is given is used as
it is.

The server's data, with the migrated template of `tests/databases.py`, is kept under
`var/test-pg` for the next run.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from countyfair.runtime.messages import compile_stale
from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.home import Home
from countyfair.runtime.postgres.server import Server
from tests import databases
from tests.databases import ADDRESS, CHECKOUT, administering, exists, template

KEPT = CHECKOUT / "var" / "test-pg"
KEPT_FOR = 7 * 86400  # seconds since last use
TEMPORARY = "countyfair-test-"
OURS = "COUNTYFAIR_TESTS_OWN_SERVER"  # set where the address was not given, but is one of ours
WORKER = "PYTEST_XDIST_WORKER"

_own: Server | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start the server before pytest-django loads the settings."""
    global _own
    if ADDRESS not in os.environ or (OURS in os.environ and WORKER in os.environ):
        compile_stale(CHECKOUT / "src")
        _own = _start()
        os.environ[ADDRESS], os.environ[OURS] = server.url(_own.home), "1"
        os.environ.setdefault("COUNTYFAIR_POOL", "40")  # for tests with many threads
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Put our database set-up after, and so over, pytest-django's."""
    config.pluginmanager.register(databases, "countyfair-databases")


def pytest_unconfigure() -> None:
    if _own is None:
        return
    with administering(server.url(_own.home)) as admin:
        keep = not _kept().exists() and exists(admin, template())
    _own.stop()
    if keep:
        _keep(_own.home)
    shutil.rmtree(_own.home.folder, ignore_errors=True)
    del os.environ[ADDRESS], os.environ[OURS]


def _start() -> Server:
    _remove_leftovers()
    at = home.temporary(Path(tempfile.mkdtemp(prefix=TEMPORARY)))
    if _kept().exists():
        try:
            _copy(_kept(), at)
        except OSError:  # tidied away by another run, or another user's: start afresh
            shutil.rmtree(at.data, ignore_errors=True)
    return server.throwaway(at).__enter__()


def _keep(at: Home) -> None:
    """Keep a stopped server's data for the next run, whole or not at all."""
    KEPT.mkdir(parents=True, exist_ok=True)
    partial = KEPT / f"partial-{os.getpid()}"
    shutil.copytree(at.data, partial)
    with contextlib.suppress(OSError):  # another run was quicker
        partial.rename(_kept())
    shutil.rmtree(partial, ignore_errors=True)
    for old in KEPT.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_FOR:
            shutil.rmtree(old, ignore_errors=True)


def _copy(kept: Path, at: Home) -> None:
    shutil.copytree(kept, at.data)
    os.utime(kept)
    if at.account is not None:
        for path in (at.data, *at.data.rglob("*")):
            os.chown(path, at.account.uid, at.account.gid)


def _remove_leftovers() -> None:
    """Folders of runs that were killed: those whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError), (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _kept() -> Path:
    programs = os.environ.get("COUNTYFAIR_POSTGRES_BIN", "")
    return KEPT / hashlib.sha256(f"{template()} {programs}".encode()).hexdigest()[:16]
