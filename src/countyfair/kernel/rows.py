"""Typed reads in plain SQL: one statement, rows as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar

from countyfair.kernel.plans import connected, keep_plans
from countyfair.kernel.refusal import Missing, Sentence

T = TypeVar("T")
#: What psycopg can send; checked by the database, not by the type.
Params = Sequence[Any] | Mapping[str, Any]


class Columns(tuple[Any, ...]):
    """A row as it comes, for `into` where somebody else knows what the columns are."""

    __slots__ = ()

    def __new__(cls, *columns: Any) -> Self:
        return super().__new__(cls, columns)


def rows(sql: str, params: Params = (), *, into: type[T], keep_plan: bool = False) -> list[T]:
    """Run one SELECT whose columns stand in the order of `into`'s fields.

    Args:
        keep_plan: it has one good plan whatever the values, see `kernel.plans`.
    """
    return [into(*row) for row in _run(sql, params, keep_plan).fetchall()]


def column(sql: str, params: Params = (), *, of: type[T]) -> list[T]:
    """The first column of one SELECT, which holds values `of` one type."""
    found: list[T] = [row[0] for row in _run(sql, params, keep_plan=False).fetchall()]
    return found


def run(sql: str, params: Params = (), *, keep_plan: bool = False) -> None:
    """Run one statement that writes, for a verb whose write is one statement."""
    _run(sql, params, keep_plan)


def _run(sql: str, params: Params, keep_plan: bool) -> Any:
    """The cursor of one statement.

    Django's own stands several calls farther from the server; it is taken where somebody watches.
    """
    here = connected()
    keep_plans(here, keep_plan)
    if here.execute_wrappers or here.queries_logged:
        cursor = here.cursor()
        cursor.execute(sql, params)
        return cursor
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        return here.connection.execute(sql, params)


def one(sql: str, params: Params = (), *, into: type[T], missing: Sentence, keep_plan: bool = False) -> T:
    """The first row.

    Raises:
        Missing: there is none; `missing` is its sentence.
    """
    found = rows(sql, params, into=into, keep_plan=keep_plan)
    if not found:
        raise Missing(missing)
    return found[0]


def array(values: Iterable[object]) -> str:
    """A list as PostgreSQL reads one from text, for a parameter that is cast: `%s::uuid[]`.

    psycopg looks at each list for the type of what is in it; a statement of thirty lists spends a tenth of
    its time with that.
    """
    parts = [
        _text(value) if isinstance(value, str) else "NULL" if value is None else str(value)
        for value in values
    ]
    return "{" + ",".join(parts) + "}"


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_line(sql: str) -> str:
    """The same statement, shorter: psycopg keeps the parsed form of texts up to 4,096 characters only."""
    return " ".join(sql.split())


def scalar(sql: str, params: Params = ()) -> object:
    """The first column of the first row, or None."""
    row = _run(sql, params, keep_plan=False).fetchone()
    return row[0] if row else None
