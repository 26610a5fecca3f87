"""Where rows of texts come from, whatever file they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Torn:
    """A row that could not be read as cells: the sentence says why."""

    sentence: str


class Source(NamedTuple):
    """An open file: its rows of raw texts, how far it is read (0 to 1), and how it is closed.

    `broken_off`, asked after the last row: whether that one ended without an end of line.
    """

    rows: Iterator[list[str] | Torn]
    encoding: str
    share: Callable[[], float]
    close: Callable[[], None]
    broken_off: Callable[[], bool] = lambda: False
