"""Keeps services running until a person or the system says stop.

A service that ends is started again at once; one that keeps ending waits twice as long each
time. SIGINT, SIGTERM and SIGHUP stop all services, the last started first.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from countyfair.runtime.postgres.binaries import NoDatabase
from countyfair.runtime.processes import spawn, stop, sweep

STEADY = 30.0  # seconds after which a service counts as well again
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Service(Protocol):
    """What can be kept running."""

    def start(self) -> None: ...
    def running(self) -> bool: ...
    def stop(self) -> None: ...


class Module:
    """A Python module as a process of its own: `python -m name arguments`."""

    def __init__(self, name: str, *arguments: str, env: Mapping[str, str], cwd: Path) -> None:
        self.command = [sys.executable, "-m", name, *arguments]
        self.env = env
        self.cwd = cwd
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.process is not None:
            sweep(self.process)
        self.process = spawn(self.command, cwd=self.cwd, env=self.env)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, (signal.SIGTERM, 15.0))


@dataclass
class _Kept:
    name: str
    service: Service
    wait: float = 0.0
    started: float = 0.0
    due: float = 0.0


@dataclass
class Supervisor:
    """Runs named services in the order they are added. `say` is told, in a sentence, what happens."""

    say: Callable[[str], None]
    _kept: list[_Kept] = field(default_factory=list)
    _stopped: bool = False

    def add(self, name: str, service: Service) -> None:
        """Start `service` and keep it running; what its first start raises is the caller's."""
        service.start()
        self._kept.append(_Kept(name, service, started=time.monotonic()))

    def adopt(self, name: str, service: Service) -> None:
        """Keep a service running that was started already."""
        self._kept.append(_Kept(name, service, started=time.monotonic()))

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Bring back what ends, until `until` holds (True) or a signal says stop (False)."""
        with _signals(self._note) as woken:
            while not self._stopped:
                for kept in self._kept:
                    self._revive(kept)
                if until():
                    return True
                select.select([woken], [], [], 0.2)
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 1024)
        return False

    def stop(self) -> None:
        """Stop all services, the last started first. Further signals to stop are not needed."""
        with _signals(self._note):
            for kept in reversed(self._kept):
                kept.service.stop()
            self._kept.clear()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in STOPPING:
            self._stopped = True

    def _revive(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.service.running():
            if kept.wait and now - kept.started > STEADY:
                kept.wait = 0.0
            return
        if not kept.due:
            kept.due = now + kept.wait
            kept.wait = min(max(kept.wait * 2, FIRST_WAIT), LONGEST_WAIT)
            self.say(f"{kept.name} ended; it is started again.")
        if now >= kept.due and not self._stopped:
            kept.due = 0.0
            kept.started = now
            try:
                kept.service.start()
            except NoDatabase as trouble:
                self.say(str(trouble))


@contextlib.contextmanager
def _signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[int]:
    """Have signals to stop, and the end of children, noted and wake a `select` on what is yielded."""
    woken, waking = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    before = {number: signal.signal(number, handler) for number in (*STOPPING, signal.SIGCHLD)}
    waker = signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(waker)
        for number, former in before.items():
            signal.signal(number, former)
        os.close(woken)
        os.close(waking)
