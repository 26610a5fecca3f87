"""What a platform gave back to a buyer, taken from the order here; or put where a person looks at it."""

from __future__ import annotations

from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Refusal
from countyfair.outreach.channels.actions.differing import differ
from countyfair.outreach.channels.models import Connection
from countyfair.trade.orders import actions as orders


def pay_back(
    actor: Actor,
    shop: Connection,
    order: UUID,
    *,
    number: str,
    before_fen: int,
    total_fen: int,
    cut_fen: int = 0,
    reason: str = "",
) -> int:
    """Give back what came on top of `before_fen`; how many differences that made."""
    amount_fen = max(0, total_fen - cut_fen) - max(0, before_fen - cut_fen)
    if amount_fen <= 0:
        return 0
    try:
        orders.refund_outside(
            actor, source=f"{shop.id}:{number}:{total_fen}", order=order, amount_fen=amount_fen,
            reason=reason or "refunded on the platform",
        )  # fmt: skip
    except Refusal:
        return differ(
            shop, number=number, kind="refund", reason="more_than_left", ours_fen=before_fen,
            theirs_fen=total_fen,
        )  # fmt: skip
    return 0
