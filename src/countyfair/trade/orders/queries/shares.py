"""Whose the money of orders is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countyfair.kernel.rows import rows
from countyfair.trade.orders.rules.shares import Held, ShareOf, still_held
from countyfair.trade.orders.rules.sharing import Less


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One row of the table of shares; a refund's rows are negative and name it.

    So do those of who bears a replacement: they name its claim.
    """

    id: UUID
    order: UUID
    county: str
    line: UUID | None
    beneficiary: str
    owner: str
    lot: UUID | None
    lot_amount: int
    amount_fen: int
    terms_version: int
    refund: UUID | None
    currency: str
    grade: str
    factor_milli: int
    standard_version: int
    discount: UUID | None
    claim: UUID | None
    fee: UUID | None


def shares_of(orders: Sequence[UUID]) -> list[ShareRow]:
    """All shares of these orders, refunds' included, by order. For rooms above: they decide who sees."""
    return rows(_SHARES, [list(orders)], into=ShareRow)


def held_of(order: UUID) -> list[Held]:
    """What each beneficiary still holds of an order after its refunds, by line.

    What an outside platform kept of it is left aside: it is not the platform that gives back.
    """
    return still_held(_held(row) for row in shares_of([order]) if row.fee is None)


def held_by_order(orders: Sequence[UUID]) -> dict[UUID, list[Held]]:
    """`held_of` of many orders, one statement for all."""
    found: dict[UUID, list[ShareRow]] = {order: [] for order in orders}
    for row in shares_of(orders):
        found[row.order].append(row)
    return {order: still_held(map(_held, mine)) for order, mine in found.items()}


def earned_by(order: UUID, line: UUID) -> list[Held]:
    """Who earns by a line, and how much still: without who bears a discount, or all of a replacement."""
    found = still_held(
        _held(row) for row in shares_of([order]) if (row.line, row.claim, row.fee) == (line, None, None)
    )
    return [row for row in found if row.share.amount_fen > 0 and row.share.discount is None]


def _held(row: ShareRow) -> Held:
    return Held(
        row.line,
        ShareOf(
            row.beneficiary, row.owner, row.lot, row.lot_amount, row.amount_fen, discount=row.discount
        ),
    )  # fmt: skip


def discounts_of(lines: Sequence[UUID]) -> dict[UUID, list[Less]]:
    """What was taken off each of these lines when they were ordered, and who bears it."""
    found = rows(
        "SELECT line_id, id, bearer, amount_fen FROM orders_linediscount"
        " WHERE line_id = ANY (%s::uuid[]) ORDER BY line_id, id",
        [list(lines)],
        into=_Taken,
    )
    taken: dict[UUID, list[Less]] = {}
    for row in found:
        taken.setdefault(row.line, []).append(Less(row.id, row.bearer, row.amount_fen))
    return taken


@dataclass(frozen=True, slots=True)
class _Taken:
    line: UUID
    id: UUID
    bearer: str
    amount_fen: int


_SHARES = """
SELECT s.id, s.order_id, s.county, s.line_id, s.beneficiary, s.owner, s.lot_id, s.lot_amount, s.amount_fen,
       s.terms_version, s.refund_id, o.currency, s.grade, s.factor_milli, s.standard_version,
       s.discount_id, s.claim_id, s.fee_id
  FROM orders_share s JOIN orders_order o ON o.id = s.order_id
 WHERE s.order_id = ANY(%s::uuid[])
 ORDER BY s.order_id, s.id
"""
