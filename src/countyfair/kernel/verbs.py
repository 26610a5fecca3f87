"""Verbs: every write of the house, one transaction each, under a named actor.

The outermost verb owns the transaction and tells the database who acts (`countyfair.actor`,
local to the transaction, read by the triggers of `kernel.audit`); verbs it calls join in.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, TypeVar

from django.db import connection, transaction

from countyfair.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

_acting: ContextVar[str | None] = ContextVar("countyfair_verb", default=None)


def verb(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make `function(actor, *, …)` a verb: all of it happens, or nothing of it."""

    @functools.wraps(function)
    def acted(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if _acting.get() is not None:
            return function(actor, *args, **kwargs)
        token = _acting.set(actor.key)
        try:
            with transaction.atomic(durable=True):
                name_actor(actor)
                return function(actor, *args, **kwargs)
        finally:
            _acting.reset(token)

    return acted


def name_actor(actor: Actor) -> None:
    """Tell the database who acts until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countyfair.actor', %s, true)", [actor.key])
