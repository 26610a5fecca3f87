"""Folders that a service account can reach, which pytest's own are not when root runs the tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.server import Server
from tests.postgres import copy_data


@contextmanager
def folder_for_all() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="countyfair-runtime-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, gone after the test."""
    with folder_for_all() as folder:
        yield folder


@pytest.fixture(scope="session")
def initialised() -> Iterator[Path]:
    """The data of a server that was started once."""
    with folder_for_all() as folder:
        at = home.lasting(folder)
        with server.throwaway(at):
            pass
        yield at.data


@pytest.fixture(scope="module")
def serving() -> Iterator[Server]:
    """A started server for tests that leave it as it is."""
    with folder_for_all() as folder, server.throwaway(home.lasting(folder)) as one:
        yield one


@pytest.fixture
def stopped(open_folder: Path) -> Iterator[Server]:
    """A server without data that was not started yet, stopped after the test."""
    one = server.throwaway(home.lasting(open_folder))
    yield one
    one.stop()


@pytest.fixture
def running(stopped: Server, initialised: Path) -> Server:
    """A started server."""
    copy_data(initialised, stopped.home)
    stopped.start()
    return stopped
