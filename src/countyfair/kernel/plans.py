"""Whether the server plans a statement once and keeps that plan, or thinks again for each set of values.

Left to itself PostgreSQL compares estimates: of a statement over a list of ids it expects longer lists than
come, finds every plan for the values at hand cheaper, and so plans each time, which takes longer than the
answer. A statement that has one good plan whatever the values says so (`rows(..., keep_plan=True)`).
"""

from __future__ import annotations

from typing import Any

from django.db import connection

#: What a session of ours says of itself.
_KEPT = "countyfair_keeps_plans"


def keep_plans(keep: bool) -> None:
    """Have this session keep plans, or compare again; one short statement when it did the other before."""
    connection.ensure_connection()
    session: Any = connection.connection
    if getattr(session, _KEPT, False) is not keep:
        with connection.wrap_database_errors:
            session.execute(f"SET plan_cache_mode = {'force_generic_plan' if keep else 'auto'}")
        setattr(session, _KEPT, keep)
