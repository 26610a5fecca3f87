"""What a process remembers of the database for a short while, so as not to ask again for each page.

For reads that may be a little old: names of places, which rows of the fair have something. Nothing that
decides about stock or money. A value is read again once its time is over, by whoever asks first; another
process reads for itself. `COUNTYFAIR_REMEMBER=0` turns it off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from django.conf import settings

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each for `seconds` at the longest; all are forgotten when there are more than `most`."""

    def __init__(self, seconds: float, most: int = 10_000) -> None:
        self.seconds, self.most = seconds, most
        self._values: dict[K, tuple[float, V]] = {}

    def get(self, key: K, read: Callable[[], V]) -> V:
        """The value of `key`, read when it is not known or too old."""
        known = self._values.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        value = read()
        self._keep({key: value})
        return value

    def some(self, keys: Collection[K], read: Callable[[Collection[K]], Mapping[K, V]]) -> dict[K, V]:
        """Values of several keys; those not known are read at once. What `read` leaves out is left out."""
        moment = time.monotonic()
        found = {
            key: known[1]
            for key in keys
            if (known := self._values.get(key)) is not None and known[0] > moment
        }
        if missing := [key for key in keys if key not in found]:
            fresh = read(missing)
            self._keep(fresh)
            found.update(fresh)
        return found

    def _keep(self, fresh: Mapping[K, V]) -> None:
        if not settings.COUNTYFAIR_REMEMBER:
            return
        if len(self._values) + len(fresh) > self.most:
            self._values.clear()
        until = time.monotonic() + self.seconds
        self._values.update((key, (until, value)) for key, value in fresh.items())
