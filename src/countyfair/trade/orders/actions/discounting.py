"""What of an order's discounts is written down with it: the argument `discounts` of `orders_place`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.seal import blind
from countyfair.trade.orders.rules.quote import Quote, QuotedLine
from countyfair.trade.orders.rules.shares import Terms, line_shares
from countyfair.trade.orders.rules.sharing import Less, bearing
from countyfair.trade.promotions.rules.discounts import STACKING_VERSION


def discounts(
    actor: Actor, priced: Quote, ids: Sequence[UUID], terms: Terms, phone: str, group: UUID | None
) -> str | None:
    """The discounts of a quote as JSON, in the shape that `sql/orders.sql` tells; None where there are none.

    Args:
        ids: the keys of the lines.
        phone: by which a guest is known.
    """
    if not priced.discount_fen:
        return None
    uses: dict[tuple[UUID, int], int] = {}
    lines: list[Any] = []
    shares: list[Any] = []
    for line, key in zip(priced.lines, ids, strict=True):
        rows, shared = _of_line(line, key, terms)
        lines += rows
        shares += shared
        for one in line.discounts:
            used = (one.promotion, one.version)
            uses[used] = uses.get(used, 0) + one.amount_fen
    buyer = blind(f"user:{actor.user_id}" if actor.user_id else phone, "promotion.buyer")
    said = {
        "buyer": buyer,
        "group": group,
        "uses": [[*used, amount] for used, amount in uses.items()],
        "lines": lines,
        "shares": shares,
    }
    return json.dumps(said, default=str, ensure_ascii=False)


def _of_line(line: QuotedLine, key: UUID, terms: Terms) -> tuple[list[Any], list[Any]]:
    keys = [uuid7() for _one in line.discounts]
    lines = [
        [
            id_, key, one.promotion, one.version, STACKING_VERSION, one.kind, one.name_zh, one.name_en,
            one.bearer, one.amount_fen,
        ]
        for id_, one in zip(keys, line.discounts, strict=True)
    ]  # fmt: skip
    gross = line_shares(line.gross_fen, line.draws, terms)
    less = [Less(id_, one.bearer, one.amount_fen) for id_, one in zip(keys, line.discounts, strict=True)]
    shares = [
        [
            uuid7(), row.discount, key, row.beneficiary, row.owner, row.lot, row.amount_fen, row.grade,
            row.factor_milli, row.standard_version,
        ]
        for row in bearing(gross, less)
    ]  # fmt: skip
    return lines, shares
