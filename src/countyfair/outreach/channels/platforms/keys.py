"""Keys for movements that a platform gives no number: the same movement makes the same key in every file."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b


class Alike:
    """Counts movements of a file that say the same, so that two of them are two."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._seen: Counter[bytes] = Counter()

    def key(self, *said: str) -> str:
        """The key of a movement by what it says; the second alike gets another than the first."""
        digest = blake2b("\x1f".join(said).encode(), digest_size=12).digest()
        self._seen[digest] += 1
        count = self._seen[digest]
        return f"{self._prefix}-{digest.hex()}" + (f"-{count}" if count > 1 else "")
