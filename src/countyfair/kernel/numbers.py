"""Numbers that people read aloud and type: digits drawn from an id, closed by a check digit.

Nothing counts up, so that placing does not queue at a sequence and a number tells nobody how
many came before it. Two ids may meet in one number: the next `attempt` gives the id another.
"""

from __future__ import annotations

import hashlib
from uuid import UUID


def digits(key: UUID, length: int, attempt: int = 0) -> str:
    """`length` digits that belong to `key`; each attempt gives others."""
    seed = hashlib.blake2b(key.bytes + attempt.to_bytes(2, "big"), digest_size=16).digest()
    return str(int.from_bytes(seed, "big") % 10**length).zfill(length)


def check_digit(body: str) -> str:
    """The digit that closes `body` (ISO/IEC 7064, MOD 11,10): any one wrong digit shows."""
    carry = 10
    for character in body:
        carry = (carry + int(character)) % 10 or 10
        carry = carry * 2 % 11
    return str((11 - carry) % 10)


def is_whole(number: str) -> bool:
    """Whether the last digit of `number` (digits only) is the check digit of those before it."""
    return (
        len(number) > 1 and number.isascii() and number.isdigit() and check_digit(number[:-1]) == number[-1]
    )
