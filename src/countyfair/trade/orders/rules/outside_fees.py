"""Who bears what an outside platform keeps: all who earn by the goods, in proportion to what they hold."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.money import allocate
from countyfair.trade.orders.rules.shares import Held, ShareOf


def borne(amount_fen: int, platform: str, held: Sequence[Held]) -> list[Held]:
    """The rows of a fee: the platform's, line by line, and what each other gives for it. They sum to nothing.

    Of a fee that is given back (negative) each gets theirs. The freight bears nothing while there are goods;
    where nothing is left of an order the centre bears it alone.

    Args:
        held: what each holds of the order before any fee.
    """
    earners = [row for row in held if row.share.amount_fen > 0]
    bearing = [row for row in earners if row.line is not None] or earners
    if not bearing:
        return [
            Held(None, ShareOf("channel", platform, None, 0, amount_fen)),
            Held(None, ShareOf("centre", "", None, 0, -amount_fen)),
        ]
    sign = -1 if amount_fen < 0 else 1
    parts = allocate(abs(amount_fen), [row.share.amount_fen for row in bearing])
    rows = []
    for line in dict.fromkeys(row.line for row in bearing):
        of_line = [
            (row, sign * part) for row, part in zip(bearing, parts, strict=True) if row.line == line and part
        ]
        total = sum(part for _row, part in of_line)
        if total:
            rows.append(Held(line, ShareOf("channel", platform, None, 0, total)))
        rows += [
            Held(line, ShareOf(row.share.beneficiary, row.share.owner, row.share.lot, 0, -part))
            for row, part in of_line
        ]
    return rows
