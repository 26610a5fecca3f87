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


def leaf(request: HttpRequest, found: Sequence[T], key: Callable[[T], str], *, rows: int = ROWS) -> Leaf[T]:
    """The page of rows that were asked for with `rows` + 1; `key` says where the next one begins."""
    shown = found[:rows]
    further = address(request, after=key(shown[-1])) if len(found) > rows else ""
    return Leaf(shown, address(request, after="") if request.GET.get("after") else "", further)


def address(request: HttpRequest, **changes: str) -> str:
    """This address with some of its parameters changed; empty ones are left out."""
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def by_moment(at: datetime, key: UUID) -> str:
    """Where a list by moment goes on."""
    return f"{at.isoformat()}~{key}"


def after_moment(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """The moment and id that the address names; None begins at the top, and so does a broken address."""
    said, _, tail = request.GET.get("after", "").partition("~")
    try:
        at = parse_datetime(said)
    except ValueError:
        at = None
    key = parse_uuid(tail)
    return (at, key) if at is not None and at.tzinfo is not None and key is not None else None
