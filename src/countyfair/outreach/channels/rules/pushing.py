"""What a platform is told of stock: what is there less what is kept back, never below nothing."""

from __future__ import annotations


def pieces(available: int, *, buffer: int, packs: int) -> int:
    """Pieces of theirs, of `packs` packs each, that may be sold while `buffer` packs are kept back."""
    return max(0, available - buffer) // packs
