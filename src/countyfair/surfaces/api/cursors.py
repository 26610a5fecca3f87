"""Lists that go on: a cursor says behind which row, so that rows added meanwhile shift nothing.

A cursor is opaque to callers. It holds the sort key of the last row that was told and rights to nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid

T = TypeVar("T")
#: The most rows of one page, and how many where none are asked for.
Cursor = Annotated[str, Field(max_length=300, description="What `next` of the page before said.")]
Limit = Annotated[int, Field(ge=1, le=100, description="The most rows of this page.")]
ROWS = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of a list, and the cursor of those that follow; None at its end."""

    items: Sequence[T]
    next: str | None


def page(found: Sequence[T], limit: int, after: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """A page of `limit` rows out of up to one more, which says whether the list goes on."""
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], _written(after(found[limit - 1])))


def moment_and_key(cursor: str) -> tuple[datetime, UUID] | None:
    """The sort key of lists by moment; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case [str(at), str(key)]:
            moment, found = _moment(at), parse_uuid(key)
            if moment is not None and found is not None:
                return moment, found
    raise _wrong()


def moment_if_any_and_key(cursor: str) -> tuple[datetime | None, UUID] | None:
    """The sort key of lists by moment whose last rows have none; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    match _read(cursor) if cursor else None:
        case ["", str(key)]:
            found = parse_uuid(key)
            if found is not None:
                return None, found
    return moment_and_key(cursor)


def text(cursor: str) -> str:
    """The sort key of lists by a code or number; "" for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return ""
    match _read(cursor):
        case [str(code)] if "\x00" not in code:
            return code
    raise _wrong()


def key(cursor: str) -> UUID | None:
    """The sort key of lists by id alone; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    found = parse_uuid(text(cursor))
    if found is None:
        raise _wrong()
    return found


def two_keys(cursor: str) -> tuple[UUID, UUID] | None:
    """The sort key of lists by two ids; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case [str(one), str(other)]:
            first, second = parse_uuid(one), parse_uuid(other)
            if first is not None and second is not None:
                return first, second
    raise _wrong()


def name_and_key(cursor: str) -> tuple[str, UUID] | None:
    """The sort key of lists by name; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case [str(name), str(one)] if "\x00" not in name:
            found = parse_uuid(one)
            if found is not None:
                return name, found
    raise _wrong()


def flag_name_and_key(cursor: str) -> tuple[bool, str, UUID] | None:
    """The sort key of lists by name in two parts, such as those that ended last; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case ["True" | "False" as flag, str(name), str(one)] if "\x00" not in name:
            found = parse_uuid(one)
            if found is not None:
                return flag == "True", name, found
    raise _wrong()


def day_and_key(cursor: str) -> tuple[date, UUID] | None:
    """The sort key of lists by day; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case [str(day), str(one)]:
            return _day_and_key(day, one)
    raise _wrong()


def flag_day_and_key(cursor: str) -> tuple[bool, date, UUID] | None:
    """The sort key of lists by day in two parts, such as those that are over last; None for the first page.

    Raises:
        Invalid: no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case ["True" | "False" as flag, str(day), str(one)]:
            return flag == "True", *_day_and_key(day, one)
    raise _wrong()


def _written(key: tuple[object, ...]) -> str:
    parts = [one.isoformat() if isinstance(one, datetime) else str(one) for one in key]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read(cursor: str) -> Any:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None


def _moment(text_: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text_)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _day_and_key(day: str, one: str) -> tuple[date, UUID]:
    found = parse_uuid(one)
    if found is None:
        raise _wrong()
    try:
        return date.fromisoformat(day), found
    except ValueError:
        raise _wrong() from None


def _wrong() -> Invalid:
    return Invalid(_("This is no cursor of this list. Begin at its first page."), field="cursor")
