"""Releasing escrow to those who earned it, and taking back what was refunded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.verbs import verb
from countyfair.registers.ledger.actions import post
from countyfair.trade.settlement.queries.shares import unearned
from countyfair.trade.settlement.rules import ShareRow, release_lines, releases


@verb
def release(actor: Actor, *, orders: Collection[UUID]) -> int:
    """Earn the shares of those of `orders` that are completed; answers how many. For this room's handler.

    An order's shares become earnings and one ledger entry, escrow against what is owed to each. A
    refund after that becomes negative earnings and an entry of its own. Again, nothing happens.
    """
    shares = unearned(orders)
    moment = now()
    earned = _earn(shares, moment)
    for one in releases(share for share in shares if share.id in earned):
        lines = release_lines(one)
        if lines:
            post(actor, county=one.county, source=one.source, what=one.what, booked_at=moment, lines=lines)
    return len(earned)


def _earn(shares: Sequence[ShareRow], moment: datetime) -> set[UUID]:
    """Write the earnings, each share once; answers the shares that were new."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO settlement_earning (id, county, beneficiary, owner, order_key, line_key, source, what,
                                            amount_fen, currency, earned_at)
            SELECT kernel_uuid7(), s.county, s.beneficiary, s.owner, s.order_key, s.line_key,
                   'share:' || s.share, s.what, s.amount_fen, s.currency, %s
              FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                          %s::bigint[], %s::text[])
                   AS s (share, county, beneficiary, owner, order_key, line_key, what, amount_fen, currency)
            ON CONFLICT (source) DO NOTHING RETURNING source""",
            [
                moment,
                [share.id for share in shares],
                [share.county for share in shares],
                [share.beneficiary for share in shares],
                [share.owner for share in shares],
                [str(share.order) for share in shares],
                [str(share.line or "") for share in shares],
                ["refund" if share.refund else "sale" for share in shares],
                [share.amount_fen for share in shares],
                [share.currency for share in shares],
            ],
        )
        return {UUID(row[0].removeprefix("share:")) for row in cursor.fetchall()}
