"""Services are brought back when they end, and are all gone when the supervisor stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from countyfair.runtime.processes import sweep
from countyfair.runtime.supervisor import FIRST_WAIT, Module, Supervisor


class Endless:
    """A service that is a process which sleeps, started as often as it is asked to."""

    def __init__(self, script: str = "import time; time.sleep(600)") -> None:
        self.script = script
        self.starts: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen([sys.executable, "-c", self.script], start_new_session=True)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        assert self.process is not None
        sweep(self.process)
        self.process.wait()


def is_there(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_killed_is_started_again_at_once() -> None:
    said: list[str] = []
    supervisor, service = Supervisor(say=said.append), Endless()
    supervisor.add("The clock", service)
    assert service.process is not None
    service.process.kill()
    assert supervisor.watch(until=lambda: len(service.starts) == 2)
    assert said == ["The clock ended; it is started again."]
    supervisor.stop()
    assert not service.running()


def test_what_keeps_ending_waits_longer_each_time() -> None:
    supervisor, service = Supervisor(say=lambda sentence: None), Endless("")
    supervisor.add("The moth", service)
    assert supervisor.watch(until=lambda: len(service.starts) == 4)
    supervisor.stop()
    gaps = [after - before for before, after in zip(service.starts[1:], service.starts[2:], strict=False)]
    assert gaps[0] >= FIRST_WAIT
    assert gaps[1] >= 2 * FIRST_WAIT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_watch(number: signal.Signals) -> None:
    supervisor, service = Supervisor(say=lambda sentence: None), Endless()
    supervisor.add("The clock", service)

    def ask() -> bool:
        os.kill(os.getpid(), number)
        return False

    assert not supervisor.watch(until=ask)
    supervisor.stop()
    assert not service.running()


def test_a_module_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(
        "import subprocess, sys, time, signal\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, file=open('pid.new', 'w'), flush=True)\n"
        "import os; os.rename('pid.new', 'pid')\n"
        "time.sleep(600)\n"
    )
    service = Module("parent", env=os.environ | {"PYTHONPATH": str(tmp_path)}, cwd=tmp_path)
    supervisor = Supervisor(say=lambda sentence: None)
    supervisor.add("The family", service)
    assert supervisor.watch(until=(tmp_path / "pid").exists)
    grandchild = int((tmp_path / "pid").read_text())
    assert is_there(grandchild)
    supervisor.stop()
    assert not service.running()
    deadline = time.monotonic() + 60
    while is_there(grandchild):
        assert time.monotonic() < deadline
