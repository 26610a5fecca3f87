"""Lists that go on: where a page begins stands in the address, by the key of the last row before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from countyfair.kernel.ids import parse_uuid

T = TypeVar("T")

#: Rows on one page of a list.
ROWS = 50


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """One page of a list: its rows, the address of the first page and of the next one ("" for none)."""

    rows: Sequence[T]
    first: str
    further: str


def leaf(
    request: HttpRequest, found: Sequence[T], key: Callable[[T], str], *, rows: int = ROWS, path: str = ""
) -> Leaf[T]:
    """The page of rows that were asked for with `rows` + 1; `key` says where the next one begins.

    `path` is the list's own, for a form that was refused shows it under another.
    """
    shown = found[:rows]
    further = address(request, path, after=key(shown[-1])) if len(found) > rows else ""
    return Leaf(shown, address(request, path, after="") if request.GET.get("after") else "", further)


def address(request: HttpRequest, path: str = "", /, **changes: str) -> str:
    """This address, or `path`, with some of its parameters changed; those changed to nothing are left out.

    A filter that was left empty stays: where there is a default, that asks for all.
    """
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value or name not in changes}
    path = path or request.path
    return f"{path}?{urlencode(kept)}" if kept else path


def by_key(*parts: object) -> str:
    """Where a list goes on: the parts of its last row's key."""
    return "~".join(map(str, parts))


def after_key(request: HttpRequest, parts: int) -> tuple[str, ...] | None:
    """The parts of the key that the address names, the last of them an id; None begins at the top."""
    said = request.GET.get("after", "").replace("\x00", "").split("~")
    return tuple(said) if len(said) == parts and parse_uuid(said[-1]) is not None else None


def after_two_keys(request: HttpRequest) -> tuple[UUID, UUID] | None:
    """The two ids that the address names; None begins at the top."""
    said = after_key(request, 2)
    upper = parse_uuid(said[0]) if said else None
    return (upper, UUID(said[1])) if said and upper is not None else None


def after_name(request: HttpRequest) -> tuple[str, UUID] | None:
    """The name, which may hold any sign, and the id that the address names; None begins at the top."""
    name, mark, key = request.GET.get("after", "").replace("\x00", "").rpartition("~")
    known = parse_uuid(key) if mark else None
    return (name, known) if known is not None else None


def by_moment(at: datetime | None, key: UUID) -> str:
    """Where a list by moment goes on; None where the last row has no moment."""
    return by_key(at.isoformat() if at else "", key)


def after_moment(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """The moment and id that the address names; None begins at the top, and so does a broken address."""
    said = after_key(request, 2)
    try:
        at = parse_datetime(said[0]) if said else None
    except ValueError:
        at = None
    return (at, UUID(said[1])) if said and at is not None and at.tzinfo is not None else None


def after_moment_if_any(request: HttpRequest) -> tuple[datetime | None, UUID] | None:
    """The same for a list whose last rows have no moment."""
    said = after_key(request, 2)
    return (None, UUID(said[1])) if said and not said[0] else after_moment(request)
