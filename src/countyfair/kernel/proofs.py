"""Proofs: what must hold over all rows of a room, and for which of them it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from countyfair.kernel.functions import differences, files, functions_of, read
from countyfair.kernel.rows import column, scalar

#: How many failing keys a proof names.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing proved: over how many rows, and for which keys it fails (at most 20)."""

    name: str
    checked: int
    broken: tuple[str, ...]


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, whatever the house does meanwhile; nothing is written."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def prove(statements: Mapping[str, tuple[str, str]]) -> list[Proof]:
    """Run proofs: by name, a count of the rows spoken of and a SELECT of the keys that fail.

    The SELECT is one statement, so that what it compares is of one moment. Where it looks for what
    a handler does, it leaves out what that handler has not heard (`kernel_unheard`).
    """
    return [
        Proof(
            name,
            int(str(scalar(count) or 0)),
            tuple(column(f"SELECT * FROM ({broken}) failed LIMIT {NAMED}", of=str)),  # noqa: S608  # constants of a room
        )
        for name, (count, broken) in statements.items()
    ]


def proofs() -> list[Proof]:
    """That the database runs the functions of the files, and that every event has its place in time."""
    held = sum(len(functions_of(read(package, file))) for package, file in files())
    parted = tuple(f"{one.function} {one.reason}" for one in differences())
    return [Proof("kernel.functions_are_those_of_the_files", held, parted[:NAMED]), *prove(_PROOFS)]


_PROOFS = {
    "kernel.no_handler_is_stuck": (
        "SELECT count(*) FROM kernel_reader",
        "SELECT handler FROM kernel_reader WHERE failures > 0",
    ),
    "kernel.no_reader_is_ahead_of_the_outbox": (
        "SELECT count(*) FROM kernel_event",
        """
        SELECT handler FROM kernel_reader
         WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint""",
    ),
}
