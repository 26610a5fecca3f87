"""Agents count their till, right or wrong, and bank some of it."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant

from countyfair.kernel.ids import uuid7
from countyfair.registers.people.tests.factories import SYSTEM
from countyfair.registers.stations import actions as stations
from countyfair.registers.stations.queries import till
from tests.machine import books, checks
from tests.machine.season import Season, rule


class Tills(Season):
    """The station's till, at any moment."""

    @rule(
        off=st.sampled_from([0, 0, 50, -50, -1]), quarters=st.integers(0, 5), why=st.booleans(),
        twice=st.booleans(),
    )  # fmt: skip
    def count_till(self, off: int, quarters: int, why: bool, twice: bool) -> None:
        """The till is counted, right or wrong, and part of it banked; five quarters cannot be."""
        count, station = uuid7(), self.fair.station
        with self.doing("count a till"):
            counted = max(0, till(SYSTEM, station=station).expected_fen + off)
            for _time in range(1 + twice):
                stations.count_till(
                    self.fair.agent, count_id=count, station=station, counted_fen=counted,
                    banked_fen=counted * quarters // 4, reason="找零" if why else "",
                )  # fmt: skip
            kind = "over" if off > 0 else "short" if off else "even"
            self.tally[f"till counted {kind}, {'some' if counted and quarters else 'none'} banked"] += 1

    @invariant()
    def tills_and_bank_are_right(self) -> None:
        if hasattr(self, "lots"):
            assert books.wrong(checks.OF_TILLS) == {}
