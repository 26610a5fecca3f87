"""How often a pick-up code may be guessed: counted in the cache that all workers share."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal

#: Wrong codes at one station within WINDOW_SECONDS.
MOST = 5
WINDOW_SECONDS = 600


class TooOften(Refusal):
    """Wait a while, or look at something else than the code."""

    status = 429
    code = "too_often"


def require_tries(station: UUID) -> None:
    """Ask before a code is looked at.

    Raises:
        TooOften: too many wrong codes at this station; right ones are refused as well.
    """
    if int(cache.get(_key(station), 0)) >= MOST:
        raise TooOften(
            _(
                "Too many wrong codes. Wait ten minutes, or open the parcel below and write down"
                " what the buyer showed you."
            ),
            field="code",
        )


def count_wrong(station: UUID) -> None:
    """Count one wrong code."""
    if cache.add(_key(station), 1, WINDOW_SECONDS):
        return
    try:
        cache.incr(_key(station))
    except ValueError:  # the window ended in between
        cache.add(_key(station), 1, WINDOW_SECONDS)


def _key(station: UUID) -> str:
    return f"station:pickup:{station}"
