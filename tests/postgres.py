"""A PostgreSQL of its own for every process of the tests.

Loaded by `-p tests.postgres` before Django's settings. Every process that runs tests starts an embedded
server in a temporary folder: events are read up to the oldest transaction of a whole server, so that
on a shared one a long test would keep another's news waiting. A DATABASE_URL that is given is used as
it is.

The data of such a server, with the migrated template of `tests/databases.py`, is made once and kept
under `var/test-pg`; each server starts from a copy.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from countyfair.runtime.messages import compile_stale
from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.home import Home
from countyfair.runtime.postgres.server import Server
from tests import databases
from tests.databases import ADDRESS, CHECKOUT, template

KEPT = CHECKOUT / "var" / "test-pg"
KEPT_MOST = 6  # checkouts change their migrations; the least lately used go
TEMPORARY = "countyfair-test-"
#: What is kept is made here, by who holds the lock of this checkout; no other run tidies it away half made.
MAKING = f"countyfair-kept-{hashlib.sha256(str(KEPT).encode()).hexdigest()[:16]}-"
WORKER = "PYTEST_XDIST_WORKER"

_own: Server | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the server before pytest-django loads the settings."""
    global _own
    if ADDRESS not in os.environ:
        KEPT.mkdir(parents=True, exist_ok=True)
        with _alone():
            compile_stale(CHECKOUT / "src")
            _keep_one()
        if not _only_hands_out(early_config):
            _own = _start()
            os.environ[ADDRESS] = server.url(_own.home)
    os.environ.setdefault("COUNTYFAIR_REMEMBER", "0")  # each page shows what stands in the database now
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Put our database set-up after, and so over, pytest-django's."""
    config.pluginmanager.register(databases, "countyfair-databases")


def pytest_unconfigure() -> None:
    if _own is None:
        return
    _own.stop()
    shutil.rmtree(_own.home.folder, ignore_errors=True)
    del os.environ[ADDRESS]


def copy_data(data: Path, at: Home) -> None:
    """Give a home that has no data a copy of a stopped server's."""
    subprocess.run(["cp", "-R", data, at.data], check=True)
    if at.account is not None:
        subprocess.run(["chown", "-R", f"{at.account.uid}:{at.account.gid}", at.data], check=True)


def _only_hands_out(config: pytest.Config) -> bool:
    """Whether this process hands its tests out to others."""
    asked = config.known_args_namespace
    return bool(asked.numprocesses) and not asked.usepdb and WORKER not in os.environ


def _start() -> Server:
    _remove(TEMPORARY)
    at = _temporary_home(TEMPORARY)
    if _kept().exists():
        try:
            copy_data(_kept(), at)
        except subprocess.CalledProcessError:  # tidied away by another run: start afresh
            shutil.rmtree(at.data, ignore_errors=True)
    own = server.throwaway(at)
    own.start()
    return own


def _keep_one() -> None:
    """Make what is kept unless it is there, for one process at a time. A template that cannot be migrated is
    left to the tests that need it, whose failure says why."""
    if not _kept().exists():
        _remove(MAKING)
        at = _temporary_home(MAKING)
        if _made(at):
            partial = KEPT / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(at.data, partial)
            partial.rename(_kept())
        shutil.rmtree(at.folder)
    if _kept().exists():
        os.utime(_kept())
    by_use = sorted(filter(Path.is_dir, KEPT.iterdir()), key=lambda one: one.stat().st_mtime)
    for old in by_use[:-KEPT_MOST]:
        shutil.rmtree(old, ignore_errors=True)


def _made(at: Home) -> bool:
    """Make a stopped server's data with the migrated template; False where the migrations fail."""
    own = server.throwaway(at)
    try:
        own.start()
        own.create(template())
        named = {ADDRESS: server.url(at, template()), "DJANGO_SETTINGS_MODULE": "config.settings"}
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--no-input"]
        return subprocess.run(migrate, cwd=CHECKOUT, env=os.environ | named, check=False).returncode == 0
    finally:
        own.stop()


@contextmanager
def _alone() -> Iterator[None]:
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _temporary_home(prefix: str) -> Home:
    return home.temporary(Path(tempfile.mkdtemp(prefix=prefix)))


def _remove(prefix: str) -> None:
    """Folders of runs that were killed: those whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError), (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _kept() -> Path:
    programs = os.environ.get("COUNTYFAIR_POSTGRES_BIN", "")
    return KEPT / hashlib.sha256(f"{template()} {programs}".encode()).hexdigest()[:16]
