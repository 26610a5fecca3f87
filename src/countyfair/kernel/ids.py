"""Identifiers: UUID version 7 (RFC 9562, section 5.7), made by whoever makes the thing.

The leading 48 bits are milliseconds, so that an index grows at its end. Nothing reads the
time back out of an id: a device's clock may be wrong by hours.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """A new version 7 UUID: 48 bits of Unix milliseconds, 74 random bits."""
    return _version7(time.time_ns() // 1_000_000, secrets.randbits(74))


def _version7(milliseconds: int, tail: int) -> UUID:
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (tail >> 62) << 64
    value |= 0b10 << 62
    value |= tail & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def named_uuid7(name: str, milliseconds: int) -> UUID:
    """The version 7 UUID that stands for `name` each time: its tail is a hash of the name.

    For things that are made again under the same name, such as those of a sample county.
    `milliseconds` is the Unix time that it is to bear.
    """
    tail = int.from_bytes(hashlib.sha256(name.encode()).digest()[:10], "big") & ((1 << 74) - 1)
    return _version7(milliseconds, tail)


def parse_uuid(text: str) -> UUID | None:
    """`text` as a UUID, or None when it is not one."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
