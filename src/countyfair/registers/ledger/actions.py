"""Booking: the one verb that writes money into the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Conflict
from countyfair.kernel.rows import column
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What `post` is given, for many at once."""

    county: str
    source: str
    what: str
    booked_at: datetime
    lines: Sequence[PostingLine]


@verb
def post_all(actor: Actor, *, entries: Sequence[Entry]) -> list[UUID]:
    """`post` each of these, in their order and in one statement; answers the id of each.

    Raises:
        ValueError: the lines of one can never be an entry (`rules.require_entry`).
        Conflict: the source of one is booked already with other content; then none is booked.
    """
    for one in entries:
        require_entry(one.lines)
    if not entries:
        return []
    lines = [(place, line) for place, one in enumerate(entries, 1) for line in one.lines]
    try:
        return column(
            _POST_ALL,
            [
                [one.county for one in entries],
                [one.source for one in entries],
                [one.what for one in entries],
                [one.booked_at for one in entries],
                [place for place, _line in lines],
                [line.account_code for _place, line in lines],
                [line.kind for _place, line in lines],
                [line.owner for _place, line in lines],
                [line.currency for _place, line in lines],
                [line.amount_fen for _place, line in lines],
                [line.reference for _place, line in lines],
            ],
            of=UUID,
        )
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == OTHER_CONTENT:
            raise Conflict(
                _("This was booked before with other content. Look it up in the books before you go on.")
            ) from error
        raise


_POST_ALL = """
SELECT ledger_post(e.county, e.source, e.what, e.at, l.codes, l.kinds, l.owners, l.currencies, l.amounts,
                   l.refs)
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[]) WITH ORDINALITY
       AS e (county, source, what, at, place)
  JOIN (SELECT u.entry, array_agg(u.code ORDER BY u.place) AS codes,
               array_agg(u.kind ORDER BY u.place) AS kinds, array_agg(u.owner ORDER BY u.place) AS owners,
               array_agg(u.currency ORDER BY u.place) AS currencies,
               array_agg(u.amount ORDER BY u.place) AS amounts, array_agg(u.ref ORDER BY u.place) AS refs
          FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[])
               WITH ORDINALITY AS u (entry, code, kind, owner, currency, amount, ref, place)
         GROUP BY u.entry) l ON l.entry = e.place
 ORDER BY e.place
"""
