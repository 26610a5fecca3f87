"""What happens when: a queue of deeds by moment, run under the moved clock."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from countyfair.kernel import clock
from countyfair.kernel.ids import named_uuid7
from countyfair.kernel.refusal import Refusal

Deed = Callable[[], object]


class Agenda:
    """Deeds in the order of their moments; the same seed gives the same deeds.

    Attributes:
        chance: the one source of chance of the season.
        tally: how often what happened, by name, e.g. `order placed`, or the
            sentence of a refusal.
    """

    def __init__(self, *, seed: int, begin: datetime) -> None:
        self.chance = Random(seed)  # noqa: S311 a season that can be played again, no secret
        self.tally: Counter[str] = Counter()
        self.moment = begin
        self._seed = seed
        self._queue: list[tuple[datetime, int, Deed]] = []
        self._count = itertools.count()
        self._ids = itertools.count()

    def at(self, moment: datetime, deed: Deed) -> None:
        """Do this then; what lies in the past is done next."""
        heapq.heappush(self._queue, (max(moment, self.moment), next(self._count), deed))

    def after(self, wait: timedelta, deed: Deed) -> None:
        self.at(self.moment + wait, deed)

    def on(self, day: date, hour: float, deed: Deed) -> None:
        """Do this on a day of the county, at an hour such as 9.5."""
        start = datetime.combine(day, time(), tzinfo=clock.COUNTY_ZONE)
        self.at(start + timedelta(hours=hour), deed)

    def new_id(self) -> UUID:
        """An id as a device would make it now, the same for the same seed."""
        return named_uuid7(f"{self._seed}:{next(self._ids)}", int(self.moment.timestamp() * 1000))

    def run(self, until: datetime) -> None:
        """Do everything up to `until`. A refusal is counted, and what was refused did not happen."""
        while self._queue and self._queue[0][0] <= until:
            self.moment, _, deed = heapq.heappop(self._queue)
            with clock.at(self.moment):
                try:
                    deed()
                except Refusal as refusal:
                    self.tally[f"refused ({refusal.code}): {refusal}"] += 1
        self.moment = until
