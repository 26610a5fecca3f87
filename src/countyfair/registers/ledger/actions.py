"""Booking: the one verb that writes money into the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.rules import PostingLine, require_entry

#: What `ledger_post` raises when a source is booked already with other content.
OTHER_CONTENT = "LG409"


@verb
def post(
    actor: Actor, *, county: str, source: str, what: str, booked_at: datetime, lines: Sequence[PostingLine]
) -> UUID:
    """Book one entry of a county and answer its id; accounts open on demand.

    The rooms above decide who may have what booked; nothing reaches this verb but through them.

    Args:
        county: six digits.
        source: what is booked, for instance `capture:<id>`; booked once, however often it is
            asked for. A repeat with the same lines answers the first entry, whatever its moment.
        what: the kind of thing that happened (40 characters at most), for people who read the books.
        booked_at: when it happened, aware.
        lines: two or more of the chart, debit positive, Σ = 0 in each currency.

    Raises:
        ValueError: the lines can never be an entry (`rules.require_entry`).
        Conflict: the source is booked already with other content.
    """
    require_entry(lines)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_post(%s, %s, %s, %s, %s::text[], %s::text[], %s::text[], %s::text[],"
                " %s::bigint[],"
                " %s::text[])",
                [
                    county,
                    source,
                    what,
                    booked_at,
                    [one.account_code for one in lines],
                    [one.kind for one in lines],
                    [one.owner for one in lines],
                    [one.currency for one in lines],
                    [one.amount_fen for one in lines],
                    [one.reference for one in lines],
                ],
            )
            entry: UUID = cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == OTHER_CONTENT:
            raise Conflict(
                _("This was booked before with other content. Look it up in the books before you go on."),
                details={"source": source},
            ) from error
        raise
    return entry
