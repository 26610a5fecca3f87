"""Recurring work: what runs, how often. The worker of `runtime` runs what the wiring lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A function without arguments, run every `seconds`, never twice at a time. `name` is `room.verb`."""

    name: str
    seconds: int
    run: Callable[[], object]
