"""Orders and their goods from two files: the order's own amount parted over the lines."""

from __future__ import annotations

from dataclasses import replace

from countyfair.kernel.money import allocate
from countyfair.outreach.channels.platforms.shape import TheirDetail, TheirOrder


def with_details(order: TheirOrder, detail: TheirDetail) -> TheirOrder:
    """The order with its lines; they come to what the one line without them came to, to the fen.

    Raises:
        ValueError: they are not of the same order.
    """
    if order.number != detail.number:
        raise ValueError(f"{detail.number} is not {order.number}")
    weights = [line.amount_fen or 0 for line in detail.lines]
    if not any(weights):
        weights = [line.quantity for line in detail.lines]
    amounts = allocate(order.due_fen - order.freight_fen, weights)
    lines = (replace(line, amount_fen=amount) for line, amount in zip(detail.lines, amounts, strict=True))
    return replace(order, lines=tuple(lines))
