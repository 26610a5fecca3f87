"""Folders that a service account can reach, which pytest's own are not when root runs the tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.server import Server


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, gone after the test."""
    folder = Path(tempfile.mkdtemp(prefix="countyfair-runtime-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def stopped(open_folder: Path) -> Iterator[Server]:
    """A server that was not started yet, stopped after the test."""
    one = server.throwaway(home.lasting(open_folder))
    yield one
    one.stop()


@pytest.fixture
def running(stopped: Server) -> Server:
    """A started server."""
    stopped.start()
    return stopped
