"""When a notice is tried again, given up, or too old to be told."""

from __future__ import annotations

from datetime import datetime, timedelta

#: After so many refusals of the provider it has failed.
TRIES = 6
#: News older than this is told to nobody.
TOO_LATE = timedelta(days=2)
#: A notice that a worker took and never answered for: whether it went out is not known, so it stays.
LOST_AFTER = timedelta(minutes=5)


def next_try(tries: int, moment: datetime) -> datetime | None:
    """When it is tried again after so many tries in vain: 1, 4, 16, 64 … minutes; None when given up."""
    return None if tries >= TRIES else moment + timedelta(minutes=4 ** (tries - 1))
