"""CPU that processes used, as Linux counts it under /proc."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICK = 1 / os.sysconf("SC_CLK_TCK")
#: Fields of /proc/<pid>/stat, counted after the name in brackets.
PARENT, USER, SYSTEM, REAPED_USER, REAPED_SYSTEM = 1, 11, 12, 13, 14


@dataclass(frozen=True)
class Stat:
    """One line of /proc/<pid>/stat: own time, and that of children that ended and were waited for."""

    parent: int
    own: float
    reaped: float


def read_stat(text: str) -> Stat:
    """The name may hold spaces and brackets, so fields count from the last bracket."""
    fields = text[text.rindex(")") + 2 :].split()
    return Stat(
        int(fields[PARENT]),
        (int(fields[USER]) + int(fields[SYSTEM])) * TICK,
        (int(fields[REAPED_USER]) + int(fields[REAPED_SYSTEM])) * TICK,
    )


def tree(root: int, parents: dict[int, int]) -> set[int]:
    """`root` and all that descend from it, by a table of each process's parent."""
    children: dict[int, list[int]] = defaultdict(list)
    for pid, parent in parents.items():
        children[parent].append(pid)
    found, ahead = set(), [root]
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += children[pid]
    return found


def used_by(root: int) -> float:
    """CPU seconds of a process, its descendants, and those of them that ended."""
    stats = _stats()
    alive = tree(root, {pid: stat.parent for pid, stat in stats.items()}) & stats.keys()
    return sum(_exact(pid, stats[pid].own) + stats[pid].reaped for pid in alive)


def _stats() -> dict[int, Stat]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                found[int(entry.name)] = read_stat((entry / "stat").read_text())
    return found


def _exact(pid: int, ticks: float) -> float:
    """The scheduler's own count of a process's threads, in nanoseconds; where it has none, the ticks."""
    try:
        return sum(
            int((task / "schedstat").read_text().split()[0]) / 1e9
            for task in (PROC / str(pid) / "task").iterdir()
        )
    except (OSError, IndexError):
        return ticks
