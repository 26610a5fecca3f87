"""The whole house: it opens, comes back from kills, and leaves nobody behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from countyfair.runtime.postgres import home
from countyfair.runtime.tests.conftest import folder_for_all
from tests.postgres import copy_data

pytestmark = pytest.mark.slow

PATIENCE = 120.0


@dataclass
class House:
    """A running `countyfair up` with a data folder and a port of its own."""

    var: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "countyfair.runtime",
            "up",
            "--port",
            str(self.port),
            "--no-sample",
            *more,
        ]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {"COUNTYFAIR_VAR": str(self.var), "COUNTYFAIR_SANDBOX_PORT": str(free_port())}

    @property
    def _screen(self) -> Path:
        return self.var / "screen.txt"

    def open(self) -> None:
        with self._screen.open("w") as screen:
            self.process = subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(self.is_ready)

    def is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            pytest.fail(f"it ended: {self.output()}")
        return self.asked("/readyz") == httpx.codes.OK

    def asked(self, path: str) -> int:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5, trust_env=False).status_code
        except httpx.TransportError:
            return 0

    def processes(self, pattern: str = "") -> list[int]:
        """Processes of this house whose command line holds `pattern`."""
        own = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self._is_ours(entry) and re.search(pattern, command_line(entry)):
                own.append(int(entry.name))
        return own

    def _is_ours(self, entry: Path) -> bool:
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:
            return False
        return f"COUNTYFAIR_VAR={self.var}".encode() in environment.split(b"\0")

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def output(self) -> str:
        """What it has said so far."""
        return self._screen.read_text()

    def ended(self) -> int:
        """The exit code, once it has ended."""
        assert self.process is not None
        return self.process.wait(timeout=PATIENCE)


def command_line(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@contextmanager
def house_in(var: Path) -> Iterator[House]:
    """The house of this data folder, closed in the end if somebody opened it."""
    one = House(var, free_port())
    yield one
    if one.process is not None and one.process.poll() is None:
        one.signal(signal.SIGTERM)
        one.ended()


@pytest.fixture(scope="module")
def opened_once() -> Iterator[Path]:
    """The database of a house that was opened for the first time, and closed."""
    with folder_for_all() as folder:
        with house_in(folder) as first:
            first.open()
        data = home.lasting(folder).data
        wait_for(lambda: not (data / "postmaster.pid").exists())  # its last checkpoint still removes files
        yield data


@pytest.fixture
def house(open_folder: Path, opened_once: Path) -> Iterator[House]:
    """A house that was open before, with a data folder of its own."""
    copy_data(opened_once, home.lasting(open_folder))
    with house_in(open_folder) as one:
        yield one


@pytest.fixture
def new_house(open_folder: Path) -> Iterator[House]:
    """A house that was never opened."""
    with house_in(open_folder) as one:
        yield one


def test_the_house_opens_and_ctrl_c_leaves_nobody(new_house: House) -> None:
    house = new_house
    house.open()
    assert house.asked("/healthz") == httpx.codes.OK
    assert len(house.processes()) >= 5
    wait_for(lambda: f"http://127.0.0.1:{house.port}" in house.output())
    house.signal(signal.SIGINT)
    assert house.ended() == 0
    wait_for(lambda: house.processes() == [])


def test_a_kill_of_the_supervisor_takes_everybody_along(house: House) -> None:
    house.open()
    house.signal(signal.SIGKILL)
    house.ended()
    wait_for(lambda: house.processes() == [])
    house.open()


@pytest.mark.parametrize("pattern", ["bin/postgres -D", "granian", "runtime worker"])
def test_what_is_killed_is_back_and_answers(house: House, pattern: str) -> None:
    house.open()
    before = set(house.processes(pattern))
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: not before & set(house.processes(pattern)))  # its children too, which answer for a while
    wait_for(lambda: bool(house.processes(pattern)) and house.is_ready())
    assert [house.asked("/readyz") for _ in range(20)] == [httpx.codes.OK] * 20


def test_a_second_house_on_the_same_data_is_refused_with_a_sentence(house: House) -> None:
    house.open()
    second = subprocess.run(
        house.command(),
        env=house.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert second.returncode == 1
    assert "already runs on this data" in second.stderr
    assert "Traceback" not in second.stderr
    assert house.asked("/readyz") == httpx.codes.OK


def test_a_taken_port_is_refused_with_a_sentence(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port))
        taken.listen()
        done = subprocess.run(
            house.command(),
            env=house.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 1
    assert f"Port {house.port} of 127.0.0.1 is taken" in done.stderr
    assert f"--port {house.port + 1}" in done.stderr
    assert house.processes() == []
