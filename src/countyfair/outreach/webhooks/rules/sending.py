"""When a delivery is tried again, and when an address is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

#: How long it waits after each try in vain; Standard Webhooks' own schedule, of about three days.
_WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
#: After so many tries in vain a delivery has failed.
TRIES = len(_WAITS) + 1
#: A worker that died with a delivery in hand leaves it to be tried again after this long.
LEASE = timedelta(minutes=2)
#: An address that took nothing for so long hears nothing more, until its owner takes it up again.
GIVEN_UP = timedelta(days=3)


def next_try(tries: int, moment: datetime, chance: float) -> datetime | None:
    """When it is tried again after so many tries in vain; None when it has failed.

    Args:
        chance: from 0 to 1; spreads waits a fifth either way, so that not all come back at once.
    """
    if tries >= TRIES:
        return None
    return moment + _WAITS[tries - 1] * (0.8 + 0.4 * chance)
