"""The arithmetic of the benchmark, and its table. No clock, no process, no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Cost:
    """What so many operations took: seconds of CPU in the application and in PostgreSQL, and on the clock."""

    operations: int
    application: float
    database: float
    wall: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.operations + other.operations,
            self.application + other.application,
            self.database + other.database,
            self.wall + other.wall,
        )

    @property
    def cpu_ms(self) -> float:
        """CPU of both, in milliseconds an operation."""
        return each_ms(self.application + self.database, self.operations)

    @property
    def application_ms(self) -> float:
        return each_ms(self.application, self.operations)

    @property
    def database_ms(self) -> float:
        return each_ms(self.database, self.operations)

    @property
    def wall_ms(self) -> float:
        return each_ms(self.wall, self.operations)


NOTHING = Cost(0, 0.0, 0.0, 0.0)


def each_ms(seconds: float, operations: int) -> float:
    """Milliseconds an operation.

    Raises:
        ValueError: there was none, so that an empty run is never a quick one.
    """
    if operations <= 0:
        raise ValueError("nothing was measured")
    return seconds * 1000 / operations


def ratio(ours: float, theirs: float) -> float:
    """How many times theirs ours is."""
    if theirs <= 0:
        raise ValueError("there is nothing to compare with")
    return ours / theirs


def middle(rounds: Sequence[float]) -> float:
    """The median of rounds: one that was disturbed does not move it far."""
    if not rounds:
        raise ValueError("nothing was measured")
    return median(rounds)


@dataclass(frozen=True)
class Line:
    """A row of the table. `limit` is the most it may be, where the project set itself one."""

    part: str
    what: str
    figures: dict[str, float]
    limit: tuple[str, float] | None = None
    note: str = ""

    @property
    def is_kept(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        name, most = self.limit
        return self.figures[name] <= most


@dataclass
class Report:
    """All rows, in the order they were measured."""

    lines: list[Line] = field(default_factory=list)
    plans: dict[str, list[str]] = field(default_factory=dict)
    statements: dict[str, list[str]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        self.lines.append(line)

    @property
    def missed(self) -> list[Line]:
        return [line for line in self.lines if line.is_kept is False]


def written(value: float) -> str:
    """Three figures that matter, no exponent."""
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1 else f"{value:.2f}"


#: A line of PostgreSQL's log under `log_statement = all`, with our prefix `<application>|`.
_LOGGED = re.compile(
    r"^(?P<application>[^|\n]*)\|LOG: +(?:statement|execute [^:]*): (?P<sql>.*)$", re.MULTILINE
)


def statements(log: str, application: str) -> list[str]:
    """Statements that programs of this name had executed, BEGIN and COMMIT and all, in their order."""
    return [found["sql"].strip() for found in _LOGGED.finditer(log) if found["application"] == application]


_TRANSACTIONS = re.compile(r"number of transactions actually processed: (\d+)")


def pgbench_transactions(said: str) -> int:
    """How many transactions pgbench says it did."""
    found = _TRANSACTIONS.search(said)
    if found is None:
        raise ValueError(f"pgbench said nothing of transactions: {said!r}")
    return int(found[1])
