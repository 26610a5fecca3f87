"""What answers look like: the rows of queries as JSON, by one set of rules for every endpoint.

Money is `{amount, currency}` in the currency's smallest unit, a moment is RFC 3339 in UTC, a list is a
list. A shape is read off the row's own type, so that an endpoint needs no second description of it.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import operator
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Union
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

#: What a column of PostgreSQL's bigint holds.
BIGINT = 2**63 - 1
Whole = Annotated[int, Field(strict=True, ge=-BIGINT, le=BIGINT)]
#: Texts without the one sign that PostgreSQL cannot keep.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=400)]
#: A word of a table that the documentation or an earlier answer tells.
Word = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
County = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="The six digits of a county.")]


class Given(Schema):
    """Base of all bodies: a field that nobody knows is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Money(Schema):
    """An amount in the smallest unit of its currency: 1250 CNY are 12.50 yuan."""

    model_config = ConfigDict(extra="forbid", title="Money")

    amount: Whole
    currency: typing.Literal["CNY"] = "CNY"


NO_MONEY = Money(amount=0)


class MoneyShown(Schema):
    """An amount in the smallest unit of its currency: 1250 CNY are 12.50 yuan."""

    model_config = ConfigDict(title="MoneyShown")

    amount: int
    currency: str


@dataclasses.dataclass(frozen=True)
class Shape:
    """A type of answers: its schema for the documentation, and how a row is told."""

    schema: Any
    leaves: frozenset[str] = frozenset()

    def json(self, value: object) -> str:
        """A row, a list of rows or a page of them as JSON."""
        return json.dumps(told(value, self.leaves), ensure_ascii=False, separators=(",", ":"))


def shape(name: str, of: type, *, leaves: Collection[str] = ()) -> Shape:
    """The shape of a row.

    Args:
        name: what the documentation calls it.
        leaves: fields of it, or of rows in it, that are not told.
    """
    kept = frozenset(leaves)
    return Shape(_schema(name, of, kept), kept)


def listed(name: str, of: type, *, leaves: Collection[str] = ()) -> Shape:
    """The shape of a list that is whole: `{"items": [...]}`."""
    kept = frozenset(leaves)
    rows = types.GenericAlias(list, (_schema(name, of, kept),))
    fields: dict[str, Any] = {"items": (rows, ...)}
    return Shape(create_model(f"{name}List", __base__=Schema, **fields), kept)


def paged(name: str, of: type, *, leaves: Collection[str] = ()) -> Shape:
    """The shape of a list that goes on: `{"items": [...], "next": cursor or null}`."""
    kept = frozenset(leaves)
    rows = types.GenericAlias(list, (_schema(name, of, kept),))
    fields: dict[str, Any] = {"items": (rows, ...), "next": (str | None, ...)}
    return Shape(create_model(f"{name}Page", __base__=Schema, **fields), kept)


_made: dict[tuple[type, frozenset[str]], Any] = {}


def _schema(name: str, of: type, leaves: frozenset[str]) -> Any:
    key = (of, leaves)
    if key not in _made:
        hints = typing.get_type_hints(of)
        fields: dict[str, Any] = {}
        for field in dataclasses.fields(of):
            told_as = _told_as(field.name)
            if field.name in leaves or (field.name == "currency" and _has_money(of)):
                continue
            kind = _kind(
                f"{name}{field.name.title().replace('_', '')}", field.name, hints[field.name], leaves
            )
            fields[told_as] = (kind, ...)
        _made[key] = create_model(name, __base__=Schema, **fields)
    return _made[key]


def _kind(name: str, field: str, hint: Any, leaves: frozenset[str]) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        parts = tuple(type(None) if one is type(None) else _kind(name, field, one, leaves) for one in inner)
        return functools.reduce(operator.or_, parts)
    if field.endswith("_fen"):
        return MoneyShown
    if isinstance(origin, type) and issubclass(origin, Sequence | frozenset):
        return types.GenericAlias(list, (_kind(name, field, inner[0], leaves),))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return types.GenericAlias(dict, (str, _kind(name, field, inner[1], leaves)))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _schema(name, hint, leaves)
    if isinstance(hint, type) and issubclass(hint, StrEnum | Decimal):
        return str
    return hint


def told(value: object, leaves: frozenset[str] = frozenset()) -> Any:
    """A value as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _row(value, leaves)
    if isinstance(value, Mapping):
        return {str(key): told(one, leaves) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [told(one, leaves) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID | Decimal | StrEnum):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _row(row: Any, leaves: frozenset[str]) -> dict[str, Any]:
    currency = getattr(row, "currency", None) or "CNY"
    found: dict[str, Any] = {}
    has_money = _has_money(type(row))
    for field in dataclasses.fields(row):
        if field.name in leaves or (field.name == "currency" and has_money):
            continue
        value = getattr(row, field.name)
        if field.name.endswith("_fen") and value is not None:
            found[_told_as(field.name)] = {"amount": value, "currency": currency}
        else:
            found[_told_as(field.name)] = told(value, leaves)
    return found


def _told_as(field: str) -> str:
    return field.removesuffix("_fen")


def _has_money(of: type) -> bool:
    return any(field.name.endswith("_fen") for field in dataclasses.fields(of))
