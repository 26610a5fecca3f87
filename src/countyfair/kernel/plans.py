"""Whether the server plans a statement once and keeps that plan, or thinks again for each set of values.

Left to itself PostgreSQL compares estimates: of a statement over a list of ids it expects longer lists than
come, finds every plan for the values at hand cheaper, and so plans each time, which takes longer than the
answer. A statement that has one good plan whatever the values says so (`rows(..., keep_plan=True)`).
Statements of models run as the session was last told: they ask by keys, for which there is one good plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

#: What a session of ours says of itself.
_KEPT = "countyfair_keeps_plans"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a transaction told its session. Django drops it with what is rolled back, as the server does."""

    session: Any
    keep: bool

    def __call__(self) -> None:
        setattr(self.session, _KEPT, self.keep)


def connected() -> BaseDatabaseWrapper:
    """This thread's connection, made where there was none or the old one was lost."""
    here = connections[DEFAULT_DB_ALIAS]
    here.close_if_health_check_failed()
    here.ensure_connection()
    return here


def keep_plans(here: BaseDatabaseWrapper, keep: bool) -> None:
    """Have this session keep plans, or compare again; one short statement when it did the other before."""
    session: Any = here.connection
    if _keeps(session, here.run_on_commit) is not keep:
        with here.wrap_database_errors:
            session.execute(f"SET plan_cache_mode = {'force_generic_plan' if keep else 'auto'}")
        transaction.on_commit(_Said(session, keep))


def _keeps(session: Any, done_on_commit: list[Any]) -> bool:
    """What the session was told last: in this transaction, or else before it."""
    for waiting in reversed(done_on_commit):
        if isinstance(waiting[1], _Said):
            return waiting[1].keep
    return getattr(session, _KEPT, False) is True
