"""What is left of an order of which some pieces are missing, to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from countyfair.kernel.money import allocate
from countyfair.outreach.channels.rules.arriving import Waiting


def cut(lines: Sequence[Waiting], wanted: Mapping[str, int]) -> tuple[list[Waiting], int]:
    """The lines with so many pieces each, and what the missing pieces come to, in fen.

    A line's amount is parted over its pieces; what does not divide stays with what goes out.
    """
    left, missing_fen = [], 0
    for line in lines:
        pieces = wanted[line.key]
        kept, gone = (
            allocate(line.amount_fen, [pieces, line.quantity - pieces]) if pieces else (0, line.amount_fen)
        )
        missing_fen += gone
        if pieces:
            left.append(replace(line, quantity=pieces, amount_fen=kept))
    return left, missing_fen
