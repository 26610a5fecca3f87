"""Identifiers: UUID version 7 (RFC 9562, section 5.7), made by whoever makes the thing.

The leading 48 bits are milliseconds, so that an index grows at its end. Nothing reads the
time back out of an id: a device's clock may be wrong by hours.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """A new version 7 UUID: 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    tail = secrets.randbits(74)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (tail >> 62) << 64
    value |= 0b10 << 62
    value |= tail & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def parse_uuid(text: str) -> UUID | None:
    """`text` as a UUID, or None when it is not one."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
