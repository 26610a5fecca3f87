"""Child processes that never outlive their parent, and leave no one behind.

Every child leads a session of its own, so that the terminal's Ctrl-C reaches only the parent,
which then stops its children in order; and on Linux the kernel signals the child when the
parent is gone, even by `kill -9`.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """The operating system's user that a process runs as."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    account: Account | None = None,
    output: IO[bytes] | int | None = None,
    at_parents_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a direct child in a session of its own.

    `output` takes stdout and stderr (None: the parent's). `at_parents_death` is what the
    kernel sends the child when this process ends without having stopped it.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_tied_to_parent(at_parents_death),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run_as(account: Account | None, command: Sequence[str | Path], *, cwd: Path) -> str | None:
    """Run a short command as `account`; its output, or None when it failed or could not start."""
    try:
        done = subprocess.run(
            [os.fspath(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and give it its seconds; at last kill the child's whole group."""
    for step, seconds in steps:
        if process.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(step)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    sweep(process)
    process.wait()


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's session, such as workers whose leader was killed."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _tied_to_parent(at_parents_death: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(at_parents_death), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tie
