"""Who bears what was taken off a line, in the table of shares: pure decisions on values.

The shares of a line are those of its full price, and beside them stand rows of less than nothing: of
who bears each discount. Together they sum to what the buyer pays. Households and stations bear no
more than their own share, and keep a fen of each row; what is more falls on the county centre, whose
and the platform's part may go below nothing. `docs/promotions.md` works an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from countyfair.kernel.money import allocate
from countyfair.trade.orders.rules.billing import price_of
from countyfair.trade.orders.rules.shares import ShareOf, Terms, line_shares
from countyfair.trade.stock.rules import Draw

#: Who bears no more than what the sale brings them.
_OWN_SHARE_ONLY = ("household", "station")


@dataclass(frozen=True, slots=True)
class Less:
    """What one discount takes off a line, and who bears it. `id` is the key of the frozen discount."""

    id: UUID
    bearer: str
    amount_fen: int


def bearing(gross: Sequence[ShareOf], discounts: Sequence[Less]) -> list[ShareOf]:
    """The rows of less than nothing beside the shares of the full price.

    Args:
        gross: the shares of the line at its full price.

    Returns:
        Rows that name their discount; those of one sum to it, negated.
    """
    left = list(gross)
    found: list[ShareOf] = []
    for one in discounts:
        rest, bearer = one.amount_fen, one.bearer
        if bearer in _OWN_SHARE_ONLY:
            room = [max(0, row.amount_fen - 1) if row.beneficiary == bearer else 0 for row in left]
            own = min(rest, sum(room))
            parts = allocate(own, room) if own else [0] * len(left)
            found += [
                replace(row, lot_amount=0, amount_fen=-part, discount=one.id)
                for row, part in zip(left, parts, strict=True)
                if part
            ]
            left = [
                replace(row, amount_fen=row.amount_fen - part) for row, part in zip(left, parts, strict=True)
            ]
            rest, bearer = rest - own, "centre"
        if rest:
            found.append(ShareOf(bearer, "", None, 0, -rest, discount=one.id))
    return found


def shares_after(
    paid_fen: int, draws: Sequence[Draw], terms: Terms, discounts: Sequence[Less], net_fen: int
) -> list[ShareOf]:
    """The shares of a line of which the buyer pays `paid_fen`, when its discounts were for `net_fen`.

    What weighing takes off a line or adds to it, it takes off its discounts or adds to them in the same
    proportion. They sum to `paid_fen`.
    """
    whole = sum(one.amount_fen for one in discounts)
    if not whole:
        return line_shares(paid_fen, draws, terms)
    less = price_of(paid_fen, whole, net_fen)
    gross = line_shares(paid_fen + less, draws, terms)
    parts = allocate(less, [one.amount_fen for one in discounts])
    scaled = [replace(one, amount_fen=part) for one, part in zip(discounts, parts, strict=True)]
    return [*gross, *bearing(gross, scaled)]
