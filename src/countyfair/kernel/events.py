"""Events: small past-tense facts that a room announces, ids and frozen values only."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

#: Every event by its name and version.
REGISTRY: dict[tuple[str, int], type[Event]] = {}
_HINTS: dict[tuple[str, int], dict[str, Any]] = {}


@dataclass(frozen=True)
class Event:
    """Base of all events. A subclass sets NAME (`room.past_tense`) and VERSION.

    Fields are ids, whole numbers, texts, dates and moments, or tuples of those: what a reader
    needs to look further, never a live object and never a person's data.
    """

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        hints = _HINTS[cls.NAME, cls.VERSION]
        return cls(**{name: _typed(hints[name], value) for name, value in payload.items() if name in hints})


E = TypeVar("E", bound=Event)


def event(cls: type[E]) -> type[E]:
    """Register an event class under its name and version."""
    key = (cls.NAME, cls.VERSION)
    if key in REGISTRY:
        raise ValueError(f"two events are called {key}")
    REGISTRY[key] = cls
    _HINTS[key] = {
        name: hint
        for name, hint in typing.get_type_hints(cls).items()
        if typing.get_origin(hint) is not ClassVar
    }
    return cls


@dataclass(frozen=True, slots=True)
class Delivered(Generic[E]):
    """An event as a handler receives it, perhaps not for the first time. `id` tells repeats."""

    id: UUID
    county: str
    at: datetime
    actor: str
    event: E


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_typed(inner, item) for item in value)
    choices = [hint, *typing.get_args(hint)]
    for kind, read in ((UUID, UUID), (datetime, datetime.fromisoformat), (date, date.fromisoformat)):
        if kind in choices:
            return read(value)
    return value
