"""The house served by Granian on loopback, on the database of the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from countyfair.runtime.processes import spawn, stop
from tests.databases import CHECKOUT

OPENS_WITHIN = 60.0


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(log: Path, *, workers: int = 2, threads: int = 4) -> Iterator[str]:
    """The address of a server of these worker processes; what it says goes to `log`."""
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    env = os.environ | {"COUNTYFAIR_ORIGIN": address}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += ["--blocking-threads", str(threads), "--backlog", "1024", "--log-level", "warning"]
    command += ["--respawn-failed-workers", "--respawn-interval", "0.2", "config.wsgi:application"]
    with log.open("wb") as said:
        server = spawn(command, cwd=CHECKOUT, env=env, output=said)
        try:
            await_open(address, server)
            yield address
        finally:
            stop(server, (signal.SIGTERM, 10.0))


def await_open(address: str, server: subprocess.Popen[bytes] | None = None) -> None:
    """Return when the house answers at `address`."""
    deadline = time.monotonic() + OPENS_WITHIN
    while time.monotonic() < deadline:
        assert server is None or server.poll() is None, "the server ended before it opened"
        try:
            if httpx.get(f"{address}/healthz", timeout=2, trust_env=False).is_success:
                return
        except httpx.TransportError:
            continue
    raise AssertionError(f"nothing answers at {address}")
